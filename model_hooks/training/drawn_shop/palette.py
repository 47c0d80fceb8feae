"""Choosing materials: colours that a labeler would name alike, patterns and fabrics that go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from model_hooks.training.drawn_shop.designs import COLOURS, Colour, Material

JITTER = 11
"""How far each channel of a shade may lie from its colour's centre."""
PLAIN_SHARE = 0.45
"""Share of products without a pattern, where the kind may have one."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "denim": ("blue", "navy", "black", "grey", "white"),
    "metal": ("black", "white", "grey", "yellow", "red", "green", "navy"),
    "wood": ("brown", "beige", "black"),
    "rattan": ("brown", "beige", "black"),
}
"""The colours of fabrics that do not come in all."""
WOODS: Mapping[str, Colour] = {"brown": (112, 72, 44), "beige": (205, 182, 145), "black": (46, 42, 40)}
FURS: tuple[tuple[str, Colour, Colour], ...] = (
    ("beige", (168, 112, 60), (48, 32, 24)),
    ("brown", (86, 52, 30), (30, 20, 16)),
    ("white", (150, 146, 140), (36, 34, 34)),
    ("grey", (92, 94, 98), (30, 30, 32)),
)
"""Ground, spot and outline of animal prints."""


def random_material(rng: np.random.Generator, fabrics: Sequence[str], patterns: Sequence[str]) -> Material:
    """Return a material of one of the fabrics, with one of the patterns."""
    fabric = str(rng.choice(list(fabrics)))
    plain = Material(
        colour="",
        rgb=(0, 0, 0),
        fabric=fabric,
        scale=float(rng.uniform()),
        seed=int(rng.integers(1, 2**31)),
    )
    return _patterned(_coloured(plain, str(rng.choice(_names(fabric))), rng), rng, _one(patterns, rng))


def recoloured(material: Material, rng: np.random.Generator) -> Material:
    """Return the same material in a colour of another name."""
    names = [name for name, _, _ in FURS] if material.pattern == "animal" else _names(material.fabric)
    other = str(rng.choice([name for name in names if name != material.colour]))
    return _patterned(_coloured(material, other, rng), rng, material.pattern, turned=material.angle)


def repatterned(material: Material, rng: np.random.Generator, patterns: Sequence[str]) -> Material:
    """Return the same colour with another pattern; with one pattern only, the same."""
    others = [
        name for name in patterns if name not in (material.pattern, "animal")
    ]  # an animal print would bring its own ground
    if not others:
        return material
    fresh = replace(material, seed=int(rng.integers(1, 2**31)), scale=float(rng.uniform()))
    return _patterned(fresh, rng, str(rng.choice(others)))


def _names(fabric: str) -> list[str]:
    return list(NAMES.get(fabric, tuple(COLOURS)))


def _one(patterns: Sequence[str], rng: np.random.Generator) -> str:
    others = [name for name in patterns if name != "solid"]
    if not others or ("solid" in patterns and rng.uniform() < PLAIN_SHARE):
        return "solid"
    return str(rng.choice(others))


def _coloured(material: Material, name: str, rng: np.random.Generator) -> Material:
    centre = WOODS.get(name, COLOURS[name]) if material.fabric in ("wood", "rattan") else COLOURS[name]
    return replace(material, colour=name, rgb=_near(centre, rng))


def _near(centre: Colour, rng: np.random.Generator) -> Colour:
    r, g, b = (int(np.clip(part + rng.integers(-JITTER, JITTER + 1), 0, 255)) for part in centre)
    return r, g, b


def _patterned(
    material: Material, rng: np.random.Generator, pattern: str, *, turned: float | None = None
) -> Material:
    if pattern == "animal":
        furs = [fur for fur in FURS if fur[0] == material.colour] or list(FURS)
        name, spot, outline = furs[int(rng.integers(len(furs)))]
        ground = _coloured(material, name, rng)
        return replace(ground, pattern=pattern, second=spot, third=outline, angle=0.0)
    second, third = _contrasts(material.rgb, rng)
    angle = float(rng.choice([0.0, 0.0, np.pi / 2, np.pi / 4])) if pattern == "striped" else 0.0
    if pattern == "plaid":
        angle = float(rng.choice([0.0, 0.0, np.pi / 4]))
    return replace(
        material,
        pattern=pattern,
        second=second,
        third=third,
        angle=angle if turned is None else turned,
    )


def _contrasts(ground: Colour, rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Return two colours that stand out from the ground and from each other."""
    far = [colour for colour in COLOURS.values() if _distance(colour, ground) > 130]
    second = far[int(rng.integers(len(far)))]
    third = [colour for colour in far if _distance(colour, second) > 90] or far
    return _near(second, rng), _near(third[int(rng.integers(len(third)))], rng)


def _distance(a: Colour, b: Colour) -> float:
    """Return a distance that weighs green most, as the eye does."""
    return float(np.sqrt(sum(w * (x - y) ** 2 for w, x, y in zip((0.9, 1.4, 0.7), a, b, strict=True))))
