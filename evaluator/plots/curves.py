"""A detector over its thresholds: precision against recall, and F1."""

import math
from typing import TYPE_CHECKING

import numpy as np

from evaluator.detection.thresholds import Threshold
from evaluator.plots.canvas import BLUE, GREY, INK, ORANGE, canvas, number, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCORES_WRITTEN = 4


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
        Both axes 0..100 %, from plain counts: no envelope, so the line may rise and fall. Small dots with
        numbers give the scores from which that part of the line is reached.
    """
    figure, axes = canvas(5.2, 5.2, f"{title}, n = {threshold.n:,} objects")
    if math.isnan(threshold.score):
        return say(figure, axes, threshold.reason)
    curve = threshold.curve
    axes.plot(curve.recall, curve.precision, color=BLUE, label="all scores, some of them written")
    _write_scores(axes, threshold)
    axes.set(xlabel="recall, % of the objects", ylabel="precision, % of the detections")
    _best(axes, threshold, (threshold.recall, threshold.precision))
    _percent(axes, "xy")
    figure.legend(loc="outside lower center", fontsize=9)
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
        Scores in their own unit; the three shares 0..100 %.
    """
    figure, axes = canvas(6.4, 4.6, f"{title}, n = {threshold.n:,} objects")
    if math.isnan(threshold.score):
        return say(figure, axes, threshold.reason)
    curve = threshold.curve
    axes.plot(curve.score, curve.f1, color=BLUE, linewidth=2.2, label="F1")
    axes.plot(curve.score, curve.precision, color=INK, linestyle="--", linewidth=1, label="precision")
    axes.plot(curve.score, curve.recall, color=INK, linestyle=":", linewidth=1.4, label="recall")
    axes.axvline(threshold.score, color=ORANGE, linewidth=1)
    axes.set(xlabel="detections are kept from this score up", ylabel="F1, precision, recall, %")
    _best(axes, threshold, (threshold.score, threshold.f1))
    _percent(axes, "y")
    figure.legend(loc="outside lower center", ncols=2, fontsize=9)
    return figure


def _percent(axes: "Axes", which: str) -> None:
    """Let axes of shares run from 0 to a little above 1, with ticks in percent."""
    ticks = np.linspace(0, 1, 6)
    for letter in which:
        axis = {"x": axes.xaxis, "y": axes.yaxis}[letter]
        axis.set_ticks(ticks.tolist(), [f"{100 * tick:.0f}" for tick in ticks])
        axes.set(**{f"{letter}lim": (0, 1.02)})


def _write_scores(axes: "Axes", threshold: Threshold) -> None:
    """Write a few scores below the line, at even steps of recall."""
    curve = threshold.curve
    steps = curve.recall[-1] * np.arange(1, SCORES_WRITTEN + 1) / (SCORES_WRITTEN + 1)
    # Recall never falls along the curve.
    for place in np.unique(np.searchsorted(curve.recall, steps)):
        point = curve.recall[place], curve.precision[place]
        if math.dist(point, (threshold.recall, threshold.precision)) < 0.1:
            continue
        axes.plot(*point, "o", color=BLUE, markersize=3.5, label="_")
        axes.annotate(
            number(curve.score[place], ".2g"),
            point,
            (0, -16),
            textcoords="offset points",
            ha="center",
            color=GREY,
            fontsize=8,
        )


def _best(axes: "Axes", threshold: Threshold, point: tuple[float, float]) -> None:
    span = threshold.interval
    ends = "no interval"
    if span.bounded:
        ends = f"{100 * span.low:.1f} to {100 * span.high:.1f}, {100 * span.level:g} %"
    label = (
        f"best F1 {100 * threshold.f1:.1f} % ({ends}) from score {number(threshold.score, '.3g')} up,\n"
        "chosen on these same images, so it flatters a little"
    )
    axes.plot(*([part] for part in point), "o", color=ORANGE, markersize=8, clip_on=False, label=label)
