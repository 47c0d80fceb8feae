"""Addresses of the queue's pages."""

from django.urls import path

from labelapp.tasks.views import projects, work

urlpatterns = [
    path("work/", work.work_list, name="work_list"),
    path("work/slots/<uuid:slot>/submit/", work.submit_task, name="slot_submit"),
    path("work/slots/<uuid:slot>/draft/", work.save_draft, name="slot_draft"),
    path("work/slots/<uuid:slot>/renew/", work.renew_lease, name="slot_renew"),
    path("work/slots/<uuid:slot>/skip/", work.skip_task, name="slot_skip"),
    path("work/slots/<uuid:slot>/return/", work.return_task, name="slot_return"),
    path("work/<slug:slug>/", work.work, name="work"),
    path("work/<slug:slug>/next/", work.work_next, name="work_next"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<slug:slug>/", projects.project_detail, name="project_detail"),
    path("projects/<slug:slug>/state/", projects.project_state, name="project_state"),
]
