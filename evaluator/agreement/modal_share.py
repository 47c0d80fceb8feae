"""How much of the labels of an item its most common value has."""

import math

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.agreement.value_counts import Distinct, distinct
from evaluator.intervals import alike_bounds, described, percentile_bounds
from evaluator.types import Estimate


def consistency(
    value_counts: npt.ArrayLike, *, draws: int = 10_000, seed: int = 0, level: float = 0.95
) -> Estimate:
    """Return the mean over items of the share of its labels on its most common value.

    Parameters
    ----------
    value_counts : array of int, shape (items, values)
        How many labelers gave item i the value v (`count_values`). Items with fewer than two labels agree
        with themselves by nature and are left out.
    draws, seed : int
        Resamples of the items, and the seed that makes them repeatable.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate
        value in 1 / values to 1; n counts items with two labels or more. A tie for the first place changes
        nothing: either value has that share. nan with a reason when no item has two labels. A single item has
        no interval. When all items have the same share, the interval is Wilson's with the items as trials.

    Notes
    -----
    "Shop The Look" (KDD 2020), table 9. Biased upward, the more so the fewer labels: with two it is never
    below one half. So show alpha beside it. Interval: percentile bootstrap over items as in
    `intervals.cluster_bootstrap`; equal shares are drawn together.

    Examples
    --------
    Four observers, twelve units of which one has a single label (Krippendorff 2011, section C):

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> estimate = consistency([[unit.count(value) for value in "12345"] for unit in units])
    >>> round(estimate.value, 4), estimate.n
    (0.8864, 11)
    """
    table = distinct(value_counts, least=2)
    method = described(table.items, draws=draws, seed=seed, unit="items")
    if not table.items:
        return Estimate.undefined("no item has two labels", n=0, level=checks.level(level), method=method)
    shares = _shares(table)
    value = float(shares.times @ shares.rows[:, 0]) / shares.items
    if shares.items == 1:
        reason = "one item alone has none"
        return Estimate(value, math.nan, math.nan, 1, checks.level(level), method, reason)
    if len(shares.rows) == 1:
        low, high = alike_bounds(value, shares.items, level=level, floor=1 / max(2, table.rows.shape[1]))
        method = f"{shares.items} items, all alike: Wilson for others missed"
        return Estimate(value, low, high, shares.items, level, method)
    resampled = [times @ shares.rows[:, 0] for times in shares.resampled(draws=draws, seed=seed)]
    low, high = percentile_bounds(
        np.concatenate(resampled) / shares.items, clusters=shares.items, level=level
    )
    return Estimate(value, low, high, shares.items, level, method)


def _shares(table: Distinct) -> Distinct:
    """Return the modal shares of the items, shape (rows, 1), merged in their turn."""
    shares, row = np.unique(table.rows.max(axis=1) / table.labels, return_inverse=True)
    return Distinct(shares[:, None], np.bincount(row, weights=table.times).astype(np.float64))
