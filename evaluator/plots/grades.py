"""How the candidates of systems were graded."""

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from evaluator.plots.canvas import GREY, INK, canvas, named_rows, say
from evaluator.relevance.tally import GRADES
from evaluator.types import Floats, RelevanceAt5

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GRADE_NAMES = ("Extremely Similar", "Similar", "Marginally Similar", "Not Similar", "Did Not Load")
# The scale of the product's own screens: dark to light, and a hatched neutral.
GRADE_COLOURS = ("#0b4453", "#337b8e", "#8bbcc8", "#dbe6e9", "#f4f4f4")
GRADE_INKS = ("white", "white", INK, INK, INK)
LEAST_INSIDE = 4.5
BAR = 0.62


def grade_mix(results: Mapping[str, RelevanceAt5], *, title: str = "Grades of the top five") -> "Figure":
    """Return how the judged candidates of each system were graded.

    Parameters
    ----------
    results : mapping of str to RelevanceAt5
        Name of each system, first one on top; from `evaluator.relevance.relevance_at_5`.
    title : str
        Stands alone: how many candidates are judged stands beside each system.

    Returns
    -------
    matplotlib.figure.Figure
        One bar of 100 % for each system, best grade on the left; a part too narrow for its number has it
        above or below. A system without judgements has no bar, and a reason.
    """
    counted = [result.pooled.n for result in results.values()]
    figure, axes = canvas(8, 1.7 + 0.7 * len(results), title)
    if not results:
        return say(figure, axes, "no systems, n = 0 judged candidates")
    shares = np.array([[100 * result.grade_mix[grade] for grade in GRADES] for result in results.values()])
    _stack(axes, shares)
    for place, number in enumerate(counted):
        if number == 0:
            axes.text(1, place, "no candidate is judged yet", va="center", color=GREY)
        else:
            _write(axes, place, shares[place])
    names = [
        f"{fill(name, 24)}\nn = {number:,} judged" for name, number in zip(results, counted, strict=True)
    ]
    named_rows(axes, names)
    axes.set(xlabel="share of judged candidates, %", xlim=(0, 101))
    figure.legend(loc="outside lower center", ncols=5, fontsize=8)
    return figure


def _stack(axes: "Axes", shares: Floats) -> None:
    """Draw one bar for each row of `shares` (systems, grades), in percent."""
    left = np.zeros(len(shares))
    for share, name, colour in zip(shares.T, GRADE_NAMES, GRADE_COLOURS, strict=True):
        hatch, edge = ("////", GREY) if name == "Did Not Load" else ("", "white")
        bars = axes.barh(
            range(len(shares)), share, BAR, left, color=colour, edgecolor=edge, hatch=hatch, label=name
        )
        for bar, part in zip(bars, share, strict=True):
            bar.set_visible(bool(part > 0))
        left = left + share


def _write(axes: "Axes", place: int, shares: Floats) -> None:
    """Write the percentages of one bar: inside, or where there is no room above and below in turn."""
    middles = np.cumsum(shares) - shares / 2
    side = -1
    for share, middle, ink in zip(shares, middles, GRADE_INKS, strict=True):
        if share >= LEAST_INSIDE:
            axes.text(middle, place, f"{share:.0f}", ha="center", va="center", color=ink)
            side = -1
        elif share > 0:
            written = f"{share:.0f}" if share >= 1 else f"{share:.1g}"
            height = place + side * (BAR / 2 + 0.11)
            axes.text(middle, height, written, ha="center", va="center", color=INK, fontsize=8)
            side = -side
