"""Systems side by side: gains with whiskers, grades, and where gains came from."""

import math
from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from evaluator.plots.canvas import BLUE, GREY, INK, ORANGE, canvas, named_rows, say
from evaluator.relevance.gains import GainBreakdown
from evaluator.relevance.tally import GRADES
from evaluator.types import Comparison, Estimate, Floats, RelevanceAt5

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GRADE_NAMES = ("Extremely Similar", "Similar", "Marginally Similar", "Not Similar", "Did Not Load")
# The scale of the product's own screens: dark to light, and a hatched neutral.
GRADE_COLOURS = ("#0b4453", "#337b8e", "#8bbcc8", "#dbe6e9", "#f4f4f4")
GRADE_INKS = ("white", "white", INK, INK, INK)
LEAST_WRITTEN = 4.5
MEASURES = (("Similar P@5", BLUE, "o"), ("Extremely Similar P@5", ORANGE, "s"))


def gains_by_row(
    comparisons: Mapping[str, Comparison], *, title: str = "Gain over the row before"
) -> "Figure":
    """Return the relative gains of a table of systems, each against the row before it, with whiskers.

    Parameters
    ----------
    comparisons : mapping of str to Comparison
        Name of the new system of each row, first row on top; from `evaluator.relevance.compare`. Where a
        comparison carries `extremely_similar`, that gain stands below it.
    title : str
        Followed by the number of scenes.

    Returns
    -------
    matplotlib.figure.Figure
        Gains in percent of the precision of the row before; whiskers are the intervals, an arrow where one is
        open above. Filled markers have a winner, hollow grey ones have none.
    """
    scenes = sorted({row.scenes for row in comparisons.values()})
    span = " to ".join(f"{number:,}" for number in ([scenes[0], scenes[-1]] if len(scenes) > 1 else scenes))
    figure, axes = canvas(7, 1.9 + 0.75 * len(comparisons), f"{title}, n = {span or 0} scenes")
    axes.set_xlabel("relative gain, %")
    named_rows(axes, [fill(name, 24) for name in comparisons])
    if not comparisons:
        return say(figure, axes, "no rows to compare")
    axes.axvline(0, color=INK, linewidth=0.8)
    for place, row in enumerate(comparisons.values()):
        strict = row.extremely_similar
        _gain(axes, row, place - (0.14 if strict else 0), MEASURES[0])
        if strict:
            _gain(axes, strict, place + 0.14, MEASURES[1])
    for name, colour, marker in MEASURES:
        axes.plot([], [], marker, color=colour, label=name)
    axes.plot([], [], "o", color=GREY, markerfacecolor="white", label="no winner")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def grade_mix(results: Mapping[str, RelevanceAt5], *, title: str = "Grades of the top five") -> "Figure":
    """Return how the judged candidates of each system were graded.

    Parameters
    ----------
    results : mapping of str to RelevanceAt5
        Name of each system, first one on top; from `evaluator.relevance.relevance_at_5`.
    title : str
        Followed by the number of judged candidates, which also stands beside each system.

    Returns
    -------
    matplotlib.figure.Figure
        One bar of 100 % for each system, best grade on the left; a system without judgements has none, and a
        reason.
    """
    counted = [result.pooled.n for result in results.values()]
    heading = f"{title}, n = {sum(counted):,} judged candidates"
    figure, axes = canvas(8, 1.7 + 0.55 * len(results), heading)
    shares = np.array([[100 * result.grade_mix[grade] for grade in GRADES] for result in results.values()])
    _stack(axes, shares.reshape(len(results), len(GRADES)))
    for place, number in enumerate(counted):
        if number == 0:
            axes.text(1, place, "no candidate is judged yet", va="center", color=GREY)
    names = [f"{fill(name, 24)}\n{number:,} judged" for name, number in zip(results, counted, strict=True)]
    named_rows(axes, names)
    axes.set(xlabel="share of judged candidates, %", xlim=(0, 100))
    figure.legend(loc="outside lower center", ncols=5, fontsize=8)
    return figure


def gain_shares(breakdown: GainBreakdown, *, title: str = "Where the gains came from") -> "Figure":
    """Return figure 7 of "Shop The Look": the share of each area in a chain of relative gains.

    Parameters
    ----------
    breakdown : GainBreakdown
        From `evaluator.relevance.gain_breakdown`.
    title : str
        Followed by the number of links.

    Returns
    -------
    matplotlib.figure.Figure
        A bar for each area, the largest on top; under it what the links mix, or why there are no shares.
    """
    areas = sorted(breakdown.by_area, key=lambda area: -breakdown.by_area[area])
    figure, axes = canvas(6.4, 1.8 + 0.5 * len(areas), f"{title}, n = {breakdown.n} gains")
    shares = [100 * breakdown.by_area[area] for area in areas]
    named_rows(axes, [fill(area, 24) for area in areas])
    axes.set_xlabel("share of the sum of log(1 + gain), %")
    if any(map(math.isnan, shares)) or not areas:
        return say(figure, axes, breakdown.reason)
    bars = axes.barh(range(len(areas)), shares, color=BLUE, height=0.62)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.bar_label(bars, [f"{share:.1f} %" for share in shares], padding=4)
    axes.margins(x=0.15 if min(shares) >= 0 else 0.3)
    if breakdown.reason:
        figure.supxlabel(fill(breakdown.reason, 90), fontsize=8, color=INK)
    return figure


def _stack(axes: "Axes", shares: Floats) -> None:
    """Draw one bar for each row of `shares` (systems, grades), in percent."""
    left = np.zeros(len(shares))
    for share, name, colour, ink in zip(shares.T, GRADE_NAMES, GRADE_COLOURS, GRADE_INKS, strict=True):
        hatch, edge = ("////", GREY) if name == "Did Not Load" else ("", "white")
        bars = axes.barh(
            range(len(shares)), share, left=left, color=colour, edgecolor=edge, hatch=hatch, label=name
        )
        written = [f"{part:.0f}" if part >= LEAST_WRITTEN else "" for part in share]
        axes.bar_label(bars, written, label_type="center", color=ink)
        left = left + share


def _gain(axes: "Axes", comparison: Comparison, place: float, measure: tuple[str, str, str]) -> None:
    """Draw one gain; `measure` is its name, colour and marker."""
    name, colour, marker = measure
    gain = comparison.relative_gain
    if not gain.defined:
        axes.text(0, place, f"  {name}: {gain.reason}", va="center", color=GREY, fontsize=8)
        return
    shown = colour if comparison.winner else GREY
    inside = shown if comparison.winner else "white"
    below, above = (100 * length for length in _whiskers(gain))
    axes.errorbar(
        [100 * gain.value],
        [place],
        xerr=[[below], [above]],
        fmt=marker,
        color=shown,
        markerfacecolor=inside,
        capsize=3,
    )
    if gain.high == math.inf:
        open_end = (100 * gain.value + 1.5 * below + 10, place)
        axes.annotate(
            "", open_end, (100 * gain.value, place), arrowprops={"arrowstyle": "->", "color": shown}
        )
        axes.update_datalim([open_end])
        axes.autoscale_view()


def _whiskers(gain: Estimate) -> tuple[float, float]:
    """Return how far the interval reaches down and up; 0 where it has no end."""
    below = gain.value - gain.low if math.isfinite(gain.low) else 0.0
    above = gain.high - gain.value if math.isfinite(gain.high) else 0.0
    return below, above
