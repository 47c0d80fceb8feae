"""Krippendorff's alpha from value counts, and its interval."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.agreement.value_counts import Distinct, distinct
from evaluator.errors import EvaluationError
from evaluator.intervals import described, percentile_bounds, ratios
from evaluator.types import Estimate, Floats

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: Sequence[str] = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class _Scale:
    level: str
    values: Floats

    def distances(self) -> Floats:
        """Return how far apart two values are, shape (values, values)."""
        if self.level == "nominal":
            return 1 - np.eye(len(self.values))
        apart = self.values[:, None] - self.values[None, :]
        if self.level == "ratio":
            together = self.values[:, None] + self.values[None, :]
            apart = np.divide(apart, together, out=np.zeros_like(apart), where=together > 0)
        return np.asarray(apart**2)


def krippendorff_alpha(
    value_counts: npt.ArrayLike, *, level: Level = "nominal", values: npt.ArrayLike | None = None
) -> float:
    """Return Krippendorff's alpha: 1 minus observed over expected disagreement.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        How many labelers gave item i the value v (`count_values`). Items with fewer than two labels have
        nothing to compare and are left out; any number of labels from two on is fine.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What a distance between two values means: none, ranks, differences, or differences relative to sums.
    values : array of numbers, shape (values,), optional
        What the columns stand for; without it 0 ... values - 1. They must differ. Ordinal alpha takes their
        order, whatever the order of the columns; for "ratio" they must be >= 0.

    Returns
    -------
    float
        1 for perfect agreement, 0 for what chance would give, below 0 for systematic disagreement. nan when
        no item has two labels, and when all labels of the rest are equal: there is then nothing to disagree
        about, which is neither 0 nor 1.

    Raises
    ------
    EvaluationError
        For negative counts, an unknown level, and values that are missing, equal or negative where a ratio
        is asked for.

    Notes
    -----
    Krippendorff 2011, "Computing Krippendorff's alpha-reliability", sections A to D. A value that nobody
    used changes nothing at any level but through `values`.

    Examples
    --------
    Four observers, twelve units, gaps (sections C and D), published as .743 nominal and .815 ordinal:

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> counts = [[unit.count(value) for value in "12345"] for unit in units]
    >>> round(krippendorff_alpha(counts), 3), round(krippendorff_alpha(counts, level="ordinal"), 3)
    (0.743, 0.815)
    """
    table, scale = _checked(value_counts, level, values)
    return float(_alphas([table.times[None]], table.rows, scale)[0])


def alpha_interval(
    value_counts: npt.ArrayLike,
    *,
    level: Level = "nominal",
    values: npt.ArrayLike | None = None,
    draws: int = 1000,
    seed: int = 0,
    coverage: float = 0.95,
) -> Estimate:
    """Return Krippendorff's alpha with an interval that resamples items.

    Parameters
    ----------
    value_counts, level, values
        As for `krippendorff_alpha`.
    draws, seed : int
        Resamples of the items, and the seed that makes them repeatable.
    coverage : float
        What the interval aims at, strictly between 0 and 1; `Estimate.level`.

    Returns
    -------
    Estimate
        n counts items with two labels or more. value is nan with a reason where alpha is undefined. low and
        high are nan with a reason for a single item, when resampling shows no spread (all items unanimous, or
        all alike), and when too many resamples hold one value only.

    Notes
    -----
    Percentile bootstrap over items, tails widened for few items as in `intervals.cluster_bootstrap`; both
    disagreements are computed anew in each resample. Hayes and Krippendorff 2007, "Answering the call for a
    standard reliability measure for coding data", resample pairs of labels instead, which takes the labels
    of an item for independent. Equal items are drawn together, so that the order of items changes no digit
    and the cost follows the distinct rows.

    Examples
    --------
    Two coders, ten yes/no items (Krippendorff 2011, section A, published as .095):

    >>> estimate = alpha_interval([[2, 0]] * 5 + [[1, 1]] * 4 + [[0, 2]])
    >>> round(estimate.value, 3), estimate.low < 0 < estimate.high
    (0.095, True)
    """
    if not 0 < coverage < 1:
        raise EvaluationError("coverage", f"{coverage} is not strictly between 0 and 1; 0.95 means 95 %")
    table, scale = _checked(value_counts, level, values)
    value = float(_alphas([table.times[None]], table.rows, scale)[0])
    method = described(table.items, draws=draws, seed=seed, unit="items")
    if math.isnan(value):
        reason = "all labels are equal" if table.items else "no item has two labels"
        return Estimate.undefined(reason, n=table.items, level=coverage, method=method)
    low = high = math.nan
    reason = "one item alone has none"
    if table.items > 1:
        resampled = _alphas(table.resampled(draws=draws, seed=seed), table.rows, scale)
        low, high = percentile_bounds(resampled, clusters=table.items, level=coverage)
        reason = _no_interval_because(low, high)
    if reason:
        low = high = math.nan
    return Estimate(value, low, high, table.items, coverage, method, reason)


def _checked(
    value_counts: npt.ArrayLike, level: str, values: npt.ArrayLike | None
) -> tuple[Distinct, _Scale]:
    """Return the pairable items, columns in the order of their values, and the scale."""
    if level not in LEVELS:
        raise EvaluationError("level", f"{level!r} is not one of {', '.join(LEVELS)}")
    table = distinct(value_counts, least=2)
    columns = table.rows.shape[1]
    if values is None:
        return table, _Scale(level, np.arange(columns, dtype=np.float64))
    points = checks.floats("values", values, low=0 if level == "ratio" else -np.inf)
    if columns == 0:
        return table, _Scale(level, points[:0])
    checks.same_length("values", points, other="value_counts[0]", length=columns)
    order = np.argsort(points, kind="stable")
    equal = np.flatnonzero(np.diff(points[order]) == 0)
    if len(equal):
        again = int(order[equal + 1].min())
        raise EvaluationError("values", f"{points[again]:g} stands for two columns", (again,))
    return Distinct(table.rows[:, order], table.times), _Scale(level, points[order])


def _alphas(blocks: Iterable[Floats], rows: Floats, scale: _Scale) -> Floats:
    """Return alpha of each draw, shape (draws,); `blocks` (draws, rows) say how often each row came up."""
    disagreements = _by_rank if scale.level == "ordinal" else partial(_by_value, distances=scale.distances())
    alphas = [np.empty(0)]
    for times in blocks:
        totals = times @ rows
        observed, expected = disagreements(times, totals, rows)
        alphas.append(1 - ratios((totals.sum(axis=1) - 1) * observed, expected))
    return np.concatenate(alphas)


def _by_value(times: Floats, totals: Floats, rows: Floats, *, distances: Floats) -> tuple[Floats, Floats]:
    """Return both disagreements of each draw, over items and over all labels together."""
    within = np.einsum("rv,rv->r", rows @ distances, rows) / (rows.sum(axis=1) - 1)
    return times @ within, np.einsum("dv,dv->d", totals @ distances, totals)


def _by_rank(times: Floats, totals: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Return the same for ranks, which depend on what was drawn.

    The squared differences of m numbers x sum to 2 (m sum(x^2) - sum(x)^2). Ranks are taken from their mean,
    so that of all labels together the last term is 0.
    """
    labels = rows.sum(axis=1)
    n = totals.sum(axis=1)
    ranks = np.cumsum(totals, axis=1) - totals / 2 - n[:, None] / 2
    apart = labels[:, None] * (rows @ (ranks**2).T) - (rows @ ranks.T) ** 2
    within = np.einsum("dr,rd->d", times / (labels - 1), apart)
    return 2 * within, 2 * n * np.einsum("dv,dv->d", totals, ranks**2)


def _no_interval_because(low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return "too few items, or nearly all labels equal, so that resampling often finds one value only"
    if low == high:
        return "the items are all unanimous or all alike, so that resampling shows no spread"
    return ""
