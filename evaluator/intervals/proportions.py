"""Intervals of a share of independent trials, and of the difference of two."""

import math
from statistics import NormalDist

from evaluator import checks
from evaluator.types import Estimate


def wilson(k: int, n: int, *, level: float = 0.95) -> Estimate:
    """Return the share k / n with Wilson's score interval.

    Parameters
    ----------
    k, n : int
        Successes and trials, 0 <= k <= n. n = 0 gives nan with a reason.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate
        value in 0..1; n counts trials. The ends never leave 0..1, also for k = 0 and k = n.

    Notes
    -----
    Wilson 1927; method 3 of Newcombe 1998, "Two-sided confidence intervals for the single proportion",
    Statistics in Medicine 17, table I.

    Examples
    --------
    Newcombe's first case, 81 of 263, published as 0.2553 to 0.3662:

    >>> estimate = wilson(81, 263)
    >>> round(estimate.low, 4), round(estimate.high, 4)
    (0.2553, 0.3662)
    """
    successes, trials = _counts(k, n)
    if trials == 0:
        return Estimate.undefined("no trials", n=0, level=checks.level(level), method="wilson")
    low, high = wilson_bounds(successes / trials, trials, level=level)
    return Estimate(successes / trials, low, high, trials, level, "wilson")


def clopper_pearson(k: int, n: int, *, level: float = 0.95) -> Estimate:
    """Return the share k / n with the "exact" interval, which holds the truth at least as often as it says.

    Parameters
    ----------
    k, n : int
        Successes and trials, 0 <= k <= n. n = 0 gives nan with a reason.
    level : float
        Coverage, strictly between 0 and 1; guaranteed, and therefore exceeded for most shares.

    Returns
    -------
    Estimate
        value in 0..1; n counts trials. low is 0 for k = 0, high is 1 for k = n.

    Notes
    -----
    Clopper and Pearson 1934, Biometrika 26; method 5 of Newcombe 1998, table I. For reports prefer `wilson`,
    which is narrower and right on average.

    Examples
    --------
    Newcombe's first case, 81 of 263, published as 0.2527 to 0.3676:

    >>> estimate = clopper_pearson(81, 263)
    >>> round(estimate.low, 4), round(estimate.high, 4)
    (0.2527, 0.3676)
    """
    successes, trials = _counts(k, n)
    below, above = (successes, trials - successes + 1), (successes + 1, trials - successes)
    return _from_beta(successes, trials, below, above, level=level, method="clopper-pearson")


def jeffreys(k: int, n: int, *, level: float = 0.95) -> Estimate:
    """Return the share k / n with the equal-tailed interval of its posterior under Jeffreys' prior.

    Parameters
    ----------
    k, n : int
        Successes and trials, 0 <= k <= n. n = 0 gives nan with a reason.
    level : float
        Posterior probability, strictly between 0 and 1; close to the coverage, too.

    Returns
    -------
    Estimate
        value = k / n in 0..1, not the posterior mean; n counts trials. Both ends are quantiles also for k = 0
        and k = n, as in statsmodels, so they stop just short of the value there.

    Notes
    -----
    Quantiles of Beta(k + 1/2, n - k + 1/2). Brown, Cai and DasGupta 2001, "Interval estimation for a binomial
    proportion", Statistical Science 16, section 3.1.3.

    Examples
    --------
    One of seven; table 5 of Brown, Cai and DasGupta has 0.016 to 0.501:

    >>> estimate = jeffreys(1, 7)
    >>> round(estimate.low, 3), round(estimate.high, 3)
    (0.016, 0.501)
    """
    successes, trials = _counts(k, n)
    posterior = (successes + 0.5, trials - successes + 0.5)
    return _from_beta(successes, trials, posterior, posterior, level=level, method="jeffreys")


def newcombe_difference(k1: int, n1: int, k2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Return k1 / n1 - k2 / n2, first minus second, for two independent groups.

    Parameters
    ----------
    k1, n1 : int
        Successes and trials of the first group, 0 <= k1 <= n1.
    k2, n2 : int
        Of the second. A group without trials gives nan with a reason.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate
        value in -1..1; n counts the trials of both. The ends never leave -1..1.

    Notes
    -----
    Method 10 of Newcombe 1998, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17: the two Wilson intervals, squared and added. For two systems on the same scenes
    use `evaluator.relevance.compare`.

    Examples
    --------
    Case (a) of table II, 56 of 70 against 48 of 80, published as 0.0524 to 0.3339:

    >>> estimate = newcombe_difference(56, 70, 48, 80)
    >>> round(estimate.value, 2), round(estimate.low, 4), round(estimate.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    first, second = _counts(k1, n1, names=("k1", "n1")), _counts(k2, n2, names=("k2", "n2"))
    trials, method = first[1] + second[1], "newcombe 10"
    if 0 in (first[1], second[1]):
        return Estimate.undefined("a group has no trials", n=trials, level=checks.level(level), method=method)
    share1, share2 = first[0] / first[1], second[0] / second[1]
    low1, high1 = wilson_bounds(share1, first[1], level=level)
    low2, high2 = wilson_bounds(share2, second[1], level=level)
    difference = share1 - share2
    low = difference - math.hypot(share1 - low1, high2 - share2)
    high = difference + math.hypot(high1 - share1, share2 - low2)
    return Estimate(difference, max(low, -1.0), min(high, 1.0), trials, level, method)


def wilson_bounds(share: float, trials: int, *, level: float) -> tuple[float, float]:
    """Return Wilson's two ends for an observed share of `trials` (successes need not be whole)."""
    z = NormalDist().inv_cdf((1 + checks.level(level)) / 2)
    shrunk = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / shrunk
    half = z / shrunk * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return low, high


def alike_bounds(value: float, clusters: int, *, level: float, floor: float) -> tuple[float, float]:
    """Return bounds for a mean over `clusters` that all show `value`, between `floor` and 1.

    Resampling them would claim certainty. Instead the share of other clusters that could have been missed is
    bounded by Wilson's upper end for 0 of `clusters`, and these are taken to lie at `floor`, and at 1.
    """
    missed = wilson_bounds(0.0, clusters, level=level)[1]
    return value + missed * (floor - value), value + missed * (1 - value)


def _counts(k: int, n: int, *, names: tuple[str, str] = ("k", "n")) -> tuple[int, int]:
    trials = int(checks.integers(names[1], [n], low=0, high=2**53)[0])
    return int(checks.integers(names[0], [k], low=0, high=trials)[0]), trials


def _from_beta(
    successes: int,
    trials: int,
    below: tuple[float, float],
    above: tuple[float, float],
    *,
    level: float,
    method: str,
) -> Estimate:
    """Return the share between the quantiles of two Beta distributions; a shape of 0 stands for the end."""
    from scipy.special import betainccinv, betaincinv

    tail = (1 - checks.level(level)) / 2
    if trials == 0:
        return Estimate.undefined("no trials", n=0, level=level, method=method)
    low = float(betaincinv(*below, tail)) if min(below) > 0 else 0.0
    high = float(betainccinv(*above, tail)) if min(above) > 0 else 1.0
    return Estimate(successes / trials, low, high, trials, level, method)
