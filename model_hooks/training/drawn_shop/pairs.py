"""Pairs of scene and product as creators annotate them, with planted faults.

The paper (6.2.2) began with 600,000 such pairs, of which 97,000 (A.4) to 113,000 (6.2.2) were found worth
keeping, and names as common faults wrong or missing boxes, wrong categories, spam and dissimilar products.
It gives no share for each of them. Here the product is really in the scene as often as a pair survived
there; what labelers can mend (box, category) is split within that part, and the rest between dissimilar
products and spam, by our own guess.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model_hooks.training.drawn_shop.designs import FASHION, Design
from model_hooks.training.drawn_shop.grades import planted_grade
from model_hooks.training.drawn_shop.scenes import DrawnScene, SceneObject

Whole = tuple[int, int, int, int]
SURVIVING = (97_000 + 113_000) / 2 / 600_000
"""0.175: share of pairs whose product is in the scene."""
FAULTS: Mapping[str, float] = {
    "": 0.4 * SURVIVING,
    "missing_box": 0.25 * SURVIVING,
    "wrong_box": 0.2 * SURVIVING,
    "wrong_category": 0.15 * SURVIVING,
    "dissimilar_product": 0.7 * (1 - SURVIVING),
    "spam": 0.3 * (1 - SURVIVING),
}
"""Planted fault and its share; the empty word is a sound pair."""
MENDABLE = ("", "missing_box", "wrong_box", "wrong_category")
"""Where the product is in the scene after all."""
PAIRS_PER_SCENE = 3
CONFUSED: Mapping[str, tuple[str, ...]] = {
    "tops": ("outerwear", "dresses"),
    "outerwear": ("tops", "dresses"),
    "dresses": ("skirts", "tops"),
    "pants": ("shorts", "skirts"),
    "shorts": ("skirts", "pants"),
    "skirts": ("shorts", "dresses"),
    "shoes": ("accessories", "bags"),
    "bags": ("accessories", "shoes"),
    "accessories": ("bags", "tops"),
}
OFF = 0.3
"""A wrong box overlaps the right one by less than this (intersection over union)."""
TRIES = 50


@dataclass(frozen=True)
class CreatorPair:
    """Somebody's claim that a product is in a scene.

    Attributes
    ----------
    box
        x, y, w, h in pixels, or None where the creator gave none.
    planted_fault
        Of `FAULTS`: what is wrong with the claim; the truth, for measuring only.
    """

    scene: str
    product: str
    box: Whole | None
    claimed_category: str
    planted_fault: str


def creator_pairs(scenes: Iterable[DrawnScene], stock: Sequence[Design], seed: int) -> Iterator[CreatorPair]:
    """Yield up to `PAIRS_PER_SCENE` pairs for every fashion scene, with products all different."""
    known = {design.id: design for design in stock}
    for number, scene in enumerate(scenes):
        if scene.domain == "fashion" and scene.objects:
            yield from _Creator(scene, stock, known, np.random.default_rng([seed, 6, number])).pairs()


@dataclass(frozen=True)
class _Creator:
    """Annotates one scene."""

    scene: DrawnScene
    stock: Sequence[Design]
    known: Mapping[str, Design]
    rng: np.random.Generator

    def pairs(self) -> Iterator[CreatorPair]:
        used: set[str] = set()
        for chosen in self.rng.permutation(len(self.scene.objects))[:PAIRS_PER_SCENE]:
            fault = str(self.rng.choice(list(FAULTS), p=list(FAULTS.values())))
            pair = self._pair(self.scene.objects[int(chosen)], fault)
            if pair.product not in used:
                used.add(pair.product)
                yield pair

    def _pair(self, shown: SceneObject, fault: str) -> CreatorPair:
        product, category = shown.product, shown.category
        box: Whole | None = shown.box
        if fault == "missing_box":
            box = None
        elif fault == "wrong_box":
            box = self._wrong_box(shown.box)
        elif fault == "wrong_category":
            category = str(self.rng.choice(CONFUSED[category]))
        elif fault == "dissimilar_product":
            product = self._dissimilar(shown).id
        elif fault == "spam":
            design = self._spam()
            category = design.category if design.category in FASHION else str(self.rng.choice(FASHION))
            product = design.id
            box = self._anywhere() if self.rng.uniform() < 0.5 else None
        return CreatorPair(self.scene.id, product, box, category, fault)

    def _dissimilar(self, shown: SceneObject) -> Design:
        """Return a product of the same category that no labeler would call similar to anything here."""
        alike = [design for design in self.stock if design.category == shown.category]
        return self._unlike_all([*_shuffled(alike, self.rng), *_shuffled(self.stock, self.rng)], highest=2)

    def _spam(self) -> Design:
        """Return a product that has nothing to do with the scene."""
        here = {shown.category for shown in self.scene.objects}
        others = [design for design in self.stock if design.category not in here]
        return self._unlike_all(_shuffled(others, self.rng), highest=1)

    def _unlike_all(self, candidates: Sequence[Design], *, highest: int) -> Design:
        for candidate in candidates:
            shown = (self.known[item.product] for item in self.scene.objects)
            if all(planted_grade(query, candidate) <= highest for query in shown):
                return candidate
        raise LookupError("The assortment holds nothing unlike the scene; draw more products.")

    def _wrong_box(self, right: Whole) -> Whole:
        """Return a box of the same size elsewhere; a random one where the object fills the scene."""
        _, _, w, h = right
        width, height = self.scene.size
        for _ in range(TRIES):
            x, y = int(self.rng.integers(0, width - w + 1)), int(self.rng.integers(0, height - h + 1))
            if _overlap((x, y, w, h), right) < OFF:
                return x, y, w, h
        return next(box for box in iter(self._anywhere, None) if _overlap(box, right) < OFF)

    def _anywhere(self) -> Whole:
        width, height = self.scene.size
        w, h = (int(side * self.rng.uniform(0.1, 0.4)) for side in (width, height))
        return int(self.rng.integers(0, width - w)), int(self.rng.integers(0, height - h)), w, h


def _shuffled(designs: Sequence[Design], rng: np.random.Generator) -> list[Design]:
    return [designs[int(place)] for place in rng.permutation(len(designs))]


def _overlap(a: Whole, b: Whole) -> float:
    """Return the intersection over union of two boxes."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(across, 0) * max(down, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)
