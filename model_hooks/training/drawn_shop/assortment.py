"""What the shop sells: products in families of look-alikes, each made from the seed and its number."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from model_hooks.training.drawn_shop.designs import (
    CATEGORIES,
    FABRICS,
    FASHION,
    Colour,
    Design,
    Kind,
    Material,
)
from model_hooks.training.drawn_shop.kinds import BY_CATEGORY, BY_NAME
from model_hooks.training.drawn_shop.palette import random_material, recoloured, repatterned
from model_hooks.training.drawn_shop.titles import title

CATEGORY_SHARES: Mapping[str, float] = {
    "tops": 0.11,
    "outerwear": 0.08,
    "dresses": 0.06,
    "pants": 0.08,
    "shorts": 0.04,
    "skirts": 0.04,
    "shoes": 0.08,
    "bags": 0.06,
    "accessories": 0.07,
    "chairs": 0.06,
    "sofas": 0.05,
    "tables": 0.04,
    "lamps": 0.04,
    "rugs": 0.03,
    "plants": 0.03,
    "clocks": 0.03,
    "cushions": 0.04,
    "beds": 0.03,
    "shelves": 0.03,
}
"""Fashion 62 %, home decor 38 %."""
FAMILY_SIZES: Mapping[int, float] = {1: 0.6, 2: 0.27, 3: 0.13}
"""About three fifths of the products have at least one look-alike."""
DIFFERENCES = ("colour", "pattern", "shape")
BLOCK = 240
"""Products within which families are mixed, so that an endless assortment need not be held at once."""
EVERY = 60
"""So many products hold all categories: a family each, of three at most."""
CLEARLY = 0.35
"""By how much a moved knob differs at least."""
MERCHANTS = (
    "Alder & Finch",
    "Bluebell Row",
    "Casa Novela",
    "Driftmark",
    "Eastgate Supply",
    "Fernhollow",
    "Grey Heron",
    "Hollis Lane",
    "Juniper Works",
    "Kite & Anchor",
    "Lumen Yard",
    "Marlowe Street",
)
TRIMS: tuple[Colour, ...] = (
    (38, 36, 36),
    (236, 232, 224),
    (138, 140, 142),
    (108, 72, 46),
    (182, 142, 98),
    (190, 156, 92),
    (36, 48, 84),
)
"""Black, white, steel, walnut, oak, brass and navy."""


def assortment(count: int, seed: int) -> Iterator[Design]:
    """Yield `count` products; the same seed and count give the same products.

    Ids begin with the seed, so that shops of several seeds may be thrown together. From `EVERY` products on,
    each category has one at least.
    """
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        rng = np.random.default_rng([seed, 1, start])
        block = _block(size, start, seed)
        for place, chosen in enumerate(rng.permutation(size)):
            yield replace(block[int(chosen)], id=f"d{seed}-{start + place:06d}")


def siblings_share(designs: list[Design]) -> float:
    """Return the share of products that have a look-alike among them."""
    sizes: dict[str, int] = {}
    for design in designs:
        sizes[design.family] = sizes.get(design.family, 0) + 1
    return sum(sizes[design.family] > 1 for design in designs) / max(len(designs), 1)


def _block(size: int, start: int, seed: int) -> list[Design]:
    designs: list[Design] = []
    while len(designs) < size:
        number = start + len(designs)
        rng = np.random.default_rng([seed, 2, number])
        families = len({design.family for design in designs})
        first = CATEGORIES[families] if start == 0 and families < len(CATEGORIES) else None
        designs += _family(f"d{seed}-f{number:06d}", rng, category=first)
    return designs[:size]


def _family(name: str, rng: np.random.Generator, *, category: str | None) -> list[Design]:
    model = replace(random_design(rng, category), family=name)
    size = int(rng.choice(list(FAMILY_SIZES), p=list(FAMILY_SIZES.values())))
    changes = rng.permutation(DIFFERENCES)[: size - 1]
    return [model, *(_sibling(model, str(change), rng) for change in changes)]


def random_design(rng: np.random.Generator, category: str | None = None) -> Design:
    """Return a product of a category, or of any, without id and family."""
    kind = _random_kind(rng, category or _random_category(rng))
    shape = {knob: float(rng.uniform()) for knob in kind.knobs}
    material = random_material(rng, kind.fabrics, kind.patterns)
    draft = Design(
        id="",
        category=kind.category,
        kind=kind.name,
        gender=str(rng.choice(kind.genders)) if kind.genders else None,
        shape=shape,
        material=material,
        trim=TRIMS[int(rng.integers(len(TRIMS)))],
        seed=int(rng.integers(1, 2**31)),
        merchant=str(rng.choice(MERCHANTS)),
        price=_price(kind, rng),
    )
    return _worded(draft)


def _random_category(rng: np.random.Generator) -> str:
    return str(rng.choice(list(CATEGORY_SHARES), p=list(CATEGORY_SHARES.values())))


def _random_kind(rng: np.random.Generator, category: str) -> Kind:
    kinds = BY_CATEGORY[category]
    weights = np.array([kind.share for kind in kinds])
    return kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]


def _sibling(model: Design, difference: str, rng: np.random.Generator) -> Design:
    """Return a near miss of the model; where a kind has but one pattern and fabric, in another colour."""
    kind = BY_NAME[model.kind]
    if difference == "pattern":
        material = _otherwise_patterned(model.material, kind, rng)
        if material != model.material:
            return _worded(replace(model, material=material, difference=difference))
        difference = "colour"
    if difference == "shape":
        return _worded(replace(model, shape=_reshaped(model.shape, rng), difference=difference))
    return _worded(replace(model, material=recoloured(model.material, rng), difference=difference))


def _otherwise_patterned(material: Material, kind: Kind, rng: np.random.Generator) -> Material:
    other = repatterned(material, rng, kind.patterns)
    if other.pattern != material.pattern:
        return other
    fabrics = [fabric for fabric in kind.fabrics if fabric != material.fabric]
    return replace(material, fabric=str(rng.choice(fabrics))) if fabrics else material


def _reshaped(shape: Mapping[str, float], rng: np.random.Generator) -> dict[str, float]:
    names = list(shape)
    moved = rng.permutation(names)[: int(rng.integers(2, 4))]
    changed = dict(shape)
    for name in map(str, moved):
        old = shape[name]
        low, high = max(old - CLEARLY, 0.0), max(1 - old - CLEARLY, 0.0)
        at = float(rng.uniform(0, low + high))
        changed[name] = at if at < low else min(old + CLEARLY + at - low, 1.0)
    return changed


def _price(kind: Kind, rng: np.random.Generator) -> float:
    low, high = np.log(kind.price)
    return float(np.ceil(np.exp(rng.uniform(low, high))) - rng.choice([0.0, 0.01, 0.05, 0.5]))


def _worded(design: Design) -> Design:
    """Give the words that follow from shape and material."""
    kind, material = BY_NAME[design.kind], design.material
    attributes = {"color": material.colour, "pattern": material.pattern}
    if design.category in FASHION:
        if material.fabric in FABRICS:
            attributes["fabric"] = material.fabric
        attributes |= kind.shape_attributes(design.shape)
    return replace(design, attributes=attributes, title=title(design, kind))
