"""Views of labeled pictures, each drawn anew: scaled, cropped, moved, flipped and tinted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model_hooks.adapters.pictures import LETTERBOX_GREY
from model_hooks.training.pictures import Boxes, Classes, LabeledPicture, Pixels

if TYPE_CHECKING:
    from torch import Tensor

PLAIN = 0.25
"""How often a picture is shown as the adapter would show it, but for flip and tint."""
ZOOM = (0.6, 1.5)
STRETCH = 1.15
LEAST_SEEN = 0.35
"""Of an object that is to be found, a crop leaves at least this share, as in the scenes' own truth."""
LEAST_SIDE = 4.0


@dataclass(frozen=True)
class Batch:
    """Pictures `(N, side, side, 3)`, and boxes and classes of each."""

    pixels: Pixels
    truth: list[tuple[Boxes, Classes]]


def draw_batch(
    pictures: Sequence[LabeledPicture], side: int, rng: np.random.Generator, *, plain: float = PLAIN
) -> Batch:
    """Return one view of each picture on a square of `side` pixels."""
    pixels = np.full((len(pictures), side, side, 3), LETTERBOX_GREY, np.uint8)
    truth = []
    for canvas, picture in zip(pixels, pictures, strict=True):
        size, start = _placed(picture.pixels.shape, side, rng, plain=plain)
        boxes = _show(picture, canvas, size, start)
        if rng.random() < 0.5:
            canvas[:] = canvas[:, ::-1].copy()
            boxes = np.stack([side - boxes[:, 2], boxes[:, 1], side - boxes[:, 0], boxes[:, 3]], axis=1)
        kept = _still_seen(boxes, side)
        truth.append((np.clip(boxes[kept], 0, side), picture.classes[kept]))
    return Batch(pixels, truth)


def _placed(
    shape: tuple[int, ...], side: int, rng: np.random.Generator, *, plain: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw width and height that a picture is scaled to, and where its corner comes on the square."""
    natural = np.array([shape[1], shape[0]], np.float64) * side / max(shape[:2])
    if rng.random() < plain:
        return natural, np.zeros(2)
    zoom = np.exp(rng.uniform(*np.log(ZOOM)))
    stretch = np.exp(rng.uniform(-1, 1) * np.log(STRETCH) / 2)
    size = natural * zoom * np.array([stretch, 1 / stretch])
    # Room is left where the picture is smaller than the square, and cut away where it is larger.
    return size, rng.random(2) * (side - size)


def _show(
    picture: LabeledPicture, canvas: Pixels, size: NDArray[np.float64], start: NDArray[np.float64]
) -> Boxes:
    """Paint the part of the scaled picture that falls on the square; return all boxes in its pixels."""
    import torch
    from torch.nn import functional

    side = canvas.shape[0]
    factor = size / np.array(picture.pixels.shape[1::-1])
    low = np.maximum(start, 0)
    high = np.minimum(start + size, side)
    x1, y1, x2, y2 = np.concatenate([low, high]).round().astype(int)
    source = np.concatenate([(low - start) / factor, (high - start) / factor]).round().astype(int)
    part = picture.pixels[source[1] : source[3], source[0] : source[2]]
    scaled = functional.interpolate(
        torch.from_numpy(part).permute(2, 0, 1)[None],
        (int(y2 - y1), int(x2 - x1)),
        mode="bilinear",
        antialias=True,
        align_corners=False,
    )
    canvas[y1:y2, x1:x2] = scaled[0].permute(1, 2, 0).numpy()
    boxes: Boxes = (picture.boxes * np.tile(factor, 2) + np.tile(start, 2)).astype(np.float32)
    return boxes


def _still_seen(boxes: Boxes, side: int) -> NDArray[np.bool_]:
    """Say of each box whether enough of it lies on the square."""
    sides = np.clip(boxes[:, 2:], 0, side) - np.clip(boxes[:, :2], 0, side)
    whole = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    seen: NDArray[np.bool_] = (sides.min(axis=1) >= LEAST_SIDE) & (sides.prod(axis=1) >= LEAST_SEEN * whole)
    return seen


def tinted(pixels: Pixels, rng: np.random.Generator, device: str) -> "Tensor":
    """Return `(N, 3, side, side)` of about 0..1, each picture with its own light, contrast and tint."""
    import torch

    count = len(pixels)
    contrast = np.exp(rng.uniform(-0.25, 0.25, (count, 1, 1, 1)))
    tint = np.exp(rng.uniform(-0.06, 0.06, (count, 3, 1, 1)))
    light = rng.uniform(-0.08, 0.08, (count, 1, 1, 1))
    gain = torch.from_numpy((contrast * tint / 255).astype(np.float32)).to(device)
    offset = torch.from_numpy((light + 0.5 * (1 - contrast)).astype(np.float32)).to(device)
    x = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float()
    return x.mul_(gain).add_(offset)
