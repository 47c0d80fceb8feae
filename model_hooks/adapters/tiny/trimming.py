"""Cutting the plain ground around a catalog product away, so that it fills the input as a box does."""

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

FINEST = 100
"""The picture is looked at in about this many pixels across."""
PLAIN = 0.9
"""Share of the border that must be of one colour."""
ALIKE = 14
"""Levels of 255 within which a colour of the border is the ground's."""
APART = 22
"""Levels from which on a pixel is no longer ground; more than a soft shadow's."""

Box = tuple[int, int, int, int]
"""x, y, w, h in pixels."""


def product_box(picture: Image) -> Box:
    """Return the box around what stands on a plain ground; the whole picture where the ground is not plain.

    Parameters
    ----------
    picture
        RGB. Its ground is plain if nine tenths of its border are of one colour.
    """
    factor = max(1, min(picture.size) // FINEST)
    pixels = np.asarray(picture.reduce(factor), np.int16)
    border, ground = rim(pixels)
    whole = (0, 0, *picture.size)
    if (np.abs(border - ground).max(axis=1) <= ALIKE).mean() < PLAIN:
        return whole
    corners = extent(pixels, ground, apart=APART)
    if corners is None:
        return whole
    left, top = corners[0] * factor, corners[1] * factor
    right, bottom = min(corners[2] * factor, picture.width), min(corners[3] * factor, picture.height)
    return left, top, right - left, bottom - top


def rim(pixels: NDArray[np.int16]) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Return the border of a picture `(H, W, 3)`, one pixel wide, as `(N, 3)`, and its median colour."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return border, np.median(border, axis=0)


def extent(
    pixels: NDArray[np.int16], ground: NDArray[np.float64], *, apart: int, least: int = 1
) -> tuple[int, int, int, int] | None:
    """Return x1, y1, x2, y2 of what differs from the ground; None for what is under 4 pixels wide or high.

    Rows and columns with fewer than `least` pixels that differ by more than `apart` do not count.
    """
    thing = np.abs(pixels - ground).max(axis=2) > apart
    rows, columns = (np.flatnonzero(thing.sum(axis=axis) >= least) for axis in (1, 0))
    if min(rows.size, columns.size) < 4:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
