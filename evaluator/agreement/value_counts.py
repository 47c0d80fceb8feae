"""How many labelers gave an item which value: the table from which agreement is computed.

Agreement never asks who gave a label, so most items look alike. Equal rows are merged before anything is
computed, in the order of their numbers: figures cost what the distinct rows cost, and the order of items
changes no digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.types import Floats, Ints

CELLS = 2**21
PICKS_PER_ROW = 8
MOST_LABELS = 2**31


@dataclass(frozen=True)
class Distinct:
    """The different rows of a table of counts, in ascending order.

    Attributes
    ----------
    rows : ndarray of float64, shape (rows, values)
        How many labels of each value; no two rows are equal.
    times : ndarray of float64, shape (rows,)
        How many items have that row.
    """

    rows: Floats
    times: Floats

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.times.sum())

    @property
    def labels(self) -> Floats:
        """How many labels an item of each row has, shape (rows,)."""
        return np.asarray(self.rows.sum(axis=1))

    def at_least(self, labels: int) -> "Distinct":
        """Return the items with so many labels alone."""
        kept = self.labels >= labels
        return Distinct(self.rows[kept], self.times[kept])

    def resampled(self, *, draws: int, seed: int) -> Iterator[Floats]:
        """Yield blocks (draws, rows): how often each row came up in `items` picks with replacement."""
        checks.positive("draws", draws)
        generator, picks, rows = checks.generator(seed), self.items, len(self.times)
        row_of_item = np.repeat(np.arange(rows), self.times.astype(np.int64))
        few = rows * PICKS_PER_ROW < picks
        held = max(1, CELLS // max(1, rows if few else picks))
        for start in range(0, draws, held):
            count = min(held, draws - start)
            if few:
                yield generator.multinomial(picks, self.times / picks, size=count).astype(np.float64)
                continue
            picked = row_of_item[generator.integers(0, picks, size=(count, picks))]
            picked += rows * np.arange(count)[:, None]
            times = np.bincount(picked.ravel(), minlength=count * rows)
            yield times.reshape(count, rows).astype(np.float64)


def count_values(
    items: npt.ArrayLike, labels: npt.ArrayLike, *, n_values: int, n_items: int | None = None
) -> Ints:
    """Return how many labelers gave each item each value.

    Parameters
    ----------
    items : array of int, shape (labels,)
        Item of each label, 0 ... items - 1, in any order.
    labels : array of int, shape (labels,)
        Its value, 0 ... n_values - 1.
    n_values : int
        How many values there are, used or not.
    n_items : int, optional
        How many items there are, when the last ones may have no label.

    Returns
    -------
    ndarray of int64, shape (items, values)
        The `value_counts` of the functions in `evaluator.agreement`; an item without labels is a row of 0.

    Raises
    ------
    EvaluationError
        For arrays of different length, and for a number outside its range.

    Notes
    -----
    Fleiss 1971, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76: the n_ij.

    Examples
    --------
    Patient 2 of Fleiss' table 1: three of six psychiatrists say personality disorder, three say other.

    >>> count_values([0] * 6, [1, 1, 1, 4, 4, 4], n_values=5)
    array([[0, 3, 0, 0, 3]])
    """
    values = checks.positive("n_values", n_values)
    item, present = checks.numbered("items", items, n_items, name="n_items", each=values)
    label = checks.integers("labels", labels, low=0, high=values - 1)
    checks.same_length("labels", label, other="items", length=len(item))
    return np.bincount(item * values + label, minlength=present * values).reshape(present, values)


def distinct(value_counts: npt.ArrayLike, *, least: int = 1) -> Distinct:
    """Return the merged rows of checked `value_counts`, items with fewer than `least` labels left out."""
    counts = checks.integers("value_counts", value_counts, low=0, high=MOST_LABELS, ndim=2)
    base = int(counts.max(initial=0)) + 1
    key = np.zeros(len(counts), dtype=np.int64)
    largest = 0
    for column in counts.T:
        if largest >= 2**62 // base:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            largest = len(counts)
        key = key * base + column
        largest = largest * base + base - 1
    _, first, times = np.unique(key, return_index=True, return_counts=True)
    return Distinct(counts[first].astype(np.float64), times.astype(np.float64)).at_least(least)
