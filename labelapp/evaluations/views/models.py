"""Pages about model versions."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.model_versions import labels_of, register_model, unregistered
from labelapp.evaluations.models import ModelVersion
from labelapp.people.access import UserRequest, engineer_required
from model_hooks.errors import ModelHookError


@require_safe
@engineer_required
def model_list(request: UserRequest) -> HttpResponse:
    context = {"models": ModelVersion.objects.all(), "folders": unregistered(), "root": settings.MODEL_ROOT}
    return render(request, "evaluations/model_list.html", context)


@require_safe
@engineer_required
def model_detail(request: UserRequest, name: str, version: str) -> HttpResponse:
    model = get_object_or_404(ModelVersion, name=name, version=version)
    context = {"model": model, "labels": labels_of(model), "manifest": model.manifest}
    return render(request, "evaluations/model_detail.html", context)


@require_POST
@engineer_required
def model_register(request: UserRequest) -> HttpResponse:
    """Register a folder that lies under MODEL_ROOT; others come in by the command."""
    folder = unregistered().get(request.POST.get("folder", ""))
    if folder is None:
        messages.error(request, f"There is no such folder under {settings.MODEL_ROOT} that waits for this.")
        return redirect("model_list")
    try:
        model = register_model(folder, by=request.user).model
    except (EvaluationsError, ModelHookError) as error:
        messages.error(request, str(error))
        return redirect("model_list")
    return redirect("model_detail", name=model.name, version=model.version)
