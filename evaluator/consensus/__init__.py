"""One answer per item, and one set of boxes per picture, from the labels of several people."""

from evaluator.consensus.latent_truth import DawidSkene, dawid_skene
from evaluator.consensus.merging import MergedBoxes, merge_boxes
from evaluator.consensus.votes import majority, next_label_value, stop
from evaluator.types import Consensus

__all__ = [
    "Consensus",
    "DawidSkene",
    "MergedBoxes",
    "dawid_skene",
    "majority",
    "merge_boxes",
    "next_label_value",
    "stop",
]
