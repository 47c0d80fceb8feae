"""Painting one thing: outlines filled with a material, shaded, on a transparent layer."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from model_hooks.training.drawn_shop.designs import Colour, Material
from model_hooks.training.drawn_shop.materials import surface

Floats = NDArray[np.floating[Any]]
Window = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the picture."""

FINER = 3
"""Outlines are rasterised this much finer, then averaged: smooth edges."""


@dataclass(frozen=True, slots=True)
class Relief:
    """Light and shadow within an outline.

    Attributes
    ----------
    roundness
        0..1: how much the sides fall off into shadow, as on a cylinder.
    folds
        0..1: strength of soft folds along the (turned) vertical; they differ from view to view.
    """

    roundness: float = 0.0
    folds: float = 0.0


FLAT = Relief()
CLOTH = Relief(roundness=0.6, folds=0.7)


class Layer:
    """A window of a picture onto which one thing is painted, transparent where nothing is.

    All coordinates are pixels of the whole picture, so that a thing is drawn alike whatever the window;
    what falls outside the window is cut off.

    Parameters
    ----------
    window
        The part of the picture that is kept.
    unit
        Pixels that stand for length 1 of a material's pattern: the body's height, or the larger side of
        a piece of furniture.
    rng
        For what differs from view to view, such as folds.
    """

    def __init__(self, window: Window, unit: float, rng: np.random.Generator) -> None:
        x0, y0, x1, y1 = window
        self.window = window
        self.unit = unit
        self.rng = rng
        self.colours: Floats = np.zeros((y1 - y0, x1 - x0, 3), np.float32)
        self.alpha: Floats = np.zeros((y1 - y0, x1 - x0), np.float32)

    def fill(
        self,
        outline: ArrayLike,
        paint: Material | Colour,
        *,
        shade: float = 1.0,
        turn: float = 0.0,
        origin: tuple[float, float] | None = None,
        relief: Relief = FLAT,
    ) -> None:
        """Fill a closed outline.

        Parameters
        ----------
        outline
            `(N, 2)` x, y.
        shade
            Factor on the brightness.
        turn
            Angle in radians by which the material is turned, as on a sleeve.
        origin
            Where the pattern begins; the outline's top left corner unless given.
        relief
            What makes it look bodily.
        """
        points = np.asarray(outline, np.float64)
        found = self._mask(points)
        if found is None:
            return
        (x0, y0, x1, y1), mask = found
        light = np.full(mask.shape, shade, np.float32)
        if relief.roundness:
            light *= 1 - relief.roundness * np.float32(0.45) * _towards_edges(mask) ** 2
        colours: Floats
        if relief.folds or isinstance(paint, Material):
            left, top = points.min(axis=0) if origin is None else origin
            xs = np.arange(x0, x1, dtype=np.float32)[None] - np.float32(left)
            ys = np.arange(y0, y1, dtype=np.float32)[:, None] - np.float32(top)
            cos, sin = np.float32(np.cos(turn) / self.unit), np.float32(np.sin(turn) / self.unit)
            u, v = xs * cos + ys * sin, ys * cos - xs * sin
            if relief.folds:
                light *= 1 + relief.folds * self._folds(u, v)
        if isinstance(paint, Material):
            colours, cover = surface(paint, u, v)
            mask = mask * cover
        else:
            colours = np.asarray(paint, np.float32) / np.float32(255)
        self._paint((x0, y0, x1, y1), mask, colours * light[..., None])

    def stroke(self, line: ArrayLike, colour: Material | Colour, width: float, *, shade: float = 1.0) -> None:
        """Draw an open line of a width in pixels, with round joints."""
        points = np.asarray(line, np.float64)
        for start, end in itertools.pairwise(points):
            self.fill(capsule(start, end, width / 2), colour, shade=shade)

    def cut(self, outline: ArrayLike) -> None:
        """Take away what was painted within an outline, such as a neckline."""
        found = self._mask(np.asarray(outline, np.float64))
        if found is None:
            return
        (x0, y0, x1, y1), mask = found
        rows, columns = self._slices((x0, y0, x1, y1))
        self.alpha[rows, columns] *= 1 - mask

    def image(self) -> Image.Image:
        """Return the window as RGBA."""
        pixels = np.dstack([np.clip(self.colours, 0, 1), np.clip(self.alpha, 0, 1)])
        return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8), "RGBA")

    def bounds(self) -> Window | None:
        """Return the box around what is painted, in pixels of the picture; None if nothing is."""
        rows = np.flatnonzero((self.alpha > 0.5).any(axis=1))
        columns = np.flatnonzero((self.alpha > 0.5).any(axis=0))
        if not rows.size:
            return None
        x0, y0 = self.window[:2]
        return (
            x0 + int(columns[0]),
            y0 + int(rows[0]),
            x0 + int(columns[-1]) + 1,
            y0 + int(rows[-1]) + 1,
        )

    def _mask(self, points: NDArray[np.float64]) -> tuple[Window, Floats] | None:
        """Return the part of the window that the outline touches, and how much of each pixel it covers."""
        low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
        x0, y0 = max(int(low[0]), self.window[0]), max(int(low[1]), self.window[1])
        x1, y1 = min(int(high[0]), self.window[2]), min(int(high[1]), self.window[3])
        if x0 >= x1 or y0 >= y1:
            return None
        raster = Image.new("L", ((x1 - x0) * FINER, (y1 - y0) * FINER))
        corners = [tuple(point) for point in ((points - (x0, y0)) * FINER).tolist()]
        ImageDraw.Draw(raster).polygon(corners, fill=255)
        covered: Floats = np.asarray(raster.reduce(FINER), np.float32) / np.float32(255)
        return (x0, y0, x1, y1), covered

    def _slices(self, part: Window) -> tuple[slice, slice]:
        x0, y0 = self.window[:2]
        return slice(part[1] - y0, part[3] - y0), slice(part[0] - x0, part[2] - x0)

    def _paint(self, part: Window, mask: Floats, colours: Floats) -> None:
        """Lay colours over what is there."""
        rows, columns = self._slices(part)
        under = self.alpha[rows, columns]
        over = mask + under * (1 - mask)
        share = np.divide(mask, over, out=np.zeros_like(mask), where=over > 0)[..., None]
        self.colours[rows, columns] += share * (colours - self.colours[rows, columns])
        self.alpha[rows, columns] = over

    def _folds(self, u: Floats, v: Floats) -> Floats:
        """Return soft ridges of this view, about -0.2..0.2."""
        ridges = np.zeros_like(u)
        for _ in range(3):
            wide, slant, start = self.rng.uniform((18, -0.4, 0), (55, 0.4, 6.28))
            ridges += np.sin(u * wide + v * wide * slant + start + 1.5 * np.sin(v * self.rng.uniform(5, 14)))
        return ridges * np.float32(0.06)


def _towards_edges(mask: Floats) -> Floats:
    """Return 0 in the middle of each row's covered stretch and 1 at its ends."""
    covered = mask > 0.5
    first = covered.argmax(axis=1).astype(np.float32)
    last = (mask.shape[1] - 1 - covered[:, ::-1].argmax(axis=1)).astype(np.float32)
    middle, half = (first + last) / 2, np.maximum((last - first) / 2, 1)
    middle, half = _averaged(middle), _averaged(half)
    columns = np.arange(mask.shape[1], dtype=np.float32)
    away: Floats = np.abs(columns - middle[:, None]) / half[:, None]
    return np.minimum(away, 1)


def _averaged(values: Floats) -> Floats:
    """Return a running mean over nine rows, so that jagged edges leave no bands."""
    padded = np.concatenate([np.repeat(values[:1], 4), values, np.repeat(values[-1:], 4)])
    mean: Floats = np.convolve(padded, np.full(9, 1 / 9, np.float32), "valid")
    return mean


def smooth(points: ArrayLike, *, closed: bool = True, rounds: int = 2) -> NDArray[np.float64]:
    """Round an outline's corners off by Chaikin's corner cutting (1974): `(N, 2)` to `(N * 2**rounds, 2)`."""
    line = np.asarray(points, np.float64)
    for _ in range(rounds):
        following = np.roll(line, -1, axis=0) if closed else line[1:]
        here = line if closed else line[:-1]
        cut = np.empty((2 * len(here), 2))
        cut[0::2], cut[1::2] = 0.75 * here + 0.25 * following, 0.25 * here + 0.75 * following
        line = cut if closed else np.vstack([line[:1], cut, line[-1:]])
    return line


def ellipse(centre: Sequence[float], radii: Sequence[float], *, turn: float = 0.0) -> NDArray[np.float64]:
    """Return the outline of an ellipse, `(48, 2)`."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = radii[0] * np.cos(angles), radii[1] * np.sin(angles)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack([centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos], axis=1)


def rectangle(x: float, y: float, w: float, h: float, *, radius: float = 0.0) -> NDArray[np.float64]:
    """Return the outline of a rectangle, its corners rounded by `radius` pixels."""
    r = min(radius, w / 2, h / 2)
    if r <= 0:
        return np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float64)
    centres = [(x + w - r, y + r), (x + w - r, y + h - r), (x + r, y + h - r), (x + r, y + r)]
    parts = []
    for number, (cx, cy) in enumerate(centres):
        angles = np.linspace(-np.pi / 2, 0, 7) + number * np.pi / 2
        parts.append(np.stack([cx + r * np.cos(angles), cy + r * np.sin(angles)], axis=1))
    return np.vstack(parts)


def capsule(start: ArrayLike, end: ArrayLike, radius: float) -> NDArray[np.float64]:
    """Return the outline of a thick line with round ends."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    angle = np.arctan2(*(b - a)[::-1])
    turns = np.linspace(np.pi / 2, 3 * np.pi / 2, 9)
    back = a + radius * np.stack([np.cos(turns + angle), np.sin(turns + angle)], axis=1)
    front = b - radius * np.stack([np.cos(turns + angle), np.sin(turns + angle)], axis=1)
    return np.vstack([back, front])


def limb(joints: ArrayLike, widths: Sequence[float]) -> NDArray[np.float64]:
    """Return the outline along a chain of `(N, 2)` joints with a full width in pixels at each."""
    line = np.asarray(joints, np.float64)
    ahead = np.gradient(line, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    half = across * (np.asarray(widths, np.float64)[:, None] / 2)
    return np.vstack([line - half, (line + half)[::-1]])
