"""Painting in fractions of a box: (0, 0) is its top left, (1, 1) its bottom right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model_hooks.training.drawn_shop.canvas import (
    FLAT,
    Layer,
    Relief,
    capsule,
    ellipse,
    limb,
    rectangle,
    smooth,
)
from model_hooks.training.drawn_shop.designs import Box, Colour, Material

SOFT = Relief(roundness=0.35)
TUBE = Relief(roundness=1.0)
DRAPED = Relief(roundness=0.25, folds=0.35)
Corners = tuple[float, float, float, float]
"""x0, y0, x1, y1 in fractions of the box."""


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """Return a colour with a share of another in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def pale(colour: Colour, share: float) -> Colour:
    """Return a colour with a share of warm white in it."""
    return mixed(colour, (250, 247, 240), share)


def deep(colour: Colour, share: float) -> Colour:
    """Return a colour with a share of near-black in it."""
    return mixed(colour, (26, 22, 22), share)


def seam_of(colour: Colour) -> Colour:
    """Return the colour of a line that shows on a ground: darker, but paler on a dark ground."""
    return pale(colour, 0.28) if sum(colour) < 190 else deep(colour, 0.38)


class Pen:
    """Paints on a layer within a box.

    Parameters
    ----------
    box
        x, y, w, h in pixels of the picture.
        Widths of lines and radii of dots are fractions of its larger side.
    """

    def __init__(self, layer: Layer, box: Box) -> None:
        self.layer = layer
        self.x, self.y, self.w, self.h = box
        self.size = max(self.w, self.h)

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return places of the box as pixels of the picture."""
        return np.asarray(points, np.float64) * (self.w, self.h) + (self.x, self.y)

    def shape(
        self,
        points: ArrayLike,
        paint: Material | Colour,
        *,
        rounds: int = 0,
        shade: float = 1.0,
        relief: Relief = FLAT,
    ) -> None:
        """Fill an outline, its corners cut off `rounds` times."""
        outline = self.at(points)
        self.layer.fill(smooth(outline, rounds=rounds), paint, shade=shade, relief=relief)

    def slab(
        self,
        corners: Corners,
        paint: Material | Colour,
        *,
        radius: float = 0.0,
        shade: float = 1.0,
        relief: Relief = FLAT,
    ) -> None:
        """Fill a rectangle; 0.5 rounds its shorter side off entirely."""
        (x0, y0), (x1, y1) = self.at([corners[:2], corners[2:]])
        outline = rectangle(x0, y0, x1 - x0, y1 - y0, radius=radius * min(x1 - x0, y1 - y0))
        self.layer.fill(outline, paint, shade=shade, relief=relief)

    def disc(
        self,
        centre: Sequence[float],
        radii: Sequence[float],
        paint: Material | Colour,
        *,
        shade: float = 1.0,
        relief: Relief = FLAT,
    ) -> None:
        """Fill an ellipse, its radii in fractions of the box's width and height."""
        x, y = self.at(centre)
        outline = ellipse((x, y), (radii[0] * self.w, radii[1] * self.h))
        self.layer.fill(outline, paint, shade=shade, relief=relief)

    def dot(
        self, centre: Sequence[float], radius: float, paint: Material | Colour, *, shade: float = 1.0
    ) -> None:
        """Fill a circle."""
        x, y = self.at(centre)
        self.layer.fill(ellipse((x, y), (radius * self.size, radius * self.size)), paint, shade=shade)

    def line(self, points: ArrayLike, paint: Material | Colour, width: float, *, shade: float = 1.0) -> None:
        """Draw an open line."""
        joints, thick = self.at(points), width * self.size
        if len(joints) == 2:
            self.layer.fill(capsule(joints[0], joints[1], thick / 2), paint, shade=shade)
        else:
            self.layer.fill(limb(joints, [thick] * len(joints)), paint, shade=shade)

    def taper(
        self, points: ArrayLike, widths: Sequence[float], paint: Material | Colour, *, shade: float = 1.0
    ) -> None:
        """Draw a line whose width changes from joint to joint, such as a leg."""
        joints = self.at(points)
        self.layer.fill(limb(joints, [width * self.size for width in widths]), paint, shade=shade)


def both_sides(right: ArrayLike) -> NDArray[np.float64]:
    """Return a symmetrical outline from its right side, given as distances from the middle and heights."""
    x, y = np.asarray(right, np.float64).T
    return np.stack([np.append(0.5 + x, 0.5 - x[::-1]), np.append(y, y[::-1])], axis=1)


def arc(
    centre: Sequence[float], radii: Sequence[float], start: float, end: float, *, points: int = 9
) -> NDArray[np.float64]:
    """Return points along an ellipse from one angle to another, in radians clockwise from the right."""
    angles = np.linspace(start, end, points)
    return np.stack([centre[0] + radii[0] * np.cos(angles), centre[1] + radii[1] * np.sin(angles)], axis=1)
