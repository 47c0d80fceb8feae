"""Pages about systems."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from labelapp.evaluations.forms import SystemForm, done
from labelapp.evaluations.models import CorpusSnapshot, ModelVersion, System
from labelapp.evaluations.systems import create_system
from labelapp.people.access import UserRequest, engineer_required

PARTS = ("detector", "embedder", "corpus")


@require_safe
@engineer_required
def system_list(request: UserRequest) -> HttpResponse:
    kinds = set(ModelVersion.objects.values_list("kind", flat=True))
    can_make = len(kinds) == len(ModelVersion.Kind) and CorpusSnapshot.objects.exists()
    context = {"systems": System.objects.select_related(*PARTS), "can_make": can_make}
    return render(request, "evaluations/system_list.html", context)


@require_safe
@engineer_required
def system_detail(request: UserRequest, slug: str) -> HttpResponse:
    system = get_object_or_404(System.objects.select_related(*PARTS), slug=slug)
    index = system.corpus.indexes.filter(embedder=system.embedder).first()
    runs = system.runs.select_related("scene_set", "project")
    context = {"system": system, "index": index, "runs": runs}
    return render(request, "evaluations/system_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@engineer_required
def system_create(request: UserRequest) -> HttpResponse:
    form = SystemForm(request.POST or None)
    system = done(form, lambda: create_system(form.plan(), by=request.user))
    if system:
        return redirect("system_detail", slug=system.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/system_form.html", {"form": form}, status=status)
