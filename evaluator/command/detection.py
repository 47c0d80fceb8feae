"""`python -m evaluator detection`: the figures of a detector, the score to cut at, kinds of errors."""

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evaluator.command import Command
from evaluator.command.coco_files import detections_of, placed, truth_of
from evaluator.command.findings import Explained, Findings, Section, estimated, many, percent, tabled
from evaluator.detection import (
    DetectionErrors,
    DetectionScores,
    PrecisionRecall,
    Rates,
    Threshold,
    best_f1_threshold,
    coco_scores,
    errors,
    precision_recall_at,
)
from evaluator.errors import EvaluationError
from evaluator.file_error import shown

FILES = """\
Give two JSON files in the form of COCO, boxes as x, y, width, height in pixels:

  ground_truth.json   an object with "images" (id), "categories" (id, perhaps name) and "annotations"
                      (image_id, category_id, bbox; perhaps id, area, iscrowd)
  detections.json     a list of objects with image_id, category_id, bbox and score

Precision and recall stand at the score where F1 is best, or at --threshold. Choose the score on one set of
images and give it for another, or the figures flatter.

example, ground_truth.json and detections.json:
  {"images": [{"id": 1}], "categories": [{"id": 7, "name": "lamp"}],
   "annotations": [{"image_id": 1, "category_id": 7, "bbox": [10, 10, 50, 80]}]}
  [{"image_id": 1, "category_id": 7, "bbox": [12, 11, 50, 80], "score": 0.9}]

  python -m evaluator detection ground_truth.json detections.json
  python -m evaluator detection ground_truth.json detections.json --threshold 0.35 --json
"""
AVERAGES = {
    "ap": "AP, mean over IoU 0.50 to 0.95",
    "ap50": "AP at IoU 0.50",
    "ap75": "AP at IoU 0.75",
    "ap_small": "AP of objects up to 32 x 32",
    "ap_medium": "AP of objects up to 96 x 96",
    "ap_large": "AP of larger objects",
}
KINDS = {
    "missed": "objects that nothing came near",
    "duplicate": "found once more",
    "badly_placed": "near an object, but not well enough",
    "swapped": "on an object of another category",
    "background": "where there is no object",
}
NOTHING = "no object to find"
NO_RATE = "nothing found, or no object to find"


def add_options(parser: ArgumentParser) -> None:
    """Add what `detection` asks for besides the files."""
    parser.add_argument("--threshold", type=float, metavar="SCORE", help="cut here (where F1 is best)")
    parser.add_argument(
        "--iou", type=float, default=0.5, help="least overlap of a hit for F1 and errors (0.5)"
    )


def find(options: Namespace) -> Findings:
    """Return the COCO figures, the best score to cut at, and what happens at the chosen one."""
    _check(options)
    truth, found = truth_of(options.files[0]), detections_of(options.files[1])
    with placed(*options.files):
        scores = coco_scores(truth, found)
        best = best_f1_threshold(truth, found, iou=options.iou)
        cut = best.score if options.threshold is None else options.threshold
        at_cut = (
            None if math.isnan(cut) else precision_recall_at(truth, found, threshold=cut, iou=options.iou)
        )
        wrong = None if at_cut is None else errors(truth, found, threshold=cut, iou=options.iou)
    sections = [_scores_section(scores, _tiny(found)), _best_section(best)]
    if at_cut is not None and wrong is not None:
        rates = _rates_section(at_cut, scores, _names(truth), _unreached(cut, found))
        sections += [rates, _errors_section(wrong)]
    return Findings(
        sections,
        {
            "coco": Explained(scores, NOTHING),
            "best_f1": best,
            "at_threshold": Explained(at_cut, best.reason or NO_RATE),
            "errors": Explained(wrong, best.reason),
        },
    )


def _check(options: Namespace) -> None:
    if len(options.files) != 2:
        problem = f"expected ground truth and detections, found {len(options.files)} files"
        raise EvaluationError("FILE", problem)
    if options.threshold is not None and not math.isfinite(options.threshold):
        raise EvaluationError("--threshold", f"{options.threshold} is not a finite number")
    if not 0 < options.iou <= 1:
        raise EvaluationError("--iou", f"{options.iou:g} is not above 0 and at most 1")


def _names(truth: Mapping[str, Any]) -> dict[Any, str]:
    return {each["id"]: shown(str(each.get("name", each["id"]))) for each in truth["categories"]}


def _tiny(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a remark where widths and heights can not be pixels."""
    sizes = np.array([each["bbox"][2:] for each in found], np.float64)
    if not sizes.size or sizes.max() > 1:
        return []
    return ["No detection is larger than 1 x 1 pixel: expected pixels, not shares of the image."]


def _unreached(cut: float, found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a remark where no score is high enough."""
    scores = [each["score"] for each in found]
    if not scores or max(scores) >= cut:
        return []
    return [f"No detection has this score: they go from {min(scores):.6g} to {max(scores):.6g}."]


def _scores_section(scores: DetectionScores, remarks: Sequence[str]) -> Section:
    rows = [(title, percent(getattr(scores, name), NOTHING)) for name, title in AVERAGES.items()]
    free, empty = scores.detections_without_ground_truth, len(scores.without_ground_truth)
    left_out = f"AP leaves out {many(free, 'detections')} without any object of the same category"
    without = [f"{left_out} ({many(empty, 'categories')})."] if free else []
    sizes = f"{many(scores.objects, 'objects')} and {many(scores.detections, 'detections')}"
    heading = f"{sizes} in {many(scores.images, 'images')}"
    return Section(heading, rows, [*without, *remarks])


def _best_section(best: Threshold) -> Section:
    rows = [
        ("Score", f"undefined: {best.reason}" if math.isnan(best.score) else f" {best.score!r}"),
        ("F1", estimated(best.interval, "images")),
        ("Precision", percent(best.precision, best.reason)),
        ("Recall", percent(best.recall, best.reason)),
    ]
    remark = "No detection hits an object at any score, so none is better than another."
    return Section("Where F1 is best", rows, [remark] if best.f1 == 0 else [])


def _rates_section(
    at_cut: PrecisionRecall, scores: DetectionScores, names: Mapping[Any, str], remarks: Sequence[str]
) -> Section:
    rows: list[tuple[str, ...]] = [("", "precision", "recall", "F1", "hits", "wrong", "not found", "AP")]
    rows.append(("all detections", *_rates(at_cut.micro), ""))
    rows.append(("mean of categories", *_rates(at_cut.macro), percent(scores.ap, NOTHING)))
    for category, rates in at_cut.per_category.items():
        precision = percent(scores.per_category.get(category, math.nan), NOTHING)
        rows.append((names[category], *_rates(rates), precision))
    heading = f"At score {at_cut.threshold:.6g} and up, IoU {at_cut.iou:g} and up"
    return tabled(heading, rows, remarks)


def _rates(rates: Rates) -> tuple[str, ...]:
    shares = (
        percent(rates.precision, "nothing found"),
        percent(rates.recall, NOTHING),
        percent(rates.f1, NOTHING),
    )
    counts = (rates.true_positives, rates.false_positives, rates.false_negatives)
    return *shares, *map(str, counts)


def _errors_section(wrong: DetectionErrors) -> Section:
    rows = [(kind.replace("_", " "), str(n), KINDS[kind]) for kind, n in wrong.counts.items()]
    return Section("Errors at that score (their places in the files with --json)", rows)


COMMAND = Command(
    "detection", "average precision, the best score to cut at, and errors by cause", FILES, add_options, find
)
