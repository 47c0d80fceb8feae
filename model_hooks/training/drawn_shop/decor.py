"""Lamps and rugs, and with them `clocks` and `plants`."""

from collections.abc import Callable

import numpy as np

from model_hooks.training.drawn_shop import clocks, plants
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, TUBE, Pen, arc, both_sides, mixed, pale, seam_of

SHADES = ("linen", "metal", "rattan", "ceramic")
PRINTS = ("solid", "striped", "plaid", "floral", "dotted")
WARM = (255, 236, 190)


def _shade(pen: Pen, design: Design, place: tuple[float, float, float, float]) -> None:
    """Draw a lamp's shade around x, from y0 to y1 and as wide as half to each side."""
    x, half, top, bottom = place
    upper = half * design.knob("taper", 0.3, 1.0)
    style = design.shape["shade"]
    if style > 0.75:
        pen.disc((x, (top + bottom) / 2), (half, (bottom - top) / 2), design.material, relief=SOFT)
        pen.disc(
            (x - half * 0.3, top + (bottom - top) * 0.35),
            (half * 0.3, (bottom - top) * 0.15),
            pale(design.material.rgb, 0.35),
        )
        return
    pen.disc((x, bottom), (half, (bottom - top) * 0.06), mixed(WARM, design.material.rgb, 0.35))
    if style > 0.5:
        side = arc((x, bottom), (half, bottom - top), np.pi, 2 * np.pi, points=17)
        pen.shape(side, design.material, relief=SOFT)
    else:
        pen.shape(
            [(x - upper, top), (x + upper, top), (x + half, bottom), (x - half, bottom)],
            design.material,
            relief=SOFT,
        )
        ribs = int(design.shape["ribs"] * 5)
        for share in np.linspace(-1, 1, ribs + 2)[1:-1]:
            pen.line(
                [(x + share * upper, top), (x + share * half, bottom)], seam_of(design.material.rgb), 0.005
            )
        pen.slab((x - upper, top, x + upper, top + 0.012), design.trim)
    pen.slab((x - half, bottom - 0.012, x + half, bottom + 0.004), design.trim, shade=0.9)


def _floor_lamp(layer: Layer, design: Design, box: Box) -> None:
    pen, style = Pen(layer, box), design.shape["stand"]
    height, half = design.knob("height", 0.14, 0.3), design.knob("width", 0.28, 0.48)
    if style < 0.35:
        pen.line([(0.5, height * 0.5), (0.5, 0.97)], design.trim, 0.02)
        pen.disc((0.5, 0.98), (0.28, 0.02), design.trim, shade=0.85)
    elif style < 0.7:
        pen.line([(0.5, height * 0.5), (0.5, 0.5)], design.trim, 0.022)
        for x in (0.5, 0.12, 0.88):
            pen.taper([(0.5, 0.48), (x, 0.985)], [0.024, 0.014], design.trim, shade=0.75 if x == 0.5 else 1.0)
    else:
        pen.line(arc((0.56, 0.3), (0.3, 0.28), np.pi * 1.12, np.pi * 1.94, points=12), design.trim, 0.016)
        pen.line([(0.28, 0.2), (0.24, 0.97)], design.trim, 0.018)
        pen.disc((0.26, 0.98), (0.24, 0.02), design.trim, shade=0.85)
        _shade(pen, design, (0.7, 0.3 * half / 0.48, 0.2, 0.2 + height * 0.8))
        return
    _shade(pen, design, (0.5, half, 0.0, height))


def _table_lamp(layer: Layer, design: Design, box: Box) -> None:
    pen, style = Pen(layer, box), design.shape["stand"]
    split, wide = design.knob("height", 0.38, 0.58), design.knob("base", 0.12, 0.3)
    pen.slab((0.48, split - 0.05, 0.52, 0.95), design.trim, shade=0.8)
    if style < 0.35:
        side = [(0.04, split + 0.02), (wide, 0.72), (wide * 0.5, 0.99)]
        pen.shape(both_sides(side), design.trim, rounds=2, relief=TUBE)
    elif style < 0.65:
        bead = (0.94 - split) / 6
        for number in range(3):
            radii = (wide * (0.6 + 0.2 * number), bead)
            pen.disc((0.5, split + bead * (1 + 2 * number)), radii, design.trim, relief=TUBE)
    else:
        pen.slab((0.47, split, 0.53, 0.95), design.trim)
    pen.slab((0.5 - wide * 1.1, 0.95, 0.5 + wide * 1.1, 1.0), design.trim, radius=0.4, shade=0.85)
    _shade(pen, design, (0.5, design.knob("width", 0.34, 0.5), 0.0, split))


def _pendant(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    cord = design.knob("cord", 0.25, 0.55)
    pen.line([(0.5, 0.0), (0.5, cord)], design.trim, 0.012)
    pen.slab((0.42, 0.0, 0.58, 0.03), design.trim, radius=0.3)
    pen.slab((0.46, cord - 0.06, 0.54, cord + 0.03), design.trim, radius=0.2, shade=0.9)
    if design.shape["shade"] <= 0.75:
        pen.disc((0.5, 0.955), (0.1, 0.04), WARM)
    _shade(pen, design, (0.5, design.knob("width", 0.32, 0.5), cord, 0.96))


def _rug(layer: Layer, design: Design, box: Box) -> None:
    pen, slant = Pen(layer, box), design.knob("slant", 0.06, 0.2)

    def flat(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Lay a rug of 1 by 1 on the floor."""
        return [(x + (0.5 - x) * 2 * slant * (1 - y), y) for x, y in points]

    def framed(inset: float) -> list[tuple[float, float]]:
        high = inset * 1.5
        return flat([(inset, high), (1 - inset, high), (1 - inset, 1 - high), (inset, 1 - high)])

    if design.shape["fringe"] > 0.5:
        for y in np.linspace(0.04, 0.98, 16):
            for x, out in ((0.03, 0.0), (0.97, 1.0)):
                pen.line(flat([(x, float(y)), (out, float(y))]), pale(design.trim, 0.5), 0.007)
    edge = 0.025 if design.shape["fringe"] > 0.5 else 0.0
    border = design.knob("border", 0.0, 0.12)
    outline = flat([(edge, 0), (1 - edge, 0), (1 - edge, 1), (edge, 1)])
    pen.shape(outline, design.material.second if border > 0.03 else design.material)
    if border > 0.03:
        pen.shape(framed(edge + border * 0.6), design.material)
        if border > 0.07:
            pen.shape(framed(edge + border), design.trim)
            pen.shape(framed(edge + border + 0.012), design.material)
    _motif(pen, design, flat)


def _motif(
    pen: Pen, design: Design, flat: Callable[[list[tuple[float, float]]], list[tuple[float, float]]]
) -> None:
    style, size = design.shape["motif"], design.knob("size", 0.1, 0.3)
    second, third = design.material.second, design.trim
    if style < 0.3:
        for reach, colour in ((size, second), (size * 0.65, third), (size * 0.3, design.material.rgb)):
            pen.shape(
                flat(
                    [
                        (0.5, 0.5 - reach * 1.4),
                        (0.5 + reach, 0.5),
                        (0.5, 0.5 + reach * 1.4),
                        (0.5 - reach, 0.5),
                    ]
                ),
                colour,
            )
    elif style < 0.55:
        for x in (0.3, 0.5, 0.7):
            reach = size * 0.5
            pen.shape(
                flat([(x, 0.5 - reach * 2), (x + reach, 0.5), (x, 0.5 + reach * 2), (x - reach, 0.5)]), second
            )
    elif style < 0.7:
        pen.disc((0.5, 0.48), (size, size * 1.1), second)
        pen.disc((0.5, 0.48), (size * 0.7, size * 0.75), design.material)


def _round_rug(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    border, rings = design.knob("border", 0.01, 0.09), int(design.shape["rings"] * 3.99)
    pen.disc((0.5, 0.52), (0.5, 0.48), design.material, shade=0.6)
    pen.disc((0.5, 0.49), (0.5, 0.49), design.material.second if border > 0.03 else design.material)
    pen.disc((0.5, 0.49), (0.5 - border, 0.49 - border), design.material)
    for number in range(rings):
        reach = (0.42 - border) * (1 - number / (rings + 0.5))
        pen.disc((0.5, 0.49), (reach, reach), design.trim if number % 2 else design.material.second)
        pen.disc((0.5, 0.49), (reach - 0.025, reach - 0.025), design.material)
    if design.shape["centre"] > 0.6:
        size = design.knob("size", 0.06, 0.16)
        for turn in np.arange(8) * np.pi / 4:
            pen.disc(
                (0.5 + size * np.cos(turn), 0.49 + size * np.sin(turn)),
                (size * 0.34, size * 0.34),
                design.material.second,
            )


LAMP_KNOBS = ("height", "width", "taper", "shade", "ribs", "stand")
KINDS: tuple[Kind, ...] = (
    Kind(
        "floor_lamp",
        "lamps",
        LAMP_KNOBS,
        SHADES,
        ("solid", "striped"),
        (45, 390),
        ("floor lamp", "standard lamp"),
        place=_floor_lamp,
        proportion=lambda d: d.knob("width", 0.3, 0.38) if d.shape["stand"] < 0.7 else 0.6,
    ),
    Kind(
        "table_lamp",
        "lamps",
        (*LAMP_KNOBS, "base"),
        SHADES,
        ("solid", "striped", "floral", "dotted"),
        (19, 190),
        ("table lamp", "bedside lamp"),
        place=_table_lamp,
        proportion=lambda d: d.knob("width", 0.6, 0.85),
    ),
    Kind(
        "pendant_lamp",
        "lamps",
        ("cord", "width", "taper", "shade", "ribs"),
        SHADES,
        ("solid",),
        (29, 320),
        ("pendant lamp", "hanging lamp"),
        place=_pendant,
        proportion=lambda d: d.knob("cord", 0.85, 0.6),
        share=0.8,
    ),
    Kind(
        "woven_rug",
        "rugs",
        ("slant", "fringe", "border", "motif", "size", "length"),
        ("linen", "knit", "velvet"),
        PRINTS,
        (40, 900),
        ("rug", "woven rug"),
        place=_rug,
        proportion=lambda d: d.knob("length", 2.4, 3.6),
        share=1.5,
    ),
    Kind(
        "round_rug",
        "rugs",
        ("border", "rings", "centre", "size", "length"),
        ("linen", "knit", "rattan"),
        PRINTS,
        (35, 480),
        ("round rug",),
        place=_round_rug,
        proportion=lambda d: d.knob("length", 2.3, 3.2),
    ),
    *clocks.KINDS,
    *plants.KINDS,
)
