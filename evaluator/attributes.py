"""Visual attributes: how often the value that a model puts first is the right one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.intervals import wilson
from evaluator.types import Bools, Estimate, Ints

Value = str | int
Column = Sequence[Any] | npt.NDArray[Any]
NOT_APPLICABLE = (None, -1)


@dataclass(frozen=True)
class AttributePrecision:
    """One attribute of a model; `attribute_precision_at_1` defines each part.

    Attributes
    ----------
    precision : Estimate
        Share of rows whose first value is the right one. n counts rows.
    values : tuple of str or int
        The kept values, ascending: the order of `confusion` and `recall`.
    confusion : ndarray of int64, shape (values, values + 1)
        Rows: true value; columns: predicted value. The last column counts predictions of no kept value.
    recall : tuple of Estimate
        For each value the share of its rows that were recognised. n counts these rows.
    dropped : mapping of str or int to int
        Values with fewer than `min_count` rows, and how many they had; their rows count nowhere above.
    not_applicable : int
        Rows without a true value.
    without_prediction : ndarray of int64, shape (values,)
        How many of the last column of `confusion` have no prediction at all.
    """

    precision: Estimate
    values: tuple[Value, ...]
    confusion: Ints
    recall: tuple[Estimate, ...]
    dropped: Mapping[Value, int]
    not_applicable: int
    without_prediction: Ints


def attribute_precision_at_1(
    truth: Column,
    predicted: Column,
    attributes: Column,
    *,
    min_count: int = 1,
    level: float = 0.95,
) -> dict[Value, AttributePrecision]:
    """Return, for each attribute, how often the model's first value is the right one.

    Parameters
    ----------
    truth : sequence of str or int, shape (rows,)
        The right value of each row; None or -1 where the attribute does not apply (dress style of a shoe).
        Such rows are counted in `not_applicable` and nowhere else.
    predicted : sequence of str or int, shape (rows,)
        The value that the model puts first; None or -1 where it gives none, which is a miss.
    attributes : sequence of str or int, shape (rows,)
        The attribute that each row is about: "Color", "Pattern", ... Equal values of two attributes have
        nothing to do with each other.
    min_count : int
        Values with fewer true rows than this in their attribute are dropped with their rows, and listed. 1
        drops none: no row vanishes unasked. A prediction of a dropped value for a kept row is a miss.
    level : float
        Coverage of the intervals (Wilson), strictly between 0 and 1.

    Returns
    -------
    dict of attribute to AttributePrecision
        Attributes ascending. precision is nan with a reason where no row is left.

    Raises
    ------
    EvaluationError
        For different lengths, for nan, and for strings and integers mixed within one attribute.

    Notes
    -----
    "Attribute P@1" of table 6 and section 6.3.1 of "Shop The Look: Building a Large Scale Visual Shopping
    System at Pinterest" (2020); values with too few samples are left out there as well (section 6.2.3), at a
    number that is not given.

    Examples
    --------
    The paper gives Pattern 0.949 for its final model. On 1,000 rows that would be uncertain by 1.4 points:

    >>> first = ["striped"] * 949 + ["plain"] * 51
    >>> precision = attribute_precision_at_1(["striped"] * 1000, first, ["P"] * 1000)["P"].precision
    >>> precision.value, round(precision.low, 3), round(precision.high, 3)
    (0.949, 0.934, 0.961)
    """
    least, wanted = checks.positive("min_count", min_count), checks.level(level)
    columns = {"truth": truth, "predicted": predicted, "attributes": attributes}
    lists = {name: _listed(name, column) for name, column in columns.items()}
    rows = len(lists["truth"])
    for name, column in lists.items():
        if len(column) != rows:
            raise EvaluationError(name, f"has length {len(column)}, but truth has length {rows}")
    (attribute,), names = _coded([lists["attributes"]])
    if (attribute < 0).any():
        index = int((attribute < 0).argmax())
        raise EvaluationError("attributes", f"{lists['attributes'][index]} names no attribute", (index,))
    (true, first), values = _coded([lists["truth"], lists["predicted"]])
    order = np.argsort(attribute, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(attribute, minlength=len(names)))[:-1])
    rows_of = dict(zip(names, parts, strict=False))
    return {
        name: _of_one(true[rows_of[name]], first[rows_of[name]], values, least=least, level=wanted)
        for name in _ascending("attributes", names)
    }


def _of_one(
    truth: Ints, predicted: Ints, values: list[Value], *, least: int, level: float
) -> AttributePrecision:
    """Return the figures of one attribute from places in `values`, which may hold those of others too."""
    names = _ascending(
        "truth", [values[place] for place in np.unique(np.append(truth, predicted)) if place >= 0]
    )
    own = {name: index for index, name in enumerate(names)}
    code = np.array([own.get(value, -1) for value in values] + [-1], dtype=np.int64)
    true, first = code[truth], code[predicted]
    counts = np.bincount(true[true >= 0], minlength=len(names))
    kept = counts >= least
    confusion = _confusion(true, first, kept)
    right, found = np.diagonal(confusion), confusion.sum(axis=1)
    precision = wilson(int(right.sum()), int(found.sum()), level=level)
    if not len(found):
        precision = Estimate.undefined("no row with a kept value", n=0, level=level, method="wilson")
    return AttributePrecision(
        precision,
        tuple(name for name, keep in zip(names, kept, strict=True) if keep),
        confusion,
        tuple(wilson(int(k), int(n), level=level) for k, n in zip(right, found, strict=True)),
        {name: int(n) for name, n in zip(names, counts, strict=True) if 0 < n < least},
        int(np.count_nonzero(true < 0)),
        np.bincount(true[(true >= 0) & (first < 0)], minlength=len(names))[kept],
    )


def _confusion(truth: Ints, predicted: Ints, kept: Bools) -> Ints:
    """Return counts of (true, predicted) for kept true values; all else is predicted into a last column."""
    values = int(kept.sum())
    place = np.append(np.where(kept, np.cumsum(kept) - 1, values), values)
    true, first = place[truth], place[predicted]
    inside = true < values
    cells = np.bincount(true[inside] * (values + 1) + first[inside], minlength=values * (values + 1))
    return cells.reshape(values, values + 1)


def _listed(argument: str, column: Column) -> list[Any]:
    """Return the rows of a column as Python's own strings, integers and None."""
    if isinstance(column, str) or getattr(column, "ndim", 1) != 1:
        raise EvaluationError(argument, "expected one value for each row")
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    odd = {kind for kind in set(map(type, values)) if not issubclass(kind, (str, int, NoneType))}
    if any(issubclass(kind, np.generic) for kind in odd):
        return _listed(
            argument, [value.item() if isinstance(value, np.generic) else value for value in values]
        )
    for index, value in enumerate(values if odd else []):
        if type(value) in odd:
            raise EvaluationError(argument, f"{value!r} is neither a string nor an integer", (index,))
    return values


def _ascending(argument: str, values: Iterable[Any]) -> list[Any]:
    try:
        return sorted(value for value in values if value not in NOT_APPLICABLE)
    except TypeError as error:
        raise EvaluationError(argument, f"strings or integers, of one kind only, please ({error})") from error


def _coded(columns: Sequence[list[Any]]) -> tuple[list[Ints], list[Any]]:
    """Return for each column the places of its values among the distinct ones, -1 for none, and these."""
    distinct = [value for value in set().union(*columns) if value not in NOT_APPLICABLE]
    place = {value: index for index, value in enumerate(distinct)}
    return [
        np.array([place.get(value, -1) for value in column], dtype=np.int64) for column in columns
    ], distinct
