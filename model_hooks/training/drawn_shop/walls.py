"""Walls, floors, light and grain of the backdrops, in subdued colours."""

import colorsys
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from model_hooks.training.drawn_shop.designs import Colour
from model_hooks.training.drawn_shop.frame import tinted

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""
Painter = Callable[[ImageDraw.ImageDraw, Box, np.random.Generator, Colour], None]
Size = tuple[int, int]


def muted(rng: np.random.Generator, low: float = 0.45, high: float = 0.9, *, strong: float = 0.28) -> Colour:
    """Return a colour of little saturation (at most `strong`) and a brightness of `low`..`high`."""
    if rng.uniform() < 0.62:
        hue, most = rng.uniform(0.04, 0.14), strong
    else:
        hue, most = rng.uniform(), 0.55 * strong
    rgb = colorsys.hsv_to_rgb(hue, most * rng.uniform() ** 0.8, rng.uniform(low, high))
    red, green, blue = (round(255 * part) for part in rgb)
    return red, green, blue


def jittered(colour: Colour, rng: np.random.Generator, *, count: int, spread: float) -> list[Colour]:
    """Return shades of a colour."""
    return [tinted(colour, float(factor)) for factor in rng.uniform(1 - spread, 1 + spread, count)]


def plaster(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint a wall with faint patches."""
    x0, y0, x1, y1 = box
    draw.rectangle(box, fill=colour)
    for shade in jittered(colour, rng, count=int(rng.integers(0, 5)), spread=0.025):
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        w, h = rng.uniform(0.1, 0.5, 2) * (x1 - x0)
        draw.rectangle((max(x0, x - w), max(y0, y - h), min(x1, x + w), min(y1, y + h)), fill=shade)


def bricks(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint courses of bricks, each shifted by half a brick."""
    x0, y0, x1, y1 = box
    tall = max(5, int((y1 - y0) * rng.uniform(0.022, 0.05)))
    wide, gap = int(tall * rng.uniform(2.1, 3.4)), max(1, tall // 9)
    draw.rectangle(box, fill=tinted(colour, rng.uniform(0.75, 1.25)))
    shades = jittered(colour, rng, count=31, spread=rng.uniform(0.03, 0.14))
    number = 0
    for row, y in enumerate(range(y0, y1, tall)):
        for x in range(x0 - (row % 2) * wide // 2, x1, wide):
            left, right = max(x, x0), min(x + wide - gap - 1, x1)
            if left < right:
                draw.rectangle((left, y, right, min(y + tall - gap - 1, y1)), fill=shades[number * 7 % 31])
            number += 1


def tiles(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint tiles or slabs of concrete."""
    x0, y0, x1, y1 = box
    wide = int((x1 - x0) * rng.uniform(0.07, 0.34)) + 4
    tall = max(4, int(wide * rng.choice([0.5, 1.0, 1.0, 1.9])))
    draw.rectangle(box, fill=tinted(colour, rng.uniform(0.8, 1.12)))
    shades = jittered(colour, rng, count=23, spread=rng.uniform(0.0, 0.06))
    for row, y in enumerate(range(y0, y1, tall)):
        for column, x in enumerate(range(x0, x1, wide)):
            shade = shades[(row * 5 + column * 3) % 23]
            draw.rectangle((x, y, min(x + wide - 3, x1), min(y + tall - 3, y1)), fill=shade)


def planks(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint upright or lying planks."""
    x0, y0, x1, y1 = box
    upright, wide = rng.uniform() < 0.6, int((x1 - x0) * rng.uniform(0.03, 0.11)) + 3
    for number, start in enumerate(range(x0 if upright else y0, x1 if upright else y1, wide)):
        shade = tinted(colour, 1 + 0.07 * float(np.sin(number * 12.9)))
        part = (start, y0, min(start + wide, x1), y1) if upright else (x0, start, x1, min(start + wide, y1))
        draw.rectangle(part, fill=shade)
        edge = (start, y0, start, y1) if upright else (x0, start, x1, start)
        draw.line(edge, fill=tinted(colour, 0.78), width=2)


def wallpaper(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint stripes, or a small motif in a lattice."""
    x0, y0, x1, y1 = box
    draw.rectangle(box, fill=colour)
    step, ink = int((x1 - x0) * rng.uniform(0.035, 0.11)) + 4, tinted(colour, rng.choice([0.88, 0.93, 1.07]))
    if rng.uniform() < 0.4:
        for x in range(x0, x1, step):
            draw.rectangle((x, y0, min(x + int(step * rng.uniform(0.45, 0.5)), x1), y1), fill=ink)
        return
    form, size = int(rng.integers(3)), step * rng.uniform(0.16, 0.34)
    for row, y in enumerate(range(y0 + step // 2, y1 - int(size), step)):
        for x in range(x0 + (row % 2) * step // 2, x1, step):
            if form == 0:
                draw.polygon(
                    [(x, y - size), (x + size * 0.6, y), (x, y + size), (x - size * 0.6, y)], fill=ink
                )
            elif form == 1:
                draw.ellipse((x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5), fill=ink)
            else:
                draw.line(
                    [(x - step / 2, y + step / 2), (x, y), (x + step / 2, y + step / 2)], fill=ink, width=2
                )


def panelling(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator, colour: Colour) -> None:
    """Paint a wall with framed fields."""
    x0, y0, x1, y1 = box
    draw.rectangle(box, fill=colour)
    wide, rail = (x1 - x0) / int(rng.integers(2, 6)), y0 + (y1 - y0) * rng.uniform(0.55, 0.7)
    gap = min(wide * 0.1, (y1 - y0) * 0.06)
    for x in np.arange(x0, x1, wide):
        for top, bottom in ((y0, rail), (rail, y1)):
            field = (x + gap, top + gap, x + wide - gap, bottom - gap)
            draw.rectangle(field, fill=tinted(colour, 1.03), outline=tinted(colour, 0.84), width=2)
            draw.line((field[0], field[3], field[2], field[3]), fill=tinted(colour, 1.1), width=2)
    draw.rectangle((x0, rail - 3, x1, rail + 3), fill=tinted(colour, 1.06), outline=tinted(colour, 0.88))


OUTER: tuple[Painter, ...] = (plaster, plaster, bricks, bricks, tiles, planks)
INNER: tuple[Painter, ...] = (plaster, plaster, plaster, wallpaper, wallpaper, panelling, bricks, planks)


def lay_floor(
    draw: ImageDraw.ImageDraw, size: Size, line: int, rng: np.random.Generator, *, colour: Colour
) -> None:
    """Paint boards, tiles or carpet in perspective below a line."""
    width, height = size
    draw.rectangle((0, line, width, height), fill=colour)
    kind = rng.uniform()
    if kind < 0.25:
        return
    flee = width * rng.uniform(0.3, 0.7), line - height * rng.uniform(0.12, 0.5)
    step = width * (rng.uniform(0.06, 0.16) if kind < 0.65 else rng.uniform(0.14, 0.3))
    reach = int(width * 1.6 / step)
    near = [flee[0] + step * n for n in range(-reach, reach + 1)]
    rows = [height + 1.0, float(line)]
    if kind >= 0.65:
        deep = step / width * rng.uniform(1.2, 2.2)
        rows = [flee[1] + (height + 1 - flee[1]) / (1 + deep * n) for n in range(40)]
        rows = [*(y for y in rows if y > line), float(line)]
    spread = 0.06 if rng.uniform() < 0.6 else 0.16
    shades = jittered(colour, rng, count=17, spread=spread * 0.7)
    for row in range(len(rows) - 1):
        shares = [(y - flee[1]) / (height - flee[1]) for y in rows[row : row + 2]]
        for column in range(len(near) - 1):
            a, b = near[column] - flee[0], near[column + 1] - flee[0]
            corners = [(flee[0] + x * shares[s], rows[row + s]) for x, s in ((a, 0), (b, 0), (b, 1), (a, 1))]
            if max(x for x, _ in corners) < 0 or min(x for x, _ in corners) > width:
                continue
            pick = (row + column) % 2 if spread > 0.1 and kind >= 0.65 else (row * 5 + column * 7) % 17
            draw.polygon(corners, fill=shades[pick], outline=tinted(colour, 0.82))


def paint_sky(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    """Paint a clear or overcast sky, paler towards the horizon."""
    x0, y0, x1, y1 = box
    high, low = muted(rng, 0.75, 0.95, strong=0.1), np.array(muted(rng, 0.85, 0.99, strong=0.06), float)
    if rng.uniform() < 0.6:
        high = (int(rng.uniform(130, 180)), int(rng.uniform(170, 200)), int(rng.uniform(205, 230)))
    bands = np.linspace(y0, y1, 17).astype(int)
    for number in range(16):
        red, green, blue = (np.array(high) + (low - np.array(high)) * number / 15).astype(int).tolist()
        draw.rectangle((x0, int(bands[number]), x1, int(bands[number + 1])), fill=(red, green, blue))


def light_up(image: Image.Image, rng: np.random.Generator, *, grain: float = 0.03) -> Image.Image:
    """Return a picture with light that falls off unevenly, faint stains, and grain."""
    width, height = image.size
    ys, xs = np.mgrid[-1:1:24j, -1:1:24j]
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, 0.16) * (xs * np.cos(angle) + ys * np.sin(angle))
    light -= rng.uniform(0, 0.1) * (xs**2 + ys**2) + rng.normal(0, 0.012, xs.shape)
    field = Image.fromarray(light.astype(np.float32), "F").resize((width, height), Image.Resampling.BICUBIC)
    speckle = rng.integers(0, 256, (height, width), np.uint8).astype(np.float32) - np.float32(127.5)
    factor = np.asarray(field) + speckle * np.float32(rng.uniform(0.2, 1) * grain / 127.5)
    pixels = np.asarray(image, np.float32) * factor[..., None]
    return Image.fromarray(np.minimum(pixels, np.float32(255)).astype(np.uint8))
