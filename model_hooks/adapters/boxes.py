"""From a detection net's raw numbers to detections: decode, suppress, clip; numpy only."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from model_hooks.adapters.pictures import Factor
from model_hooks.protocols import Box, Detection

SAME_OBJECT_IOU = 0.65
MOST_CANDIDATES = 1000
"""Boxes per picture that enter non-maximum suppression, best first; it bounds the time at low thresholds."""

Floats = NDArray[np.float32]


@cache
def cell_grid(side: int) -> tuple[Floats, Floats]:
    """Return `(cells, 2)` column and row, and `(cells, 1)` stride of each cell; strides are 8, 16, 32."""
    corners, strides = [], []
    for stride in (8, 16, 32):
        count = side // stride
        rows, columns = np.mgrid[:count, :count]
        corners.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        strides.append(np.full((count * count, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode_cells(
    cells: Floats, side: int, *, threshold: float, sigmoid: bool = True
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Decode one picture's YOLOX cells.

    Parameters
    ----------
    cells
        `(cells, 5 + C)`: box 4, objectness, C classes, in the order of `cell_grid(side)`; boxes are raw.
    side
        Side of the net's square input in pixels.
    threshold
        Lowest score to keep, 0..1.
    sigmoid
        Whether objectness and classes still have to go through a sigmoid.

    Returns
    -------
    `(M, 4)` boxes as x1, y1, x2, y2 in pixels of the square, `(M,)` scores (objectness times class) and
    `(M,)` class numbers; every cell gives its best class only.
    """
    corners, strides = cell_grid(side)
    squash = _sigmoid if sigmoid else np.asarray
    objectness = squash(cells[:, 4])
    likely = np.flatnonzero(objectness >= threshold)
    classes = cells[likely, 5:].argmax(axis=1)
    scores = objectness[likely] * squash(cells[likely, 5 + classes])
    good = scores >= threshold
    likely, classes, scores = likely[good], classes[good], scores[good]
    centres = (cells[likely, :2] + corners[likely]) * strides[likely]
    halves = np.exp(np.minimum(cells[likely, 2:4], 20)) * strides[likely] / 2
    return np.concatenate([centres - halves, centres + halves], axis=1), scores, classes


def suppress(boxes: Floats, scores: Floats, classes: NDArray[np.intp], *, iou: float) -> NDArray[np.intp]:
    """Keep, class by class, each box that no better kept box overlaps by more than `iou`.

    Parameters
    ----------
    boxes
        `(M, 4)` x1, y1, x2, y2.

    Returns
    -------
    Indices of the kept boxes, best score first; equal scores keep their order. Only the best
    `MOST_CANDIDATES` boxes are looked at.
    """
    order = np.argsort(-scores, kind="stable")[:MOST_CANDIDATES]
    x1, y1, x2, y2 = boxes[order].T
    areas = np.maximum(x2 - x1, 0) * np.maximum(y2 - y1, 0)
    widths = np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1)
    heights = np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1)
    shared = np.maximum(widths, 0) * np.maximum(heights, 0)
    apart = shared <= iou * (areas[:, None] + areas - shared)
    apart |= classes[order][:, None] != classes[order]
    alive = np.ones(order.size, np.bool_)
    kept = []
    for position in range(order.size):
        if alive[position]:
            kept.append(order[position])
            alive &= apart[position]
    return np.array(kept, dtype=np.intp)


def as_detections(
    boxes: Floats,
    scores: Floats,
    *,
    labels: Sequence[str],
    size: tuple[int, int],
    factor: Factor = (1.0, 1.0),
) -> list[Detection]:
    """Turn boxes of the net's input to detections in a picture of (width, height) pixels.

    Parameters
    ----------
    boxes
        `(M, 4)` x1, y1, x2, y2; clipped to the picture, and dropped where nothing is left.
    factor
        What a length across and down in the picture was multiplied by to give one in `boxes`.
    """
    width, height = size
    corners = np.clip(boxes.astype(np.float64) / (factor * 2), 0, [width, height, width, height])
    return [
        Detection(box=Box(x=x1, y=y1, w=x2 - x1, h=y2 - y1), label=label, score=min(float(score), 1.0))
        for (x1, y1, x2, y2), score, label in zip(corners.tolist(), scores, labels, strict=True)
        if x2 > x1 and y2 > y1
    ]


class CellReader:
    """Turns raw YOLOX cells to detections.

    Parameters
    ----------
    labels
        The classes' labels, in output order.
    side
        Side of the net's square input in pixels.
    sigmoid
        Whether objectness and classes still have to go through a sigmoid.
    """

    def __init__(self, labels: Sequence[str], side: int, *, sigmoid: bool = True) -> None:
        self._labels = labels
        self._side = side
        self._sigmoid = sigmoid

    def read(
        self, cells: Floats, *, size: tuple[int, int], factor: Factor, threshold: float
    ) -> list[Detection]:
        """Decode, suppress and clip one picture's cells.

        `size` is the picture's (width, height), and `factor` what `factors_to_square` said of it.
        """
        boxes, scores, classes = decode_cells(cells, self._side, threshold=threshold, sigmoid=self._sigmoid)
        kept = suppress(boxes, scores, classes, iou=SAME_OBJECT_IOU)
        names = [self._labels[number] for number in classes[kept]]
        return as_detections(boxes[kept], scores[kept], labels=names, size=size, factor=factor)


def _sigmoid(values: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-np.clip(values, -80, 80)))).astype(np.float32)
    return result
