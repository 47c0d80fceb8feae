"""Which answer was given to which true value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

import numpy as np

from evaluator.attributes import AttributePrecision
from evaluator.consensus.latent_truth import DawidSkene
from evaluator.errors import EvaluationError
from evaluator.plots.canvas import INK, canvas, note, say
from evaluator.types import Floats, Ints

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_VALUES = 20


@dataclass(frozen=True)
class _Matrix:
    """What a matrix shows: shares of its rows as shades, texts on them, and names around them."""

    shares: Floats
    written: Sequence[Sequence[str]]
    rows: Sequence[str]
    columns: Sequence[str]
    below: str


def attribute_confusion(result: AttributePrecision, *, title: str = "Predicted values") -> "Figure":
    """Return which value an attribute model gave for which true one.

    Parameters
    ----------
    result : AttributePrecision
        From `evaluator.attributes.attribute_precision_at_1`.
    title : str
        Followed by the number of rows.

    Returns
    -------
    matplotlib.figure.Figure
        Cells hold counts, none for 0, and are shaded by their share of the true value's row; the last column
        counts predictions of any other value or of none. Of more than 20 values the 20 that take part in most
        errors are shown, and the title says so. Values in alphabetical order, numbers in them by size.
    """
    values = [str(value) for value in result.values]
    if not values:
        return say(*canvas(4.5, 2, f"{title}, n = 0 rows"), result.precision.reason)
    kept = _most_confused(values, result.confusion)
    inside = result.confusion[np.ix_(kept, kept)]
    whole = result.confusion[kept].sum(axis=1)
    counts = np.column_stack([inside, whole - inside.sum(axis=1)])
    size = f"n = {result.confusion.sum():,} rows"
    if len(kept) < len(values):
        size = f"the {len(kept)} of {len(values)} values confused most, n = {whole.sum():,} of {size[4:]}"
    names = [values[place] for place in kept]
    matrix = _Matrix(
        counts / np.maximum(whole, 1)[:, None],
        [[f"{count:,}" if count else "" for count in row] for row in counts],
        names,
        [*names, "other or none"],
        "predicted value (shade: share of the row)",
    )
    return _drawn(matrix, f"{title}, {size}")


def labeler_confusion(
    result: DawidSkene, labeler: int, *, values: Sequence[str], n: int, title: str = "Answers"
) -> "Figure":
    """Return which answer a labeler gives to which true value.

    Parameters
    ----------
    result : DawidSkene
        From `evaluator.consensus.dawid_skene`.
    labeler : int
        Which one.
    values : sequence of str
        Names of the values.
    n : int
        How many labels the labeler gave, which the result does not hold.
    title : str
        Followed by n.

    Returns
    -------
    matplotlib.figure.Figure
        Cells hold percent of the true value's row. The result does not hold how many labels a row rests on
        either, so a remark says that they may be few.
    """
    if not 0 <= labeler < len(result.confusion):
        raise EvaluationError("labeler", f"{labeler} is outside 0 to {len(result.confusion) - 1}")
    shares = result.confusion[labeler]
    if len(values) != len(shares):
        raise EvaluationError("values", f"expected {len(shares)} names, found {len(values)}")
    written = [[f"{100 * share:.0f}" for share in row] for row in shares]
    matrix = _Matrix(shares, written, values, values, "answer, % of row")
    figure = _drawn(matrix, f"{title}, n = {n:,} labels")
    note(figure, f"n is that of all {len(values)} rows together; a single row may rest on few labels.")
    return figure


def _most_confused(values: Sequence[str], confusion: Ints) -> list[int]:
    """Return the places of the values to show, in natural order."""
    order = sorted(range(len(values)), key=lambda place: _natural(values[place]))
    wrong = confusion[:, : len(values)] * ~np.eye(len(values), dtype=bool)
    errors = wrong.sum(axis=0) + wrong.sum(axis=1) + confusion[:, -1]
    chosen = set(sorted(order, key=lambda place: -errors[place])[:MOST_VALUES])
    return [place for place in order if place in chosen]


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return a key that sorts 2 before 10, and neither capitals nor accents apart."""
    plain = "".join(letter for letter in normalize("NFKD", name.casefold()) if not combining(letter))
    parts = re.findall(r"(\d+)|(\D+)", plain, re.ASCII)
    return [(int(digits), "") if digits else (-1, letters) for digits, letters in parts], name


def _drawn(matrix: _Matrix, title: str) -> "Figure":
    rows, columns = matrix.rows, matrix.columns
    figure, axes = canvas(2.6 + 0.55 * len(columns), 2.2 + 0.45 * len(rows), title)
    axes.imshow(matrix.shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, texts in enumerate(matrix.written):
        for column, text in enumerate(texts):
            ink = "white" if matrix.shares[row, column] > 0.65 else INK
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=9)
    axes.set_yticks(range(len(rows)), [fill(name, 20) for name in rows])
    axes.set_xticks(range(len(columns)), [fill(name, 20) for name in columns], rotation=45, ha="right")
    axes.set(ylabel="true value", xlabel=matrix.below)
    return figure
