"""Who may work here, and what a token may be used for."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from labelapp.people.models import ApiToken, User
from labelapp.tasks.replies import WORKERS


class Worker(BasePermission):
    """The roles that the labeling pages ask for; a place in a pool alone is not enough."""

    message = "This needs the role of a labeler, an expert or an ML engineer. Ask an admin for it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return cast("User", request.user).has_role(*WORKERS)


class LabelingScope(BasePermission):
    """A token with scopes must have `labeling`; one without any may do whatever its user may."""

    message = "This token lacks the scope 'labeling'."

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        return not isinstance(token, ApiToken) or not token.scopes or "labeling" in token.scopes
