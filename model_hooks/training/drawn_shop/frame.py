"""A thing's own coordinates: drawn upright in lengths of the body, then hung, tilted and mirrored."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model_hooks.training.drawn_shop.body import Point
from model_hooks.training.drawn_shop.canvas import FLAT, Layer, Relief, limb, smooth
from model_hooks.training.drawn_shop.designs import Colour, Design, Material

_METALS: tuple[Colour, ...] = ((206, 168, 92), (190, 192, 198), (96, 94, 98), (196, 146, 122))


@dataclass(frozen=True)
class Frame:
    """Where a thing hangs.

    Attributes
    ----------
    spot
        The place of the thing's (0, 0) in the picture; x runs to the right, y downward.
    unit
        Pixels for length 1, the body's height.
    turn
        Tilt in radians about the spot.
    side
        1, or -1 to swap left and right.
    """

    layer: Layer
    spot: Point
    unit: float
    turn: float = 0.0
    side: float = 1.0

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return where `(N, 2)` points of the thing lie in the picture."""
        own = np.asarray(points, np.float64) * (self.side * self.unit, self.unit)
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        x, y = own[:, 0] * cos - own[:, 1] * sin, own[:, 0] * sin + own[:, 1] * cos
        return np.stack([x + self.spot[0], y + self.spot[1]], axis=1)

    def fill(
        self, outline: ArrayLike, paint: Material | Colour, *, shade: float = 1.0, relief: Relief = FLAT
    ) -> None:
        """Fill a closed outline; the pattern begins at the spot, so that it runs on from part to part."""
        self.layer.fill(self.at(outline), paint, shade=shade, turn=self.turn, origin=self.spot, relief=relief)

    def band(self, line: ArrayLike, paint: Material | Colour, width: float, *, shade: float = 1.0) -> None:
        """Draw a strap or seam of a width along a rounded line."""
        path = smooth(line, closed=False)
        self.fill(limb(path, [width] * len(path)), paint, shade=shade)


def moved(outline: ArrayLike, by: Point) -> NDArray[np.float64]:
    """Return an outline moved to the right and downward."""
    points: NDArray[np.float64] = np.asarray(outline, np.float64) + np.asarray(by)
    return points


def tinted(colour: Colour, factor: float) -> Colour:
    """Return a colour darkened (below 1) or lightened."""
    red, green, blue = (min(255, max(0, round(part * factor))) for part in colour)
    return red, green, blue


def seam_of(material: Material) -> Colour:
    """Return a colour in which seams show on a material: darker, or lighter on what is nearly black."""
    return tinted(material.rgb, 0.62) if sum(material.rgb) > 150 else (92, 92, 98)


def metal_of(design: Design) -> Colour:
    """Return the metal of a design's buckles and clasps."""
    return _METALS[int(np.random.default_rng(design.seed).integers(len(_METALS)))]
