"""Which detection found which object."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluator.detection.data import DetectionData
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


@dataclass(frozen=True)
class Outcome:
    """What became of each detection; arrays of shape (detections,).

    Attributes
    ----------
    matched : ndarray of int64
        Row of the object that it took, -1 for none.
    hit : ndarray of bool
        Whether that object counts.
    error : ndarray of bool
        Whether it took nothing. A detection that took a crowd is neither hit nor error.
    """

    matched: Ints
    hit: Bools
    error: Bools


def outcome(data: DetectionData, iou: float) -> Outcome:
    """Return what each detection found at one bound on the overlap, by the rule of `match`."""
    crowd = data.truth.crowd
    groups = (data.group(data.found), data.group(data.truth))
    pairs = overlapping(data.found.boxes, data.truth.boxes, groups, least=iou, crowd=crowd)
    matched = match(pairs, groups[0], crowd, crowd, np.array([iou]))[:, 0]
    return Outcome(matched, hits(matched, crowd), matched < 0)


def hits(matched: Ints, ignored: Bools) -> Bools:
    """Return which detections found an object that is not ignored."""
    # One more row, which -1 stands for.
    return np.asarray(~np.append(ignored, True)[matched])


def overlapping(
    found: Floats, truth: Floats, groups: tuple[Ints, Ints], *, least: float, crowd: Bools | None = None
) -> Pairs:
    """Return the pairs of one group that overlap by at least `least`.

    Parameters
    ----------
    found, truth : ndarray of float64, shapes (detections, 4) and (objects, 4)
        x, y, w, h in pixels.
    groups : (ndarray of int64, ndarray of int64)
        Group of each detection and of each object, ascending.
    least : float
        Above 0.
    crowd : ndarray of bool, shape (objects,), optional
        Objects for which the overlap is intersection over the detection's area.

    Notes
    -----
    Products and sums are taken in the order of pycocotools' maskApi, so that they round alike. Memory is
    bounded: only some pairs are looked at at a time.
    """
    crowds = np.zeros(len(truth), dtype=np.bool_) if crowd is None else crowd
    first = np.searchsorted(groups[1], groups[0], side="left")
    counts = np.searchsorted(groups[1], groups[0], side="right") - first
    parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for rows in _blocks(counts):
        size = counts[rows]
        starts = np.cumsum(size) - size
        left = np.repeat(np.arange(rows.start, rows.stop), size)
        right = np.arange(size.sum()) + np.repeat(first[rows] - starts, size)
        overlap = _overlaps(found[left], truth[right], crowds[right])
        kept = overlap >= least
        parts.append((left[kept], right[kept], overlap[kept]))
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


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
    for rows in turns(found, group):
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


def turns(found: Ints, group: Ints) -> Iterator[Ints]:
    """Yield positions in `found` such that no two detections of one group are in the same turn."""
    detections, pair = np.unique(found, return_inverse=True)
    turn = ranks(group[detections])[pair]
    order = np.argsort(turn, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(turn[order])) + 1) if len(order) else ()


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
