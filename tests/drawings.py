"""Drawn rooms and furniture for browser tests and screenshots; nobody's photographs.

`python -m tests.drawings FOLDER [--scenes 24 --products 120]` writes pictures, products.csv and scenes.csv
as an importer expects them.
"""

import argparse
import csv
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
PALETTE: dict[str, Colour] = {
    "mustard": (203, 153, 46),
    "sage": (134, 158, 128),
    "navy": (42, 58, 96),
    "terracotta": (190, 99, 70),
    "charcoal": (66, 68, 74),
    "oak": (190, 150, 104),
    "walnut": (112, 78, 54),
    "cream": (231, 222, 203),
    "plum": (108, 58, 88),
    "teal": (44, 122, 124),
}
SCALE = 2


def shade(colour: Colour, factor: float) -> Colour:
    """Darken (factor < 1) or lighten a colour."""
    r, g, b = (min(255, max(0, round(part * factor))) for part in colour)
    return r, g, b


def sofa(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, variant: int) -> None:
    x, y, w, h = box
    seats = 2 + variant % 2
    arm = w * 0.11
    for leg in (x + arm * 0.6, x + w - arm * 0.9):
        draw.rectangle((leg, y + h * 0.9, leg + w * 0.025, y + h), fill=PALETTE["walnut"])
    draw.rounded_rectangle(
        (x + arm * 0.5, y, x + w - arm * 0.5, y + h * 0.75), w * 0.04, fill=shade(colour, 0.9)
    )
    width = (w - 2 * arm) / seats
    for seat in range(seats):
        left = x + arm + seat * width
        draw.rounded_rectangle(
            (left + 2, y + h * 0.1, left + width - 2, y + h * 0.6), w * 0.03, fill=shade(colour, 1.05)
        )
        draw.rounded_rectangle(
            (left + 2, y + h * 0.52, left + width - 2, y + h * 0.76), w * 0.03, fill=shade(colour, 1.14)
        )
    draw.rectangle((x + arm, y + h * 0.74, x + w - arm, y + h * 0.9), fill=shade(colour, 0.82))
    for left in (x, x + w - arm):
        draw.rounded_rectangle((left, y + h * 0.32, left + arm, y + h * 0.92), arm * 0.4, fill=colour)


def chair(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, variant: int) -> None:
    x, y, w, h = box
    leg = shade(PALETTE["oak" if variant % 2 else "walnut"], 1.0)
    for left in (0.08, 0.84):
        draw.polygon(
            [
                (x + w * left, y + h * 0.55),
                (x + w * (left + 0.08), y + h * 0.55),
                (x + w * (left + 0.05), y + h),
                (x + w * (left - 0.01), y + h),
            ],
            fill=leg,
        )
    if variant % 3 == 0:
        for slat in range(5):
            left = x + w * (0.1 + slat * 0.18)
            draw.rounded_rectangle(
                (left, y, left + w * 0.08, y + h * 0.55), w * 0.03, fill=shade(colour, 0.92)
            )
        draw.rounded_rectangle((x + w * 0.06, y, x + w * 0.94, y + h * 0.09), w * 0.04, fill=colour)
    else:
        draw.rounded_rectangle(
            (x + w * 0.08, y, x + w * 0.92, y + h * 0.52), w * 0.16, fill=shade(colour, 0.92)
        )
    draw.rounded_rectangle((x, y + h * 0.5, x + w, y + h * 0.62), w * 0.06, fill=shade(colour, 1.1))


def table(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, variant: int) -> None:
    x, y, w, h = box
    if variant % 2:
        draw.ellipse((x, y, x + w, y + h * 0.28), fill=shade(colour, 1.12))
        draw.rectangle((x + w * 0.47, y + h * 0.2, x + w * 0.53, y + h * 0.92), fill=shade(colour, 0.75))
        draw.ellipse((x + w * 0.28, y + h * 0.88, x + w * 0.72, y + h), fill=shade(colour, 0.8))
        return
    draw.rounded_rectangle((x, y, x + w, y + h * 0.14), h * 0.04, fill=shade(colour, 1.12))
    draw.rectangle((x + w * 0.04, y + h * 0.14, x + w * 0.96, y + h * 0.24), fill=shade(colour, 0.85))
    for left in (0.05, 0.89):
        draw.rectangle((x + w * left, y + h * 0.24, x + w * (left + 0.06), y + h), fill=shade(colour, 0.75))


def lamp(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, variant: int) -> None:
    x, y, w, h = box
    draw.rectangle((x + w * 0.46, y + h * 0.25, x + w * 0.54, y + h * 0.95), fill=PALETTE["charcoal"])
    draw.ellipse((x + w * 0.2, y + h * 0.92, x + w * 0.8, y + h), fill=PALETTE["charcoal"])
    top = 0.3 if variant % 2 else 0.12
    draw.polygon(
        [(x + w * top, y), (x + w * (1 - top), y), (x + w, y + h * 0.3), (x, y + h * 0.3)],
        fill=shade(colour, 1.15),
    )


def plant(draw: ImageDraw.ImageDraw, box: Box, colour: Colour, variant: int) -> None:
    x, y, w, h = box
    leaves = random.Random(variant)
    for _ in range(16 + variant % 8):
        tip = (x + w * leaves.uniform(0.02, 0.98), y + h * leaves.uniform(0.0, 0.5))
        base = (x + w * 0.5, y + h * 0.68)
        middle = ((tip[0] + base[0]) / 2 + w * leaves.uniform(-0.12, 0.12), (tip[1] + base[1]) / 2)
        green = shade((70, 124, 74), leaves.uniform(0.75, 1.25))
        draw.polygon(
            [base, (middle[0] - w * 0.05, middle[1]), tip, (middle[0] + w * 0.05, middle[1])], fill=green
        )
    draw.polygon(
        [
            (x + w * 0.28, y + h * 0.64),
            (x + w * 0.72, y + h * 0.64),
            (x + w * 0.64, y + h),
            (x + w * 0.36, y + h),
        ],
        fill=colour,
    )


FURNITURE: dict[str, tuple[str, Callable[[ImageDraw.ImageDraw, Box, Colour, int], None], tuple[int, int]]] = {
    "sofa": ("sofas", sofa, (440, 200)),
    "chair": ("chairs", chair, (150, 250)),
    "table": ("tables", table, (300, 150)),
    "lamp": ("lamps", lamp, (120, 330)),
    "plant": ("plants", plant, (150, 240)),
}


def draw_product(kind: str, colour: str, variant: int) -> Image.Image:
    """One product on white, 480 px square."""
    _, draw_it, (w, h) = FURNITURE[kind]
    canvas = Image.new("RGB", (480 * SCALE, 480 * SCALE), "white")
    size = 400 * SCALE / max(w, h)
    box = (240 * SCALE - w * size / 2, 240 * SCALE - h * size / 2, w * size, h * size)
    draw_it(ImageDraw.Draw(canvas), box, PALETTE[colour], variant)
    return canvas.resize((480, 480), Image.Resampling.LANCZOS)


def draw_room(seed: int) -> Image.Image:
    """A furnished room, 960 x 640."""
    chance = random.Random(seed)
    wide, high = 960 * SCALE, 640 * SCALE
    wall = shade(PALETTE[chance.choice(["cream", "sage", "cream", "teal"])], chance.uniform(1.0, 1.12))
    canvas = Image.new("RGB", (wide, high), wall)
    draw = ImageDraw.Draw(canvas)
    floor = shade(PALETTE[chance.choice(["oak", "walnut"])], 1.15)
    draw.rectangle((0, high * 0.72, wide, high), fill=floor)
    draw.rectangle((0, high * 0.71, wide, high * 0.725), fill="white")
    for board in range(0, wide, 120 * SCALE):
        draw.line((board, high * 0.73, board - 160 * SCALE, high), fill=shade(floor, 0.93), width=2 * SCALE)
    draw.rectangle((wide * 0.1, high * 0.1, wide * 0.34, high * 0.48), fill="white")
    draw.rectangle((wide * 0.11, high * 0.115, wide * 0.33, high * 0.465), fill=(203, 222, 236))
    draw.ellipse(
        (wide * 0.2, high * 0.78, wide * 0.85, high * 0.99),
        fill=shade(PALETTE[chance.choice(list(PALETTE))], 1.1),
    )
    places = [
        ("sofa", 0.34, 0.86, 1.0),
        ("lamp", 0.84, 0.85, 1.0),
        ("plant", 0.05, 0.88, 1.0),
        ("chair", 0.7, 0.95, 0.95),
    ]
    places.append(("table", 0.38, 0.97, 0.9))
    for kind, left, bottom, size in places:
        _, draw_it, (w, h) = FURNITURE[kind]
        grown = SCALE * size * chance.uniform(0.9, 1.08)
        box = (wide * (left + chance.uniform(-0.02, 0.02)), high * bottom - h * grown, w * grown, h * grown)
        draw_it(draw, box, PALETTE[chance.choice(list(PALETTE))], chance.randrange(6))
    return canvas.resize((960, 640), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.4))


def write_shop(folder: Path, *, scenes: int, products: int) -> None:
    """Write pictures and both CSV files."""
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    with (folder / "scenes.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "title"])
        for number in range(scenes):
            draw_room(number).save(folder / "pictures" / f"room-{number:03}.jpg", quality=92)
            rows.writerow([f"room-{number:03}.jpg", f"Drawn room {number + 1}"])
    chance = random.Random(1)
    with (folder / "products.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "title", "category", "price", "currency", "merchant"])
        for number in range(products):
            kind, colour = chance.choice(list(FURNITURE)), chance.choice(list(PALETTE))
            name = f"{kind}-{number:04}.jpg"
            draw_product(kind, colour, number).save(folder / "pictures" / name, quality=92)
            rows.writerow(
                [
                    name,
                    f"{colour.title()} {kind}",
                    FURNITURE[kind][0],
                    f"{chance.uniform(20, 900):.2f}",
                    "EUR",
                    "Drawn & Sons",
                ]
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--products", type=int, default=120)
    chosen = parser.parse_args()
    write_shop(chosen.folder, scenes=chosen.scenes, products=chosen.products)
