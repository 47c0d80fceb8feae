"""Who wears what: sensible outfits out of an assortment."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model_hooks.training.drawn_shop.designs import Design

FITTING = {"men": ("men", "unisex"), "women": ("women", "unisex")}
DRESS_SHARE = 0.36
"""Share of women who wear a dress."""
SHORTS_SHARE, SKIRTS_SHARE = 0.25, 0.4
OUTERWEAR_SHARE = 0.38
SHOES_SHARE = 0.95
BAG_SHARES = {"men": 0.35, "women": 0.65}
ACCESSORIES = (0.35, 0.45, 0.2)
"""Shares of nobody's, one and two accessories."""
TUCKED_SHARE = 0.35


@dataclass(frozen=True)
class Wardrobe:
    """The assortment by category and wearer, and home goods by category."""

    racks: dict[tuple[str, str | None], list[Design]] = field(repr=False)

    @classmethod
    def of(cls, designs: Sequence[Design]) -> "Wardrobe":
        """Sort an assortment."""
        racks: dict[tuple[str, str | None], list[Design]] = {}
        for design in designs:
            wearers = [gender for gender, fitting in FITTING.items() if design.gender in fitting]
            for wearer in wearers or (None,):
                racks.setdefault((design.category, wearer), []).append(design)
        return cls(racks)

    def pick(self, category: str, rng: np.random.Generator, wearer: str | None = None) -> Design | None:
        """Return one product, or None where there is none."""
        rack = self.racks.get((category, wearer), [])
        return rack[int(rng.integers(len(rack)))] if rack else None


def outfit(wardrobe: Wardrobe, gender: str, rng: np.random.Generator) -> list[Design]:
    """Return what somebody wears, from the skin outwards."""
    core = _core(gender, rng)
    wanted = [*core]
    if rng.uniform() < SHOES_SHARE:
        wanted.insert(0, "shoes")
    if rng.uniform() < OUTERWEAR_SHARE:
        wanted.append("outerwear")
    worn = [wardrobe.pick(category, rng, gender) for category in wanted]
    worn += _accessories(wardrobe, gender, rng)
    if rng.uniform() < BAG_SHARES[gender]:
        worn.append(wardrobe.pick("bags", rng, gender))
    return [design for design in worn if design is not None]


def _core(gender: str, rng: np.random.Generator) -> list[str]:
    if gender == "women" and rng.uniform() < DRESS_SHARE:
        return ["dresses"]
    chance = rng.uniform()
    lower = "shorts" if chance < SHORTS_SHARE else "pants"
    if gender == "women" and SHORTS_SHARE < chance < SHORTS_SHARE + SKIRTS_SHARE:
        lower = "skirts"
    return ["tops", lower] if rng.uniform() < TUCKED_SHARE else [lower, "tops"]


def _accessories(wardrobe: Wardrobe, gender: str, rng: np.random.Generator) -> list[Design]:
    """Return up to two accessories of different kinds."""
    count = int(rng.choice(len(ACCESSORIES), p=ACCESSORIES))
    found: dict[str, Design] = {}
    for _ in range(count):
        design = wardrobe.pick("accessories", rng, gender)
        if design is not None:
            found.setdefault(design.kind, design)
    return list(found.values())
