"""The true grade of every product for every object of a drawn scene."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evaluator.boxes import from_xywh, iou
from labelapp.catalog.models import Product, Scene
from labelapp.home.demo_shop import ShopSize, drawn_size
from model_hooks.training.drawn_shop.assortment import assortment
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.grades import planted_grade

NOT_SIMILAR = 1
SAME_OBJECT = 0.4
"""Overlap from which a found box is taken for a drawn object; below it, what was found is none."""

Box = Sequence[float]


@dataclass(frozen=True)
class PlantedTruth:
    """What one drawn shop knows about its own pictures."""

    size: ShopSize

    @classmethod
    def of(cls, source: str) -> "PlantedTruth | None":
        """Return the truth of a source, or None where it was not drawn by this very generator."""
        size = drawn_size(source)
        return cls(size) if size else None

    @cached_property
    def designs(self) -> Mapping[str, Design]:
        return {design.id: design for design in assortment(self.size.products, self.size.seed)}

    @cached_property
    def products(self) -> Mapping[int, str]:
        rows = Product.objects.filter(source=self.size.source).values_list("pk", "external_id")
        return dict(rows.iterator())

    @cached_property
    def public_ids(self) -> Mapping[int, str]:
        rows = Product.objects.filter(source=self.size.source).values_list("pk", "public_id")
        return {pk: str(public_id) for pk, public_id in rows.iterator()}

    @cached_property
    def scenes(self) -> Mapping[int, tuple[str, list[dict[str, Any]]]]:
        """External id and objects by primary key."""
        rows = Scene.objects.filter(source=self.size.source)
        return {
            pk: (name, notes["objects"])
            for pk, name, notes in rows.values_list("pk", "external_id", "annotations")
        }

    def wanted(self, scene: int, box: Box) -> Design | None:
        """Return the product that a box of a scene shows, if it shows one."""
        objects = self.scenes[scene][1] if scene in self.scenes else []
        if not objects:
            return None
        overlaps = iou(from_xywh([box]), from_xywh([one["box"] for one in objects]))[0]
        nearest = int(overlaps.argmax())
        return self.designs[objects[nearest]["product"]] if overlaps[nearest] >= SAME_OBJECT else None

    def grade(self, scene: int, box: Box, product: int) -> int:
        """Return the planted grade, 4..1; whatever is shown for what is no object is not similar."""
        query = self.wanted(scene, box)
        if query is None or product not in self.products:
            return NOT_SIMILAR
        return planted_grade(query, self.designs[self.products[product]])

    def pair(self, scene: int, box: Box, product: int) -> str:
        """Return a name of the pair that is the same in every database."""
        name = self.scenes[scene][0] if scene in self.scenes else str(scene)
        return f"{name} {','.join(map(str, box))} {self.products.get(product, product)}"
