"""Addresses of the evaluations' pages."""

from django.urls import path

from labelapp.evaluations.views import corpora, look, models, reports, runs, scene_sets, systems

urlpatterns = [
    path("models/", models.model_list, name="model_list"),
    path("models/register/", models.model_register, name="model_register"),
    path("models/<str:name>/<str:version>/", models.model_detail, name="model_detail"),
    path("scene-sets/", scene_sets.scene_set_list, name="scene_set_list"),
    path("scene-sets/new/", scene_sets.scene_set_create, name="scene_set_create"),
    path("scene-sets/<slug:slug>/", scene_sets.scene_set_detail, name="scene_set_detail"),
    path("corpora/", corpora.corpus_list, name="corpus_list"),
    path("corpora/new/", corpora.corpus_create, name="corpus_create"),
    path("corpora/<slug:slug>/", corpora.corpus_detail, name="corpus_detail"),
    path("corpora/<slug:slug>/embed/", corpora.corpus_embed, name="corpus_embed"),
    path("indexes/<uuid:index>/cancel/", corpora.index_cancel, name="index_cancel"),
    path("systems/", systems.system_list, name="system_list"),
    path("systems/new/", systems.system_create, name="system_create"),
    path("systems/<slug:slug>/", systems.system_detail, name="system_detail"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/new/", runs.run_create, name="run_create"),
    path("runs/<uuid:run>/", runs.run_detail, name="run_detail"),
    path("runs/<uuid:run>/cancel/", runs.run_cancel, name="run_cancel"),
    path("runs/<uuid:run>/resume/", runs.run_resume, name="run_resume"),
    path("look/", look.look_scenes, name="look_scenes"),
    path("look/<uuid:scene>/", look.look_scene, name="look_scene"),
    path("look/<uuid:scene>/prepare/", look.look_prepare, name="look_prepare"),
    path("report/", reports.report_page, name="report"),
    path("report/<uuid:run>/<slug:system>/", reports.report_wall, name="report_wall"),
]
