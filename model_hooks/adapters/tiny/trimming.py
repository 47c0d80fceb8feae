"""Cutting the plain ground around a catalog product away, so that it fills the input as a box does."""

import numpy as np
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
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0)
    whole = (0, 0, *picture.size)
    if (np.abs(border - ground).max(axis=1) <= ALIKE).mean() < PLAIN:
        return whole
    thing = np.abs(pixels - ground).max(axis=2) > APART
    rows, columns = np.flatnonzero(thing.any(axis=1)), np.flatnonzero(thing.any(axis=0))
    if min(rows.size, columns.size) < 4:
        return whole
    left, top = int(columns[0]) * factor, int(rows[0]) * factor
    right = min((int(columns[-1]) + 1) * factor, picture.width)
    bottom = min((int(rows[-1]) + 1) * factor, picture.height)
    return left, top, right - left, bottom - top
