"""Thin lines on things: seams, folds, stitches, laces."""

import numpy as np
from numpy.typing import ArrayLike

from model_hooks.training.drawn_shop.canvas import Layer, limb, smooth
from model_hooks.training.drawn_shop.designs import Colour, Design


def shaded(colour: Colour, factor: float) -> Colour:
    """Return a colour made darker (below 1) or lighter (above 1, towards white)."""
    parts = np.asarray(colour)
    mixed = parts * factor if factor <= 1 else 255 - (255 - parts) / factor
    red, green, blue = (int(value) for value in np.clip(mixed, 0, 255))
    return red, green, blue


def seam_colour(design: Design) -> Colour:
    """Return a colour that shows on the design's material: darker, or lighter on what is dark already."""
    dark = sum(design.material.rgb) < 190
    return shaded(design.material.rgb, 1.35 if dark else 0.66)


def draw_line(layer: Layer, points: ArrayLike, colour: Colour, width: float, *, rounds: int = 1) -> None:
    """Draw a thin open line, its corners rounded off, in one go."""
    line = smooth(points, closed=False, rounds=rounds)
    layer.fill(limb(line, [max(width, 0.9)] * len(line)), colour)
