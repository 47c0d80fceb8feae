"""A detector over its thresholds: precision against recall, and F1."""

import math
from typing import TYPE_CHECKING

from evaluator.detection.thresholds import Threshold
from evaluator.plots.canvas import BLUE, INK, ORANGE, canvas, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def precision_recall_curve(threshold: Threshold, *, title: str = "Precision and recall") -> "Figure":
    """Return precision over recall, with the point of the best F1.

    Parameters
    ----------
    threshold : Threshold
        From `evaluator.detection.best_f1_threshold`.
    title : str
        Followed by the number of objects to find.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes 0..1, from plain counts: no envelope, so the line may rise and fall.
    """
    figure, axes = canvas(5.2, 4.6, f"{title}, n = {threshold.n:,} objects")
    curve = threshold.curve
    axes.plot(curve.recall, curve.precision, color=BLUE, label="all scores")
    axes.set(
        xlabel="recall (share of objects found)", ylabel="precision (share of detections that are right)"
    )
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
    if math.isnan(threshold.score):
        return say(figure, axes, threshold.reason)
    axes.plot(
        [threshold.recall], [threshold.precision], "o", color=ORANGE, markersize=9, label=_best(threshold)
    )
    axes.legend(loc="best")
    return figure


def f1_curve(threshold: Threshold, *, title: str = "F1 by threshold") -> "Figure":
    """Return F1, precision and recall over the score from which detections are kept, and the best score.

    Parameters
    ----------
    threshold, title
        As in `precision_recall_curve`.

    Returns
    -------
    matplotlib.figure.Figure
        Scores in their own unit; the three shares 0..1.
    """
    figure, axes = canvas(6.4, 4.4, f"{title}, n = {threshold.n:,} objects")
    curve = threshold.curve
    axes.plot(curve.score, curve.f1, color=BLUE, linewidth=2.2, label="F1")
    axes.plot(curve.score, curve.precision, color=INK, linestyle="--", linewidth=1, label="precision")
    axes.plot(curve.score, curve.recall, color=INK, linestyle=":", linewidth=1.4, label="recall")
    axes.set(xlabel="detections are kept from this score up", ylabel="share", ylim=(0, 1.02))
    if math.isnan(threshold.score):
        return say(figure, axes, threshold.reason)
    axes.axvline(threshold.score, color=ORANGE, linewidth=1)
    axes.plot([threshold.score], [threshold.f1], "o", color=ORANGE, markersize=8, label=_best(threshold))
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def _best(threshold: Threshold) -> str:
    span = threshold.interval
    ends = f" ({span.low:.2f} to {span.high:.2f})" if span.bounded else ""
    return f"best F1 {threshold.f1:.2f}{ends} from score {threshold.score:.3g} up"
