"""A scene in the making: what is painted lies over what was there, and every pixel knows its owner."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Design

Floats = NDArray[np.floating[Any]]
NOBODY = 0
"""In the map of owners: ground, skin and whatever else is no product."""


@dataclass(frozen=True, slots=True)
class Camera:
    """How the finished scene is looked at: mirrored, then turned by degrees, then magnified."""

    mirrored: bool = False
    degrees: float = 0.0
    zoom: float = 1.0

    def seen(self, image: Image.Image, resampling: Image.Resampling) -> Image.Image:
        """Return the picture through the camera, of the same size."""
        width, height = image.size
        angle = np.deg2rad(self.degrees)
        cos, sin = np.cos(angle) / self.zoom, np.sin(angle) / self.zoom
        flip = -1 if self.mirrored else 1
        turn = np.array([[flip * cos, flip * sin], [-sin, cos]])
        centre = np.array([width / 2, height / 2])
        (a, b), (d, e) = turn
        c, f = centre - turn @ centre
        return image.transform((width, height), Image.Transform.AFFINE, (a, b, c, d, e, f), resampling)


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be seen of one product: its box x, y, w, h in whole pixels, and the visible share of it."""

    design: Design
    box: tuple[int, int, int, int]
    visible: float


@dataclass
class Stage:
    """The picture so far, and the owner of each pixel.

    Attributes
    ----------
    pixels
        `(H, W, 3)`, 0..1.
    owners
        `(H, W)`: number of the product that is on top, from 1; `NOBODY` elsewhere.
    """

    pixels: Floats
    owners: NDArray[np.uint8]
    products: list[tuple[Design, int]] = field(default_factory=list)

    @classmethod
    def on(cls, ground: Image.Image) -> "Stage":
        """Return an empty stage before a backdrop."""
        pixels: Floats = np.asarray(ground.convert("RGB"), np.float32) / np.float32(255)
        return cls(pixels.copy(), np.zeros(pixels.shape[:2], np.uint8))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def put(self, layer: Layer, design: Design | None = None, *, mirrored: bool = False) -> None:
        """Lay a painted layer on top, on behalf of a product or of none."""
        rows, columns = _painted(layer.alpha)
        colours, alpha = layer.colours[rows, columns], layer.alpha[rows, columns]
        left, top = layer.window[0] + columns.start, layer.window[1] + rows.start
        if mirrored:
            colours, alpha = colours[:, ::-1], alpha[:, ::-1]
            left = layer.window[2] - columns.stop
        owner = NOBODY
        if design is not None:
            self.products.append((design, int(np.count_nonzero(alpha > 0.5))))
            owner = len(self.products)
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + alpha.shape[1], self.size[0]), min(top + alpha.shape[0], self.size[1])
        if x0 >= x1 or y0 >= y1:
            return
        inside, here = (
            (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)),
            (slice(y0, y1), slice(x0, x1)),
        )
        cover = np.clip(alpha[inside], 0, 1)[..., None]
        self.pixels[here] += cover * (np.clip(colours[inside], 0, 1) - self.pixels[here])
        self.owners[here][cover[..., 0] > 0.5] = owner

    def darken(self, centre: tuple[float, float], radii: tuple[float, float], strength: float) -> None:
        """Lay a soft elliptic shadow onto what is there."""
        (cx, cy), (rx, ry) = centre, radii
        width, height = self.size
        x0, x1 = max(int(cx - 2 * rx), 0), min(int(cx + 2 * rx) + 1, width)
        y0, y1 = max(int(cy - 2 * ry), 0), min(int(cy + 2 * ry) + 1, height)
        if x0 >= x1 or y0 >= y1:
            return
        ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        away = ((xs - cx) / rx) ** 2 + ((ys - cy) / ry) ** 2
        self.pixels[y0:y1, x0:x1] *= (1 - strength * np.exp(-away))[..., None]

    def picture(self) -> Image.Image:
        """Return what was painted so far."""
        return Image.fromarray((np.clip(self.pixels, 0, 1) * 255 + 0.5).astype(np.uint8))

    def seen(self, camera: Camera) -> tuple[Image.Image, list[Shown]]:
        """Return the picture through the camera, and what of each product can be seen in it."""
        picture = camera.seen(self.picture(), Image.Resampling.BILINEAR)
        owners = np.asarray(camera.seen(Image.fromarray(self.owners), Image.Resampling.NEAREST))
        shown = []
        for number, (design, painted) in enumerate(self.products, start=1):
            mine = owners == number
            count = int(np.count_nonzero(mine))
            if count:
                share = min(count / (painted * camera.zoom**2), 1.0)
                shown.append(Shown(design, _around(mine), share))
        return picture, shown


def _painted(alpha: Floats) -> tuple[slice, slice]:
    """Return the rows and columns that hold all paint."""
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return slice(0, 0), slice(0, 0)
    columns = np.flatnonzero(alpha[rows[0] : rows[-1] + 1].any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _around(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y
