"""Pages about projects, for experts and engineers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from labelapp.guides.markdown import to_html
from labelapp.people.access import UserRequest, staff_required
from labelapp.people.simulated import shows_simulated
from labelapp.tasks.access import get_project_for_user
from labelapp.tasks.errors import ProjectError
from labelapp.tasks.forms import ProjectForm, StateForm
from labelapp.tasks.models import Project
from labelapp.tasks.progress import TASKS_AT_MOST, latest_skips, project_figures
from labelapp.tasks.progress import project_list as all_projects
from labelapp.tasks.projects import change_state, create_project

SKIPS_PER_PAGE = 20


@require_safe
@staff_required
def project_list(request: UserRequest) -> HttpResponse:
    projects = all_projects(with_simulated=shows_simulated(request))
    return render(request, "tasks/project_list.html", {"projects": projects, "tasks_at_most": TASKS_AT_MOST})


@require_safe
@staff_required
def project_detail(request: UserRequest, slug: str) -> HttpResponse:
    project = get_project_for_user(request.user, slug)
    pools = list(project.project_pools.select_related("pool"))
    is_simulated, shown = any(wanted.pool.is_simulated for wanted in pools), shows_simulated(request)
    if is_simulated and not shown:
        return redirect("project_list")
    version = project.guide_version()
    context = {
        "crumbs": [("Projects", reverse("project_list")), (project.name, "")],
        "project": project,
        "figures": project_figures(project),
        "page": Paginator(latest_skips(project, with_simulated=shown), SKIPS_PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "pools": pools,
        "is_simulated": is_simulated,
        "guide_version": version,
        "guide_html": to_html(version.text),
        "fill_command": f"python manage.py evaluate SYSTEM --scenes SET --project {project.slug}",
    }
    return render(request, "tasks/project_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def project_create(request: UserRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        try:
            project, made = create_project(form.plan(), by=request.user)
        except ProjectError as error:
            form.add_error(None, str(error))
        else:
            if made:
                messages.success(request, f"Made the project '{project.name}'.")
            return redirect("project_detail", slug=project.slug)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "crumbs": [("Projects", reverse("project_list")), ("New project", "")]}
    return render(request, "tasks/project_form.html", context, status=status)


@require_POST
@staff_required
def project_state(request: UserRequest, slug: str) -> HttpResponse:
    project = get_project_for_user(request.user, slug)
    form = StateForm(request.POST)
    if form.is_valid():
        change_state(project, Project.State(form.cleaned_data["state"]), by=request.user)
        messages.success(request, f"'{project.name}' is {project.get_state_display().lower()} now.")
    else:
        messages.error(request, "A project is active, paused or closed; nothing was changed.")
    return redirect("project_detail", slug=slug)
