"""A room being furnished: how large home goods are, and what stands, lies or hangs where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model_hooks.training.drawn_shop.designs import Box, Design
from model_hooks.training.drawn_shop.kinds import BY_NAME

Pick = Callable[[str], Design]
"""Draws a design of a category."""

METRES: Mapping[str, float] = {
    "armchair": 0.92, "dining_chair": 0.98, "stool": 0.72, "office_chair": 1.0,
    "two_seater": 1.75, "three_seater": 2.15, "chesterfield": 2.15, "sectional": 2.25,
    "framed_bed": 2.15, "upholstered_bed": 2.15,
    "square_cushion": 0.43, "round_cushion": 0.42, "bolster": 0.6, "lumbar_cushion": 0.55,
    "dining_table": 1.5, "coffee_table": 1.1, "side_table": 0.58, "desk": 1.3,
    "bookcase": 1.6, "wall_shelf": 0.95, "ladder_shelf": 1.65,
    "floor_lamp": 1.6, "table_lamp": 0.52, "pendant_lamp": 0.8,
    "woven_rug": 2.5, "round_rug": 2.1,
    "round_clock": 0.46, "square_clock": 0.44, "mantel_clock": 0.44,
    "leafy_plant": 0.85, "upright_plant": 0.85, "indoor_tree": 1.55, "succulent": 0.44,
}  # fmt: skip
"""Length of the larger side."""
SEATS: Mapping[str, tuple[float, float, float]] = {
    "armchair": (0.5, 0.5, 0.57), "two_seater": (0.24, 0.76, 0.57), "three_seater": (0.18, 0.82, 0.57),
    "chesterfield": (0.2, 0.8, 0.6), "sectional": (0.12, 0.82, 0.54),
    "framed_bed": (0.14, 0.66, 0.56), "upholstered_bed": (0.14, 0.66, 0.56),
}  # fmt: skip
"""Where cushions lie on a thing: from x to x, and their lower edge, in fractions of its box."""
TOPS: Mapping[str, float] = {
    "dining_table": 0.1, "coffee_table": 0.18, "side_table": 0.1, "desk": 0.09, "bookcase": 0.01,
}  # fmt: skip
"""Where things stand on a thing, in fractions of its height."""
TRIES = 16
"""Draws from a category until a wanted kind comes."""


@dataclass(frozen=True)
class Placement:
    """A thing at its place.

    Attributes
    ----------
    box
        x, y, w, h in pixels; may reach over the picture's edge.
    mirrored
        Whether it is drawn the other way round, within its box.
    """

    design: Design
    box: Box
    mirrored: bool = False


class Room:
    """A room being furnished; what is nearer is painted later."""

    def __init__(self, pick: Pick, rng: np.random.Generator, size: tuple[int, int], floor: float) -> None:
        self.pick, self.rng, self.floor = pick, rng, floor
        self.width, self.height = size
        self.metre = self.width * float(rng.uniform(0.24, 0.28))
        self.placed: list[tuple[float, Placement]] = []

    def chance(self, share: float) -> bool:
        """Return True that often."""
        return bool(self.rng.uniform() < share)

    def between(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.rng.uniform(low, high))

    def find(self, category: str, kinds: tuple[str, ...]) -> Design | None:
        """Return a design of one of the kinds; None if the category seems to have none."""
        for _ in range(TRIES):
            design = self.pick(category)
            if design.kind in kinds:
                return design
        return None

    def measure(self, design: Design, base: float) -> tuple[float, float]:
        """Return width and height of a thing whose foot is at `base`; nearer is larger."""
        near = 1 + 0.25 * max(base - self.floor, 0) / (self.height - self.floor)
        side, proportion = (
            METRES.get(design.kind, 0.8) * self.metre * near,
            BY_NAME[design.kind].proportion(design),
        )
        return (side, side / proportion) if proportion > 1 else (side * proportion, side)

    def base(self, depth: float) -> float:
        """Return the y of a foot at a depth from 0, at the wall, to 1, at the picture's lower edge."""
        return self.floor + depth * (self.height - self.floor)

    def put(self, design: Design, box: Box, order: float) -> Placement:
        """Put a thing anywhere; the higher the order, the later it is painted."""
        placement = Placement(design, box, self.chance(0.5))
        self.placed.append((order, placement))
        return placement

    def stand(self, design: Design, middle: float, depth: float) -> Placement:
        """Stand a thing on the floor, its middle at a fraction of the picture's width."""
        base = self.base(depth)
        w, h = self.measure(design, base)
        return self.put(design, (middle * self.width - w / 2, base - h, w, h), base)

    def stand_on(self, design: Design, support: Placement, share: float) -> Placement:
        """Stand a small thing on a table or a shelf, at a fraction of its width."""
        x, y, w, h = support.box
        wide, tall = self.measure(design, y + h)
        foot = y + TOPS[support.design.kind] * h
        return self.put(design, (x + share * w - wide / 2, foot - tall, wide, tall), y + h + 0.1)

    def hang(self, design: Design, middle: float, y: float) -> Placement:
        """Hang a thing on the wall, its middle and its upper edge in fractions of the picture."""
        w, h = self.measure(design, self.floor)
        return self.put(design, (middle * self.width - w / 2, y * self.height, w, h), -2)

    def is_free(self, box: Box) -> bool:
        """Tell whether nothing stands or hangs within a box."""
        x, y, w, h = box
        taken = [placement.box for _, placement in self.placed]
        return all(x + w < a or a + c < x or y + h < b or b + d < y for a, b, c, d in taken)

    def furnished(self) -> list[Placement]:
        """Return everything from back to front."""
        return [placement for _, placement in sorted(self.placed, key=lambda item: item[0])]
