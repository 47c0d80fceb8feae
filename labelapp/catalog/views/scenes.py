"""Scenes: the list with its filters, and one of them with its pairs."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from labelapp.catalog.annotations import shown_annotations
from labelapp.catalog.forms import SceneFilter
from labelapp.catalog.models import Scene
from labelapp.people.access import UserRequest, staff_required

PER_PAGE = 48


@staff_required
def scene_list(request: UserRequest) -> HttpResponse:
    sources = list(Scene.objects.order_by("source").values_list("source", flat=True).distinct())
    form = SceneFilter(request.GET, sources=sources)
    found = Scene.objects.listed().filter(form.condition()).order_by("-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalog/scene_list.html", {"page": page, "form": form})


@staff_required
def scene_detail(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    scene = get_object_or_404(Scene.objects.select_related("image"), public_id=public_id)
    pairs = scene.pairs.select_related("product__image", "product__category__coarse")
    boxes = [pair for pair in pairs if pair.x is not None]
    crumbs = [("Scenes", reverse("scene_list")), (str(scene), "")]
    context = {"scene": scene, "pairs": pairs, "boxes": boxes, "crumbs": crumbs}
    context["annotations"] = list(shown_annotations(scene))
    return render(request, "catalog/scene_detail.html", context)
