"""What the frame around every page needs."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from labelapp.people.models import Role, User
from labelapp.people.simulated import shows_simulated

LABELER, EXPERT, ENGINEER = Role.Name.LABELER, Role.Name.EXPERT, Role.Name.ENGINEER
PLACES = (
    ("Work", "work_list", {LABELER, EXPERT}),
    ("Catalog", "catalog_overview", {EXPERT, ENGINEER}),
    ("Models", "model_list", {ENGINEER}),
    ("Systems", "system_list", {ENGINEER}),
    ("Runs", "run_list", {ENGINEER}),
    ("Look", "look_scenes", {ENGINEER}),
    ("Relevance@5", "report", {EXPERT, ENGINEER}),
    ("Projects", "project_list", {EXPERT, ENGINEER}),
)


class Link(NamedTuple):
    """A place in the main navigation."""

    label: str
    url: str
    is_current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "product_name": settings.PRODUCT_NAME,
        "navigation": _navigation(request),
        "simulated": _simulated(request),
    }


def _simulated(request: HttpRequest) -> str:
    """Say whether simulated people are `shown` or `hidden`; nothing where there are none to be seen."""
    user = getattr(request, "user", None)
    sees = isinstance(user, User) and user.has_role(EXPERT, ENGINEER)
    if not sees or not User.objects.filter(is_simulated=True).exists():
        return ""
    return "shown" if shows_simulated(request) else "hidden"


def _navigation(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    links: list[Link] = []
    for label, name, roles in PLACES:
        if user.has_role(*roles):
            url = reverse(name)
            links.append(Link(label, url, request.path.startswith(url)))
    return links
