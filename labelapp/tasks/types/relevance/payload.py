"""What a relevance task is about: an object in a scene, and at most five products."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from labelapp.catalog.models import Product, Scene
from labelapp.tasks.projects import NewTask

CANDIDATES_AT_MOST = 5


class Pictured(NamedTuple):
    """A scene or product with the picture of it that is asked about, whatever picture it has later."""

    id: int
    image: int


def pictured(row: Scene | Product) -> Pictured:
    """Take the row with its present picture."""
    return Pictured(row.pk, row.image_id)


def relevance_payload(scene: Pictured, box: Sequence[int], products: Sequence[Pictured]) -> dict[str, Any]:
    """Name the rows and their pictures; `box` is x, y, w, h in whole pixels of the upright picture."""
    x, y, w, h = (int(value) for value in box)
    if x < 0 or y < 0 or w < 1 or h < 1:
        raise ValueError(f"box {list(box)} must begin inside the picture and have pixels")
    ids = [product.id for product in products]
    if not 1 <= len(ids) <= CANDIDATES_AT_MOST or len(set(ids)) != len(ids):
        raise ValueError(f"a relevance task has 1 to 5 different products, not {ids}")
    return {
        "scene": scene._asdict(),
        "box": [x, y, w, h],
        "products": [product._asdict() for product in products],
    }


def product_ids(payload: Mapping[str, Any]) -> list[int]:
    """Return the ids of the products that are asked about."""
    return [product["id"] for product in payload["products"]]


def relevance_signature(payload: dict[str, Any], *, guide_version_id: int | None = None) -> str:
    """Tell equal questions: the same object and pictures, in any order, under the same guide version."""
    products = sorted((product["id"], product["image"]) for product in payload["products"])
    question = [payload["scene"]["image"], payload["box"], products, guide_version_id]
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()


def relevance_task(
    scene: Pictured,
    box: Sequence[int],
    products: Sequence[Pictured],
    *,
    guide_version_id: int | None = None,
) -> NewTask:
    """Make an item for `add_tasks`."""
    payload = relevance_payload(scene, box, products)
    return NewTask(payload, relevance_signature(payload, guide_version_id=guide_version_id))
