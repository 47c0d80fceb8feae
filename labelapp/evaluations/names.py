"""Records that people ask for by slug."""

import re

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.errors import EvaluationsError, UnknownName
from labelapp.tasks.models import Project

SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}")
# Addresses of forms.
RESERVED = ("new",)


def scene_set_named(slug: str) -> SceneSet:
    found = SceneSet.objects.filter(slug=slug).first()
    if found is None:
        known = SceneSet.objects.values_list("slug", flat=True)
        raise UnknownName("scene set", slug, known, how="freeze one: manage.py freeze_scenes")
    return found


def project_named(slug: str) -> Project:
    found = Project.objects.select_related("guide").filter(slug=slug).first()
    if found is None:
        known = Project.objects.values_list("slug", flat=True)
        raise UnknownName("project", slug, known, how="make one on the page Projects")
    return found


def check_new_slug(noun: str, slug: str, *, taken: bool) -> None:
    """Refuse a slug that cannot be an address or is somebody else's."""
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise EvaluationsError(
            f"{slug!r} cannot name a {noun}: use at most 60 letters, digits, dashes and underscores, "
            f"and none of the words {', '.join(RESERVED)}."
        )
    if taken:
        raise EvaluationsError(
            f"There is a {noun} {slug!r} already, and it never changes; choose another name."
        )
