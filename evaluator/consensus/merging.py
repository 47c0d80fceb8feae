"""One set of boxes from those that several people drew on one picture."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.boxes import corners
from evaluator.boxes import iou as overlaps
from evaluator.errors import EvaluationError
from evaluator.types import Floats, Ints

# A quorum of 0.7 of 10 is 7 labelers, though 0.7 * 10 is a little more than 7 in binary.
ROUNDING = 1e-9


@dataclass(frozen=True)
class MergedBoxes:
    """The boxes that enough labelers drew, by category and then from left to right.

    Attributes
    ----------
    boxes : ndarray of float64, shape (merged, 4)
        Mean corners (x1, y1, x2, y2) of the members.
    categories : ndarray of int64, shape (merged,)
        Category of each.
    votes : ndarray of int64, shape (merged,)
        How many labelers drew it.
    mean_iou : ndarray of float64, shape (merged,)
        Mean overlap of the members with the mean box, 0..1: how well they agree on the place.
    member_of : ndarray of int64, shape (boxes,)
        For each box that came in, its row above; -1 for a box that too few labelers drew.
    """

    boxes: Floats
    categories: Ints
    votes: Ints
    mean_iou: Floats
    member_of: Ints


def merge_boxes(
    boxes: npt.ArrayLike,
    categories: npt.ArrayLike,
    labelers: npt.ArrayLike,
    *,
    n_labelers: int,
    iou: float = 0.5,
    quorum: float,
) -> MergedBoxes:
    """Return the mean of each group of boxes that enough labelers drew around the same thing.

    Parameters
    ----------
    boxes : array of numbers, shape (boxes, 4)
        All boxes on one picture, (x1, y1, x2, y2).
    categories : array of int, shape (boxes,)
        Category of each, >= 0. Boxes of different categories never join.
    labelers : array of ids, shape (boxes,)
        Who drew each.
    n_labelers : int
        How many labelers saw the picture, those who drew nothing included.
    iou : float
        The mean overlap that boxes need to join, above 0 and at most 1.
    quorum : float
        A group is kept with at least ceil(quorum x n_labelers) labelers, above 0 and at most 1.

    Returns
    -------
    MergedBoxes
        Empty arrays when no group reaches the quorum.

    Notes
    -----
    Average linkage: again and again the two groups of the largest mean overlap join, as long as it is at
    least `iou`, and never two with a box of the same labeler. Among equals the pair with the most boxes
    joins, then the leftmost, so that neither the order of rows nor the names of labelers matter. A box
    without area overlaps nothing and stays alone.

    Raises
    ------
    EvaluationError
        For a box that ends before it begins, more labelers than `n_labelers`, lengths that differ, or an
        `iou` or `quorum` out of range.

    Examples
    --------
    Two of three labelers see the same hat, the third draws something else:

    >>> merged = merge_boxes(
    ...     [[0, 0, 10, 10], [2, 0, 12, 10], [40, 0, 50, 10]], [7, 7, 7], ["ann", "bob", "cem"],
    ...     n_labelers=3, quorum=0.5,
    ... )
    >>> merged.boxes
    array([[ 1.,  0., 11., 10.]])
    >>> merged.votes, merged.member_of
    (array([2]), array([ 0,  0, -1]))
    """
    rows = corners("boxes", boxes)
    kinds = checks.integers("categories", categories, low=0, high=2**53)
    checks.same_length("categories", kinds, other="boxes", length=len(rows))
    people = _people(labelers, len(rows), n_labelers)
    least = checks.share("iou", iou)
    needed = math.ceil(checks.share("quorum", quorum) * n_labelers - ROUNDING)
    order = np.lexsort((*rows.T[::-1], kinds))
    kept = [
        members
        for kind in np.unique(kinds)
        for members in _groups(rows, people, order[kinds[order] == kind], least)
        if len(members) >= needed
    ]
    return _merged(rows, kinds, kept)


def _people(labelers: npt.ArrayLike, length: int, n_labelers: int) -> Ints:
    people, present = checks.codes("labelers", checks.ids("labelers", labelers, length=length))
    if present > checks.positive("n_labelers", n_labelers):
        raise EvaluationError("n_labelers", f"is {n_labelers}, but {present} labelers drew boxes")
    return people


def _groups(rows: Floats, people: Ints, order: Ints, least: float) -> list[Ints]:
    """Return the members of each group among the boxes `order`, which are of one category and sorted."""
    group = np.arange(len(order))
    size = np.ones(len(order))
    mean = overlaps(rows[order], rows[order])
    mean[people[order][:, None] == people[order]] = -np.inf
    while (largest := mean.max()) >= least:
        joint = np.where(mean == largest, size[:, None] + size, 0)
        into, other = divmod(int(joint.argmax()), len(order))
        mean[into] = (size[into] * mean[into] + size[other] * mean[other]) / (size[into] + size[other])
        mean[:, into] = mean[into]
        mean[other] = mean[:, other] = -np.inf
        size[into] += size[other]
        group[group == other] = into
    return [order[group == number] for number in np.unique(group)]


def _merged(rows: Floats, kinds: Ints, kept: list[Ints]) -> MergedBoxes:
    means = np.array([rows[members].mean(axis=0) for members in kept]).reshape(-1, 4)
    found = np.array([kinds[members[0]] for members in kept], dtype=np.int64)
    order = np.lexsort((*means.T[::-1], found))
    groups = [kept[place] for place in order]
    member_of = np.full(len(rows), -1)
    for number, members in enumerate(groups):
        member_of[members] = number
    return MergedBoxes(
        boxes=means[order],
        categories=found[order],
        votes=np.array([len(members) for members in groups], dtype=np.int64),
        mean_iou=np.array(
            [
                overlaps(rows[members], means[place][None]).mean()
                for place, members in zip(order, groups, strict=True)
            ]
        ),
        member_of=member_of,
    )
