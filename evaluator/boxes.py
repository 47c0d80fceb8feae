"""Boxes: how far two overlap, and which of two sets belong together.

Inside this package a box is a row (x1, y1, x2, y2) of floats in pixels of the upright original picture, x to
the right and y down, x1 <= x2, y1 <= y2; its width is x2 - x1. Outside, boxes are (x, y, w, h), as in COCO:
`from_xywh` and `to_xywh` convert.
"""

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.types import Floats, Ints


def from_xywh(boxes: npt.ArrayLike) -> Floats:
    """Return (x, y, w, h) rows as (x1, y1, x2, y2).

    Parameters
    ----------
    boxes : array of numbers, shape (boxes, 4)
        Pixels; w and h >= 0. An empty array of any shape holds no box.

    Returns
    -------
    ndarray of float64, shape (boxes, 4)

    Examples
    --------
    >>> from_xywh([[10, 20, 30, 40]])
    array([[10., 20., 40., 60.]])
    """
    rows = _rows("boxes", boxes)
    negative = np.argwhere(rows[:, 2:] < 0)
    if len(negative):
        row, side = (int(place) for place in negative[0])
        raise EvaluationError("boxes", f"a side of {rows[row, side + 2]:g} is below 0", (row, side + 2))
    return np.hstack([rows[:, :2], rows[:, :2] + rows[:, 2:]])


def to_xywh(boxes: npt.ArrayLike) -> Floats:
    """Return (x1, y1, x2, y2) rows as (x, y, w, h); the inverse of `from_xywh`.

    Parameters
    ----------
    boxes : array of numbers, shape (boxes, 4)
        Pixels.

    Returns
    -------
    ndarray of float64, shape (boxes, 4)

    Examples
    --------
    >>> to_xywh([[10, 20, 40, 60]])
    array([[10., 20., 30., 40.]])
    """
    rows = corners("boxes", boxes)
    return np.hstack([rows[:, :2], rows[:, 2:] - rows[:, :2]])


def corners(argument: str, boxes: npt.ArrayLike) -> Floats:
    """Return checked (x1, y1, x2, y2) rows, shape (boxes, 4)."""
    rows = _rows(argument, boxes)
    wrong = rows[:, 2:] < rows[:, :2]
    if wrong.any():
        row, axis = (int(place[0]) for place in np.nonzero(wrong))
        raise EvaluationError(
            argument, f"{rows[row, axis + 2]:g} ends before it begins at {rows[row, axis]:g}", (row, axis + 2)
        )
    return rows


def areas(boxes: Floats, *, inclusive_pixels: bool = False) -> Floats:
    """Return the area of each (x1, y1, x2, y2) row; with `inclusive_pixels` each side is one pixel longer."""
    sides = boxes[:, 2:] - boxes[:, :2] + float(inclusive_pixels)
    return np.asarray(sides[:, 0] * sides[:, 1])


def iou(boxes_a: Floats, boxes_b: Floats, *, inclusive_pixels: bool = False) -> Floats:
    """Return intersection over union of every pair.

    Parameters
    ----------
    boxes_a, boxes_b : ndarray of float64, shapes (a, 4) and (b, 4)
        Checked (x1, y1, x2, y2) rows.
    inclusive_pixels : bool
        PASCAL VOC's old convention: a box from pixel 3 to pixel 3 is one pixel wide.

    Returns
    -------
    ndarray of float64, shape (a, b)
        0..1; 0 for two boxes without area.

    Examples
    --------
    >>> iou(np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 0, 3, 2]])).round(4)
    array([[0.3333]])
    """
    low = np.maximum(boxes_a[:, None, :2], boxes_b[None, :, :2])
    high = np.minimum(boxes_a[:, None, 2:], boxes_b[None, :, 2:])
    sides = np.maximum(high - low + float(inclusive_pixels), 0)
    shared = sides[..., 0] * sides[..., 1]
    union = (
        areas(boxes_a, inclusive_pixels=inclusive_pixels)[:, None]
        + areas(boxes_b, inclusive_pixels=inclusive_pixels)[None, :]
        - shared
    )
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


def pairs(overlaps: Floats, *, least: float) -> tuple[Ints, Ints]:
    """Return the one-to-one pairs of the largest total overlap, each of at least `least`.

    Parameters
    ----------
    overlaps : ndarray of float64, shape (a, b)
        From `iou`; an entry below `least` can not be a pair (set it to 0 to forbid one).
    least : float
        Above 0.

    Returns
    -------
    (rows, columns) : two ndarrays of int64, shape (pairs,)
        Rows ascending.

    Notes
    -----
    The assignment problem, solved by `scipy.optimize.linear_sum_assignment`. A greedy choice of the best pair
    first can end with a smaller total and with fewer pairs.
    """
    from scipy.optimize import linear_sum_assignment

    allowed = np.where(overlaps >= least, overlaps, 0.0)
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    kept = allowed[rows, columns] > 0
    return rows[kept].astype(np.int64), columns[kept].astype(np.int64)


def _rows(argument: str, boxes: npt.ArrayLike) -> Floats:
    rows = checks.floats(argument, boxes, ndim=2)
    if rows.size == 0:
        return np.empty((0, 4))
    if rows.shape[1] != 4:
        raise EvaluationError(argument, f"expected 4 numbers for each box, found shape {rows.shape}")
    return rows
