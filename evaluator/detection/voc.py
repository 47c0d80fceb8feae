"""PASCAL VOC's average precision."""

import math
from typing import Literal

import numpy as np

from evaluator import checks
from evaluator.detection.data import DetectionData, Detections, GroundTruth, read
from evaluator.detection.matching import overlapping
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

ELEVEN = np.linspace(0, 1, 11)


def voc_ap(
    ground_truth: GroundTruth,
    detections: Detections,
    *,
    iou: float,
    points: Literal["all", 11] = "all",
    inclusive_pixels: bool = False,
) -> float:
    """Return PASCAL VOC's average precision, mean over the categories with something to find.

    Parameters
    ----------
    ground_truth, detections : COCO mapping and list of results, or paths of their JSON files
        As `detection.data.read` describes them; `iscrowd` marks what VOC calls difficult.
    iou : float
        Least intersection over union of a hit, above 0 to 1.
    points : "all" or 11
        The area under the whole curve (VOC 2010 and later), or the mean of its values at recall 0, 0.1 ... 1
        (VOC 2007). The curve is precision made monotone: the best at this recall or beyond.
    inclusive_pixels : bool
        VOC's old convention, by which each side is one pixel longer than w and h.

    Returns
    -------
    float
        0..1; nan where no category has an object that is not difficult.

    Notes
    -----
    Everingham et al. 2010, "The PASCAL Visual Object Classes (VOC) Challenge", on detection. A detection
    belongs to the object that it overlaps most, and only to that one; the surest that belongs to an object is
    the hit, and any further one is an error, which is where VOC differs from COCO. Detections of equal score
    follow in order of image id, and within an image largest first: the order of files changes nothing. The
    eleven recalls are numpy's, of which 0.3, 0.6 and 0.7 lie one rounding above their decimals: a recall of
    exactly 6/10 does not reach its point, as in the figures published for Padilla's Object-Detection-Metrics.

    Examples
    --------
    One of two objects is found, by the second of two detections:

    >>> truth = {"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": [
    ...     {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
    ...     {"image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50]}]}
    >>> found = [{"image_id": 1, "category_id": 7, "bbox": [200, 0, 50, 50], "score": 0.9},
    ...          {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.8}]
    >>> voc_ap(truth, found, iou=0.5), round(voc_ap(truth, found, iou=0.5, points=11), 4)
    (0.25, 0.2727)
    """
    least = checks.share("iou", iou)
    if points not in ("all", 11):
        raise EvaluationError("points", f"{points!r} is neither 'all' nor 11")
    data = read(ground_truth, detections)
    hit, counted = _hits(data, least, longer=float(inclusive_pixels))
    objects = np.bincount(data.truth.category[~data.truth.crowd], minlength=len(data.category_ids))
    figures = []
    for category in np.flatnonzero(objects):
        rows = counted & (data.found.category == category)
        curve = _curve(data.found.score[rows], hit[rows])
        figures.append(_average(*curve, objects=int(objects[category]), points=points))
    return math.fsum(figures) / len(figures) if figures else math.nan


def _hits(data: DetectionData, least: float, *, longer: float) -> tuple[Bools, Bools]:
    """Return which detections are hits, and which count at all."""
    growth = np.array([0, 0, longer, longer])
    groups = (data.group(data.found), data.group(data.truth))
    pairs = overlapping(data.found.boxes + growth, data.truth.boxes + growth, groups, least=least)
    order = np.lexsort((pairs.truth, -pairs.overlap, pairs.found))
    detection, first = np.unique(pairs.found[order], return_index=True)
    belongs = pairs.truth[order][first]
    difficult = data.truth.crowd[belongs]
    _, surest = np.unique(belongs, return_index=True)
    hit, counted = np.zeros(len(data.found), dtype=np.bool_), np.ones(len(data.found), dtype=np.bool_)
    hit[detection[surest]] = True
    hit[detection[difficult]] = False
    counted[detection[difficult]] = False
    return hit, counted


def _curve(score: Floats, hit: Bools) -> tuple[Ints, Floats]:
    """Return hits so far, and the best precision from there on, at each detection from the top."""
    hits = np.cumsum(hit[np.argsort(-score, kind="stable")], dtype=np.int64)
    precision = hits / np.arange(1, len(hits) + 1)
    return hits, np.asarray(np.maximum.accumulate(precision[::-1])[::-1])


def _average(hits: Ints, precision: Floats, *, objects: int, points: Literal["all", 11]) -> float:
    if points == "all":
        return float(np.diff(hits, prepend=0) @ precision) / objects
    at = np.searchsorted(hits / objects, ELEVEN)
    return float(np.append(precision, 0.0)[at].mean())
