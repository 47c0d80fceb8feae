"""Figures of results, for notebooks and reports; they need `pip install matplotlib`.

Each function takes results of this package and returns a `matplotlib.figure.Figure` of its own, which
`.savefig("figure.png")` writes and a notebook shows; pyplot's global state is not touched. Colours stay apart
for colour-blind people and in grey print, and markers and dashes repeat what they say. What is undefined is
written into the figure with its reason.
"""

from evaluator.plots.confusion import attribute_confusion, labeler_confusion
from evaluator.plots.curves import f1_curve, precision_recall_curve
from evaluator.plots.gains import gain_shares, gains_by_row
from evaluator.plots.grades import grade_mix

__all__ = [
    "attribute_confusion",
    "f1_curve",
    "gain_shares",
    "gains_by_row",
    "grade_mix",
    "labeler_confusion",
    "precision_recall_curve",
]
