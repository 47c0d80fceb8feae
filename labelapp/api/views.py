"""The queue as REST."""

import uuid
from typing import Any, cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from labelapp.api import serializers as shapes
from labelapp.api.errors import error_body
from labelapp.api.permissions import LabelingScope, Worker
from labelapp.people.models import User
from labelapp.tasks import queue
from labelapp.tasks.access import get_project_for_user, get_slot_for_user
from labelapp.tasks.labels import Envelope, Outcome, submit, uuid_from
from labelapp.tasks.presentation import present, queue_headers
from labelapp.tasks.skips import read_skip
from labelapp.tasks.states import Nothing
from labelapp.tasks.types.registry import InvalidAnswer, get_task_type

REFUSED = dict.fromkeys((401, 403, 404, 422, 503), shapes.ErrorBody)
HOLDING_AT_MOST = 20
WORK = [IsAuthenticated, Worker, LabelingScope]


def _user(request: Request) -> User:
    return cast("User", request.user)


def _body(request: Request) -> dict[str, Any]:
    return cast("dict[str, Any]", request.data)  # the parser lets nothing else through


@extend_schema(
    operation_id="claim",
    request=shapes.ClaimRequest,
    responses={
        200: shapes.Claimed,
        204: OpenApiResponse(description="Nothing to do; X-Queue-State says why, X-Queue-Until when to ask."),
        **REFUSED,
    },
)
@api_view(["POST"])
@permission_classes(WORK)
def claim(request: Request, slug: str) -> Response:
    """Give me my task: one I hold that `holding` does not name, else a new one."""
    project = get_project_for_user(_user(request), slug)
    got = queue.claim(_user(request), project, holding=_holding(_body(request)))
    if isinstance(got, Nothing):
        return Response(status=204, headers=queue_headers(got))
    shown = present(got, project, _user(request))
    task = {"id": got.task.public_id, "type": project.task_type, "payload": shown}
    lease = {"slot": got.public_id, "lease_token": got.lease_token, "lease_until": got.lease_until}
    return Response({**lease, "task": task})


@extend_schema(
    operation_id="renew",
    request=shapes.LeaseRequest,
    responses={200: shapes.Lease, 409: shapes.ErrorBody, **REFUSED},
)
@api_view(["POST"])
@permission_classes(WORK)
def renew(request: Request, slot: uuid.UUID) -> Response:
    """Keep a task a while longer."""
    mine = get_slot_for_user(_user(request), slot)
    kept = queue.renew(mine, by=_user(request), token=uuid_from(_body(request), "lease_token"))
    return Response({"lease_until": kept.lease_until})


@extend_schema(
    operation_id="save_draft",
    request=shapes.DraftRequest,
    responses={200: shapes.Lease, 409: shapes.ErrorBody, **REFUSED},
)
@api_view(["POST"])
@permission_classes(WORK)
def draft(request: Request, slot: uuid.UUID) -> Response:
    """Save work in progress, which keeps the task as well."""
    mine = get_slot_for_user(_user(request), slot)
    task_type = get_task_type(mine.project.task_type)
    answer = task_type.draft_from_json(mine.task.payload, _body(request).get("answer"))
    token = uuid_from(_body(request), "lease_token")
    kept = queue.save_draft(mine, answer, by=_user(request), token=token)
    return Response({"lease_until": kept.lease_until})


@extend_schema(
    operation_id="skip",
    request=shapes.SkipRequest,
    responses={204: None, 409: shapes.ErrorBody, **REFUSED},
)
@api_view(["POST"])
@permission_classes(WORK)
def skip(request: Request, slot: uuid.UUID) -> Response:
    """Hand a task on to others, with a reason; it will not come back."""
    mine = get_slot_for_user(_user(request), slot)
    reason, comment = read_skip(_body(request))
    token = uuid_from(_body(request), "lease_token")
    queue.skip(mine, reason, by=_user(request), token=token, comment=comment)
    return Response(status=204)


@extend_schema(
    operation_id="return",
    request=shapes.LeaseRequest,
    responses={204: None, 409: shapes.ErrorBody, **REFUSED},
)
@api_view(["POST"])
@permission_classes(WORK)
def give_back(request: Request, slot: uuid.UUID) -> Response:
    """Let go of a task; it may come again."""
    mine = get_slot_for_user(_user(request), slot)
    queue.give_back(mine, by=_user(request), token=uuid_from(_body(request), "lease_token"))
    return Response(status=204)


@extend_schema(
    operation_id="submit",
    request=shapes.SubmitRequest,
    responses={201: shapes.LabelStored, 200: shapes.LabelStored, 409: shapes.SurplusBody, **REFUSED},
)
@api_view(["POST"])
@permission_classes(WORK)
def submit_answer(request: Request, slot: uuid.UUID) -> Response:
    """Send an answer. 200 repeats the first result; 409: the task went elsewhere, the answer is kept."""
    mine = get_slot_for_user(_user(request), slot)
    envelope = Envelope.from_data(_body(request))
    task_type = get_task_type(mine.project.task_type)
    answer = task_type.answer_from_json(mine.task.payload, _body(request).get("answer"))
    stored = submit(mine, answer, by=_user(request), envelope=envelope)
    body: dict[str, Any] = {"label": stored.label.public_id, "outcome": stored.outcome}
    if stored.outcome == Outcome.SURPLUS:
        return Response({**error_body("surplus", stored.message), **body, "kept": True}, status=409)
    return Response(body, status=201 if stored.outcome == Outcome.COUNTED else 200)


def _holding(data: dict[str, Any]) -> list[uuid.UUID]:
    tokens = data.get("holding", [])
    if not isinstance(tokens, list) or len(tokens) > HOLDING_AT_MOST:
        raise InvalidAnswer(
            f"'holding' must be a list of at most {HOLDING_AT_MOST} lease tokens.", field="holding"
        )
    return [uuid_from({"holding": token}, "holding") for token in tokens]
