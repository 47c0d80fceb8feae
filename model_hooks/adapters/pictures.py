"""Pictures to arrays: the ways in which nets want their input cut, with numpy and Pillow only."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LETTERBOX_GREY = 114
Factor = tuple[float, float]
Resize = Callable[[Image.Image, tuple[int, int]], NDArray[np.uint8]]


def in_batches(pictures: Sequence[Image.Image], size: int) -> Iterator[Sequence[Image.Image]]:
    """Cut a sequence into batches of at most `size`."""
    for start in range(0, len(pictures), size):
        yield pictures[start : start + size]


def as_rgb(picture: Image.Image) -> Image.Image:
    """Return a picture in mode RGB, transparent parts laid over white as on a shop's page."""
    if picture.mode == "RGB":
        return picture
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")


def factors_to_square(picture: Image.Image, side: int, *, letterbox: bool) -> Factor:
    """Return the factors, across and down, from a picture's own pixels to those of the net's square."""
    across, down = side / picture.width, side / picture.height
    return (min(across, down),) * 2 if letterbox else (across, down)


def resized(picture: Image.Image, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale an RGB picture to (width, height), antialiased and bilinear: `(height, width, 3)`."""
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR))


def squeezed(pictures: Sequence[Image.Image], side: int, *, resize: Resize = resized) -> NDArray[np.uint8]:
    """Squeeze each picture to a square, whatever its shape: `(N, side, side, 3)` RGB, 0..255."""
    batch = np.empty((len(pictures), side, side, 3), np.uint8)
    for row, picture in zip(batch, pictures, strict=True):
        row[:] = resize(as_rgb(picture), (side, side))
    return batch


def letterboxed(pictures: Sequence[Image.Image], side: int, *, resize: Resize = resized) -> NDArray[np.uint8]:
    """Scale each picture to fit a square, and paste it top left on grey: `(N, side, side, 3)` RGB, 0..255."""
    batch = np.full((len(pictures), side, side, 3), LETTERBOX_GREY, np.uint8)
    for row, picture in zip(batch, pictures, strict=True):
        factor, _ = factors_to_square(picture, side, letterbox=True)
        width = max(1, int(picture.width * factor))
        height = max(1, int(picture.height * factor))
        row[:height, :width] = resize(as_rgb(picture), (width, height))
    return batch
