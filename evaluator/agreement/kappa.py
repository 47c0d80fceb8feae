"""Agreement beyond chance, by the several notions of chance that are in use."""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.agreement.value_counts import Distinct, distinct
from evaluator.errors import EvaluationError
from evaluator.types import Floats

Weights = Literal["linear", "quadratic"] | None


def percent_agreement(value_counts: npt.ArrayLike) -> float:
    """Return the mean over items of the share of its pairs of labels that are equal.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        How many labelers gave item i the value v (`count_values`). Items with fewer than two labels are left
        out; every other item counts the same, whatever its number of labels.

    Returns
    -------
    float
        0..1, chance included; nan when no item has two labels.

    Notes
    -----
    Fleiss 1971, equations 2 and 3; Gwet 2014, "Handbook of inter-rater reliability", 4th edition, for unequal
    numbers of labels. Not the modal share: that is `evaluator.agreement.consistency`.

    Examples
    --------
    Two abstractors, 100 patients, three kinds of pregnancy (`cont3x3abstractors` of Gwet's R package irrCAC,
    whose vignette prints 0.89):

    >>> patients = [[2, 0, 0]] * 13 + [[0, 2, 0]] * 20 + [[0, 1, 1]] * 11 + [[0, 0, 2]] * 56
    >>> percent_agreement(patients)
    0.89
    """
    return _agreement(distinct(value_counts), None)


def fleiss_kappa(value_counts: npt.ArrayLike) -> float:
    """Return Fleiss' kappa: chance draws from the overall shares of the values.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        As for `percent_agreement`. Items may have different numbers of labels, see Notes.

    Returns
    -------
    float
        At most 1, 0 at chance; nan when no item has two labels, and when all labels are equal.

    Notes
    -----
    Fleiss 1971 needs the same number of labels on every item. Otherwise this is Gwet's generalization (2014,
    section 2.3): agreement over the items with two labels or more, shares of the values as the mean over all
    labeled items of their own shares. With equal numbers both are the same to the last digit. For adaptive
    overlap prefer alpha.

    Examples
    --------
    The abstractors of `percent_agreement`; for two labelers this is Scott's pi, printed there as 0.7962397:

    >>> patients = [[2, 0, 0]] * 13 + [[0, 2, 0]] * 20 + [[0, 1, 1]] * 11 + [[0, 0, 2]] * 56
    >>> round(fleiss_kappa(patients), 7)
    0.7962397
    """
    table = distinct(value_counts)
    return _beyond_chance(_agreement(table, None), float((_mix(table) ** 2).sum()))


def randolph_kappa(value_counts: npt.ArrayLike) -> float:
    """Return Randolph's free-marginal kappa: chance draws every value alike.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        As for `percent_agreement`. Columns that nobody used count as values that could have been given.

    Returns
    -------
    float
        -1 / (values - 1) to 1, 0 at chance; nan when no item has two labels, and for a single value.

    Notes
    -----
    Randolph 2005, "Free-marginal multirater kappa"; Brennan and Prediger 1981 for two labelers.

    Examples
    --------
    The abstractors of `percent_agreement`, printed there as 0.835 (Brennan-Prediger):

    >>> patients = [[2, 0, 0]] * 13 + [[0, 2, 0]] * 20 + [[0, 1, 1]] * 11 + [[0, 0, 2]] * 56
    >>> round(randolph_kappa(patients), 3)
    0.835
    """
    table = distinct(value_counts)
    columns = table.rows.shape[1]
    return _beyond_chance(_agreement(table, None), 1 / columns if columns else math.nan)


def gwet_ac(value_counts: npt.ArrayLike, *, weights: Weights = None) -> float:
    """Return Gwet's AC1, or AC2 with weights: agreement by chance happens only where labelers are unsure.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        As for `percent_agreement`. Columns that nobody used count as values that could have been given.
    weights : {None, "linear", "quadratic"}
        Partial credit for neighbouring columns: 1 - d or 1 - d^2, d the distance as a share of the largest.

    Returns
    -------
    float
        At most 1, 0 at chance; 1 when all labels are equal, where kappa and alpha are undefined. nan when no
        item has two labels, and for a single value.

    Notes
    -----
    Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement", British
    Journal of Mathematical and Statistical Psychology 61; Gwet 2014 for weights and for unequal numbers of
    labels. Steady when nearly all labels are the same, where kappa collapses.

    Examples
    --------
    The abstractors of `percent_agreement`, printed there as 0.8493305:

    >>> patients = [[2, 0, 0]] * 13 + [[0, 2, 0]] * 20 + [[0, 1, 1]] * 11 + [[0, 0, 2]] * 56
    >>> round(gwet_ac(patients), 7)
    0.8493305
    """
    table = distinct(value_counts)
    columns = table.rows.shape[1]
    if columns < 2:
        return math.nan
    mix = _mix(table)
    credit = float(_credit(columns, weights).sum()) / (columns * (columns - 1))
    return _beyond_chance(_agreement(table, weights), credit * float((mix * (1 - mix)).sum()))


def cohen_kappa(a: npt.ArrayLike, b: npt.ArrayLike, *, weights: Weights = None) -> float:
    """Return Cohen's kappa of two labelers: chance draws from each labeler's own shares.

    Parameters
    ----------
    a, b : array of int, shape (items,)
        The labels of both on the same items, >= 0.
    weights : {None, "linear", "quadratic"}
        What a disagreement costs: 1, |a - b| or (a - b)^2. The labels themselves count, so a grade that
        neither used still keeps its neighbours apart.

    Returns
    -------
    float
        At most 1, 0 at chance; nan without items, and when both gave one and the same label throughout.

    Raises
    ------
    EvaluationError
        For arrays of different length and for labels that are not whole numbers from 0 on.

    Notes
    -----
    Cohen 1960, "A coefficient of agreement for nominal scales"; Cohen 1968, "Weighted kappa".

    Examples
    --------
    91 couples on whether "sex is fun", four grades (Hout and others 1987, in Agresti 1990); the R package vcd
    prints 0.1293 unweighted and 0.2374 with linear weights:

    >>> couples = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
    >>> husband, wife = np.repeat(np.indices((4, 4)).reshape(2, 16), np.ravel(couples), axis=1)
    >>> round(cohen_kappa(husband, wife), 4), round(cohen_kappa(husband, wife, weights="linear"), 4)
    (0.1293, 0.2374)
    """
    first = checks.integers("a", a, low=0, high=2**53)
    second = checks.integers("b", b, low=0, high=2**53)
    checks.same_length("b", second, other="a", length=len(first))
    observed = _cost(first - second, weights).sum()
    (ours, our_times), (theirs, their_times) = (
        np.unique(side, return_counts=True) for side in (first, second)
    )
    expected = our_times @ _cost(ours[:, None] - theirs[None, :], weights) @ their_times
    return float(1 - len(first) * observed / expected) if expected else math.nan


def _agreement(table: Distinct, weights: Weights) -> float:
    """Return the mean share of agreeing pairs over the items with two labels or more."""
    pairable = table.at_least(2)
    if not pairable.items:
        return math.nan
    rows, labels = pairable.rows, pairable.labels
    agreeing = np.einsum("rv,rv->r", rows @ _credit(rows.shape[1], weights), rows) - labels
    return float(pairable.times @ (agreeing / (labels * (labels - 1)))) / pairable.items


def _mix(table: Distinct) -> Floats:
    """Return the mean over items of the share of each value, shape (values,)."""
    return np.asarray(table.times @ (table.rows / table.labels[:, None]) / max(1, table.items))


def _credit(columns: int, weights: Weights) -> Floats:
    """Return what a pair of values is worth as an agreement, shape (values, values), 1 on the diagonal."""
    places = np.arange(columns)
    cost = _cost(places[:, None] - places[None, :], weights)
    return np.asarray(1 - cost / max(1.0, cost.max(initial=0.0)))


def _cost(apart: npt.NDArray[np.int64], weights: Weights) -> Floats:
    if weights not in (None, "linear", "quadratic"):
        raise EvaluationError("weights", f'{weights!r} is neither None nor "linear" nor "quadratic"')
    distance = np.abs(apart).astype(np.float64)
    if weights is None:
        return (distance > 0).astype(np.float64)
    return distance if weights == "linear" else distance**2


def _beyond_chance(observed: float, expected: float) -> float:
    return (observed - expected) / (1 - expected) if expected != 1 else math.nan
