"""Relative gains: of each system over the one before, and where a chain of them came from."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median_low
from textwrap import fill
from typing import TYPE_CHECKING

from evaluator.plots.canvas import BLUE, GREY, INK, ORANGE, canvas, named_rows, note, number, say
from evaluator.relevance.gains import GainBreakdown
from evaluator.types import Comparison, Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURES = (("Similar P@5", BLUE, "o"), ("Extremely Similar P@5", ORANGE, "s"))
APART = 0.2
# A gain is cut off where it reaches further than this many times the lower median reach.
FAR = 4
# Of the width of the frame, beyond the outermost gains on both sides.
ROOM = 0.06
ABOVE = 0.11
UNDERLAY = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}


@dataclass(frozen=True)
class _Row:
    """One gain to draw: of which measure (name, colour, marker), and at which height."""

    comparison: Comparison
    measure: tuple[str, str, str]
    place: float

    @property
    def gain(self) -> Estimate:
        return self.comparison.relative_gain

    @property
    def reach(self) -> float:
        """How far from zero the finite part of it reaches."""
        ends = (self.gain.low, self.gain.value, self.gain.high)
        return max(abs(100 * end) for end in ends if math.isfinite(end))


def gains_by_row(
    comparisons: Mapping[str, Comparison], *, title: str = "Gain over the row before", base: str = ""
) -> "Figure":
    """Return the relative gains of a table of systems, each against the row before it, with whiskers.

    Parameters
    ----------
    comparisons : mapping of str to Comparison
        Name of the new system of each row, first row on top; from `evaluator.relevance.compare`. Where a
        comparison carries `extremely_similar`, that gain stands below it.
    title : str
        Followed by the number of scenes.
    base : str
        Name of the system that the first row is compared with, written below the name of that row.

    Returns
    -------
    matplotlib.figure.Figure
        Gains in percent of the precision of the row before, written above their markers; whiskers are the
        intervals. An arrow at the edge means that the interval is open above, or that the gain is so much
        larger than the others that it is cut off: then interval and value are written. Filled markers have a
        winner, hollow grey ones have none.
    """
    scenes = sorted({row.scenes for row in comparisons.values()})
    span = " to ".join(f"{count:,}" for count in ([scenes[0], scenes[-1]] if len(scenes) > 1 else scenes))
    figure, axes = canvas(7, 1.9 + 0.95 * len(comparisons), f"{title}, n = {span or 0} scenes")
    if not comparisons:
        return say(figure, axes, "no rows to compare")
    names = [fill(name, 24) for name in comparisons]
    named_rows(axes, [f"{names[0]}\n(over {fill(base, 24)})" if base else names[0], *names[1:]])
    rows = list(_rows(comparisons))
    last = _frame(axes, [row for row in rows if row.gain.defined])
    for row in rows:
        _draw(axes, row, last)
    for name, colour, marker in MEASURES:
        axes.plot([], [], marker, color=colour, label=name)
    axes.plot([], [], "o", color=GREY, markerfacecolor="white", label="no winner")
    axes.plot([], [], "-", color=GREY, label=f"{100 * rows[0].gain.level:g} % interval")
    figure.legend(loc="outside lower center", ncols=4, fontsize=9)
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
        A bar for each area, the largest on top, areas that lost in another colour; under it what the links
        mix. Where shares are undefined, the reason alone.
    """
    areas = sorted(breakdown.by_area, key=lambda area: -breakdown.by_area[area])
    figure, axes = canvas(6.4, 1.9 + 0.5 * len(areas), f"{title}, n = {breakdown.n} gains")
    shares = [100 * breakdown.by_area[area] for area in areas]
    if any(map(math.isnan, shares)) or not areas:
        return say(figure, axes, breakdown.reason)
    losing = "shares of the loss" in breakdown.reason
    named_rows(axes, [fill(area, 24) for area in areas])
    axes.set_xlabel(f"share of the whole {'loss' if losing else 'gain'} (log scale), %")
    colours = [ORANGE if (share < 0) != losing else BLUE for share in shares]
    bars = axes.barh(range(len(areas)), shares, color=colours, height=0.62)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.bar_label(bars, [f"{number(share, '.1f')} %" for share in shares], padding=4)
    axes.margins(x=0.15 if min(shares) >= 0 else 0.3)
    if ORANGE in colours and BLUE in colours:
        for name, colour in (("gained", BLUE), ("lost", ORANGE)):
            axes.plot([], [], "s", color=colour, markersize=8, label=name)
        axes.legend(loc="lower right", frameon=False)
    note(figure, _remarks(breakdown, losing=losing))
    return figure


def _remarks(breakdown: GainBreakdown, *, losing: bool) -> str:
    """Return what to keep in mind about the shares, or ""."""
    measures = " and ".join(f"{metric} ({domain})" for metric, domain in breakdown.measures)
    others = "gained" if losing else "lost"
    remarks = {
        f"These gains mix {measures}: read the shares as a rough order, not as parts of one gain.": (
            breakdown.mixed
        ),
        "The chain loses as a whole, so these are shares of the loss.": losing,
        f"Shares add up to 100 %: one above that makes up for what others {others}.": (
            max(breakdown.by_area.values()) > 1
        ),
    }
    return " ".join(remark for remark, holds in remarks.items() if holds)


def _rows(comparisons: Mapping[str, Comparison]) -> Iterator[_Row]:
    for place, comparison in enumerate(comparisons.values()):
        strict = comparison.extremely_similar
        yield _Row(comparison, MEASURES[0], place - APART if strict else place)
        if strict:
            yield _Row(strict, MEASURES[1], place + APART)


def _frame(axes: "Axes", rows: list[_Row]) -> float:
    """Set limits that show all but far outliers, and return where the last marker may be, in percent."""
    reaches = [row.reach for row in rows if row.reach > 0]
    limit = FAR * median_low(reaches) if reaches else 1.0
    ends = [100 * end for row in rows for end in (row.gain.low, row.gain.value, row.gain.high)]
    shown = [max(min(end, limit), -100.0) for end in ends if math.isfinite(end)]
    if not rows:
        axes.set_xticks([])
        shown = [1.0]
    left, right = min([0.0, *shown]), max([0.0, *shown])
    room = ROOM * (right - left) or 1.0
    axes.set(xlim=(left - room, right + room), xlabel="relative gain, %")
    axes.axvline(0, color=INK, linewidth=0.8, zorder=0)
    return right


def _draw(axes: "Axes", row: _Row, last: float) -> None:
    """Draw one gain, or why it is undefined; what reaches beyond `last` is cut off."""
    (name, colour, marker), gain = row.measure, row.gain
    if not gain.defined:
        _explain(axes, row.place, f"  {name}: {gain.reason}  ")
        return
    shown, inside = (colour, colour) if row.comparison.winner else (GREY, "white")
    low, value, high = (100 * end for end in (gain.low, gain.value, gain.high))
    at = min(value, last)
    cut = high > last or value > last
    below = max(at - low, 0.0) if math.isfinite(low) else 0.0
    above = high - at if math.isfinite(high) and not cut else 0.0
    ends = [[below], [above]]
    axes.errorbar([at], [row.place], xerr=ends, fmt=marker, color=shown, markerfacecolor=inside, capsize=3)
    if cut:
        arrow = {"arrowstyle": "->", "color": shown}
        axes.annotate("", (axes.get_xlim()[1], row.place), (at, row.place), arrowprops=arrow)
    text = axes.text(at, row.place - ABOVE, _written(gain, cut=cut), va="bottom", fontsize=8, color=shown)
    text.set(ha="right" if value > at else "center", bbox=UNDERLAY)


def _explain(axes: "Axes", place: float, words: str) -> None:
    left, right = axes.get_xlim()
    side = "left" if right >= -left else "right"
    axes.text(0, place, words, ha=side, va="center", color=GREY, fontsize=8)


def _written(gain: Estimate, *, cut: bool) -> str:
    low, value, high = (100 * end for end in (gain.low, gain.value, gain.high))
    digits = 1 if abs(value) < 100 else 0
    text = f"{number(value, f'+,.{digits}f')} %"
    if math.isnan(low):
        return f"{text}, no interval"
    if not cut:
        return text
    ends = "and up" if high == math.inf else f"to {number(high, ',.0f')}"
    return f"{text} ({number(low, ',.0f')} {ends})"
