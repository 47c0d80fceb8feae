"""Chairs without arms of cloth: at the dining table, the bar and the desk."""

import numpy as np

from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, Pen, both_sides, deep, pale, seam_of


def _dining_chair(layer: Layer, design: Design, box: Box) -> None:
    pen, frame = Pen(layer, box), design.trim
    seat, wide = design.knob("seat", 0.5, 0.58), design.knob("width", 0.3, 0.47)
    splay = design.knob("splay", 0.0, 0.06)
    narrow = wide * design.knob("taper", 0.72, 0.95)
    for side in (-1, 1):
        x = 0.5 + side * narrow
        pen.taper([(x, seat), (x + side * splay * 0.4, 0.92)], [0.032, 0.022], frame, shade=0.7)
        pen.taper([(0.5 + side * narrow * 0.94, 0.03), (x, seat)], [0.03, 0.04], frame, shade=0.9)
    _backrest(pen, design, narrow, seat)
    pen.shape(
        [
            (0.5 - narrow, seat - 0.035),
            (0.5 + narrow, seat - 0.035),
            (0.5 + wide, seat + 0.06),
            (0.5 - wide, seat + 0.06),
        ],
        design.material,
        rounds=1,
        shade=1.05,
    )
    pen.slab((0.5 - wide, seat + 0.045, 0.5 + wide, seat + 0.095), design.material, radius=0.4, shade=0.8)
    for side in (-1, 1):
        x = 0.5 + side * (wide - 0.05)
        pen.taper([(x, seat + 0.09), (x + side * splay, 0.985)], [0.045, 0.026], frame)
    if design.shape["splay"] < 0.5:
        pen.line([(0.5 - wide + 0.05, 0.8), (0.5 + wide - 0.05, 0.8)], frame, 0.016, shade=0.85)


def _backrest(pen: Pen, design: Design, half: float, seat: float) -> None:
    style, left, right = design.shape["back"], 0.5 - half, 0.5 + half
    top, seam = design.knob("crest", 0.0, 0.08), seam_of(design.material.rgb)
    if style < 0.25:
        side = np.array([(0.0, top - 0.02), (half, top + 0.04), (half, seat - 0.08)])
        pen.shape(both_sides(side), design.material, rounds=2, relief=SOFT)
        inner = both_sides([(half - 0.06, top + 0.1), (half - 0.06, seat - 0.13)])
        pen.line(np.roll(inner, -1, axis=0), seam, 0.006)
        return
    pen.slab((left - 0.02, top, right + 0.02, top + 0.09), design.material, radius=0.4)
    if style < 0.5:
        for y in (0.15, 0.27, 0.39):
            pen.slab((left, top + y, right, top + y + 0.055), design.material, radius=0.3, shade=0.95)
    elif style < 0.75:
        for x in np.linspace(left + 0.12 * half, right - 0.12 * half, 5):
            pen.line([(x, top + 0.08), (x, seat - 0.02)], design.trim, 0.014)
    else:
        for start, end in ((left, right), (right, left)):
            pen.line([(start, top + 0.08), (end, seat - 0.04)], design.trim, 0.022)


def _stool(layer: Layer, design: Design, box: Box) -> None:
    pen, frame = Pen(layer, box), design.trim
    half, thick = design.knob("width", 0.3, 0.46), design.knob("padding", 0.04, 0.16)
    flat, splay = design.knob("depth", 0.05, 0.11), design.knob("splay", 0.0, 0.12)
    rail = design.knob("rail", 0.55, 0.82)
    reach = min(half * 0.75 + splay, 0.47)
    for x, foot, shade in ((-0.35, 0.93, 0.7), (0.35, 0.93, 0.7), (-1, 0.985, 1.0), (1, 0.985, 1.0)):
        pen.taper(
            [(0.5 + x * half * 0.7, 0.1 + thick), (0.5 + x * reach, foot)], [0.04, 0.026], frame, shade=shade
        )
    if design.shape["rail"] > 0.3:
        pen.line([(0.5 - reach * 0.9, rail), (0.5 + reach * 0.9, rail)], frame, 0.02, shade=0.85)
    pen.slab(
        (0.5 - half, flat, 0.5 + half, flat * 2 + thick), design.material, radius=0.4, shade=0.82, relief=SOFT
    )
    pen.disc((0.5, flat), (half, flat), design.material, shade=1.05)
    if design.shape["padding"] > 0.5:
        pen.line(
            [
                (0.5 - half + 0.02, flat + thick * 0.7),
                (0.5, flat * 1.9 + thick * 0.7),
                (0.5 + half - 0.02, flat + thick * 0.7),
            ],
            seam_of(design.material.rgb),
            0.006,
        )


def _office_chair(layer: Layer, design: Design, box: Box) -> None:
    pen, material, seam = Pen(layer, box), design.material, seam_of(design.material.rgb)
    half, top = design.knob("width", 0.27, 0.4), design.knob("back", 0.2, 0.0)
    _swivel(pen, design)
    curve = half * design.knob("curve", 0.6, 0.98)
    side = [(curve, top), (half, 0.3), (curve, 0.48)]
    pen.shape(both_sides(side), material, rounds=2, relief=SOFT, shade=0.95)
    ribs = int(design.shape["ribs"] * 5)
    for y in np.linspace(top + 0.08, 0.42, ribs + 2)[1:-1]:
        pen.line([(0.5 - curve * 0.85, y), (0.5 + curve * 0.85, y)], seam, 0.006)
    wide = half * 1.12
    pen.slab((0.5 - wide, 0.5, 0.5 + wide, 0.63), material, radius=0.45, shade=0.86, relief=SOFT)
    pen.slab((0.5 - half * 1.06, 0.5, 0.5 + half * 1.06, 0.57), material, radius=0.5, shade=1.06)
    if design.shape["arms"] > 0.4:
        for x in (0.43 - half, 0.57 + half):
            pen.line([(x, 0.58), (x, 0.4)], design.trim, 0.026)
            pen.slab((x - 0.055, 0.37, x + 0.055, 0.41), design.trim, radius=0.5)


def _swivel(pen: Pen, design: Design) -> None:
    """Draw the column and the star of castors, and the bar that carries the back."""
    frame = design.trim
    pen.slab((0.45, 0.4, 0.55, 0.56), frame, shade=0.7)
    pen.slab((0.475, 0.5, 0.525, 0.85), pale(frame, 0.3))
    for x, y in ((0.08, 0.93), (0.28, 0.955), (0.72, 0.955), (0.92, 0.93), (0.5, 0.96)):
        pen.taper([(0.5, 0.82), (x, y - 0.02)], [0.05, 0.026], frame, shade=0.9)
        pen.dot((x, y + 0.012), 0.026, deep(frame, 0.6))


KINDS: tuple[Kind, ...] = (
    Kind(
        "dining_chair",
        "chairs",
        ("seat", "width", "splay", "taper", "back", "crest"),
        ("wood", "linen", "leather", "rattan"),
        ("solid",),
        (45, 260),
        ("dining chair", "wooden chair"),
        place=_dining_chair,
        proportion=lambda d: d.knob("width", 0.46, 0.58),
    ),
    Kind(
        "stool",
        "chairs",
        ("width", "padding", "depth", "splay", "rail"),
        ("wood", "leather", "velvet", "linen"),
        ("solid", "striped"),
        (35, 180),
        ("stool", "bar stool"),
        place=_stool,
        proportion=lambda d: d.knob("splay", 0.55, 0.85),
        share=0.6,
    ),
    Kind(
        "office_chair",
        "chairs",
        ("width", "back", "curve", "ribs", "arms"),
        ("leather", "linen", "knit"),
        ("solid",),
        (90, 480),
        ("office chair", "desk chair"),
        place=_office_chair,
        proportion=lambda d: d.knob("width", 0.6, 0.7),
        share=0.6,
    ),
)
