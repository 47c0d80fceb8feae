"""What a labeler's form is answered: JSON to our script in the background, a redirect to a plain browser."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from labelapp.people.access import UserRequest, require_role
from labelapp.people.models import Role
from labelapp.tasks.access import get_slot_for_user
from labelapp.tasks.errors import QueueError
from labelapp.tasks.models import Slot
from labelapp.tasks.types.registry import InvalidAnswer

WORKERS = (Role.Name.LABELER, Role.Name.EXPERT, Role.Name.ENGINEER)


@dataclass(frozen=True)
class Reply:
    """The outcome of a form."""

    status: int
    code: str
    message: str = ""
    field: str = ""

    def as_json(self) -> JsonResponse:
        return JsonResponse(
            {"code": self.code, "message": self.message, "field": self.field}, status=self.status
        )

    def as_redirect(self, request: HttpRequest, slot: Slot) -> HttpResponse:
        if self.message:
            (messages.warning if self.status >= 400 else messages.info)(request, self.message)
        return redirect("work", slug=slot.project.slug)


OTHER_USER = Reply(
    403, "other_user", "Someone else has signed in here. Your work is kept until you are back."
)

Verb = Callable[[UserRequest, Slot], Reply]
PageView = Callable[[UserRequest, str], HttpResponseBase]
# Shows the task again with what was posted and the reason why it cannot be taken.
ShowAgain = Callable[[UserRequest, Slot, Reply], HttpResponse]


def slot_form(
    show_again: ShowAgain,
) -> Callable[[Verb], Callable[..., HttpResponseBase]]:
    """Make a view of a verb on one slot: fetch and check, do, answer."""

    def decorate(verb: Verb) -> Callable[..., HttpResponseBase]:
        @require_POST
        @require_role(*WORKERS)
        @wraps(verb)
        def view(request: UserRequest, slot: uuid.UUID) -> HttpResponseBase:
            if is_for_another(request):
                return OTHER_USER.as_json()
            mine = get_slot_for_user(request.user, slot)
            reply = _tried(verb, request, mine)
            if is_background(request):
                return reply.as_json()
            if reply.status == 422:
                return show_again(request, mine, reply)
            return reply.as_redirect(request, mine)

        return view

    return decorate


def refusals_told(view: PageView) -> Callable[..., HttpResponseBase]:
    """Answer what the queue refuses by its own status, with the reason on the page."""

    @wraps(view)
    def checked(request: UserRequest, slug: str) -> HttpResponseBase:
        try:
            return view(request, slug)
        except InvalidAnswer as error:
            return Reply(422, "invalid", str(error), error.field).as_json()
        except QueueError as error:
            return render(request, "tasks/refused.html", {"message": str(error)}, status=error.status)

    return checked


def is_background(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def only_looks(request: HttpRequest) -> bool:
    """Tell a browser that fetches ahead, or asks for headers only, from a labeler who wants a task."""
    purposes = (request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return request.method == "HEAD" or any(one.startswith(("prefetch", "preview")) for one in purposes)


def is_for_another(request: UserRequest) -> bool:
    """Tell whether the page that sends this was opened by another person at the same browser."""
    opened_by = request.headers.get("X-Work-User")
    return opened_by is not None and opened_by != str(request.user.public_id)


def _tried(verb: Verb, request: UserRequest, slot: Slot) -> Reply:
    try:
        return verb(request, slot)
    except InvalidAnswer as error:
        return Reply(422, "invalid", str(error), error.field)
    except QueueError as error:
        return Reply(error.status, error.code, str(error))
