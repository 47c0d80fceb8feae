"""A claimed task as its labeler may see it."""

from typing import Any

from labelapp.people.models import User
from labelapp.tasks.models import Project, Slot
from labelapp.tasks.queue import draft_for
from labelapp.tasks.states import Nothing
from labelapp.tasks.types.registry import get_task_type


def present(
    slot: Slot, project: Project, user: User, *, draft: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Say what to show, with the labeler's draft in it; the order is the same each time for this slot."""
    if draft is None:
        saved = draft_for(slot, user)
        draft = saved.answer if saved else {}
    seed = f"{slot.public_id}:{user.public_id}"
    return get_task_type(project.task_type).present(slot.task.payload, seed=seed, draft=draft)


def queue_headers(nothing: Nothing) -> dict[str, str]:
    """Say in headers why there is no task, and when asking again may help."""
    headers = {"X-Queue-State": nothing.state.value}
    if nothing.until is not None:
        headers["X-Queue-Until"] = nothing.until.isoformat()
    return headers
