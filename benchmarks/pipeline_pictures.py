"""Seeded pictures for the pipeline benchmark: furnished rooms of 800 x 600, no two alike."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.drawings import FURNITURE, PALETTE, draw_product

SIZE = (800, 600)
VARIANTS = 3
QUALITY = 90


class Painter:
    """Draws every piece of furniture once and then places copies of them."""

    def __init__(self) -> None:
        self._pieces = [
            _cut_out(draw_product(kind, colour, variant))
            for kind in FURNITURE
            for colour in PALETTE
            for variant in range(VARIANTS)
        ]

    def room(self, seed: int) -> bytes:
        """Return a JPEG file of some pieces before a wall with a grain of its own."""
        random = np.random.default_rng(seed)
        canvas = Image.fromarray(_wall(random)).resize(SIZE)
        for _ in range(random.integers(4, 8)):
            piece = self._pieces[random.integers(len(self._pieces))]
            scale = random.uniform(0.4, 1.1)
            placed = piece.resize((int(piece.width * scale), int(piece.height * scale)))
            at = (
                random.integers(0, SIZE[0] - placed.width + 1),
                random.integers(0, max(1, SIZE[1] - placed.height + 1)),
            )
            canvas.paste(placed, (int(at[0]), int(at[1])), placed)
        return as_jpeg(canvas)

    def product(self, seed: int) -> bytes:
        """Return a JPEG file of one piece on white."""
        random = np.random.default_rng(seed)
        canvas = Image.new("RGB", (480, 480), "white")
        piece = self._pieces[random.integers(len(self._pieces))]
        canvas.paste(piece, (int(random.integers(0, 40)), int(random.integers(0, 40))), piece)
        pixels = np.asarray(canvas).astype(np.int16) + random.integers(-3, 4, (480, 480, 1))
        return as_jpeg(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))


def as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _cut_out(product: Image.Image) -> Image.Image:
    """Make the white ground of a drawn product transparent."""
    pixels = np.asarray(product)
    opaque = (pixels.min(axis=2) < 250).astype(np.uint8) * 255
    cut = product.convert("RGBA")
    cut.putalpha(Image.fromarray(opaque))
    return cut.crop(cut.getbbox())


def _wall(random: np.random.Generator) -> NDArray[np.uint8]:
    """A coarse field of two colours, which resizing makes smooth: a file of an ordinary size."""
    colours = random.integers(90, 235, (2, 3))
    grain = random.integers(-18, 19, (60, 80, 3))
    wall = np.where(np.arange(60)[:, None, None] < 42, colours[0], colours[1]) + grain
    pixels: NDArray[np.uint8] = np.clip(wall, 0, 255).astype(np.uint8)
    return pixels
