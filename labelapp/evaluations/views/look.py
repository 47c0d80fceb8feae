"""The look page: a scene with a dot per detected object, and what systems retrieve for it."""

import re
import time

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from labelapp.catalog.crops import PixelBox
from labelapp.catalog.models import Scene, SceneSet
from labelapp.evaluations import hints
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.forms import NamedChoice
from labelapp.evaluations.look import Look, look
from labelapp.evaluations.model_versions import verify_model
from labelapp.evaluations.models import System
from labelapp.people.access import UserRequest, engineer_required
from model_hooks.errors import ModelHookError

SCENES_PAGE = 48
PATIENCE_SECONDS = 60.0
ASKED_AT = re.compile(r"[0-9]{1,12}")
UNKNOWN = "Choose systems that exist."
BOX = re.compile(r"(\d{1,6})-(\d{1,6})-(\d{1,6})-(\d{1,6})")


class LookForm(forms.Form):
    """One system, or two side by side."""

    system = NamedChoice(System.objects.all(), label="System")
    beside = NamedChoice(System.objects.all(), required=False, label="Beside it", empty_label="Nothing")

    def systems(self) -> list[System]:
        chosen = [self.cleaned_data["system"], self.cleaned_data["beside"]]
        return list(dict.fromkeys(system for system in chosen if system))


class PrepareForm(forms.Form):
    """Whose models are to look, and which systems the page shows."""

    system = NamedChoice(System.objects.select_related("detector", "embedder"))
    first = NamedChoice(System.objects.all(), required=False)
    beside = NamedChoice(System.objects.all(), required=False)


class ScenesForm(forms.Form):
    """Of which set the scenes are."""

    scenes = NamedChoice(SceneSet.objects.all(), required=False)

    def chosen(self) -> SceneSet | None:
        return self.cleaned_data["scenes"] if self.is_valid() else None


@engineer_required
def look_scenes(request: UserRequest) -> HttpResponse:
    scenes = Scene.objects.select_related("image")
    chosen = ScenesForm(request.GET).chosen()
    if chosen is not None:
        scenes = scenes.filter(pk__in=chosen.members.values("scene"))
    page = Paginator(scenes, SCENES_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "chosen": chosen, "scene_sets": SceneSet.objects.all()}
    return render(request, "evaluations/look_scenes.html", context)


@engineer_required
def look_scene(request: UserRequest, scene: str) -> HttpResponse:
    found = get_object_or_404(Scene.objects.select_related("image"), public_id=scene)
    newest = System.objects.order_by("-created_at").first()
    if newest is None:
        return render(request, "evaluations/look.html", {"scene": found, "looks": []})
    form = LookForm(request.GET if "system" in request.GET else {"system": newest.slug})
    at = _box(request.GET.get("object", ""))
    looks, error = _looks(form, found, at)
    shown = [{"look": one, "dots": _dots(request, found, one)} for one in looks]
    asked_at = request.GET.get("asked")
    context = {"scene": found, "form": form, "looks": shown, "error": error}
    context |= {"was_asked": asked_at is not None, "is_waiting": _is_fresh(asked_at)}
    return render(request, "evaluations/look.html", context, status=422 if error or not looks else 200)


@require_POST
@engineer_required
def look_prepare(request: UserRequest, scene: str) -> HttpResponse:
    """Ask a worker to look at the scene with a system's models."""
    found = get_object_or_404(Scene, public_id=scene)
    form = PrepareForm(request.POST)
    if not form.is_valid():
        messages.error(request, UNKNOWN)
        return redirect("look_scene", scene=scene)
    system, first, beside = (form.cleaned_data[name] for name in ("system", "first", "beside"))
    query = {"system": (first or system).slug, "beside": beside.slug if beside else ""}
    if fault := _ask(system, found):
        messages.error(request, fault)
    else:
        query["asked"] = str(int(time.time()))
    return redirect(f"{reverse('look_scene', args=[found.public_id])}?{urlencode(query)}")


def _ask(system: System, scene: Scene) -> str:
    """Ask a worker, or return why that would be in vain."""
    try:
        verify_model(system.detector)
        verify_model(system.embedder)
    except (EvaluationsError, ModelHookError) as error:
        return str(error)
    if not hints.send("look_at", system.pk, scene.pk):
        return "The broker cannot be reached, so no worker was asked. Try again in a while."
    return ""


def _is_fresh(asked_at: str | None) -> bool:
    """Tell whether a worker that was asked then may still answer."""
    if asked_at is None or not ASKED_AT.fullmatch(asked_at):
        return False
    return time.time() - int(asked_at) < PATIENCE_SECONDS


def _looks(form: LookForm, scene: Scene, at: PixelBox | None) -> tuple[list[Look], str]:
    if not form.is_valid():
        return [], UNKNOWN
    try:
        looks: list[Look] = []
        for system in form.systems():
            looks.append(look(scene, system, at=at))
            first = looks[0].chosen
            at = at or (first.box if first else None)
    except (EvaluationsError, ModelHookError) as error:
        return [], str(error)
    return looks, ""


def _dots(request: UserRequest, scene: Scene, one: Look) -> list[dict[str, object]]:
    """A dot in the middle of each object, as large on the screen whatever the picture's size."""
    size = max(scene.image.width, scene.image.height)
    dots: list[dict[str, object]] = []
    for seen in one.objects:
        x, y, w, h = seen.box
        query = request.GET.copy()
        query["object"] = f"{x}-{y}-{w}-{h}"
        dots.append(
            {
                "x": x + w // 2,
                "y": y + h // 2,
                "radius": size // 90,
                "reach": size // 40,
                "label": f"{seen.label}, score {seen.score:.2f}",
                "href": f"?{query.urlencode()}",
                "is_chosen": seen is one.chosen,
            }
        )
    return dots


def _box(text: str) -> PixelBox | None:
    found = BOX.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3]), int(found[4])) if found else None
