"""Tests of "no difference" that shuffle what would be exchangeable if there were none."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals import ratios
from evaluator.types import Floats

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
    generator = np.random.default_rng(seed)
    rows = max(1, CELLS // clusters)
    for start in range(0, draws, rows):
        count = min(rows, draws - start)
        bits = np.unpackbits(np.frombuffer(generator.bytes(count * -(-clusters // 8)), dtype=np.uint8))
        yield bits.reshape(count, -1)[:, :clusters].astype(np.float64)
