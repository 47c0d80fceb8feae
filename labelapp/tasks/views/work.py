"""The labeler's pages: what waits, and the screen where the work is done."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from labelapp.guides.markdown import to_html
from labelapp.people.access import UserRequest, require_role
from labelapp.tasks import queue
from labelapp.tasks.access import get_project_for_user
from labelapp.tasks.labels import Envelope, Outcome, submit, uuid_from
from labelapp.tasks.models import Project, Skip, Slot
from labelapp.tasks.presentation import present, queue_headers
from labelapp.tasks.progress import done_today, waiting_for
from labelapp.tasks.replies import (
    OTHER_USER,
    WORKERS,
    Reply,
    is_for_another,
    only_looks,
    refusals_told,
    slot_form,
)
from labelapp.tasks.skips import read_skip
from labelapp.tasks.states import Nothing
from labelapp.tasks.types.registry import InvalidAnswer, get_task_type


@require_safe
@require_role(*WORKERS)
def work_list(request: UserRequest) -> HttpResponse:
    return render(request, "tasks/work_list.html", {"waiting": waiting_for(request.user)})


@require_safe
@never_cache
@require_role(*WORKERS)
@refusals_told
def work(request: UserRequest, slug: str) -> HttpResponse:
    """Claim or resume, and show the task; sending the form leads back here."""
    project = get_project_for_user(request.user, slug)
    if only_looks(request):
        # 503 makes a browser that fetched ahead ask again when the page is really wanted.
        return HttpResponse(status=200 if request.method == "HEAD" else 503)
    got = queue.claim(request.user, project)
    return render(request, "tasks/work.html", _page(request, project) | _shown(request, project, got))


@require_POST
@require_role(*WORKERS)
@refusals_told
def work_next(request: UserRequest, slug: str) -> HttpResponse:
    """The next task as a fragment, fetched ahead; `holding` names the leases the browser has."""
    if is_for_another(request):
        return OTHER_USER.as_json()
    project = get_project_for_user(request.user, slug)
    holding = [uuid_from({"holding": token}, "holding") for token in request.POST.getlist("holding")]
    got = queue.claim(request.user, project, holding=holding)
    headers = queue_headers(got) if isinstance(got, Nothing) else {}
    stage = render_to_string("tasks/_stage.html", _shown(request, project, got), request)
    return HttpResponse(stage, headers=headers)


def _show_again(request: UserRequest, slot: Slot, reply: Reply) -> HttpResponse:
    task_type = get_task_type(slot.project.task_type)
    try:
        posted = task_type.draft_from_form(slot.task.payload, request.POST)
    except InvalidAnswer:
        posted = None
    shown = _shown(request, slot.project, slot, posted=posted)
    context = _page(request, slot.project) | shown | {"refused": reply}
    return render(request, "tasks/work.html", context, status=422)


@slot_form(_show_again)
def submit_task(request: UserRequest, slot: Slot) -> Reply:
    envelope = Envelope.from_data(request.POST)
    answer = get_task_type(slot.project.task_type).answer_from_form(slot.task.payload, request.POST)
    stored = submit(slot, answer, by=request.user, envelope=envelope)
    if stored.outcome == Outcome.SURPLUS:
        return Reply(409, "surplus", stored.message)
    return Reply(201 if stored.outcome == Outcome.COUNTED else 200, stored.outcome)


@slot_form(_show_again)
def save_draft(request: UserRequest, slot: Slot) -> Reply:
    answer = get_task_type(slot.project.task_type).draft_from_form(slot.task.payload, request.POST)
    queue.save_draft(slot, answer, by=request.user, token=uuid_from(request.POST, "lease_token"))
    return Reply(200, "saved")


@slot_form(_show_again)
def renew_lease(request: UserRequest, slot: Slot) -> Reply:
    queue.renew(slot, by=request.user, token=uuid_from(request.POST, "lease_token"))
    return Reply(200, "renewed")


@slot_form(_show_again)
def skip_task(request: UserRequest, slot: Slot) -> Reply:
    reason, comment = read_skip(request.POST)
    token = uuid_from(request.POST, "lease_token")
    queue.skip(slot, reason, by=request.user, token=token, comment=comment)
    return Reply(200, "skipped")


@slot_form(_show_again)
def return_task(request: UserRequest, slot: Slot) -> Reply:
    queue.give_back(slot, by=request.user, token=uuid_from(request.POST, "lease_token"))
    return Reply(200, "returned")


def _page(request: UserRequest, project: Project) -> dict[str, Any]:
    version = project.guide_version()
    return {
        "project": project,
        "task_type": get_task_type(project.task_type),
        "done_today": done_today(request.user, project),
        "guide_version": version,
        "guide_html": to_html(version.text),
    }


def _shown(
    request: UserRequest, project: Project, got: Slot | Nothing, *, posted: dict[str, Any] | None = None
) -> dict[str, Any]:
    if isinstance(got, Nothing):
        return {"project": project, "nothing": got, "now": timezone.now()}
    return {
        "project": project,
        "slot": got,
        "client_uuid": uuid.uuid4(),
        "skip_reasons": Skip.Reason.choices,
        "shown": present(got, project, request.user, draft=posted),
        "task_template": f"{project.task_type}/task.html",
    }
