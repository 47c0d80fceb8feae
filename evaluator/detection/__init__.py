"""A detector against labeled boxes: COCO and VOC figures, the score to cut at, kinds of errors, roll-up.

Ground truth is a COCO mapping with images, annotations and categories, detections are a list of COCO results;
or both are paths of JSON files. Boxes are x, y, w, h in pixels, and `iscrowd` marks what is to be ignored.
"""

from evaluator.detection.coco import DetectionScores, coco_scores
from evaluator.detection.mistakes import DetectionErrors, errors
from evaluator.detection.rollup import roll_up
from evaluator.detection.thresholds import (
    Curve,
    PrecisionRecall,
    Rates,
    Threshold,
    best_f1_threshold,
    precision_recall_at,
)
from evaluator.detection.voc import voc_ap

__all__ = [
    "Curve",
    "DetectionErrors",
    "DetectionScores",
    "PrecisionRecall",
    "Rates",
    "Threshold",
    "best_f1_threshold",
    "coco_scores",
    "errors",
    "precision_recall_at",
    "roll_up",
    "voc_ap",
]
