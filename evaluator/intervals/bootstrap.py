"""The interval of a ratio of sums, by resampling whole clusters."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals.proportions import alike_bounds
from evaluator.intervals.student import student_quantile
from evaluator.types import Estimate, Floats, Ints

CELLS = 2**17


def cluster_bootstrap(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    draws: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
    strata: npt.ArrayLike | None = None,
) -> Estimate:
    """Return sum(numerators) / sum(denominators) with an interval that resamples whole clusters.

    Parameters
    ----------
    numerators, denominators : array of numbers, shape (clusters,)
        One sum per cluster, denominators >= 0. A cluster with (0, 0) counts as a cluster.
    draws, seed : int
        Resamples, and the seed that makes them repeatable.
    level : float
        Coverage, strictly between 0 and 1.
    strata : array, shape (clusters,), optional
        Clusters are then resampled within each stratum, as many as it has.

    Returns
    -------
    Estimate
        n counts clusters. value is nan when the denominators sum to 0; low and high are nan with a reason for
        fewer than two clusters, and when more draws than the level allows have a zero denominator.

    Notes
    -----
    Efron's percentile interval over clusters drawn with replacement. Its two tail shares are lowered to
    Phi(-sqrt(m / (m - 1)) t), t the Student quantile on m - 1, since the plain one is too narrow for few
    clusters m (Hesterberg 2015, "What teachers should know about the bootstrap"). Clusters are
    sorted before they are drawn: neither their order nor their names change a digit.

    Examples
    --------
    All three households report half, so resampling cannot tell anything else:

    >>> cluster_bootstrap([1, 2, 3], [2, 4, 6], draws=100).value
    0.5
    """
    above = checks.floats("numerators", numerators)
    below = checks.floats("denominators", denominators, low=0)
    checks.same_length("denominators", below, other="numerators", length=len(above))
    groups = (
        None if strata is None else checks.codes("strata", checks.ids("strata", strata, length=len(above)))[0]
    )
    method = described(len(above), draws=draws, seed=seed)
    if below.sum() == 0:
        return Estimate.undefined(
            "the denominators sum to 0", n=len(above), level=checks.level(level), method=method
        )
    value = float(above.sum() / below.sum())
    if groups is not None and len(above) > 1 and int(groups.max()) + 1 == len(above):
        reason = "every stratum has one cluster only, which cannot tell how sure this is"
        return Estimate(value, math.nan, math.nan, len(above), checks.level(level), method, reason)
    sums = resampled_sums(np.column_stack([above, below]), draws=draws, seed=seed, strata=groups)
    return ratio_estimate(value, sums, clusters=len(above), level=level, method=method)


def resampled_sums(columns: Floats, *, draws: int, seed: int, strata: Ints | None = None) -> Floats:
    """Return the column sums of `draws` resamples of the rows, all columns of a row drawn together.

    Parameters
    ----------
    columns : ndarray, shape (clusters, columns)
        Per cluster its sums. Sorted first, so that the order of rows changes nothing.
    draws, seed : int
        Resamples, and their seed.
    strata : ndarray of int, shape (clusters,), optional
        Rows are drawn within each stratum.

    Returns
    -------
    ndarray, shape (draws, columns)
        Memory is bounded: only some draws are held at a time.
    """
    checks.positive("draws", draws)
    groups = np.zeros(len(columns), dtype=np.int64) if strata is None else strata
    order = np.lexsort([*columns.T[::-1], groups])
    rows, sizes = columns[order], np.unique(groups, return_counts=True)[1]
    generator = checks.generator(seed)
    sums = np.empty((draws, columns.shape[1]))
    held = max(1, CELLS // max(1, len(rows)))
    for start in range(0, draws, held):
        stop = min(start + held, draws)
        times = [_times_drawn(int(size), stop - start, generator) for size in sizes]
        sums[start:stop] = np.hstack(times) @ rows
    return sums


def ratio_estimate(value: float, sums: Floats, *, clusters: int, level: float, method: str) -> Estimate:
    """Return `value` with the interval of the resampled ratio sums[:, 0] / sums[:, 1]."""
    if clusters < 2:
        reason = "one scene or cluster alone has none"
        return Estimate(value, math.nan, math.nan, clusters, checks.level(level), method, reason)
    low, high = percentile_bounds(ratios(sums[:, 0], sums[:, 1]), clusters=clusters, level=level)
    if math.isfinite(low) and math.isfinite(high):
        return Estimate(value, low, high, clusters, level, method)
    reason = "too few clusters have anything to count, so that resampling often finds none"
    return Estimate(value, math.nan, math.nan, clusters, level, method, reason)


def widened(estimate: Estimate, scenes: int, *, floor: float) -> Estimate:
    """Return the estimate itself, or with `alike_bounds` where resampling showed no spread at all."""
    if estimate.low != estimate.high:
        return estimate
    low, high = alike_bounds(estimate.value, scenes, level=estimate.level, floor=floor)
    return replace(
        estimate, low=low, high=high, method=f"{scenes} scenes, all alike: Wilson for others missed"
    )


def ratios(above: Floats, below: Floats) -> Floats:
    """Return above / below; nan for 0 / 0 and an infinity for any other division by 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)


def percentile_bounds(values: Floats, *, clusters: int, level: float) -> tuple[float, float]:
    """Return the two ends of the resampled `values`.

    An undefined draw (nan) could be anything, so it counts as the lowest for the lower end and as the
    highest for the upper end; the end is infinite when such draws reach it.
    """
    tail = _tail_share(clusters, level=level)
    rank = max(int(tail * (len(values) + 1)) - 1, 0)
    missing = np.isnan(values)
    lowest = np.partition(np.where(missing, -np.inf, values), rank)[rank]
    highest = np.partition(np.where(missing, np.inf, values), -rank - 1)[-rank - 1]
    return float(lowest), float(highest)


def described(clusters: int, *, draws: int, seed: int, unit: str = "clusters") -> str:
    """Return the words that stand in `Estimate.method` for a bootstrap."""
    return f"percentile bootstrap over {clusters} {unit}, {draws} draws, seed {seed}"


def _tail_share(clusters: int, *, level: float) -> float:
    freedom = clusters - 1
    return NormalDist().cdf(-math.sqrt(clusters / freedom) * student_quantile(freedom, level=level))


def _times_drawn(size: int, draws: int, generator: np.random.Generator) -> Ints:
    """Return how often each of `size` rows came up in `size` picks with replacement, shape (draws, size)."""
    picks = generator.integers(0, size, size=(draws, size))
    picks += size * np.arange(draws)[:, None]
    return np.bincount(picks.ravel(), minlength=draws * size).reshape(draws, size)
