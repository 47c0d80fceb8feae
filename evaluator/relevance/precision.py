"""Precision of the candidates of query objects, and the figures that belong beside it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals import described, ratio_estimate, resampled_sums, widened
from evaluator.relevance import tally
from evaluator.relevance.endless import MANY, endless_estimate
from evaluator.types import Estimate, Floats, Ints, RelevanceAt5

DRAWS, SEED, LEVEL = 10_000, 0, 0.95


def precision_at_k(
    grades: npt.ArrayLike, *, k: int = 5, min_grade: int, clusters: npt.ArrayLike | None = None
) -> Estimate:
    """Return the mean over query objects of (candidates graded `min_grade` or better in the top k) / k.

    Parameters
    ----------
    grades : array of int, shape (query objects, columns)
        Codes as in `evaluator.relevance`. Columns beyond k are left out; missing columns hold no candidate.
    k : int
        Depth, >= 1. Always the divisor: a missing candidate is a miss, and so is an unjudged one.
    min_grade : int
        3 for Similar P@k (which includes Extremely Similar), 4 for Extremely Similar P@k.
    clusters : array of ids, shape (query objects,), optional
        Scene of each row, resampled as a whole; without it every row is its own cluster.

    Returns
    -------
    Estimate
        value in 0..1; n counts query objects. nan with a reason without query objects. A single scene
        has no interval. When resampling shows no spread (all scenes alike), the interval is Wilson's with the
        scenes as trials.

    Notes
    -----
    "Shop The Look", section 4; trec_eval's P_5, of which the value is an equal. Interval:
    `intervals.cluster_bootstrap`, and `endless.endless_estimate` from 2,001 clusters on.

    Examples
    --------
    trec_eval's own test run has 0, 4 and 0 relevant documents in the top five of its three topics, and prints
    P_5 = 0.2667:

    >>> round(precision_at_k([[1, 1, 1, 1, 1], [4, 4, 1, 4, 4], [1, 1, 1, 1, 1]], min_grade=3).value, 4)
    0.2667
    """
    rows = tally.top(tally.grades_of("grades", grades), checks.positive("k", k))
    least = int(checks.integers("min_grade", [min_grade], low=0, high=tally.EXTREMELY_SIMILAR)[0])
    cluster, count = _scene_codes("clusters", range(len(rows)) if clusters is None else clusters, rows)
    counts = tally.per_scene(rows, cluster, scenes=count, min_grade=least)
    return _shares([(counts.hits, counts.slots, len(rows))], nothing=counts.undefined_because(), count=count)[
        0
    ]


def relevance_at_5(grades: npt.ArrayLike, scenes: npt.ArrayLike) -> RelevanceAt5:
    """Return Similar P@5 and Extremely Similar P@5 of one system, and the figures that belong beside them.

    Parameters
    ----------
    grades : array of int, shape (query objects, 5)
        Codes as in `evaluator.relevance`.
    scenes : array of ids, shape (query objects,)
        Scene of each row; numbers, strings or UUIDs.

    Returns
    -------
    RelevanceAt5
        `similar` and `extremely_similar` as in `precision_at_k`. `pooled`: Similar hits / judged
        candidates. `without_did_not_load`: Similar hits / (slots - candidates that did not load), since the
        paper counts those as bad. All four from the same resamples, so they move together. Figures without
        a denominator are nan.

    Notes
    -----
    "Shop The Look", section 4, with the choices of docs/evaluation.md. `judged_at_5` is Judged@5 of
    ir_measures.

    Examples
    --------
    Two objects in one scene, the second with three candidates only:

    >>> result = relevance_at_5([[4, 3, 2, 1, 0], [4, 4, 3, -2, -2]], ["room", "room"])
    >>> result.similar.value, result.extremely_similar.value, result.fill_rate
    (0.5, 0.3, 0.8)
    """
    rows = tally.top(tally.grades_of("grades", grades), 5)
    scene, count = _scene_codes("scenes", scenes, rows)
    similar = tally.per_scene(rows, scene, scenes=count, min_grade=tally.SIMILAR)
    hits = tally.per_scene(rows, scene, scenes=count, min_grade=tally.EXTREMELY_SIMILAR).hits
    loaded = similar.slots - similar.did_not_load
    figures = [
        (similar.hits, similar.slots, len(rows)),
        (hits, similar.slots, len(rows)),
        (similar.hits, similar.judged, int(similar.judged.sum())),
        (similar.hits, loaded, int(loaded.sum())),
    ]
    precise, strict, pooled, sensitivity = _shares(figures, nothing=similar.undefined_because(), count=count)
    return RelevanceAt5(
        similar=precise,
        extremely_similar=strict,
        pooled=pooled,
        fill_rate=_share(similar.candidates.sum(), similar.slots.sum()),
        judged_at_5=_judged(rows),
        grade_mix=tally.grade_mix(rows),
        without_did_not_load=sensitivity,
        bounds=_bounds(similar.hits.sum(), similar),
        extremely_similar_bounds=_bounds(hits.sum(), similar),
        query_objects=len(rows),
        scenes=count,
        unjudged=_share(similar.unjudged, similar.candidates.sum()),
    )


def _scene_codes(argument: str, scenes: npt.ArrayLike, rows: Ints) -> tuple[Ints, int]:
    return checks.codes(argument, checks.ids(argument, scenes, length=len(rows)))


def _shares(figures: Sequence[tuple[Floats, Floats, int]], *, nothing: str, count: int) -> list[Estimate]:
    """Return sum(hits) / sum(slots) of each (hits, slots, n), all from the same resampled scenes.

    Beyond `endless.MANY` scenes nothing is drawn.
    """
    method = described(count, draws=DRAWS, seed=SEED, unit="scenes")
    if nothing:
        return [Estimate.undefined(nothing, n=n, level=LEVEL, method=method) for _, _, n in figures]
    columns = np.column_stack([column for hits, slots, _ in figures for column in (hits, slots)])
    sums = (
        np.empty((0, columns.shape[1])) if count > MANY else resampled_sums(columns, draws=DRAWS, seed=SEED)
    )
    estimates = []
    for index, (hits, slots, n) in enumerate(figures):
        value = _share(hits.sum(), slots.sum())
        if math.isnan(value):
            estimates.append(Estimate.undefined("nothing to divide by", n=n, level=LEVEL, method=method))
            continue
        if count > MANY:
            estimate = endless_estimate(value, hits, slots, level=LEVEL)
        else:
            pair = sums[:, 2 * index : 2 * index + 2]
            estimate = ratio_estimate(value, pair, clusters=count, level=LEVEL, method=method)
        estimates.append(replace(widened(estimate, count, floor=0), n=n))
    return estimates


def _bounds(hits: float, counts: tally.Tally) -> tuple[float, float]:
    slots = float(counts.slots.sum())
    return _share(hits, slots), _share(hits + counts.unjudged, slots)


def _judged(rows: Ints) -> float:
    candidates = (rows != tally.NO_CANDIDATE).sum(axis=1)
    judged = (rows >= tally.DID_NOT_LOAD).sum(axis=1)
    filled = candidates > 0
    # The exact sum keeps the figure the same to the last digit in any order of rows.
    return _share(math.fsum(judged[filled] / candidates[filled]), int(filled.sum()))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan
