"""Bookcases, wall shelves and ladder shelves, with a few quiet things on them."""

import numpy as np

from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Colour, Design, Kind
from model_hooks.training.drawn_shop.pen import Pen, deep, pale

PLAIN = ("solid",)
CASES = ("wood", "metal")
QUIET: tuple[Colour, ...] = (
    (196, 184, 166),
    (150, 136, 122),
    (108, 116, 120),
    (172, 150, 128),
    (214, 208, 198),
    (128, 110, 98),
    (138, 146, 134),
)


def _things(
    pen: Pen, design: Design, shelf: tuple[float, float, float, float], rng: np.random.Generator
) -> None:
    """Stand a few quiet books and boxes on a shelf from x0 to x1, between y0 and its board at y1."""
    x, end, top, board = shelf
    room = (board - top) * 0.92
    while x < end - 0.05:
        sort = rng.random()
        colour = QUIET[int(rng.integers(len(QUIET)))]
        if sort < 0.55:
            for _ in range(int(rng.integers(2, 5))):
                wide, tall = rng.uniform(0.022, 0.045), room * rng.uniform(0.6, 0.92)
                if x + wide > end:
                    return
                colour = QUIET[int(rng.integers(len(QUIET)))]
                pen.slab((x, board - tall, x + wide - 0.003, board), colour)
                pen.slab((x, board - tall * 0.8, x + wide - 0.003, board - tall * 0.72), pale(colour, 0.5))
                x += wide
        elif sort < 0.8:
            wide, tall = min(rng.uniform(0.12, 0.22), end - x - 0.01), room * rng.uniform(0.35, 0.6)
            pen.slab((x, board - tall, x + wide, board), colour, radius=0.05)
            pen.slab((x, board - tall, x + wide, board - tall * 0.75), deep(colour, 0.15), radius=0.05)
            x += wide
        x += rng.uniform(0.03, 0.16)


def _bookcase(layer: Layer, design: Design, box: Box) -> None:
    pen, material, rng = Pen(layer, box), design.material, np.random.default_rng(design.seed)
    side, foot = design.knob("thick", 0.02, 0.06), design.knob("foot", 0.0, 0.1)
    ratio = pen.w / pen.h
    end, rows = 1 - foot, 2 + int(design.shape["rows"] * 3.99)
    for x in (0.08, 0.92):
        pen.taper([(x, end - 0.02), (x, 0.99)], [0.04, 0.025], design.trim)
    pen.slab((0.002, 0.002, 0.998, end), deep(material.rgb, 0.3), shade=0.9)
    for edge in ((0, 0, side, end), (1 - side, 0, 1, end), (0, 0, 1, side * ratio)):
        pen.slab(edge, material)
    doors = design.shape["doors"] > 0.5
    height = (end - side * ratio) / rows
    halves = (
        ((side, 0.5 - side / 2), (0.5 + side / 2, 1 - side))
        if design.shape["split"] > 0.5
        else ((side, 1 - side),)
    )
    for row in range(rows):
        top, board = side * ratio + row * height, (row + 1) * height
        for left, right in halves:
            pen.slab((left, top, left + 0.03, board), deep(material.rgb, 0.5))
            pen.slab((left, top, right, top + 0.012), deep(material.rgb, 0.55))
            if not (doors and row == rows - 1):
                _things(pen, design, (left + 0.04, right - 0.01, top, board), rng)
        pen.slab((0, board, 1, board + side * ratio), material, shade=1.02)
    if len(halves) == 2:
        pen.slab((0.5 - side / 2, 0, 0.5 + side / 2, end), material, shade=0.97)
    if doors:
        _doors(pen, design, (side, end - side * ratio - height, end - side * ratio))


def _doors(pen: Pen, design: Design, place: tuple[float, float, float]) -> None:
    side, top, bottom = place
    for left, knob in ((side, 0.46), (0.503, 0.54)):
        pen.slab((left, top + 0.01, left + 0.495 - side, bottom + 0.005), design.material, shade=0.9)
        pen.dot((knob, (top + bottom) / 2), 0.014, design.trim)


def _wall_shelf(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    boards, thick = 1 + int(design.shape["boards"] * 1.99), design.knob("thick", 0.05, 0.12)
    inset = design.knob("inset", 0.08, 0.25)
    step = 0.9 / boards
    for number in range(boards):
        board = step * (number + 1) - thick
        shift = design.knob("shift", 0.0, 0.18) if boards == 2 else 0.0
        left, right = (0.0, 1 - shift) if number % 2 == 0 else (shift, 1.0)
        _things(pen, design, (left + 0.04, right - 0.04, step * number + 0.02, board), rng)
        for x in (left + inset, right - inset):
            if design.shape["bracket"] > 0.5:
                pen.shape(
                    [
                        (x - 0.012, board),
                        (x + 0.012, board),
                        (x + 0.012, board + thick + 0.14),
                        (x - 0.012, board + thick + 0.06),
                    ],
                    design.trim,
                )
            else:
                pen.line([(x, board), (x, board + thick + 0.07)], design.trim, 0.02)
        pen.slab((left, board, right, board + thick), design.material)
        pen.slab((left, board, right, board + thick * 0.25), design.material, shade=1.1)


def _ladder_shelf(layer: Layer, design: Design, box: Box) -> None:
    pen, rng = Pen(layer, box), np.random.default_rng(design.seed)
    rows, slant, thick = (
        3 + int(design.shape["rows"] * 2.99),
        design.knob("slant", 0.04, 0.24),
        design.knob("thick", 0.018, 0.035),
    )
    for x in (0.06, 0.94):
        away = slant if x < 0.5 else -slant
        pen.line([(x, 0.985), (x + away, 0.015)], design.trim, 0.03)
    crossed = design.shape["cross"] > 0.6
    if crossed:
        pen.line([(0.08, 0.95), (0.92 - slant, 0.1)], design.trim, 0.012, shade=0.8)
        pen.line([(0.92, 0.95), (0.08 + slant, 0.1)], design.trim, 0.012, shade=0.8)
    start = design.knob("start", 0.14, 0.26)
    previous = 0.02
    for y in np.linspace(start, 0.9, rows):
        half = 0.5 - slant * (1 - y) - 0.02
        _things(pen, design, (0.5 - half + 0.06, 0.5 + half - 0.06, max(previous, y - 0.2), y), rng)
        pen.shape(
            [(0.53 - half, y - 0.02), (0.47 + half, y - 0.02), (0.5 + half, y), (0.5 - half, y)],
            design.material,
            shade=1.06,
        )
        pen.slab((0.5 - half, y, 0.5 + half, y + thick), design.material, shade=0.9)
        previous = float(y) + thick


KINDS: tuple[Kind, ...] = (
    Kind(
        "bookcase",
        "shelves",
        ("thick", "foot", "rows", "split", "doors", "width"),
        CASES,
        PLAIN,
        (70, 690),
        ("bookcase", "shelving unit"),
        place=_bookcase,
        proportion=lambda d: d.knob("width", 0.42, 0.9),
    ),
    Kind(
        "wall_shelf",
        "shelves",
        ("boards", "thick", "inset", "shift", "bracket"),
        CASES,
        PLAIN,
        (19, 150),
        ("wall shelf", "floating shelf"),
        place=_wall_shelf,
        proportion=lambda d: 2.4 if d.shape["boards"] < 0.5 else 1.3,
    ),
    Kind(
        "ladder_shelf",
        "shelves",
        ("rows", "slant", "thick", "start", "cross"),
        CASES,
        PLAIN,
        (55, 320),
        ("ladder shelf", "leaning shelf"),
        place=_ladder_shelf,
        proportion=lambda d: d.knob("slant", 0.42, 0.6),
        share=0.8,
    ),
)
