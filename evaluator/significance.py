"""Tests of "no difference", by shuffling what would be exchangeable if there were none, and many at once."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals import ratios
from evaluator.types import Floats, Ints

EXACT_UP_TO = 20
CELLS = 2_000_000
SLACK = 1e-9


def sign_flip_test(
    differences: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None, draws: int = 10_000, seed: int = 0
) -> float:
    """Return the two-sided p-value of "symmetric about 0", flipping whole clusters.

    Parameters
    ----------
    differences : array of numbers, shape (pairs,)
        One paired difference per row, any unit.
    clusters : array of ids, shape (pairs,), optional
        Rows of one cluster share a sign; without it every row is its own cluster.
    draws, seed : int
        Random sign patterns above 20 clusters, and their seed.

    Returns
    -------
    float
        Share of sign patterns whose |sum| is at least the observed one: over all 2^m patterns for m <= 20
        clusters, otherwise (b + 1) / (draws + 1). 1.0 when all sums are 0; nan without rows.

    Notes
    -----
    Fisher 1935, "The Design of Experiments", section 21; the +1 as in Phipson and Smyth 2010.

    Examples
    --------
    Darwin's fifteen pairs of maize, in eighths of an inch. Fisher counts 863 of 32,768 patterns on one side:

    >>> darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    >>> sign_flip_test(darwin) * 2**15
    1726.0
    """
    values = checks.floats("differences", differences)
    if len(values) == 0:
        return math.nan
    sums = values if clusters is None else _cluster_sums(values, clusters)
    sums = np.sort(sums)
    observed = abs(float(sums.sum()))
    slack = SLACK * float(np.abs(sums).sum())
    extreme = total = 0
    for pattern in _patterns(len(sums), draws=checks.positive("draws", draws), seed=seed):
        flipped = np.abs(sums.sum() - 2 * (pattern @ sums))
        extreme += int(np.count_nonzero(flipped >= observed - slack))
        total += len(pattern)
    return _p_value(extreme, total, clusters=len(sums))


def swap_test(first: Floats, second: Floats, *, draws: int = 10_000, seed: int = 0) -> float:
    """Return the two-sided p-value of "the two systems are exchangeable within each cluster".

    Parameters
    ----------
    first, second : ndarray, shape (clusters, 2)
        Per cluster (numerator, denominator) of each system, in parallel rows; (0, 0) where it has nothing
        there.
    draws, seed : int
        Random swap patterns above 20 clusters, and their seed.

    Returns
    -------
    float
        Share of swap patterns for which |ratio of second - ratio of first| is at least the observed one,
        counted as in `sign_flip_test`. A pattern that leaves one system without denominator counts as
        extreme, so p errs to the high side. nan when that is so of the data themselves.

    Notes
    -----
    The randomization test of Smucker, Allan and Carterette 2007 (CIKM), with scenes in place of topics and
    with the sums, not the scene's mean, as what moves: a system that finds more objects carries them along.
    """
    order = np.lexsort(np.hstack([first, second]).T)
    before, moved = np.hstack([first, second])[order], np.hstack([second - first, first - second])[order]
    observed = _ratio_distance(before.sum(axis=0, keepdims=True))[0]
    if math.isnan(observed):
        return math.nan
    extreme = total = 0
    for pattern in _patterns(len(before), draws=checks.positive("draws", draws), seed=seed):
        distance = _ratio_distance(before.sum(axis=0) + pattern @ moved)
        extreme += int(np.count_nonzero(~(distance < observed - SLACK)))
        total += len(pattern)
    return _p_value(extreme, total, clusters=len(before))


def mcnemar(b: int, c: int) -> float:
    """Return the two-sided exact p-value of "as many pairs turn one way as the other".

    Parameters
    ----------
    b, c : int
        Pairs of which only the first is a hit, and pairs of which only the second is. Pairs that agree say
        nothing here.

    Returns
    -------
    float
        Twice the binomial tail of the smaller count among b + c fair coins, at most 1; exact for any count.
        1.0 when no pair differs. The same as `sign_flip_test` on b values of 1 and c of -1.

    Notes
    -----
    McNemar 1947, Psychometrika 12, in its exact conditional form, at any count: the chi-square form flags too
    often when few pairs differ. It errs on the safe side, for which Fagerland, Lydersen and Laake prefer its
    mid-p. Pairs must be independent; for pairs in clusters use `sign_flip_test`.

    Examples
    --------
    Airway hyper-responsiveness of 21 children before and after stem cell transplantation: 1 lost it, 7 got
    it. Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, give 0.070:

    >>> round(mcnemar(1, 7), 3)
    0.07
    """
    from scipy.special import bdtr

    counts = [
        int(checks.integers(name, [count], low=0, high=2**53)[0])
        for name, count in zip("bc", (b, c), strict=True)
    ]
    return min(1.0, 2 * float(bdtr(min(counts), sum(counts), 0.5)))


def holm(p: npt.ArrayLike) -> Floats:
    """Return p-values adjusted so that the chance of any false alarm among them stays at the level.

    Parameters
    ----------
    p : array of float, shape (tests,)
        0..1, in any order; nan (a test that could not be made) stays nan and does not count as a test.

    Returns
    -------
    ndarray of float64, shape (tests,)
        0..1, in the order given: reject where it is <= the level.

    Notes
    -----
    Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics
    6, 65-70; the tests may depend on each other in any way.

    Examples
    --------
    Of the 15 p-values of Benjamini and Hochberg 1995, section 4.1, three stay below 0.05:

    >>> holm([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344] + [0.5] * 7)[:4].round(4)
    array([0.0015, 0.0056, 0.0247, 0.114 ])
    """
    return _adjusted(p, lambda p, rank: np.maximum.accumulate(p * rank[::-1]))


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """Return p-values adjusted so that the expected share of false alarms among the flags stays at the level.

    Parameters
    ----------
    p : array of float, shape (tests,)
        0..1, in any order; nan (a test that could not be made) stays nan and does not count as a test.

    Returns
    -------
    ndarray of float64, shape (tests,)
        0..1, in the order given: flag where it is <= the level.

    Notes
    -----
    Benjamini and Hochberg 1995, "Controlling the false discovery rate", Journal of the Royal Statistical
    Society B 57, section 3; for independent or positively dependent tests.

    Examples
    --------
    Of the 15 p-values in its section 4.1, four are rejected at 0.05:

    >>> thrombolysis = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    >>> thrombolysis += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    >>> int((benjamini_hochberg(thrombolysis) <= 0.05).sum())
    4
    """
    return _adjusted(p, lambda p, rank: np.minimum.accumulate((p * (len(p) / rank))[::-1])[::-1])


def _adjusted(p: npt.ArrayLike, adjust: Callable[[Floats, Ints], Floats]) -> Floats:
    """Return `adjust(ascending p, 1 ... m)` at the places of the m p-values that are not nan."""
    given, missing = checks.with_gaps("p", p, low=0, high=1)
    places = np.flatnonzero(~missing)
    places = places[np.argsort(given[places], kind="stable")]
    given[places] = np.minimum(adjust(given[places], np.arange(1, len(places) + 1)), 1)
    return given


def _cluster_sums(values: Floats, clusters: npt.ArrayLike) -> Floats:
    group, count = checks.codes("clusters", checks.ids("clusters", clusters, length=len(values)))
    return np.bincount(group, weights=values, minlength=count).astype(np.float64)


def _ratio_distance(sums: Floats) -> Floats:
    return np.abs(ratios(sums[:, 2], sums[:, 3]) - ratios(sums[:, 0], sums[:, 1]))


def _p_value(extreme: int, total: int, *, clusters: int) -> float:
    if clusters <= EXACT_UP_TO:
        return extreme / total
    return (extreme + 1) / (total + 1)


def _patterns(clusters: int, *, draws: int, seed: int) -> Iterator[Floats]:
    """Yield blocks of 0/1 rows (patterns, clusters): all up to 20 clusters, else `draws` random ones."""
    if clusters <= EXACT_UP_TO:
        places = np.arange(clusters)
        for start in range(0, 2**clusters, 2**16):
            numbers = np.arange(start, min(start + 2**16, 2**clusters))
            yield ((numbers[:, None] >> places) & 1).astype(np.float64)
        return
    generator = checks.generator(seed)
    rows = max(1, CELLS // clusters)
    for start in range(0, draws, rows):
        count = min(rows, draws - start)
        bits = np.unpackbits(np.frombuffer(generator.bytes(count * -(-clusters // 8)), dtype=np.uint8))
        yield bits.reshape(count, -1)[:, :clusters].astype(np.float64)
