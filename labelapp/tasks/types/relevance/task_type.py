"""Behaviour of the relevance type: what a labeler is shown, and which answers are taken."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import QueryDict

from labelapp.catalog.image_urls import image_url
from labelapp.catalog.models import Image, Product
from labelapp.tasks.types.relevance.answer import RelevanceAnswer, grades_from_json
from labelapp.tasks.types.relevance.form import data_from_form
from labelapp.tasks.types.relevance.grades import Grade
from labelapp.tasks.types.relevance.payload import product_ids


class RelevanceType:
    """How similar is each candidate to the object in the box?"""

    name = "relevance"
    label = "Relevance"
    question_version = 1
    lease = dt.timedelta(minutes=10)
    keys: Sequence[tuple[Sequence[str], str]] = (
        *(((grade.key,), grade.label) for grade in Grade),
        (("←", "→", "↑", "↓"), "go to another candidate"),
    )

    @property
    def default_guide(self) -> str:
        return (Path(__file__).parent / "guide.md").read_text()

    def answer_from_json(self, payload: Mapping[str, Any], data: object) -> RelevanceAnswer:
        return RelevanceAnswer.from_json(data, candidates=_candidate_ids(payload))

    def answer_from_form(self, payload: Mapping[str, Any], data: QueryDict) -> RelevanceAnswer:
        return self.answer_from_json(payload, data_from_form(data))

    def draft_from_json(self, payload: Mapping[str, Any], data: object) -> dict[str, Any]:
        grades = grades_from_json(data, candidates=_candidate_ids(payload))
        return {"grades": {candidate: int(grade) for candidate, grade in grades.items()}}

    def draft_from_form(self, payload: Mapping[str, Any], data: QueryDict) -> dict[str, Any]:
        return self.draft_from_json(payload, data_from_form(data))

    def present(
        self, payload: Mapping[str, Any], *, seed: str, draft: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        image = Image.objects.get(pk=payload["scene"]["image"])
        x, y, w, h = payload["box"]
        chosen = dict((draft or {}).get("grades", {}))
        return {
            "scene": {
                "url": image_url(image, "display"),
                "width": image.width,
                "height": image.height,
                "box": {"x": x, "y": y, "w": w, "h": h},
            },
            "crop": {"url": image_url(image, "crop", box=(x, y, w, h))},
            "candidates": [
                {
                    "id": public_id,
                    "url": image_url(image, "display"),
                    "grade": chosen.get(public_id),
                }
                for public_id, image in _shuffled(payload, seed)
            ],
            "grades": [{"value": g.value, "label": g.label, "key": g.key} for g in Grade],
        }


def _candidate_ids(payload: Mapping[str, Any]) -> list[str]:
    products = Product.objects.filter(pk__in=product_ids(payload))
    return [str(public_id) for public_id in products.values_list("public_id", flat=True)]


def _shuffled(payload: Mapping[str, Any], seed: str) -> list[tuple[str, Image]]:
    """Candidates by public id, each with the picture that the question is about."""
    image_of = {product["id"]: product["image"] for product in payload["products"]}
    public_ids = dict(Product.objects.filter(pk__in=image_of).values_list("pk", "public_id"))
    images = Image.objects.in_bulk(image_of.values())
    # By id first: the payload's own order may be a ranking, and must not show through the seed.
    ordered = [(str(public_ids[pk]), images[image_of[pk]]) for pk in sorted(public_ids)]
    random.Random(seed).shuffle(ordered)  # noqa: S311  # an order, not a secret
    return ordered
