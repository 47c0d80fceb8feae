"""How high the right candidates stand: discounted gain and the rank of the first hit."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.intervals import described, ratio_estimate, resampled_sums, widened
from evaluator.relevance import tally
from evaluator.relevance.endless import MANY, endless_estimate
from evaluator.types import Estimate, Floats, Ints

GAINS = (0, 0, 1, 2, 3)
DRAWS, SEED, LEVEL = 10_000, 0, 0.95
SLACK = 1e-9


def ndcg_at_k(
    grades: npt.ArrayLike,
    *,
    ideal_grades: npt.ArrayLike | Sequence[Sequence[int]],
    k: int = 5,
    gains: Sequence[float] = GAINS,
    clusters: npt.ArrayLike | None = None,
) -> Estimate:
    """Return the mean over query objects of the discounted gain of the top k over the best one possible.

    Parameters
    ----------
    grades : array of int, shape (query objects, columns)
        Codes as in `evaluator.relevance`, best candidate first. Columns beyond k are left out; missing
        columns hold no candidate.
    ideal_grades : array of int, shape (query objects, judged), or one sequence per query object
        All grades ever given for the query object, in any order, retrieved or not. -1 and -2 may fill up rows
        of an array: they stand for nothing, as in `grades`.
    k : int
        Depth, >= 1.
    gains : five numbers
        What a grade of 0, 1, 2, 3, 4 is worth, each >= 0. Unjudged and missing candidates are worth 0.
    clusters : array of ids, shape (query objects,), optional
        Scene of each row, resampled as a whole; without it every row is its own cluster.

    Returns
    -------
    Estimate
        value in 0..1; n counts query objects. One for which nothing of worth was ever judged counts 0,
        whoever answers it, as in trec_eval; nan when that is so of all of them, and without query objects.
        Interval as in `relevance.precision_at_k`.

    Raises
    ------
    EvaluationError
        Also when a ranking gains more than its `ideal_grades` could: these then leave out grades of its own.

    Notes
    -----
    Jarvelin and Kekalainen 2002, ACM TOIS 20, with the discount log2(rank + 1) of trec_eval's ndcg_cut, of
    which the value is an equal when `gains` are the levels of the qrels.

    Examples
    --------
    Topic 302 of trec_eval's own test files: the third of the top five is not relevant, 65 documents are, all
    alike; published as ndcg_cut_5 = 0.8304.

    >>> round(ndcg_at_k([[3, 3, 1, 3, 3]], ideal_grades=[[3] * 65]).value, 4)
    0.8304
    """
    depth = checks.positive("k", k)
    rows, worth = tally.top(tally.grades_of("grades", grades), depth), _worth(gains)
    ideal = worth[_ideal(ideal_grades, len(rows))]
    if ideal.shape[1] > depth:
        ideal = -np.partition(-ideal, depth - 1, axis=1)[:, :depth]
    best, gained = _discounted(-np.sort(-ideal, axis=1)), _discounted(worth[rows])
    over = gained > best * (1 + SLACK)
    if over.any():
        problem = "these gain less than the ranking itself; pass all judged grades of the query object"
        raise EvaluationError("ideal_grades", problem, (int(over.argmax()),))
    values = np.divide(gained, best, out=np.zeros(len(rows)), where=best > 0)
    return _mean(values, rows, clusters, nothing="" if best.any() else "nothing of worth was ever judged")


def reciprocal_rank(
    grades: npt.ArrayLike,
    *,
    min_grade: int = tally.SIMILAR,
    k: int | None = None,
    clusters: npt.ArrayLike | None = None,
) -> Estimate:
    """Return the mean over query objects of 1 / (rank of the first candidate graded `min_grade` or better).

    Parameters
    ----------
    grades : array of int, shape (query objects, columns)
        Codes as in `evaluator.relevance`, best candidate first.
    min_grade : int
        3 for Similar, 4 for Extremely Similar.
    k : int, optional
        Depth; without it all columns count.
    clusters : array of ids, shape (query objects,), optional
        As in `ndcg_at_k`.

    Returns
    -------
    Estimate
        value in 0..1; n counts query objects. A query object without a hit counts 0, and an unjudged
        candidate is no hit. nan without query objects. Interval as in `relevance.precision_at_k`.

    Notes
    -----
    trec_eval's recip_rank, of which the value is an equal.

    Examples
    --------
    The first relevant documents of trec_eval's own three test topics stand at ranks 6, 1 and 19; published as
    recip_rank = 0.4064.

    >>> rows = [[1] * (rank - 1) + [3] + [1] * (19 - rank) for rank in (6, 1, 19)]
    >>> round(reciprocal_rank(rows).value, 4)
    0.4064
    """
    rows = tally.grades_of("grades", grades)
    if k is not None:
        rows = tally.top(rows, checks.positive("k", k))
    least = int(checks.integers("min_grade", [min_grade], low=0, high=tally.EXTREMELY_SIMILAR)[0])
    hit = np.hstack([rows >= least, np.ones((len(rows), 1), dtype=np.bool_)])
    first = hit.argmax(axis=1)
    return _mean(np.where(first < rows.shape[1], 1 / (first + 1), 0.0), rows, clusters)


def _worth(gains: Sequence[float]) -> Floats:
    """Return gains indexed by grade, so that -1 and -2 find the two zeros at the end."""
    worth = checks.floats("gains", gains, low=0)
    if len(worth) != len(tally.GRADES):
        raise EvaluationError("gains", f"expected one for each grade of 0 to 4, found {len(worth)}")
    return np.append(worth, [0.0, 0.0])


def _ideal(ideal_grades: npt.ArrayLike | Sequence[Sequence[int]], count: int) -> Ints:
    """Return checked grades, shape (query objects, judged), rows of unequal length filled up."""
    rows: npt.ArrayLike = ideal_grades
    if hasattr(ideal_grades, "to_numpy"):
        rows = ideal_grades.to_numpy()
    elif not isinstance(ideal_grades, np.ndarray) or ideal_grades.dtype == object:
        try:
            rows = _filled([list(row) for row in cast("Iterable[Iterable[int]]", ideal_grades)])
        except TypeError as error:
            raise EvaluationError("ideal_grades", "expected the grades of each query object") from error
    checked = tally.grades_of("ideal_grades", rows)
    checks.same_length("ideal_grades", checked, other="grades", length=count)
    return checked


def _filled(rows: list[list[int]]) -> npt.NDArray[np.generic]:
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    width = int(lengths.max(initial=0))
    filled = np.full((len(rows), width), float(tally.NO_CANDIDATE))
    filled[np.arange(width) < lengths[:, None]] = list(chain.from_iterable(rows))
    return filled


def _discounted(worth: Floats) -> Floats:
    return np.asarray(worth @ (1 / np.log2(np.arange(2, worth.shape[1] + 2))))


def _mean(values: Floats, rows: Ints, clusters: npt.ArrayLike | None, *, nothing: str = "") -> Estimate:
    """Return the mean of one value in 0..1 per row of grades, resampling clusters."""
    names = checks.ids("clusters", range(len(rows)) if clusters is None else clusters, length=len(rows))
    cluster, count = checks.codes("clusters", names)
    method = described(count, draws=DRAWS, seed=SEED, unit="scenes")
    reason = tally.per_scene(rows, cluster, scenes=count, min_grade=0).undefined_because() or nothing
    if reason:
        return Estimate.undefined(reason, n=len(rows), level=LEVEL, method=method)
    # Sorted, so that sums of floats are the same to the last digit in any order of rows.
    order = np.lexsort((values, cluster))
    sums = np.bincount(cluster[order], weights=values[order], minlength=count).astype(np.float64)
    sizes = np.bincount(cluster, minlength=count).astype(np.float64)
    value = math.fsum(values) / len(values)
    if count > MANY:
        estimate = endless_estimate(value, sums, sizes, level=LEVEL)
    else:
        drawn = resampled_sums(np.column_stack([sums, sizes]), draws=DRAWS, seed=SEED)
        estimate = ratio_estimate(value, drawn, clusters=count, level=LEVEL, method=method)
    return replace(widened(estimate, count, floor=0), n=len(rows))
