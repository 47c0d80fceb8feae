"""What every figure of this package starts from."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY, INK = "#0072b2", "#d55e00", "#767676", "#222222"
MARGIN = 0.1
SENTENCE_HEIGHT = 2.0


def canvas(width: float, height: float, title: str) -> "tuple[Figure, Axes]":
    """Return an empty figure of `width` x `height` inches, outside pyplot, and its axes."""
    try:
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine
    except ImportError as error:
        raise ImportError("evaluator.plots draws with matplotlib: pip install matplotlib") from error
    layout = ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN / 2)
    figure = Figure(figsize=(width, height), dpi=150, layout=layout)
    axes = figure.add_subplot()
    axes.set_title(fill(title, int(11 * width)), fontsize=11, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def named_rows(axes: "Axes", names: Sequence[str]) -> None:
    """Name rows at 0, 1, 2 ... from the top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)


def note(figure: "Figure", words: str) -> None:
    """Write a remark in small print under the figure."""
    figure.supxlabel(fill(words, int(13 * figure.get_figwidth())), fontsize=8, color=INK)


def say(figure: "Figure", axes: "Axes", reason: str) -> "Figure":
    """Return the figure with its title and a sentence alone, without scales that nothing is measured on."""
    figure.set_figheight(SENTENCE_HEIGHT)
    axes.set_axis_off()
    axes.text(0.5, 0.5, fill(reason, 40), ha="center", va="center", color=INK, transform=axes.transAxes)
    return figure


def number(value: float, form: str) -> str:
    """Return a number in a format of Python's, with the minus sign that scales have.

    Examples
    --------
    >>> number(-1757.1, ",.0f") == "\N{MINUS SIGN}1,757", number(-0.04, ".1f")
    (True, '0.0')
    """
    text = f"{value:{form}}"
    return text.lstrip("+-") if not text.strip("+-0.") else text.replace("-", "\N{MINUS SIGN}")
