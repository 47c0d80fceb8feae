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
ENOUGH = ("sneaker", "heel", "boot", "watch", "glasses")
"""A name that already says what the thing is made of, as far as people care."""


def title(design: Design, kind: Kind) -> str:
    """Return a title of at most `LONGEST` characters."""
    material = design.material
    rng = np.random.default_rng([design.seed, 3])
    name = str(rng.choice(kind.words))
    fabric = FABRIC_WORDS.get(material.fabric, material.fabric)
    if material.fabric in name.lower() or any(word in name.lower() for word in ENOUGH):
        fabric = ""
    words = " ".join(word for word in (PATTERN_WORDS[material.pattern], fabric, name) if word)
    return f"{words[:1].upper()}{words[1:]} in {material.colour}"[:LONGEST]
