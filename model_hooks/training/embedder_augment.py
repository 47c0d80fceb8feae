"""Changes that a crop must survive: a detector's inexact box, light, a mirror, something in front of it."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from model_hooks.training.crops import MARGIN, Stored

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Change:
    """How strong the changes are.

    Attributes
    ----------
    shift
        Largest move of each side of the box, in its own sides; below 0 inside, at most `MARGIN` outside.
    turn
        Largest angle, radians.
    light
        Largest change of brightness and contrast, as a share.
    tint
        Largest change of a single colour channel, as a share.
    covered
        Share of the crops of which a part is covered by another crop.
    shuffled
        Share of the crops whose colour channels change places, where colour says nothing.
    """

    shift: tuple[float, float]
    turn: float
    light: float
    tint: float
    covered: float
    shuffled: float = 0.0


DRAWN = Change(shift=(-0.09, 0.09), turn=0.06, light=0.16, tint=0.05, covered=0.25)
REAL = Change(shift=(-0.22, 0.06), turn=0.35, light=0.4, tint=0.2, covered=0.3, shuffled=0.4)


def augmented(stored: Stored, side: int, change: Change, rng: np.random.Generator) -> Tensor:
    """Turn N stored crops into `(N, 4, side, side)` of value / 128 - 1; the fourth is the proportion."""
    count = len(stored.pixels)
    x = torch.from_numpy(stored.pixels).permute(0, 3, 1, 2).float()
    places = _places(count, change, rng)
    grid = functional.affine_grid(torch.from_numpy(places), [count, 3, side, side], align_corners=False)
    x = functional.grid_sample(x, grid, padding_mode="border", align_corners=False)
    factor, offset = _colours(count, change, rng)
    x = x.mul_(torch.from_numpy(factor)).add_(torch.from_numpy(offset)).clamp_(-1, 1)
    for row in np.flatnonzero(rng.random(count) < change.shuffled):
        x[row] = x[row][torch.from_numpy(rng.permutation(3))]
    plane = _proportions(stored.proportion, places)[:, None, None, None].expand(-1, 1, side, side)
    return torch.cat([_covered(x, change.covered, rng), plane], 1).contiguous(
        memory_format=torch.channels_last
    )


def _places(count: int, change: Change, rng: np.random.Generator) -> Floats:
    """Return `(N, 2, 3)` maps from the output's coordinates to the stored crop's, both -1..1."""
    low, high = change.shift
    moved = rng.uniform(low, high, (count, 2, 2))
    inside = 1 / (1 + 2 * MARGIN)
    start = -inside * (1 + 2 * moved[..., 0])
    end = inside * (1 + 2 * moved[..., 1])
    scale, centre = (end - start) / 2, (end + start) / 2
    angle = rng.uniform(-change.turn, change.turn, count)
    mirror = rng.choice([-1.0, 1.0], count)
    maps = np.empty((count, 2, 3), np.float32)
    maps[:, 0, 0], maps[:, 0, 1] = scale[:, 0] * np.cos(angle) * mirror, -scale[:, 0] * np.sin(angle)
    maps[:, 1, 0], maps[:, 1, 1] = scale[:, 1] * np.sin(angle) * mirror, scale[:, 1] * np.cos(angle)
    maps[:, :, 2] = centre
    return maps


def _proportions(proportion: Floats, places: Floats) -> Tensor:
    """Return the proportions of the boxes as they were moved, as `proportion_level` / 128 - 1."""
    across, down = np.linalg.norm(places[:, :, :2], axis=2).T
    return torch.from_numpy(np.clip(np.log2(proportion * across / down) / 4, -1, 127 / 128))


def _colours(count: int, change: Change, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return factor and offset, each `(N, 3, 1, 1)`, from 0..255 to value / 128 - 1 in another light."""
    bright = rng.uniform(1 - change.light, 1 + change.light, (count, 1))
    tint = rng.uniform(1 - change.tint, 1 + change.tint, (count, 3))
    contrast = rng.uniform(1 - change.light, 1 + change.light, (count, 1))
    factor = bright * tint * contrast / 128
    offset = np.broadcast_to((1 - contrast) * bright - 1, (count, 3))
    shape = (count, 3, 1, 1)
    return factor.astype(np.float32).reshape(shape), offset.astype(np.float32).reshape(shape)


def _covered(x: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Lay a part of another crop over some, up to a third of the area."""
    count, side = len(x), x.shape[-1]
    rows = np.flatnonzero(rng.random(count) < share)
    others = x.roll(1, 0) if len(rows) else x
    for row in rows:
        width, height = (int(n) for n in rng.integers(side // 8, int(side * 0.58), 2))
        left, top = int(rng.integers(-width // 2, side - width // 2)), int(rng.integers(0, side))
        across, down = slice(max(left, 0), max(left + width, 1)), slice(top, top + height)
        x[row, :, down, across] = others[row, :, down, across]
    return x
