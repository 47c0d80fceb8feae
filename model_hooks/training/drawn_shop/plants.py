"""Plants in pots: the pot is the product's material, the leaves are green."""

import numpy as np

from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Colour, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, Pen, both_sides, deep, mixed, pale

Spot = tuple[float, float]
POTS = ("ceramic", "rattan", "metal")


def _green(design: Design, light: float) -> Colour:
    """Return a leaf's colour, `light` from -1 to 1."""
    base = mixed((34, 92, 52), (132, 158, 84), design.shape["hue"])
    return pale(base, 0.22 * light) if light > 0 else deep(base, -0.4 * light)


def _pot(pen: Pen, design: Design, place: tuple[float, float]) -> None:
    """Draw the pot from `top` to the box's bottom, `half` to each side."""
    top, half = place
    style, foot = design.shape["pot"], half * design.knob("taper", 0.55, 0.95)
    material, deepness = design.material, 1 - top
    if style < 0.35:
        pen.shape(both_sides([(half * 0.9, top), (foot, 1)]), material, relief=SOFT)
        rim = (0.5 - half, top, 0.5 + half, top + deepness * 0.2)
        pen.slab(rim, material, radius=0.2, shade=1.08, relief=SOFT)
    elif style < 0.7:
        side = [(half * 0.75, top), (half * 1.15, top + deepness * 0.5), (foot * 0.8, 1.02)]
        pen.shape(both_sides(side), material, rounds=2, relief=SOFT)
    else:
        rest = top + deepness * 0.72
        for x in (-half, half):
            pen.taper([(0.5 + x * 0.7, rest - 0.03), (0.5 + x * 0.9, 0.99)], [0.035, 0.02], design.trim)
        pen.slab((0.5 - half, top, 0.5 + half, rest + 0.05), material, radius=0.18, relief=SOFT)
    pen.disc((0.5, top), (half * 0.86, 0.014), (66, 48, 38))


def _leaf(pen: Pen, stem: tuple[Spot, Spot], width: float, colour: Colour) -> None:
    """Draw a pointed leaf from its foot to its tip with a midrib."""
    (x0, y0), (x1, y1) = np.asarray(stem[0]), np.asarray(stem[1])
    along = np.array([(x1 - x0) * pen.w, (y1 - y0) * pen.h])
    length = max(float(np.hypot(*along)), 1e-6)
    side = np.array([-along[1], along[0]]) / length * width * pen.size / (pen.w, pen.h)
    foot, tip = np.array([x0, y0]), np.array([x1, y1])
    one, two = foot + (tip - foot) * 0.3, foot + (tip - foot) * 0.7
    outline = np.array([foot, one + side, two + side * 0.8, tip, tip, two - side * 0.8, one - side])
    pen.shape(outline, colour, rounds=2)
    pen.line([foot, foot + (tip - foot) * 0.85], pale(colour, 0.3), 0.006)


def _leafy(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    top, half = design.knob("height", 0.74, 0.6), design.knob("potted", 0.2, 0.32)
    count, width = 8 + int(design.shape["leaves"] * 10), design.knob("broad", 0.035, 0.1)
    _pot(pen, design, (top, half))
    for place in rng.permutation(count):
        angle = np.pi * (0.04 + 0.92 * place / (count - 1))
        reach = rng.uniform(0.62, 1.0)
        tip = (0.5 - 0.47 * reach * np.cos(angle), top - 0.02 - (top - 0.04) * reach * np.sin(angle) ** 0.7)
        foot = (0.5 - 0.1 * np.cos(angle), top + 0.005)
        start = (foot[0] + (tip[0] - foot[0]) * 0.4, foot[1] + (tip[1] - foot[1]) * 0.45)
        pen.line([foot, start], _green(design, -0.4), 0.01)
        _leaf(pen, (start, tip), width, _green(design, float(rng.uniform(-0.8, 0.8))))


def _upright(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    top, half = design.knob("height", 0.74, 0.62), design.knob("potted", 0.26, 0.4)
    count, width = 6 + int(design.shape["leaves"] * 7), design.knob("broad", 0.02, 0.05)
    _pot(pen, design, (top, half))
    for place in rng.permutation(count):
        share = place / (count - 1) * 2 - 1
        high = 0.02 + 0.22 * abs(share) + rng.uniform(0, 0.16)
        lean = design.knob("lean", 0.12, 0.45) * share
        colour = _green(design, float(rng.uniform(-0.9, 0.4)))
        _leaf(
            pen,
            ((0.5 + share * half * 0.6, top + 0.01), (0.5 + share * half * 0.6 + lean * 0.6, high)),
            width,
            colour,
        )


def _tree(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    top, half, crown = (
        design.knob("height", 0.84, 0.74),
        design.knob("potted", 0.2, 0.34),
        design.knob("crown", 0.34, 0.56),
    )
    _pot(pen, design, (top, half))
    bark = (98, 74, 54)
    stems = (0.5,) if design.shape["leaves"] < 0.5 else (0.44, 0.56)
    for x in stems:
        pen.line([(0.5 + (x - 0.5) * 0.6, top + 0.01), (x, crown * 0.6)], bark, 0.018)
    width, count = design.knob("broad", 0.028, 0.06), 26 + int(design.shape["leaves"] * 14)
    for number in range(count):
        angle, reach = number * 2.4, 1 - number / count
        x, y = 0.5 + 0.36 * reach * np.cos(angle), crown * (0.52 + 0.38 * reach * np.sin(angle))
        way = angle + rng.uniform(-0.5, 0.5)
        tip = (x + 0.13 * np.cos(way), max(y + 0.09 * np.sin(way), 0.005))
        _leaf(pen, ((x, y), tip), width, _green(design, float(rng.uniform(-0.9, 0.8))))


def _succulent(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    top, half = design.knob("height", 0.62, 0.5), design.knob("potted", 0.28, 0.42)
    _pot(pen, design, (top, half))
    if design.shape["leaves"] < 0.45:
        _cactus(pen, design, top)
        return
    rows, width = 3, design.knob("broad", 0.06, 0.11)
    for row in range(rows):
        count = 7 - 2 * row
        for number in range(count):
            angle = np.pi * (number + 0.5) / count
            reach = 1 - 0.22 * row
            tip = (
                0.5 - 0.46 * reach * np.cos(angle),
                top - (top - 0.03) * (0.5 + 0.2 * row) * (0.25 + 0.75 * np.sin(angle)),
            )
            _leaf(
                pen,
                ((0.5 - 0.1 * np.cos(angle), top + 0.02), tip),
                width,
                _green(design, -0.5 + 0.5 * row + float(rng.uniform(-0.1, 0.1))),
            )


def _cactus(pen: Pen, design: Design, top: float) -> None:
    half = design.knob("broad", 0.12, 0.24)
    pen.slab((0.5 - half, 0.02, 0.5 + half, top + 0.02), _green(design, 0.0), radius=0.5, relief=SOFT)
    for share in (-0.5, 0, 0.5):
        pen.line(
            [(0.5 + share * half, 0.08 + 0.05 * abs(share)), (0.5 + share * half, top)],
            _green(design, 0.9),
            0.01,
        )
    if design.shape["leaves"] > 0.2:
        for side in (-1, 1):
            x = 0.5 + side * (half + 0.1)
            y = top * (0.62 if side > 0 else 0.48)
            pen.line([(0.5, y + 0.08), (x, y + 0.08)], _green(design, -0.2), 0.08)
            pen.line([(x, y + 0.08), (x, y - 0.1)], _green(design, -0.2), 0.08)


KNOBS = ("height", "potted", "leaves", "broad", "hue", "pot", "taper")
KINDS: tuple[Kind, ...] = (
    Kind(
        "leafy_plant",
        "plants",
        KNOBS,
        POTS,
        ("solid", "striped", "dotted"),
        (15, 120),
        ("potted plant", "house plant"),
        place=_leafy,
        proportion=lambda d: d.knob("leaves", 0.75, 0.95),
    ),
    Kind(
        "upright_plant",
        "plants",
        (*KNOBS, "lean"),
        POTS,
        ("solid", "striped"),
        (12, 90),
        ("snake plant", "upright plant"),
        place=_upright,
        proportion=lambda d: d.knob("lean", 0.42, 0.66),
    ),
    Kind(
        "indoor_tree",
        "plants",
        (*KNOBS, "crown"),
        POTS,
        ("solid",),
        (35, 290),
        ("indoor tree", "potted fig"),
        place=_tree,
        proportion=lambda d: d.knob("crown", 0.45, 0.6),
    ),
    Kind(
        "succulent",
        "plants",
        KNOBS,
        POTS,
        ("solid", "dotted", "striped"),
        (6, 45),
        ("succulent", "cactus"),
        place=_succulent,
        proportion=lambda d: d.knob("potted", 0.7, 0.95),
        share=0.7,
    ),
)
