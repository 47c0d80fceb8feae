"""What is behind the things: streets and rooms without anything that the shop sells."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from model_hooks.training.drawn_shop.designs import Colour
from model_hooks.training.drawn_shop.frame import tinted
from model_hooks.training.drawn_shop.streets import STREETS
from model_hooks.training.drawn_shop.walls import INNER, Box, Size, lay_floor, light_up, muted, paint_sky


def street(size: Size, rng: np.random.Generator) -> Image.Image:
    """Return a street, a shop front, a wall, a park or a square, as RGB of a size (width, height)."""
    image = Image.new("RGB", size, muted(rng))
    draw = ImageDraw.Draw(image)
    STREETS[int(rng.integers(len(STREETS)))](draw, size, rng)
    soft = rng.uniform(0.4, 2.6) * size[1] / 640
    return light_up(image.filter(ImageFilter.BoxBlur(soft)), rng)


def interior(size: Size, rng: np.random.Generator) -> Image.Image:
    """Return a room or a studio for people to stand in, as RGB of a size (width, height)."""
    image = Image.new("RGB", size, muted(rng, 0.55, 0.95))
    draw = ImageDraw.Draw(image, "RGBA")
    if rng.uniform() < 0.3:
        _studio(image, rng)
    else:
        line = int(size[1] * rng.uniform(0.7, 0.9))
        wall = _wall(draw, size, line, rng)
        adds, start = rng.permutation(3)[: int(rng.integers(1, 3))].tolist(), rng.uniform(-0.15, 0.1)
        for number, add in enumerate(adds):
            x = int((start + number * 0.56 + rng.uniform(0, 0.1 + 0.5 * (len(adds) < 2))) * size[0])
            top = int(size[1] * rng.uniform(0.08, 0.3))
            (_door, _mirror, _window)[add](draw, (x, top, size[0], line), rng)
        lay_floor(draw, size, line, rng, colour=muted(rng, 0.3, 0.85, strong=0.5))
        _skirting(draw, size, line, wall)
    return light_up(image.filter(ImageFilter.BoxBlur(rng.uniform(0.2, 1.4) * size[1] / 640)), rng)


def room_shell(size: Size, rng: np.random.Generator) -> tuple[Image.Image, int]:
    """Return an empty room as RGB of a size (width, height), and the y at which the floor begins."""
    image = Image.new("RGB", size, muted(rng, 0.6, 0.95))
    draw = ImageDraw.Draw(image, "RGBA")
    line = int(size[1] * rng.uniform(0.62, 0.74))
    wall = _wall(draw, size, line, rng)
    lay_floor(draw, size, line, rng, colour=muted(rng, 0.3, 0.85, strong=0.5))
    _skirting(draw, size, line, wall)
    if rng.uniform() < 0.5:
        x = int(rng.uniform(-0.08, 0.8) * size[0])
        _window(draw, (x, int(size[1] * rng.uniform(0.04, 0.14)), size[0], line), rng)
        _patch_of_light(draw, size, line, rng)
    else:
        for x in rng.permutation([0.05, 0.3, 0.54, 0.78])[: int(rng.integers(0, 4))]:
            at = int((x + rng.uniform(-0.02, 0.02)) * size[0]), int(size[1] * rng.uniform(0.06, 0.18))
            _picture(draw, at, size, rng)
    return light_up(image.filter(ImageFilter.BoxBlur(rng.uniform(0.1, 0.8))), rng), line


def _wall(draw: ImageDraw.ImageDraw, size: Size, line: int, rng: np.random.Generator) -> Colour:
    """Paint a wall down to the floor, perhaps in two parts; return its colour."""
    colour = muted(rng, 0.5, 0.97)
    INNER[int(rng.integers(len(INNER)))](draw, (0, 0, size[0], line), rng, colour)
    if rng.uniform() < 0.15:
        split, lower = int(line * rng.uniform(0.5, 0.7)), muted(rng, 0.4, 0.9)
        INNER[int(rng.integers(len(INNER)))](draw, (0, split, size[0], line), rng, lower)
        draw.rectangle((0, split - 4, size[0], split + 2), fill=tinted(colour, 1.08))
    elif rng.uniform() < 0.2:
        corner, side = int(size[0] * rng.choice([0.14, 0.2, 0.8, 0.88])), tinted(colour, 0.86)
        draw.rectangle(
            (0, 0, corner, line) if corner < size[0] / 2 else (corner, 0, size[0], line), fill=side
        )
    if rng.uniform() < 0.3:
        draw.rectangle((0, 0, size[0], int(size[1] * rng.uniform(0.02, 0.05))), fill=tinted(colour, 1.12))
    return colour


def _skirting(draw: ImageDraw.ImageDraw, size: Size, line: int, wall: Colour) -> None:
    tall = max(4, size[1] // 32)
    board = tinted(wall, 1.1) if sum(wall) < 560 else tinted(wall, 0.93)
    draw.rectangle((0, line - tall, size[0], line), fill=board)
    draw.line((0, line - tall, size[0], line - tall), fill=tinted(wall, 0.78), width=1)
    draw.rectangle((0, line, size[0], line + tall // 2), fill=(0, 0, 0, 40))


def _studio(image: Image.Image, rng: np.random.Generator) -> None:
    """Fill with a sweep of paper: brighter or darker towards the floor, a soft bend between."""
    width, height = image.size
    top, floor = np.array(muted(rng, 0.4, 0.97)), rng.uniform(0.8, 1.1)
    bend, soft = rng.uniform(0.66, 0.9), rng.uniform(0.01, 0.09)
    ys = np.linspace(0, 1, height)
    factor = 1 + (floor - 1) / (1 + np.exp(-(ys - bend) / soft)) - rng.uniform(0, 0.15) * ys
    column = np.clip(top[None] * factor[:, None], 0, 255).astype(np.uint8)
    image.paste(Image.fromarray(column[:, None]).resize((width, height)))


def _door(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    x, y, width, line = box
    wide = int(min(width * rng.uniform(0.3, 0.5), (line - y) * 0.5))
    colour = muted(rng, 0.3, 0.95, strong=0.4)
    draw.rectangle((x - 7, y - 7, x + wide + 7, line), fill=tinted(colour, 1.12))
    draw.rectangle((x, y, x + wide, line), fill=colour, outline=tinted(colour, 0.7))
    rows, columns, gap = int(rng.integers(1, 4)), int(rng.integers(1, 3)), wide * 0.1
    for row in range(rows):
        for column in range(columns):
            left, top = x + gap + column * (wide - gap) / columns, y + gap + row * (line - y - gap) / rows
            right, bottom = left + (wide - gap) / columns - gap, top + (line - y - gap) / rows - gap
            draw.rectangle(
                (left, top, right, bottom), fill=tinted(colour, 0.94), outline=tinted(colour, 0.75), width=2
            )
    handle = y + (line - y) * 0.52
    draw.rectangle((x + wide * 0.88, handle, x + wide * 0.96, handle + 4), fill=(176, 168, 150))


def _mirror(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    """Paint an upright mirror, square or arched, with slanting reflections."""
    x, y, width, line = box
    wide, foot = int(width * rng.uniform(0.2, 0.36)), int(line - (line - y) * rng.uniform(0.03, 0.25))
    frame, glass, edge = muted(rng, 0.2, 0.8, strong=0.4), muted(rng, 0.68, 0.9, strong=0.1), width // 60 + 2
    radius = int(wide * 0.45) if rng.uniform() < 0.35 else 4
    for colour, inset in ((frame, 0), (glass, edge)):
        box = (x + inset, y + inset, x + wide - inset, foot - inset)
        draw.rounded_rectangle(box, radius, fill=colour, corners=(True, True, False, False))
    for share in rng.uniform(0.15, 0.7, 2):
        top = y + edge + radius * 0.6
        reach, thick = wide * 0.3, wide * 0.1
        left = x + edge + (wide - 2 * edge - reach - thick) * share
        draw.polygon([(left + reach, top), (left + reach + thick, top), (left + thick, foot - edge),
        (left, foot - edge)],
                     fill=(255, 255, 255, 46))  # fmt: skip


def _window(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    """Paint a window with sky behind, perhaps with curtains."""
    x, y, width, line = box
    wide, foot = int(width * rng.uniform(0.22, 0.42)), int(y + (line - y) * rng.uniform(0.5, 0.85))
    frame = muted(rng, 0.75, 0.98, strong=0.08) if rng.uniform() < 0.75 else muted(rng, 0.15, 0.4)
    paint_sky(draw, (x, y, x + wide, foot), rng)
    hill = foot - (foot - y) * rng.uniform(0.1, 0.4)
    draw.rectangle((x, hill, x + wide, foot), fill=muted(rng, 0.55, 0.8, strong=0.25))
    bar = max(3, width // 90)
    draw.rectangle((x - bar, y - bar, x + wide + bar, foot + bar), outline=frame, width=2 * bar)
    for column in range(1, int(rng.integers(1, 4))):
        middle = x + wide * column / 3 if column > 1 else x + wide // 2
        draw.rectangle((middle - bar // 2, y, middle + bar // 2, foot), fill=frame)
    if rng.uniform() < 0.6:
        cross = y + (foot - y) * rng.uniform(0.3, 0.55)
        draw.rectangle((x, cross - bar // 2, x + wide, cross + bar // 2), fill=frame)
    draw.rectangle((x - 3 * bar, foot + bar, x + wide + 3 * bar, foot + 3 * bar), fill=tinted(frame, 0.92))
    if rng.uniform() < 0.4:
        _curtains(draw, (x, y, x + wide, line), rng)


def _curtains(draw: ImageDraw.ImageDraw, box: Box, rng: np.random.Generator) -> None:
    x0, y0, x1, line = box
    cloth, pleat = muted(rng, 0.45, 0.92), max(4, (x1 - x0) // 14)
    pleats = int(rng.integers(3, 6))
    for start in (x0 - pleat * (pleats - 2), x1 - pleat * 2):
        for number in range(pleats):
            left = start + number * pleat
            draw.rectangle(
                (left, y0 - 12, left + pleat, line - 6), fill=tinted(cloth, 0.92 + 0.1 * (number % 2))
            )
    draw.rectangle((x0 - pleat * pleats, y0 - 15, x1 + pleat * pleats, y0 - 11), fill=tinted(cloth, 0.5))


def _picture(draw: ImageDraw.ImageDraw, at: tuple[int, int], size: Size, rng: np.random.Generator) -> None:
    """Paint a framed picture of fields of colour."""
    (x, y), frame = at, muted(rng, 0.15, 0.95, strong=0.45)
    wide, tall = (int(size[0] * part) for part in rng.uniform(0.08, 0.2, 2))
    border, mat = max(2, wide // 22), int(wide * rng.uniform(0.05, 0.18))
    draw.rectangle((x + 3, y + 4, x + wide + 4, y + tall + 6), fill=(0, 0, 0, 45))
    draw.rectangle((x, y, x + wide, y + tall), fill=frame)
    draw.rectangle((x + border, y + border, x + wide - border, y + tall - border), fill=(238, 235, 228))
    left, top, right, bottom = x + mat, y + mat, x + wide - mat, y + tall - mat
    if right - left < 6 or bottom - top < 6:
        return
    draw.rectangle((left, top, right, bottom), fill=muted(rng, 0.6, 0.95, strong=0.4))
    for _ in range(int(rng.integers(1, 4))):
        cut = rng.uniform(0.2, 0.9)
        points = [(left, top + (bottom - top) * cut), (right, top + (bottom - top) * rng.uniform(0.3, 0.9)),
                  (right, bottom), (left, bottom)]  # fmt: skip
        draw.polygon(points, fill=muted(rng, 0.3, 0.85, strong=0.5))


def _patch_of_light(draw: ImageDraw.ImageDraw, size: Size, line: int, rng: np.random.Generator) -> None:
    x, wide = rng.uniform(0, 0.6) * size[0], rng.uniform(0.15, 0.35) * size[0]
    lean = rng.uniform(-0.3, 0.3) * size[0]
    near = line + (size[1] - line) * rng.uniform(0.5, 0.9)
    for part in (0.0, 0.52):
        left, right = x + wide * part, x + wide * (part + 0.46)
        corners = [(left, line + 8), (right, line + 8), (right + lean, near), (left + lean, near)]
        draw.polygon(corners, fill=(255, 248, 225, int(rng.uniform(25, 60))))
