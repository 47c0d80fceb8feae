"""Fetch-and-check: the view decorators and helpers that refuse outsiders in one place."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from labelapp.people.models import Role, User

Rest = ParamSpec("Rest")


class UserRequest(HttpRequest):
    """A request whose user has signed in; for type checking only."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[UserRequest, Rest], HttpResponseBase]


def require_role(
    *names: Role.Name,
) -> Callable[[View[Rest]], Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]]:
    """Refuse with 403 whoever has none of the roles; admins pass always."""

    def decorate(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            user_request = cast("UserRequest", request)
            if not user_request.user.has_role(*names):
                raise PermissionDenied
            return view(user_request, *args, **kwargs)

        return checked

    return decorate


engineer_required = require_role(Role.Name.ENGINEER)
staff_required = require_role(Role.Name.ENGINEER, Role.Name.EXPERT)
