"""What every figure of this package starts from."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY, INK = "#0072b2", "#d55e00", "#767676", "#222222"


def canvas(width: float, height: float, title: str) -> "tuple[Figure, Axes]":
    """Return an empty figure of `width` x `height` inches, outside pyplot, and its axes."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("evaluator.plots draws with matplotlib: pip install matplotlib") from error
    figure = Figure(figsize=(width, height), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(fill(title, int(11 * width)), fontsize=11, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def named_rows(axes: "Axes", names: Sequence[str]) -> None:
    """Name rows at 0, 1, 2 ... from the top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)


def say(figure: "Figure", axes: "Axes", reason: str) -> "Figure":
    """Return the figure with a sentence where data would be, and no scale that nothing is measured on."""
    axes.set_xticks([])
    axes.text(0.5, 0.5, fill(reason, 40), ha="center", va="center", color=INK, transform=axes.transAxes)
    return figure
