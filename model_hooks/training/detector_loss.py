"""Which cells shall find which object, and how wrong they are.

The assignment is YOLOX's (Ge et al., 2021): of the cells near an object's centre, those that already find it
best learn it, and the better they are the more of them. Here each object looks at 3 x 3 cells of each level,
and a cost for objects far from a level's size keeps the first steps steady.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model_hooks.adapters.boxes import cell_grid

if TYPE_CHECKING:
    from torch import Tensor

STRIDES = (8, 16, 32)
USUAL_CELLS = 4.0
"""Side of an object, in strides of the level that suits it best."""
FEWEST_CELLS, MOST_CELLS = 2, 9
"""Cells that learn an object; with one alone, an object in front of another would often get none."""
BOX_WEIGHT, OBJECTNESS_WEIGHT, CLASS_WEIGHT = 3.0, 1.0, 1.0
OVERLAP_COST, SIZE_COST = 3.0, 1.0


@dataclass(frozen=True)
class Truth:
    """The objects of a batch.

    Attributes
    ----------
    picture, category
        `(G,)` place in the batch, and number of the class.
    boxes
        `(G, 4)` x1, y1, x2, y2 in pixels of the net's input.
    """

    picture: "Tensor"
    category: "Tensor"
    boxes: "Tensor"


@dataclass(frozen=True)
class Assignment:
    """Cells that shall find an object, and which, `(P,)` each; `overlap` says how well the box fits now."""

    picture: "Tensor"
    cell: "Tensor"
    object: "Tensor"
    overlap: "Tensor"


def detection_losses(cells: "Tensor", truth: Truth, side: int) -> dict[str, "Tensor"]:
    """Return the losses of box, objectness and class, each weighted and per cell that shall find an object.

    Parameters
    ----------
    cells
        `(N, cells, 5 + C)` as `residual_detector.ResidualFpn` gives them.
    side
        Side of the net's input in pixels.
    """
    import torch
    from torch.nn import functional

    boxes = decoded(cells[..., :4], side)
    with torch.no_grad():
        chosen = assign(cells, boxes, truth, side=side)
    count = max(len(chosen.cell), 1)
    mine = cells[chosen.picture, chosen.cell]
    gap = 1 - generous_overlaps(boxes[chosen.picture, chosen.cell], truth.boxes[chosen.object])
    present = torch.zeros_like(cells[..., 4])
    present[chosen.picture, chosen.cell] = 1.0
    objectness = functional.binary_cross_entropy_with_logits(cells[..., 4], present, reduction="sum")
    wanted = torch.zeros_like(mine[:, 5:])
    wanted[torch.arange(len(mine)), truth.category[chosen.object]] = chosen.overlap.clamp(0.3, 1.0)
    classes = functional.binary_cross_entropy_with_logits(mine[:, 5:], wanted, reduction="sum")
    return {
        "box": BOX_WEIGHT * gap.sum() / count,
        "objectness": OBJECTNESS_WEIGHT * objectness / count,
        "classes": CLASS_WEIGHT * classes / count,
    }


def assign(cells: "Tensor", boxes: "Tensor", truth: Truth, *, side: int) -> Assignment:
    """Choose the cells that shall find each object; an object may get none, a cell at most one object.

    `boxes` are the cells' own, `(N, cells, 4)` in pixels.
    """
    import torch
    from torch.nn import functional

    near, sizes = _candidates(truth.boxes, side)
    picture = truth.picture[:, None].expand_as(near)
    overlap = overlaps(boxes[picture, near], truth.boxes[:, None])
    scores = cells[picture, near]
    likely = functional.logsigmoid(scores[..., 4]) + functional.logsigmoid(
        scores[..., 5:].gather(2, truth.category[:, None, None].expand(-1, near.shape[1], 1))[..., 0]
    )
    cost = -likely - OVERLAP_COST * (overlap + 1e-6).log() + SIZE_COST * sizes
    count = overlap.topk(MOST_CELLS, dim=1).values.sum(1).round().long().clamp(FEWEST_CELLS, MOST_CELLS)
    best = cost.topk(MOST_CELLS, dim=1, largest=False)
    taken = torch.arange(MOST_CELLS, device=cost.device) < count[:, None]
    thing, place = taken.nonzero(as_tuple=True)
    column = best.indices[thing, place]
    return _without_conflicts(
        Assignment(truth.picture[thing], near[thing, column], thing, overlap[thing, column]),
        best.values[thing, place],
        cells.shape[1],
    )


def _without_conflicts(wishes: Assignment, cost: "Tensor", cells: int) -> Assignment:
    """Leave a cell that several objects want to the one of least cost."""
    import torch

    order = cost.argsort(stable=True)
    wanted = (wishes.picture * cells + wishes.cell)[order]
    by_cell = wanted.argsort(stable=True)
    ordered = wanted[by_cell]
    first = torch.ones_like(ordered, dtype=torch.bool)
    first[1:] = ordered[1:] != ordered[:-1]
    kept = order[by_cell[first]]
    return Assignment(wishes.picture[kept], wishes.cell[kept], wishes.object[kept], wishes.overlap[kept])


def _candidates(boxes: "Tensor", side: int) -> tuple["Tensor", "Tensor"]:
    """Return `(G, 27)` cells around each object's centre, and how far its size is from each one's level."""
    import torch

    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    lengths = (boxes[:, 2:] - boxes[:, :2]).prod(1).clamp(min=1).sqrt()
    steps = torch.arange(-1, 2, device=boxes.device)
    near, sizes, start = [], [], 0
    for stride in STRIDES:
        count = side // stride
        middle = (centres / stride).floor().long().clamp(0, count - 1)
        # At the rim the window moves inwards, so that no cell comes twice.
        middle = middle.clamp(1, count - 2)
        columns = (middle[:, :1] + steps)[:, None, :]
        rows = (middle[:, 1:] + steps)[:, :, None]
        near.append((start + rows * count + columns).flatten(1))
        off = (lengths / (USUAL_CELLS * stride)).log2().abs()
        sizes.append(off[:, None].expand(-1, 9))
        start += count * count
    return torch.cat(near, 1), torch.cat(sizes, 1)


def decoded(raw: "Tensor", side: int) -> "Tensor":
    """Turn raw boxes `(N, cells, 4)` to x1, y1, x2, y2 in pixels, as `boxes.decode_cells` does."""
    import torch

    corners, strides = (torch.from_numpy(array).to(raw.device) for array in cell_grid(side))
    centres = (raw[..., :2] + corners) * strides
    halves = raw[..., 2:].clamp(max=6).exp() * strides / 2
    return torch.cat([centres - halves, centres + halves], -1)


def overlaps(first: "Tensor", second: "Tensor") -> "Tensor":
    """Return intersection over union of boxes `(..., 4)`, one with one."""
    shared, union, _ = _areas(first, second)
    return shared / union


def generous_overlaps(first: "Tensor", second: "Tensor") -> "Tensor":
    """Return the generalised overlap (Rezatofighi et al., 2019), -1..1: boxes apart still differ in it."""
    shared, union, hull = _areas(first, second)
    return shared / union - (hull - union) / hull


def _areas(first: "Tensor", second: "Tensor") -> tuple["Tensor", "Tensor", "Tensor"]:
    import torch

    low, high = torch.maximum(first[..., :2], second[..., :2]), torch.minimum(first[..., 2:], second[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    own = (first[..., 2:] - first[..., :2]).prod(-1) + (second[..., 2:] - second[..., :2]).prod(-1)
    outer_low = torch.minimum(first[..., :2], second[..., :2])
    outer_high = torch.maximum(first[..., 2:], second[..., 2:])
    return shared, (own - shared).clamp(min=1e-6), (outer_high - outer_low).prod(-1).clamp(min=1e-6)


def truth_of(rows: list[tuple[np.ndarray, np.ndarray]], device: str) -> Truth:
    """Join the `(boxes, classes)` of each picture of a batch."""
    import torch

    counts = [len(classes) for _, classes in rows]
    picture = np.repeat(np.arange(len(rows)), counts)
    boxes = np.concatenate([boxes for boxes, _ in rows]).astype(np.float32).reshape(-1, 4)
    category = np.concatenate([classes for _, classes in rows]).astype(np.int64)
    return Truth(*(torch.from_numpy(array).to(device) for array in (picture, category, boxes)))
