"""Pages about scene sets."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.forms import SceneSetForm, done
from labelapp.evaluations.scene_sets import freeze_scenes
from labelapp.people.access import UserRequest, engineer_required

SCENES_PAGE = 48


@require_safe
@engineer_required
def scene_set_list(request: UserRequest) -> HttpResponse:
    return render(request, "evaluations/scene_set_list.html", {"scene_sets": SceneSet.objects.all()})


@require_safe
@engineer_required
def scene_set_detail(request: UserRequest, slug: str) -> HttpResponse:
    scene_set = get_object_or_404(SceneSet, slug=slug)
    members = scene_set.members.select_related("scene__image")
    page = Paginator(members, SCENES_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluations/scene_set_detail.html", {"scene_set": scene_set, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@engineer_required
def scene_set_create(request: UserRequest) -> HttpResponse:
    form = SceneSetForm(request.POST or None)
    made = done(
        form,
        lambda: freeze_scenes(
            form.cleaned_data["slug"], form.query(), seed=form.cleaned_data["seed"] or 0, by=request.user
        ),
    )
    if made:
        return redirect("scene_set_detail", slug=made.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/scene_set_form.html", {"form": form}, status=status)
