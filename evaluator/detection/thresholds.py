"""Precision, recall and F1 of a detector at a score, and the score at which F1 is best."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluator import checks
from evaluator.detection.data import DetectionData, Detections, GroundTruth, read
from evaluator.detection.matching import Outcome, outcome
from evaluator.detection.mistakes import NEAR, above, diagnose
from evaluator.intervals import cluster_bootstrap, ratios, widened
from evaluator.types import Bools, Estimate, Floats, Ints

DRAWS, SEED, LEVEL = 1_000, 0, 0.95


@dataclass(frozen=True)
class Curve:
    """Precision, recall and F1 of all detections from each score up; arrays of shape (distinct scores,).

    Attributes
    ----------
    score : ndarray of float64
        The distinct scores of detections that count, highest first.
    precision, recall, f1 : ndarray of float64
        0..1, from plain counts: precision may rise and fall along the curve.
    """

    score: Floats
    precision: Floats
    recall: Floats
    f1: Floats


@dataclass(frozen=True)
class Threshold:
    """The score at which F1 is best; `best_f1_threshold` defines each part.

    Attributes
    ----------
    score : float
        Keep detections of this score or a higher one; nan where there is none, and then `reason` says why.
    f1, precision, recall : float
        0..1, at that score, over all categories together.
    n : int
        Objects to find.
    curve : Curve
        The same figures at every distinct score.
    interval : Estimate
        F1 at that score with an interval; n counts images.
    reason : str
        Empty unless the score is undefined.
    """

    score: float
    f1: float
    precision: float
    recall: float
    n: int
    curve: Curve
    interval: Estimate
    reason: str = ""


@dataclass(frozen=True)
class Rates:
    """Counts and their ratios.

    Attributes
    ----------
    precision : float
        true_positives / (true_positives + false_positives); nan where nothing was found.
    recall : float
        true_positives / (true_positives + false_negatives); nan where there is nothing to find.
    f1 : float
        2 true_positives / (2 true_positives + false_positives + false_negatives); nan where all are 0.
    true_positives, false_positives, false_negatives : int
        Detections that are hits, that are not, and objects that were not found.
    """

    precision: float
    recall: float
    f1: float
    true_positives: int
    false_positives: int
    false_negatives: int


@dataclass(frozen=True)
class PrecisionRecall:
    """A detector at one score; `precision_recall_at` defines each part.

    Attributes
    ----------
    micro : Rates
        Of the counts of all categories together.
    macro : Rates
        Means over the categories with something to find; the counts are those of these categories.
    per_category : mapping of category id to Rates
        Ids ascending.
    false_positives : mapping of str to int
        Cause (duplicate, badly_placed, swapped, background) to how many of `micro.false_positives` it has.
    threshold, iou : float
        As given.
    """

    micro: Rates
    macro: Rates
    per_category: Mapping[Any, Rates]
    false_positives: Mapping[str, int]
    threshold: float
    iou: float


def best_f1_threshold(ground_truth: GroundTruth, detections: Detections, *, iou: float = 0.5) -> Threshold:
    """Return the one score, for all categories, at which F1 is best.

    Parameters
    ----------
    ground_truth, detections : COCO mapping and list of results, or paths of their JSON files
        As `detection.data.read` describes them.
    iou : float
        Least intersection over union of a hit, above 0 to 1; hits are those of COCO, without a limit on
        detections per image, and what falls to a crowd is ignored.

    Returns
    -------
    Threshold
        Candidates are the distinct scores, so detections of equal score stay or go together. Among scores of
        equal F1 the highest, also where no detection is a hit and F1 is 0. nan with a reason where there is
        nothing to find or nothing was found. The interval resamples images at this fixed score, so it leaves
        out that the score was chosen on the same images: choose it on one set, and report
        `precision_recall_at` on another.

    Notes
    -----
    "Shop The Look" (KDD 2020) reports detectors at their best F1; docs/evaluation.md. From cumulative counts
    of hits and errors: COCO's stored precision is made monotone and overstates what a threshold gives.

    Examples
    --------
    Two objects; the third detection adds the second hit, the second one is wrong:

    >>> truth = {"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": [
    ...     {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
    ...     {"image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50]}]}
    >>> found = [{"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.9},
    ...          {"image_id": 1, "category_id": 7, "bbox": [300, 0, 50, 50], "score": 0.8},
    ...          {"image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50], "score": 0.7}]
    >>> best = best_f1_threshold(truth, found)
    >>> best.score, best.f1, best.recall
    (0.7, 0.8, 1.0)
    """
    data = read(ground_truth, detections)
    result = outcome(data, checks.share("iou", iou))
    n = int((~data.truth.crowd).sum())
    curve = _curve(data.found.score, result, n)
    if not n or not len(curve.score):
        reason = "there is nothing to find" if not n else "nothing was found"
        undefined = Estimate.undefined(reason, n=len(data.image_ids), level=LEVEL)
        return Threshold(math.nan, math.nan, math.nan, math.nan, n, curve, undefined, reason)
    best = int(curve.f1.argmax())
    score, f1, precision, recall = (
        float(values[best]) for values in (curve.score, curve.f1, curve.precision, curve.recall)
    )
    return Threshold(score, f1, precision, recall, n, curve, _interval(data, result, score))


def precision_recall_at(
    ground_truth: GroundTruth, detections: Detections, *, threshold: float, iou: float = 0.5
) -> PrecisionRecall:
    """Return precision, recall and F1 of the detections from one score up.

    Parameters
    ----------
    ground_truth, detections : COCO mapping and list of results, or paths of their JSON files
        As `detection.data.read` describes them.
    threshold : float
        Detections of this score or a higher one are kept.
    iou : float
        Least intersection over union of a hit, above 0 to 1; hits as in `best_f1_threshold`.

    Returns
    -------
    PrecisionRecall
        `micro` counts errors in categories without ground truth too. `macro` is over the categories with
        ground truth; one in which nothing was found has recall and F1 of 0, and no precision to average.
        Causes of false positives as in `detection.errors`.

    Examples
    --------
    >>> truth = {"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": [
    ...     {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
    ...     {"image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50]}]}
    >>> found = [{"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.9},
    ...          {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 40], "score": 0.8}]
    >>> result = precision_recall_at(truth, found, threshold=0.8)
    >>> result.micro.precision, result.micro.recall, result.false_positives["duplicate"]
    (0.5, 0.5, 1)
    """
    least = checks.share("iou", iou)
    data = above(read(ground_truth, detections), threshold)
    result = outcome(data, least)
    counts = _counts(data, result)
    per_category = [_rates(*row) for row in counts.tolist()]
    to_find = (counts[:, 0] + counts[:, 2]) > 0
    return PrecisionRecall(
        micro=_rates(*counts.sum(axis=0).tolist()),
        macro=_macro(
            [rates for rates, given in zip(per_category, to_find, strict=True) if given],
            counts[to_find].sum(axis=0),
        ),
        per_category=dict(zip(data.category_ids, per_category, strict=True)),
        false_positives=diagnose(data, result, iou=least, near=min(NEAR, least)).counts(),
        threshold=float(threshold),
        iou=least,
    )


def _curve(score: Floats, result: Outcome, objects: int) -> Curve:
    counted = result.hit | result.error
    order = np.argsort(-score[counted], kind="stable")
    scores, hits = score[counted][order], np.cumsum(result.hit[counted][order])
    last = np.flatnonzero(np.diff(scores, append=-np.inf))
    kept = last + 1.0
    found = hits[last].astype(np.float64)
    return Curve(
        scores[last], found / kept, ratios(found, np.full_like(found, objects)), 2 * found / (kept + objects)
    )


def _interval(data: DetectionData, result: Outcome, score: float) -> Estimate:
    """Return F1 at a score, with images as clusters: 2 TP / (TP + FP + objects) is a ratio of sums."""

    def per_image(image: Ints, rows: Bools) -> Floats:
        return np.bincount(image[rows], minlength=len(data.image_ids)).astype(np.float64)

    kept = data.found.score >= score
    hits = per_image(data.found.image, result.hit & kept)
    sizes = hits + per_image(data.found.image, result.error & kept)
    sizes += per_image(data.truth.image, ~data.truth.crowd)
    estimate = cluster_bootstrap(2 * hits, sizes, draws=DRAWS, seed=SEED, level=LEVEL)
    return widened(estimate, len(data.image_ids), floor=0)


def _counts(data: DetectionData, result: Outcome) -> Ints:
    """Return hits, errors and objects not found, shape (categories, 3)."""
    size = len(data.category_ids)
    hits = np.bincount(data.found.category[result.hit], minlength=size)
    wrong = np.bincount(data.found.category[result.error], minlength=size)
    objects = np.bincount(data.truth.category[~data.truth.crowd], minlength=size)
    return np.column_stack([hits, wrong, objects - hits])


def _rates(hits: int, wrong: int, not_found: int) -> Rates:
    return Rates(
        precision=_ratio(hits, hits + wrong),
        recall=_ratio(hits, hits + not_found),
        f1=_ratio(2 * hits, 2 * hits + wrong + not_found),
        true_positives=hits,
        false_positives=wrong,
        false_negatives=not_found,
    )


def _macro(rates: list[Rates], counts: Ints) -> Rates:
    precision, recall, f1 = (
        _mean([getattr(one, name) for one in rates]) for name in ("precision", "recall", "f1")
    )
    return Rates(precision, recall, f1, *counts.tolist())


def _mean(values: list[float]) -> float:
    defined = [value for value in values if not math.isnan(value)]
    return _ratio(math.fsum(defined), len(defined))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
