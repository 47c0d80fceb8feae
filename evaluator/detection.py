"""Detectors against labeled boxes."""

from evaluator.coco import DetectionScores, coco_scores

__all__ = ["DetectionScores", "coco_scores"]
