"""Pages about evaluation runs."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from labelapp.evaluations.forms import RunForm, done
from labelapp.evaluations.models import EvaluationRun, System
from labelapp.evaluations.progress import failures_of, progress_of, run_figures
from labelapp.evaluations.runs import cancel_run, resume_run, start_run
from labelapp.people.access import UserRequest, engineer_required

RUNS_PAGE = 50


@require_safe
@engineer_required
def run_list(request: UserRequest) -> HttpResponse:
    runs = (
        EvaluationRun.objects.select_related("scene_set", "project")
        .prefetch_related("run_systems__system")
        .counted()
    )
    page = Paginator(runs, RUNS_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "can_start": System.objects.exists()}
    return render(request, "evaluations/run_list.html", context)


@require_safe
@engineer_required
def run_detail(request: UserRequest, run: str) -> HttpResponse:
    """The page; asked by itself every two seconds while the run goes on, only its progress."""
    found = get_object_or_404(EvaluationRun.objects.select_related("scene_set", "project"), public_id=run)
    context = {"run": found, "progress": progress_of(found.chunks.all()), "failures": failures_of(found)}
    if not request.htmx:
        return render(request, "evaluations/run_detail.html", context | {"figures": run_figures(found)})
    if found.state != EvaluationRun.State.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "evaluations/run_detail.html#progress", context)


@require_http_methods(["GET", "HEAD", "POST"])
@engineer_required
def run_create(request: UserRequest) -> HttpResponse:
    chosen = {"systems": request.GET.getlist("systems"), "scenes": request.GET.get("scenes")}
    form = RunForm(request.POST or None, initial=chosen)
    run = done(
        form,
        lambda: start_run(
            list(form.cleaned_data["systems"]),
            scene_set=form.cleaned_data["scenes"],
            project=form.cleaned_data["project"],
            by=request.user,
            public_id=form.cleaned_data["run"],
        ),
    )
    if run:
        return redirect("run_detail", run=run.public_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/run_form.html", {"form": form}, status=status)


@require_POST
@engineer_required
def run_cancel(request: UserRequest, run: str) -> HttpResponse:
    cancel_run(get_object_or_404(EvaluationRun, public_id=run), by=request.user)
    return redirect("run_detail", run=run)


@require_POST
@engineer_required
def run_resume(request: UserRequest, run: str) -> HttpResponse:
    resume_run(get_object_or_404(EvaluationRun, public_id=run), by=request.user)
    return redirect("run_detail", run=run)
