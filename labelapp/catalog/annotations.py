"""What pages show of the further columns of an import."""

from collections.abc import Iterator
from typing import Any

from labelapp.catalog.models import Product, Scene
from labelapp.catalog.models.import_batch import DRAWN

# What people's answers are measured against, known because a program drew the picture.
PLANTED = {DRAWN, "objects", "family", "difference"}


def shown_annotations(thing: Product | Scene) -> Iterator[tuple[str, Any]]:
    """Yield names and values; no empty ones, not the own id again, no planted truth of a drawn thing."""
    hidden = PLANTED if thing.annotations.get(DRAWN) else set()
    for name, value in thing.annotations.items():
        if value and value != thing.external_id and name not in hidden:
            yield name, value
