"""Clocks: round, square and sunburst ones for the wall, and those that stand."""

import numpy as np

from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, Pen, arc, both_sides, deep, pale, seam_of


def _face(pen: Pen, design: Design, place: tuple[float, float, float]) -> None:
    """Draw marks and hands around x, y within a radius in fractions of the box's larger side."""
    x, y, reach = place
    wide, high = reach * pen.size / pen.w, reach * pen.size / pen.h
    ink = deep(design.material.rgb, 0.85) if design.shape["face"] < 0.75 else pale(design.material.rgb, 0.85)
    marks = (12, 4, 60)[int(design.shape["marks"] * 2.99)]
    for number in range(12 if marks == 60 else marks):
        way = np.array(
            [np.cos(number * 2 * np.pi / min(marks, 12)), np.sin(number * 2 * np.pi / min(marks, 12))]
        )
        if marks == 60:
            pen.dot((x + way[0] * wide * 0.82, y + way[1] * high * 0.82), 0.016, ink)
        else:
            ends = [(x + way[0] * wide * part, y + way[1] * high * part) for part in (0.72, 0.88)]
            pen.line(ends, ink, 0.022 if number % (marks // 4) == 0 else 0.01)
    for angle, length, width in (
        (design.knob("hour", 0, 6.28), 0.5, 0.03),
        (design.knob("hour", 0, 75.4), 0.75, 0.018),
    ):
        pen.line([(x, y), (x + np.sin(angle) * wide * length, y - np.cos(angle) * high * length)], ink, width)
    pen.dot((x, y), 0.026, design.trim)


def _face_colour(design: Design) -> tuple[int, int, int]:
    return pale(design.material.rgb, 0.82) if design.shape["face"] < 0.75 else deep(design.material.rgb, 0.7)


def _round_clock(layer: Layer, design: Design, box: Box) -> None:
    pen, rim = Pen(layer, box), design.knob("rim", 0.03, 0.11)
    outer = 0.5
    if design.shape["rays"] > 0.6:
        outer = 0.3
        for number in range(24):
            angle, reach = number * np.pi / 12, 0.5 if number % 2 == 0 else 0.42
            pen.line(
                [
                    (0.5 + outer * np.cos(angle), 0.5 + outer * np.sin(angle)),
                    (0.5 + (reach - 0.01) * np.cos(angle), 0.5 + (reach - 0.01) * np.sin(angle)),
                ],
                design.material,
                0.018,
            )
    pen.dot((0.5, 0.5), outer, design.material)
    pen.dot((0.5, 0.5), outer - rim * outer * 1.7, deep(design.material.rgb, 0.3))
    pen.dot((0.5, 0.5), outer - rim * outer * 2, _face_colour(design))
    _face(pen, design, (0.5, 0.5, outer - rim * outer * 2))


def _square_clock(layer: Layer, design: Design, box: Box) -> None:
    pen, rim = Pen(layer, box), design.knob("rim", 0.05, 0.14)
    radius = design.knob("corner", 0.0, 0.34)
    pen.slab((0, 0, 1, 1), design.material, radius=radius)
    pen.slab(
        (rim * 0.85, rim * 0.85, 1 - rim * 0.85, 1 - rim * 0.85),
        deep(design.material.rgb, 0.3),
        radius=radius,
    )
    pen.slab((rim, rim, 1 - rim, 1 - rim), _face_colour(design), radius=radius)
    _face(pen, design, (0.5, 0.5, 0.48 - rim))


def _standing_clock(layer: Layer, design: Design, box: Box) -> None:
    pen, wide, foot = Pen(layer, box), design.knob("waist", 0.3, 0.48), design.knob("foot", 0.9, 0.97)
    rgb = design.material.rgb
    if design.shape["body"] < 0.5:
        top = arc((0.5, 0.4), (wide, 0.4), np.pi, 2 * np.pi)
        outline = np.vstack([[(0.5 - wide, foot)], top, [(0.5 + wide, foot)]])
        pen.shape(outline, design.material, relief=SOFT)
    else:
        side = [(0.0, 0.0), (wide * 0.85, 0.16), (wide, foot)]
        pen.shape(both_sides(side), design.material, relief=SOFT)
        pen.line([(0.5 - wide * 0.85, 0.18), (0.5 + wide * 0.85, 0.18)], seam_of(rgb), 0.012)
    pen.slab((0.48 - wide, foot - 0.03, 0.52 + wide, 1.0), design.material, radius=0.2, shade=0.78)
    reach = min(wide * pen.w / pen.size * 0.82, 0.3)
    pen.dot((0.5, 0.45), reach * 1.12, design.trim)
    pen.dot((0.5, 0.45), reach, _face_colour(design))
    _face(pen, design, (0.5, 0.45, reach))


KINDS: tuple[Kind, ...] = (
    Kind(
        "round_clock",
        "clocks",
        ("rim", "rays", "face", "marks", "hour"),
        ("wood", "metal", "rattan", "ceramic"),
        ("solid",),
        (15, 160),
        ("wall clock", "round clock"),
        place=_round_clock,
        share=1.3,
    ),
    Kind(
        "square_clock",
        "clocks",
        ("rim", "corner", "face", "marks", "hour"),
        ("wood", "metal", "ceramic"),
        ("solid",),
        (15, 120),
        ("square wall clock",),
        place=_square_clock,
    ),
    Kind(
        "mantel_clock",
        "clocks",
        ("body", "waist", "foot", "face", "marks", "hour"),
        ("wood", "metal", "ceramic"),
        ("solid",),
        (25, 240),
        ("mantel clock", "table clock"),
        place=_standing_clock,
        proportion=lambda d: d.knob("waist", 0.75, 1.1),
        share=0.8,
    ),
)
