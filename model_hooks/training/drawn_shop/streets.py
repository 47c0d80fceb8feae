"""Streets: shop fronts, avenues, bare walls, parks, squares."""

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw

from model_hooks.training.drawn_shop.body import Point
from model_hooks.training.drawn_shop.designs import Colour
from model_hooks.training.drawn_shop.frame import tinted
from model_hooks.training.drawn_shop.walls import (
    OUTER,
    Box,
    Size,
    jittered,
    lay_floor,
    muted,
    paint_sky,
    plaster,
)

_GLASS: tuple[Colour, ...] = ((70, 82, 92), (96, 112, 122), (52, 58, 64), (150, 166, 172), (120, 116, 104))


def _pavement(draw: ImageDraw.ImageDraw, size: Size, line: int, rng: np.random.Generator) -> None:
    lay_floor(draw, size, line, rng, colour=muted(rng, 0.4, 0.78, strong=0.14))
    if rng.uniform() < 0.5:
        kerb = int(line + (size[1] - line) * rng.uniform(0.35, 0.7))
        stone = muted(rng, 0.5, 0.75, strong=0.06)
        draw.rectangle((0, kerb, size[0], size[1]), fill=muted(rng, 0.28, 0.5, strong=0.06))
        draw.rectangle((0, kerb, size[0], kerb + size[1] // 60), fill=stone)
        draw.line((0, kerb + size[1] // 60, size[0], kerb + size[1] // 60), fill=tinted(stone, 0.6), width=2)


def _pane(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], frame: Colour, glass: Colour
) -> None:
    """Paint a window of a house: a frame, dark glass, a reflection."""
    x0, y0, x1, y1 = box
    edge = min(x1 - x0, y1 - y0) * 0.07
    draw.rectangle(box, fill=frame)
    draw.rectangle((x0 + edge, y0 + edge, x1 - edge, y1 - edge), fill=glass)
    wide, tall = x1 - x0 - 2 * edge, y1 - y0 - 2 * edge
    points = [(x0 + edge + wide * 0.1, y1 - edge), (x0 + edge + wide * 0.6, y0 + edge),
        (x0 + edge + wide * 0.8, y0 + edge),
              (x0 + edge + wide * 0.3, y1 - edge - tall * 0.02)]  # fmt: skip
    draw.polygon(points, fill=tinted(glass, 1.12))


def _windows(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    """Paint rows of windows onto a facade."""
    x0, y0, x1, y1 = box
    columns, rows = int(rng.integers(2, 5)), max(1, round((y1 - y0) / (x1 - x0) * rng.uniform(1.5, 3)))
    step, rise = (x1 - x0) / columns, (y1 - y0) / rows
    fat, high = rng.uniform(0.4, 0.7), rng.uniform(0.5, 0.75)
    frame, glass = muted(rng, 0.4, 0.95, strong=0.12), _GLASS[int(rng.integers(len(_GLASS)))]
    for row in range(rows):
        for column in range(columns):
            x, y = x0 + step * (column + (1 - fat) / 2), y0 + rise * (row + (1 - high) / 2)
            shade = tinted(glass, 0.9 + 0.2 * ((row * 3 + column * 5) % 4) / 3)
            _pane(draw, (x, y, x + step * fat, y + rise * high), frame, shade)


def _shop_front(draw: ImageDraw.ImageDraw, size: Size, rng: np.random.Generator) -> None:
    """Paint the ground floor of a house with large windows, a door, a sign and perhaps an awning."""
    (width, height), line = size, int(size[1] * rng.uniform(0.66, 0.86))
    wall, paint = muted(rng), muted(rng, 0.25, 0.75, strong=0.4)
    OUTER[int(rng.integers(len(OUTER)))](draw, (0, 0, width, line), rng, wall)
    sign = int(height * rng.uniform(0.14, 0.3))
    if sign > height * 0.2:
        _windows(draw, (0, -sign // 3, width, sign - 8), rng)
    draw.rectangle((0, sign, width, sign + height // 14), fill=paint)
    draw.rectangle(
        (width * 0.2, sign + height // 40, width * 0.7, sign + height // 22), fill=tinted(paint, 1.3)
    )
    edges = np.cumsum(rng.uniform(0.14, 0.42, 7)) - rng.uniform(0.1, 0.35)
    glass = _GLASS[int(rng.integers(len(_GLASS)))]
    top = sign + height // 12
    for left, right in zip(edges[:-1] * width, edges[1:] * width, strict=True):
        base = line - (height // 12 if rng.uniform() < 0.65 else 4)
        _pane(
            draw,
            (left + width * 0.01, top, right - width * 0.01, base),
            paint,
            tinted(glass, rng.uniform(0.85, 1.15)),
        )
    if rng.uniform() < 0.45:
        stripe, other = muted(rng, 0.4, 0.8, strong=0.45), muted(rng, 0.8, 0.95, strong=0.08)
        step, drop = width // int(rng.integers(7, 14)), top + height * rng.uniform(0.06, 0.12)
        for number, x in enumerate(range(-step, width + step, step)):
            corners = [(x, sign), (x + step, sign), (x + step, drop), (x, drop)]
            draw.polygon(corners, fill=(stripe, other)[number % 2])
    _pavement(draw, size, line, rng)


def _avenue(draw: ImageDraw.ImageDraw, size: Size, rng: np.random.Generator) -> None:
    """Paint a street that flees into the distance between houses, perhaps with trees."""
    width, height = size
    flee, line = (width * rng.uniform(0.3, 0.7), height * rng.uniform(0.4, 0.55)), int(height * 0.55)
    paint_sky(draw, (0, 0, width, line + 10), rng)
    lay_floor(draw, size, int(flee[1]) + 4, rng, colour=muted(rng, 0.32, 0.7, strong=0.1))
    shares = [2.2, *np.cumprod(rng.uniform(0.5, 0.75, 5)).tolist(), 0.03]
    tops = rng.uniform(0.4, 1.0, (6, 2)) * height * rng.uniform(0.5, 1.1)
    for side, reach in ((0, -rng.uniform(0.42, 0.6) * width), (1, rng.uniform(0.42, 0.6) * width)):
        for number in range(5, -1, -1):
            near, far = shares[number], shares[number + 1]
            _house(
                draw,
                flee,
                (reach * near, reach * far),
                (near, far),
                (float(tops[number, side]), height * 0.3),
                rng,
            )
    if rng.uniform() < 0.5:
        for share in (0.22, 0.4, 0.75):
            x = flee[0] + width * share * (0.55 if rng.uniform() < 0.5 else -0.55)
            _tree(draw, (x, flee[1] + height * 0.3 * share), height * 0.55 * share, rng)


def _skyline(draw: ImageDraw.ImageDraw, size: Size, rng: np.random.Generator) -> None:
    """Paint a square or terrace before far houses."""
    (width, height), line = size, int(size[1] * rng.uniform(0.55, 0.78))
    paint_sky(draw, (0, 0, width, line), rng)
    haze, x = muted(rng, 0.55, 0.85, strong=0.15), -width * 0.05
    while x < width:
        wide, tall = rng.uniform(0.08, 0.26) * width, rng.uniform(0.1, 0.5) * height
        box = (int(x), int(line - tall), int(x + wide), line)
        plaster(draw, box, rng, tinted(haze, rng.uniform(0.85, 1.1)))
        _windows(draw, box, rng)
        x += wide
    _pavement(draw, size, line, rng)
    if rng.uniform() < 0.5:
        rail, top = muted(rng, 0.2, 0.6, strong=0.1), line - height * 0.14
        draw.rectangle((0, top, width, top + 5), fill=rail)
        for post in range(0, width, width // int(rng.integers(8, 26))):
            draw.rectangle((post, top, post + 3, line), fill=rail)


def _house(
    draw: ImageDraw.ImageDraw, flee: Point, reach: Point, depth: Point, high: Point, rng: np.random.Generator
) -> None:
    """Paint a house of a row that runs to the point `flee`; `reach`, `depth`: of its near and far edge."""
    wall, glass = muted(rng, 0.4, 0.88), _GLASS[int(rng.integers(len(_GLASS)))]

    def spot(along: float, up: float) -> Point:
        near, far = (flee[1] + (high[1] - (high[0] + high[1]) * up) * d for d in depth)
        return flee[0] + reach[0] + (reach[1] - reach[0]) * along, near + (far - near) * along

    def quad(x0: float, x1: float, y0: float, y1: float) -> list[Point]:
        return [spot(x0, y0), spot(x1, y0), spot(x1, y1), spot(x0, y1)]

    draw.polygon(quad(0, 1, 0, 1), fill=wall)
    draw.polygon(quad(0, 1, 0.94, 1), fill=tinted(wall, 1.12))
    draw.polygon(quad(0.08, 0.92, 0, 0.15), fill=tinted(glass, 0.8))
    draw.polygon(quad(0, 1, 0.16, 0.2), fill=muted(rng, 0.3, 0.8, strong=0.4))
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(3, 7))
    for column in range(columns):
        for row in range(rows):
            x, y = (column + 0.22) / columns, 0.22 + 0.7 * (row + 0.2) / rows
            draw.polygon(quad(x, x + 0.56 / columns, y, y + 0.42 / rows), fill=glass)


def _tree(draw: ImageDraw.ImageDraw, foot: Point, tall: float, rng: np.random.Generator) -> None:
    """Paint a tree: a trunk and a crown of leaves."""
    (x, y), bark = foot, muted(rng, 0.25, 0.4, strong=0.35)
    draw.rectangle((x - tall * 0.03, y - tall * 0.6, x + tall * 0.03, y), fill=bark)
    leaves = _leaves(rng)
    for shade in jittered(leaves, rng, count=14, spread=0.16):
        a, b = x + rng.normal(0, 0.13) * tall, y - tall * rng.uniform(0.5, 0.95)
        r = tall * rng.uniform(0.08, 0.17)
        draw.ellipse((a - r, b - r, a + r, b + r), fill=shade)


def _leaves(rng: np.random.Generator) -> Colour:
    red, green = rng.uniform(70, 130), rng.uniform(100, 140)
    return int(red + (40 if rng.uniform() < 0.2 else 0)), int(green), int(rng.uniform(60, 95))


def _park(draw: ImageDraw.ImageDraw, size: Size, rng: np.random.Generator) -> None:
    """Paint a lawn with a path before a wood."""
    (width, height), line = size, int(size[1] * rng.uniform(0.5, 0.72))
    paint_sky(draw, (0, 0, width, line), rng)
    high = rng.uniform(0.08, 0.4) * height
    for shade in jittered(_leaves(rng), rng, count=70, spread=0.18):
        x, r = rng.uniform(0, width), rng.uniform(0.04, 0.11) * width
        y = line - rng.uniform(0, high)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=shade)
    draw.rectangle((0, line, width, height), fill=_leaves(rng))
    near, far, wide = rng.uniform(0.1, 0.9), rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.6)
    path = [((near - wide) * width, height), ((near + wide) * width, height),
            ((far + 0.02) * width, line), ((far - 0.02) * width, line)]  # fmt: skip
    draw.polygon(path, fill=muted(rng, 0.6, 0.82, strong=0.2))
    for _ in range(int(rng.integers(0, 4))):
        _tree(
            draw,
            (rng.uniform(0, width), line + rng.uniform(0, 0.08) * height),
            height * rng.uniform(0.3, 0.6),
            rng,
        )


def _bare_wall(draw: ImageDraw.ImageDraw, size: Size, rng: np.random.Generator) -> None:
    """Paint a wall of brick, plaster, slabs or planks, perhaps with windows, a plinth or a pipe."""
    (width, height), line = size, int(size[1] * rng.uniform(0.72, 0.92))
    wall = muted(rng, 0.4, 0.9, strong=0.4)
    OUTER[int(rng.integers(len(OUTER)))](draw, (0, 0, width, line), rng, wall)
    extra = rng.uniform()
    if extra < 0.3:
        _windows(draw, (0, 0, width, int(line * rng.uniform(0.3, 0.75))), rng)
    elif extra < 0.5:
        split, other = int(line * rng.uniform(0.45, 0.8)), muted(rng, 0.3, 0.8, strong=0.4)
        OUTER[int(rng.integers(len(OUTER)))](draw, (0, split, width, line), rng, other)
    elif extra < 0.65:
        x, pipe = width * rng.uniform(0.05, 0.95), muted(rng, 0.3, 0.7, strong=0.1)
        draw.rectangle((x, 0, x + width * 0.025, line), fill=pipe)
        draw.rectangle((x, 0, x + width * 0.008, line), fill=tinted(pipe, 1.2))
    if rng.uniform() < 0.5:
        plinth = line - int(height * rng.uniform(0.03, 0.1))
        draw.rectangle((0, plinth, width, line), fill=tinted(wall, rng.uniform(0.65, 0.9)))
    _pavement(draw, size, line, rng)


STREETS: tuple[Callable[[ImageDraw.ImageDraw, Size, np.random.Generator], None], ...] = (
    _shop_front,
    _shop_front,
    _avenue,
    _avenue,
    _bare_wall,
    _bare_wall,
    _park,
    _skyline,
)
"""Equally likely."""
