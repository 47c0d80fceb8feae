"""Painting a thing askew: as if the thing itself were turned, at no cost in sharpness."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model_hooks.training.drawn_shop.canvas import Layer, Window
from model_hooks.training.drawn_shop.designs import Colour, Material


class TiltedLayer(Layer):
    """A layer on which everything is turned about one point.

    Parameters
    ----------
    pivot
        x, y in pixels of the picture: what stays in place.
    degrees
        Clockwise as one looks at it.
    """

    def __init__(
        self,
        window: Window,
        unit: float,
        rng: np.random.Generator,
        *,
        pivot: tuple[float, float],
        degrees: float,
    ) -> None:
        super().__init__(window, unit, rng)
        self._pivot = np.asarray(pivot, np.float64)
        self._angle = float(np.deg2rad(degrees))
        cos, sin = np.cos(self._angle), np.sin(self._angle)
        self._matrix = np.array([[cos, -sin], [sin, cos]])

    def fill(
        self,
        outline: ArrayLike,
        paint: Material | Colour,
        *,
        turn: float = 0.0,
        origin: tuple[float, float] | None = None,
        **looks: Any,
    ) -> None:
        """Fill a closed outline, turned along with its material."""
        points = np.asarray(outline, np.float64)
        x, y = self._turned(points.min(axis=0) if origin is None else np.asarray(origin, np.float64))
        super().fill(self._turned(points), paint, turn=turn + self._angle, origin=(x, y), **looks)

    def cut(self, outline: ArrayLike) -> None:
        """Take away what was painted within a turned outline."""
        super().cut(self._turned(np.asarray(outline, np.float64)))

    def _turned(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        turned: NDArray[np.float64] = (points - self._pivot) @ self._matrix.T + self._pivot
        return turned
