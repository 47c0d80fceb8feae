"""How far two people drew the same boxes."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import boxes, checks
from evaluator.types import Floats, Ints


@dataclass(frozen=True)
class BoxAgreement:
    """Two sets of boxes on one picture; `box_agreement` defines each part.

    Attributes
    ----------
    precision, recall, f1 : float
        Pairs / boxes of b, pairs / boxes of a, and 2 pairs / boxes of both, each 0..1.
    mean_iou : float
        Mean overlap of the pairs; nan without pairs.
    missed, extra : int
        Boxes of a, and of b, that lie where the other drew nothing like it.
    swapped : int
        Boxes that both drew in the same place but named differently.
    pairs, swaps : ndarray of int64, shapes (pairs, 2) and (swapped, 2)
        Row in a and row in b of each, ascending by the row in a.
    """

    precision: float
    recall: float
    f1: float
    mean_iou: float
    missed: int
    extra: int
    swapped: int
    pairs: Ints
    swaps: Ints


def box_agreement(
    boxes_a: npt.ArrayLike,
    boxes_b: npt.ArrayLike,
    categories_a: npt.ArrayLike,
    categories_b: npt.ArrayLike,
    *,
    iou: float = 0.5,
) -> BoxAgreement:
    """Return how far the boxes b agree with the boxes a.

    Parameters
    ----------
    boxes_a, boxes_b : array of numbers, shapes (a, 4) and (b, 4)
        Rows (x1, y1, x2, y2) in pixels; a is the one to be met, for example the golden one.
    categories_a, categories_b : array of ids, shapes (a,) and (b,)
        What is in each box.
    iou : float
        Least intersection over union of a pair, above 0 and at most 1.

    Returns
    -------
    BoxAgreement
        Pairs are one to one, of equal category, and of the largest total overlap. What is left over and
        overlaps as much but differs in category is swapped, and neither missed nor extra. Two empty sets
        agree: precision, recall and f1 are 1. If only one is empty, f1 is 0, and precision (no b) or recall
        (no a) is nan. The order of boxes changes nothing but the rows in `pairs` and `swaps`.

    Raises
    ------
    EvaluationError
        For boxes that end before they begin, categories that do not run in parallel, and an `iou` out of
        range.

    Notes
    -----
    Precision and recall as in PASCAL VOC (Everingham and others 2010, section 4.2), but with the best
    assignment in place of the first one that fits, since people give no scores to go by.

    Examples
    --------
    A dress drawn alike, a shoe that b calls a bag, a hat that b did not draw:

    >>> drawn = [[0, 0, 10, 20], [30, 30, 40, 40], [50, 0, 60, 10]]
    >>> result = box_agreement(drawn, drawn[:2], ["dress", "shoe", "hat"], ["dress", "bag"])
    >>> result.precision, round(result.recall, 4), result.missed, result.extra, result.swapped
    (0.5, 0.3333, 1, 0, 1)
    """
    least = checks.share("iou", iou)
    (ours, our_order), (theirs, their_order) = (
        _sorted(f"boxes_{side}", rows) for side, rows in (("a", boxes_a), ("b", boxes_b))
    )
    same = _same_category(categories_a, categories_b, our_order, their_order)
    overlaps = boxes.iou(ours, theirs)
    row, column = boxes.pairs(np.where(same, overlaps, 0.0), least=least)
    left = np.where(same, 0.0, overlaps)
    left[row], left[:, column] = 0.0, 0.0
    swaps = boxes.pairs(left, least=least)
    matched, swapped, a, b = len(row), len(swaps[0]), len(ours), len(theirs)
    return BoxAgreement(
        precision=_share(matched, b, empty=not a),
        recall=_share(matched, a, empty=not b),
        f1=_share(2 * matched, a + b, empty=True),
        mean_iou=float(overlaps[row, column].mean()) if matched else math.nan,
        missed=a - matched - swapped,
        extra=b - matched - swapped,
        swapped=swapped,
        pairs=_original((row, column), our_order, their_order),
        swaps=_original(swaps, our_order, their_order),
    )


def _sorted(argument: str, rows: npt.ArrayLike) -> tuple[Floats, Ints]:
    """Return the boxes in an order of their own, since among equal totals the first assignment is taken."""
    checked = boxes.corners(argument, rows)
    order = np.lexsort(checked.T[::-1])
    return checked[order], order


def _same_category(
    categories_a: npt.ArrayLike, categories_b: npt.ArrayLike, order_a: Ints, order_b: Ints
) -> npt.NDArray[np.bool_]:
    given_a = checks.ids("categories_a", categories_a, length=len(order_a))
    given_b = checks.ids("categories_b", categories_b, length=len(order_b))
    ours, theirs, _ = checks.joined("categories_b", given_a, given_b, other="categories_a")
    return np.asarray(ours[order_a][:, None] == theirs[order_b][None, :])


def _share(part: int, whole: int, *, empty: bool) -> float:
    if whole:
        return part / whole
    return 1.0 if empty else math.nan


def _original(found: tuple[Ints, Ints], order_a: Ints, order_b: Ints) -> Ints:
    rows = np.column_stack([order_a[found[0]], order_b[found[1]]])
    return np.asarray(rows[np.argsort(rows[:, 0])], dtype=np.int64)
