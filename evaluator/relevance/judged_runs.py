"""Judgements and ranked results by id, as dicts of dicts, and the arrays of grades made of them.

Levels of judgements are 2 Extremely Similar, 1 Similar, 0 any other grade; an unjudged pair is absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.file_error import quoted
from evaluator.relevance import tally
from evaluator.types import Ints

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]

LEVEL_OF_GRADE = {4: 2, 3: 1, 2: 0, 1: 0, 0: 0}
GRADE_OF_LEVEL = {2: 4, 1: 3, 0: 1}


@dataclass(frozen=True)
class RankedGrades:
    """A run and its judgements as arrays; `ranked_grades` defines each part.

    Attributes
    ----------
    queries : tuple of str
        Sorted; the rows of the arrays.
    grades : ndarray of int64, shape (queries, k)
        Codes as in `evaluator.relevance`, best candidate first.
    ideal_grades : ndarray of int64, shape (queries, most judged products of a query)
        All grades of the query, best first, filled up with -2.
    """

    queries: tuple[str, ...]
    grades: Ints
    ideal_grades: Ints


def qrels_of(queries: npt.ArrayLike, products: npt.ArrayLike, grades: npt.ArrayLike) -> Qrels:
    """Return judgements given as three arrays, grades as levels.

    Parameters
    ----------
    queries, products : array of ids, shape (judgements,)
        Written as str(id).
    grades : array of int, shape (judgements,)
        Codes as in `evaluator.relevance`: 4 becomes level 2, 3 becomes 1, 2, 1 and 0 become 0; -1 and -2 are
        left out.

    Raises
    ------
    EvaluationError
        For an unknown grade, and for a pair that comes twice.

    Examples
    --------
    >>> qrels_of(["lamp", "lamp", "lamp"], ["p1", "p2", "p3"], [4, 1, -1])
    {'lamp': {'p1': 2, 'p2': 0}}
    """
    codes = checks.integers("grades", grades, low=tally.NO_CANDIDATE, high=tally.EXTREMELY_SIMILAR)
    names = (
        checks.ids(argument, ids, length=len(codes)).tolist()
        for argument, ids in (("queries", queries), ("products", products))
    )
    qrels: Qrels = {}
    for index, (query, product, grade) in enumerate(zip(*names, codes.tolist(), strict=True)):
        judged = qrels.setdefault(str(query), {})
        if str(product) in judged:
            raise EvaluationError("products", f"{product} was judged for {query} before", (index,))
        if grade >= tally.DID_NOT_LOAD:
            judged[str(product)] = LEVEL_OF_GRADE[grade]
    return qrels


def ranked_grades(
    run: Mapping[str, Mapping[str, float]],
    qrels: Mapping[str, Mapping[str, int]],
    *,
    k: int | None = 5,
    grade_of: Mapping[int, int] = GRADE_OF_LEVEL,
) -> RankedGrades:
    """Return the arrays that `precision_at_k`, `ndcg_at_k` and `reciprocal_rank` take.

    Parameters
    ----------
    run, qrels : mappings
        As from `read_run` and `read_qrels`.
    k : int, optional
        Depth; None for that of the longest ranking.
    grade_of : mapping of int to int
        Level to grade; the default undoes `qrels_of`, taking level 0 for Not Similar.

    Returns
    -------
    RankedGrades
        A row for each query of either. Products rank by score, the highest first, and equal scores by id, the
        last first (trec_eval's rule). One without a level is -1; a query without results is a row of -2, so
        it counts as a miss instead of vanishing (trec_eval -c).

    Raises
    ------
    EvaluationError
        For a level that `grade_of` does not know.

    Examples
    --------
    Two products tie, so the last id comes first; "chair" has no results, and "p9" was never judged:

    >>> found = ranked_grades(
    ...     {"lamp": {"p1": 1.0, "p3": 1.0, "p9": 2.0}}, {"lamp": {"p3": 2}, "chair": {"p1": 1}}, k=2)
    >>> found.queries, found.grades.tolist()
    (('chair', 'lamp'), [[-2, -2], [-1, 4]])
    """
    queries = tuple(sorted({*run, *qrels}))
    grades = [_grades(query, qrels.get(query, {}), grade_of) for query in queries]
    ranked = [
        [judged.get(product, tally.UNJUDGED) for product in in_order(run.get(query, {}))[:k]]
        for query, judged in zip(queries, grades, strict=True)
    ]
    best = [sorted(judged.values(), reverse=True) for judged in grades]
    depth = max(map(len, ranked), default=0) if k is None else checks.positive("k", k)
    return RankedGrades(queries, _filled(ranked, depth), _filled(best, max(map(len, best), default=0)))


def _grades(query: str, levels: Mapping[str, int], grade_of: Mapping[int, int]) -> dict[str, int]:
    try:
        return {product: grade_of[level] for product, level in levels.items()}
    except KeyError as error:
        raise EvaluationError(
            "qrels", f"query {quoted(query)} has level {error}, which is no grade"
        ) from None


def in_order(scores: Mapping[str, float]) -> list[str]:
    """Return the products by score, the highest first, and equal scores by id, the last first."""
    return [product for _, product in sorted(((score, name) for name, score in scores.items()), reverse=True)]


def _filled(rows: list[list[int]], width: int) -> Ints:
    filled = np.full((len(rows), width), tally.NO_CANDIDATE, dtype=np.int64)
    for row, values in zip(filled, rows, strict=True):
        row[: len(values)] = values
    return filled
