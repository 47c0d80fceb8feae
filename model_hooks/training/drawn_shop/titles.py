"""What a shop calls its products: 'Striped knit sweater in navy'."""

import numpy as np

from model_hooks.training.drawn_shop.designs import Design, Kind

LONGEST = 120
PATTERN_WORDS = {
    "solid": "",
    "striped": "striped",
    "plaid": "plaid",
    "floral": "floral",
    "dotted": "dotted",
    "animal": "animal-print",
    "graphic": "printed",
}
FABRIC_WORDS = {"wood": "wooden"}
ENOUGH = ("sneaker", "heel", "boot", "watch", "glasses", "wood", "knit", "denim", "leather", "potted")
"""A name that already says what the thing is made of, as far as people care."""


def title(design: Design, kind: Kind) -> str:
    """Return a title of at most `LONGEST` characters."""
    material = design.material
    rng = np.random.default_rng([design.seed, 3])
    name = str(rng.choice(kind.words))
    fabric = FABRIC_WORDS.get(material.fabric, material.fabric)
    if any(word in name.lower() for word in (material.fabric, *ENOUGH)):
        fabric = ""
    look = [word for word in (PATTERN_WORDS[material.pattern], fabric) if word]
    if design.category == "plants":
        return _capital(" ".join([name, "in a", material.colour, *look, "pot"]))[:LONGEST]
    return _capital(" ".join([*look, name, "in", material.colour]))[:LONGEST]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
