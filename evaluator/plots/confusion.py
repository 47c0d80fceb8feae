"""Which answer was given to which true value."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from evaluator.attributes import AttributePrecision
from evaluator.consensus.latent_truth import DawidSkene
from evaluator.errors import EvaluationError
from evaluator.plots.canvas import INK, canvas
from evaluator.types import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        Cells hold counts and are shaded by their share of the true value's row; the last column counts
        predictions of any other value.
    """
    values = [str(value) for value in result.values]
    counts = result.confusion.astype(np.float64)
    size = int(result.confusion.sum())
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    written = [[f"{number:.0f}" for number in row] for row in counts]
    return _matrix(
        shares,
        written,
        values,
        [*values, "other"],
        f"{title}, n = {size:,} rows",
        ("true value", "predicted value"),
    )


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
        Cells hold percent of the true value's row.
    """
    if not 0 <= labeler < len(result.confusion):
        raise EvaluationError("labeler", f"{labeler} is outside 0 to {len(result.confusion) - 1}")
    shares = result.confusion[labeler]
    if len(values) != len(shares):
        raise EvaluationError("values", f"expected {len(shares)} names, found {len(values)}")
    written = [[f"{100 * share:.0f}" for share in row] for row in shares]
    return _matrix(
        shares, written, values, values, f"{title}, n = {n:,} labels", ("true value", "answer, % of row")
    )


def _matrix(
    shares: Floats,
    written: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    labels: tuple[str, str],
) -> "Figure":
    figure, axes = canvas(2.6 + 0.55 * len(columns), 2.2 + 0.45 * len(rows), title)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, texts in enumerate(written):
        for column, text in enumerate(texts):
            ink = "white" if shares[row, column] > 0.55 else INK
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=9)
    axes.set_yticks(range(len(rows)), [fill(name, 20) for name in rows])
    axes.set_xticks(range(len(columns)), [fill(name, 20) for name in columns], rotation=45, ha="right")
    axes.set(ylabel=labels[0], xlabel=labels[1])
    return figure
