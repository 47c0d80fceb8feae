"""Which detection found which object."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluator.detection_data import Found, Truth
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

PAIRS_AT_ONCE = 2**19


@dataclass(frozen=True)
class Pairs:
    """Pairs of a detection and an object that overlap, sorted by detection; arrays of shape (pairs,).

    Attributes
    ----------
    found, truth : ndarray of int64
        Rows of the two sides.
    overlap : ndarray of float64
        Intersection over union, above 0 to 1; over the detection's own area where the object is a crowd.
    """

    found: Ints
    truth: Ints
    overlap: Floats


def overlap_bound(argument: str, value: float) -> float:
    """Return a bound on overlaps after checking that it is above 0 and at most 1."""
    if not 0 < value <= 1:
        raise EvaluationError(argument, f"{value} is not above 0 and at most 1")
    return float(value)


def overlapping(found: Found, truth: Truth, groups: tuple[Ints, Ints], *, least: float) -> Pairs:
    """Return the pairs of one group that overlap by at least `least`.

    Parameters
    ----------
    found, truth : Found, Truth
        The two sides.
    groups : (ndarray of int64, ndarray of int64)
        Group of each detection and of each object, ascending.
    least : float
        Above 0.

    Notes
    -----
    Products and sums are taken in the order of pycocotools' maskApi, so that they round alike. Memory is
    bounded: only some pairs are looked at at a time.
    """
    first = np.searchsorted(groups[1], groups[0], side="left")
    counts = np.searchsorted(groups[1], groups[0], side="right") - first
    parts = [Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for rows in _blocks(counts):
        size = counts[rows]
        starts = np.cumsum(size) - size
        left = np.repeat(np.arange(rows.start, rows.stop), size)
        right = np.arange(size.sum()) + np.repeat(first[rows] - starts, size)
        overlap = _overlaps(found.boxes[left], truth.boxes[right], truth.crowd[right])
        kept = overlap >= least
        parts.append(Pairs(left[kept], right[kept], overlap[kept]))
    return Pairs(
        np.concatenate([part.found for part in parts]),
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.overlap for part in parts]),
    )


def match(pairs: Pairs, group: Ints, ignored: Bools, crowd: Bools, thresholds: Floats) -> Ints:
    """Return the object that each detection found, for every threshold on the overlap; -1 for none.

    Parameters
    ----------
    pairs : Pairs
        Of equal category.
    group : ndarray of int64, shape (detections,)
        Image and category of each detection; within one, the surest comes first.
    ignored, crowd : ndarray of bool, shape (objects,)
        Objects that do not count, and those among them that any number of detections may find.
    thresholds : ndarray of float64, shape (thresholds,)

    Returns
    -------
    ndarray of int64, shape (detections, thresholds)

    Notes
    -----
    The rule of COCO: in order of score, each detection takes the free object that it overlaps most, one that
    counts before one that does not; of two equals the later. All groups are worked on side by side: first
    the first detection of each, then the second.
    """
    matched = np.full((len(group), len(thresholds)), -1)
    free = np.ones((len(ignored), len(thresholds)), dtype=np.bool_)
    bounds = np.minimum(thresholds, 1 - 1e-10)
    order = np.lexsort((-pairs.truth, -pairs.overlap, ignored[pairs.truth], pairs.found))
    found, truth, overlap = pairs.found[order], pairs.truth[order], pairs.overlap[order]
    for rows in _turns(found, group):
        objects = truth[rows]
        open_to = (free[objects] | crowd[objects, None]) & (overlap[rows, None] >= bounds)
        starts = np.flatnonzero(np.diff(found[rows], prepend=-1))
        place = np.where(open_to, np.arange(len(rows))[:, None], len(rows))
        best = np.minimum.reduceat(place, starts, axis=0)
        detection, threshold = np.nonzero(best < len(rows))
        taken = objects[best[detection, threshold]]
        matched[found[rows][starts[detection]], threshold] = taken
        free[taken, threshold] = False
    return matched


def ranks(group: Ints) -> Ints:
    """Return 0, 1, 2 ... within each group of an ascending array."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(first, np.diff(first, append=len(group)))


def _blocks(counts: Ints) -> Iterator[slice]:
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    stops = np.searchsorted(ends, np.arange(PAIRS_AT_ONCE, total, PAIRS_AT_ONCE)) + 1
    stops = np.unique(np.append(stops, len(counts)))
    for start, stop in zip(np.append(0, stops[:-1]), stops, strict=True):
        yield slice(int(start), int(stop))


def _overlaps(found: Floats, truth: Floats, crowd: Bools) -> Floats:
    low = np.maximum(found[:, :2], truth[:, :2])
    sides = np.maximum(np.minimum(found[:, 2:] + found[:, :2], truth[:, 2:] + truth[:, :2]) - low, 0)
    shared = sides[:, 0] * sides[:, 1]
    own = found[:, 2] * found[:, 3]
    union = np.where(crowd, own, own + truth[:, 2] * truth[:, 3] - shared)
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0))


def _turns(found: Ints, group: Ints) -> Iterator[Ints]:
    """Yield positions in `found` such that no two detections of one group are in the same turn."""
    detections, pair = np.unique(found, return_inverse=True)
    turn = ranks(group[detections])[pair]
    order = np.argsort(turn, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(turn[order])) + 1) if len(order) else ()
