"""COCO's average precision and average recall of boxes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluator import checks
from evaluator.detection.data import DetectionData, Detections, GroundTruth, chosen, read
from evaluator.detection.matching import Pairs, hits, match, overlapping, ranks
from evaluator.types import Bools, Floats, Ints

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
AREAS = {"all": (0, 1e5**2), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e5**2)}


@dataclass(frozen=True)
class DetectionScores:
    """The figures of COCO, 0..1 each; nan where there is no object to find (pycocotools prints -1).

    Attributes
    ----------
    ap, ap50, ap75 : float
        Average precision: mean over IoU 0.50, 0.55 ... 0.95, at 0.50 alone, at 0.75 alone.
    ap_small, ap_medium, ap_large : float
        `ap` for objects of at most 32 x 32, up to 96 x 96, and of at least 96 x 96 pixels.
    ar1, ar10, ar, ar_small, ar_medium, ar_large : float
        Average recall over the same IoU, of the first 1, 10 and `max_detections` detections per image and
        category, and the last by size.
    per_category : mapping of category id to float
        `ap` of each category, ids ascending.
    without_ground_truth : tuple of category ids
        Categories that no average contains, since there is nothing to find: nothing that was found there
        costs anything.
    detections_without_ground_truth : int
        How many detections are free in that way.
    images, objects, detections : int
        What was read; `objects` without crowds, `detections` before the cut at `max_detections`.
    max_detections : int
        The cut.
    """

    ap: float
    ap50: float
    ap75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    ar1: float
    ar10: float
    ar: float
    ar_small: float
    ar_medium: float
    ar_large: float
    per_category: Mapping[Any, float]
    without_ground_truth: tuple[Any, ...]
    detections_without_ground_truth: int
    images: int
    objects: int
    detections: int
    max_detections: int

    @property
    def stats(self) -> tuple[float, ...]:
        """The twelve figures in the order in which pycocotools prints them."""
        return (
            *(self.ap, self.ap50, self.ap75, self.ap_small, self.ap_medium, self.ap_large),
            *(self.ar1, self.ar10, self.ar, self.ar_small, self.ar_medium, self.ar_large),
        )


def coco_scores(
    ground_truth: GroundTruth, detections: Detections, *, max_detections: int = 100
) -> DetectionScores:
    """Return COCO's average precision and recall of boxes, as pycocotools computes them.

    Parameters
    ----------
    ground_truth, detections : COCO mapping and list of results, or paths of their JSON files
        As `detection.data.read` describes them. Boxes are x, y, w, h in pixels.
    max_detections : int
        How many detections count per image and category, surest first; >= 1.

    Returns
    -------
    DetectionScores

    Raises
    ------
    EvaluationError
        As in `detection.data.read`.

    Notes
    -----
    Lin et al. 2014, "Microsoft COCO", and its program pycocotools, from which it differs where that one is
    known to be wrong: every figure is taken at `max_detections` (cocoapi issue 558 has the first fixed at
    100), and an annotation whose id is 0 can be found. A crowd is ignored, and overlaps by intersection over
    the detection's area.

    Detections of equal score follow each other by image id and within an image by `id`, or by position in the
    list where not every one has an id, which is the id that pycocotools gives them. So give ids where scores
    may be equal and the order of the list is arbitrary. Objects that a detection overlaps equally follow each
    other likewise.

    Examples
    --------
    One of two objects is found, and the surer detection is the wrong one: precision is 1/2 up to recall 1/2,
    that is at 51 of 101 points.

    >>> truth = {"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": [
    ...     {"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
    ...     {"id": 2, "image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50]}]}
    >>> found = [{"image_id": 1, "category_id": 7, "bbox": [200, 0, 50, 50], "score": 0.9},
    ...          {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.8}]
    >>> scores = coco_scores(truth, found)
    >>> round(scores.ap, 4) == round(51 / 101 / 2, 4), scores.ar, scores.ap_large
    (True, 0.5, nan)
    """
    depth = checks.positive("max_detections", max_detections)
    data = read(ground_truth, detections, ties="place")
    run = _Run.of(data, depth)
    precision, recall = run.figures("all", (1, 10, depth))
    by_size = {size: run.figures(size, (depth,)) for size in ("small", "medium", "large")}
    objects = np.bincount(data.truth.category[~data.truth.crowd], minlength=len(data.category_ids))
    return DetectionScores(
        ap=_mean(precision),
        ap50=_mean(precision[:, 0]),
        ap75=_mean(precision[:, 5]),
        **{f"ap_{size}": _mean(figures[0]) for size, figures in by_size.items()},
        ar1=_mean(recall[0]),
        ar10=_mean(recall[1]),
        ar=_mean(recall[2]),
        **{f"ar_{size}": _mean(figures[1][0]) for size, figures in by_size.items()},
        per_category={
            name: _mean(figures) for name, figures in zip(data.category_ids, precision, strict=True)
        },
        without_ground_truth=tuple(
            data.category_ids[place] for place in np.flatnonzero(objects == 0).tolist()
        ),
        detections_without_ground_truth=int((objects[data.found.category] == 0).sum()),
        images=len(data.image_ids),
        objects=int(objects.sum()),
        detections=len(data.found),
        max_detections=depth,
    )


@dataclass(frozen=True)
class _Run:
    """The detections within the cut, surest first within each category, and what they overlap."""

    data: DetectionData
    pairs: Pairs
    rank: Ints

    @classmethod
    def of(cls, data: DetectionData, depth: int) -> "_Run":
        rank = ranks(data.group(data.found))
        cut = replace(data, found=chosen(data.found, rank < depth))
        groups = (cut.group(cut.found), cut.group(cut.truth))
        pairs = overlapping(
            cut.found.boxes, cut.truth.boxes, groups, least=float(OVERLAPS[0]), crowd=cut.truth.crowd
        )
        return cls(cut, pairs, rank[rank < depth])

    def figures(self, size: str, depths: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Return precision (categories, IoU, recalls) and recall (depths, categories, IoU) of one size."""
        found, truth = self.data.found, self.data.truth
        ignored = truth.crowd | _outside(truth.area, size)
        matched = match(self.pairs, self.data.group(found), ignored, truth.crowd, OVERLAPS)
        hit = hits(matched, ignored)
        outside = _outside(found.boxes[:, 2] * found.boxes[:, 3], size)
        counted = hit | ((matched < 0) & ~outside[:, None])
        objects = np.bincount(truth.category[~ignored], minlength=len(self.data.category_ids))
        precision = np.full((len(objects), len(OVERLAPS), len(RECALLS)), np.nan)
        recall = np.full((len(depths), len(objects), len(OVERLAPS)), np.nan)
        order = np.lexsort((-found.score, found.category))
        ends = np.searchsorted(found.category[order], np.arange(len(objects) + 1))
        for category in np.flatnonzero(objects):
            rows = order[ends[category] : ends[category + 1]]
            precision[category] = _interpolated(hit[rows], counted[rows], objects[category])
            for place, depth in enumerate(depths):
                recall[place, category] = hit[rows[self.rank[rows] < depth]].sum(axis=0) / objects[category]
        return precision, recall


def _outside(area: Floats, size: str) -> Bools:
    low, high = AREAS[size]
    return np.asarray((area < low) | (area > high))


def _interpolated(hit: Bools, counted: Bools, objects: int) -> Floats:
    """Return the best precision from each of `RECALLS` on, 0 beyond the last hit; shape (IoU, recalls)."""
    needed = np.maximum(np.searchsorted(np.arange(objects + 1) / objects, RECALLS), 1)
    result = np.zeros((hit.shape[1], len(RECALLS)))
    for place, (found, counts) in enumerate(zip(hit.T, counted.T, strict=True)):
        at = np.cumsum(counts)[found]
        precision = np.arange(1, len(at) + 1) / at
        best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
        result[place] = best[np.minimum(needed, len(best)) - 1]
    return result


def _mean(values: Floats) -> float:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else math.nan
