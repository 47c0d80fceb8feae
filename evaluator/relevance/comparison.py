"""Two systems on the same scenes: how much better, how sure, and who wins."""

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from evaluator import checks, report
from evaluator.errors import EvaluationError
from evaluator.intervals import described, percentile_bounds, ratio_estimate, ratios, resampled_sums, widened
from evaluator.relevance import tally
from evaluator.relevance.planning import plan_queries
from evaluator.significance import swap_test
from evaluator.types import Comparison, Estimate, Floats

LEVEL = 0.95
# Swapping all of 5 scenes one way has p = 2 / 2^5, above 0.05 whatever they show.
FEWEST_SCENES = 6


def compare(  # noqa: PLR0913 - the names and their number are the published interface
    grades_a: npt.ArrayLike,
    grades_b: npt.ArrayLike,
    scenes_a: npt.ArrayLike,
    scenes_b: npt.ArrayLike,
    *,
    draws: int = 10_000,
    seed: int = 0,
    min_grade: int = tally.SIMILAR,
) -> Comparison:
    """Compare the precision of system B with that of system A, paired by scene.

    Parameters
    ----------
    grades_a, grades_b : array of int, shape (query objects of A, k) and (query objects of B, k)
        Codes as in `evaluator.relevance`. The systems may find different objects in a scene, so rows are
        not paired.
    scenes_a, scenes_b : array of ids, shape (query objects of A,) and (query objects of B,)
        Scene of each row. A scene in which a system has no query object counts as (0, 0) for it.
    draws, seed : int
        Resamples of scenes for the intervals, swaps of the systems within scenes for the p-value, and their
        seed.
    min_grade : int
        3 compares Similar P@k, 4 Extremely Similar P@k.

    Returns
    -------
    Comparison
        difference = hits_B / (k n_B) - hits_A / (k n_A) over all scenes; an unjudged candidate is a miss.
        relative_gain = difference / (hits_A / (k n_A)): nan when A has no hit; `high` is infinite when A is
        so near zero that resampling often finds none of its hits. p_value: `significance.swap_test`.
        winner: only if the interval excludes 0, p <= 0.05, and the difference keeps its sign with every
        unjudged candidate decided against it. scenes_needed: `planning.plan_queries` of `scene_differences`
        for an effect as large as the difference. extremely_similar: the same two systems with min_grade = 4,
        when `min_grade` is 3. Without query objects on one side everything is nan and the verdict says so.

    Notes
    -----
    docs/evaluation.md. Scenes are resampled jointly for both systems, so what makes a scene
    hard cancels in the difference.

    Examples
    --------
    One scene, B finds two more similar products; one scene alone cannot make a winner:

    >>> result = compare([[4, 1, 1, 1, 1]], [[4, 3, 3, 1, 1]], ["room"], ["room"])
    >>> round(result.difference.value, 2), round(result.relative_gain.value, 2), result.winner
    (0.4, 2.0, '')
    """
    systems = (grades_a, grades_b, scenes_a, scenes_b)
    comparison = _compared(*_tallies(*systems, min_grade=min_grade), draws=draws, seed=seed)
    if min_grade == tally.SIMILAR:
        strict = _compared(*_tallies(*systems, min_grade=tally.EXTREMELY_SIMILAR), draws=draws, seed=seed)
        strict = replace(strict, verdict=report.verdict_sentence(strict))
        comparison = replace(comparison, extremely_similar=strict)
    return replace(comparison, verdict=report.verdict_sentence(comparison))


def scene_differences(
    grades_a: npt.ArrayLike,
    grades_b: npt.ArrayLike,
    scenes_a: npt.ArrayLike,
    scenes_b: npt.ArrayLike,
    *,
    min_grade: int = tally.SIMILAR,
) -> Floats:
    """Return what each scene says about the precision of system B minus that of system A.

    Parameters
    ----------
    grades_a, grades_b, scenes_a, scenes_b, min_grade
        As in `compare`.

    Returns
    -------
    ndarray of float64, shape (scenes,)
        Sorted; its mean is the difference of `compare`, and its standard deviation by the root of the scenes
        is the standard error of that. Where every scene has equally many query objects of both systems, it is
        the difference of the precisions on the scene. All nan when a system has no query objects.

    Notes
    -----
    The linear part of the difference of two ratios of sums (Cochran 1977, "Sampling Techniques", chapter 6).

    Examples
    --------
    >>> scene_differences([[3, 1], [1, 1]], [[3, 3], [1, 1]], ["hall", "porch"], ["hall", "porch"])
    array([0. , 0.5])
    """
    return _scene_differences(*_tallies(grades_a, grades_b, scenes_a, scenes_b, min_grade=min_grade))


def _scene_differences(old: tally.Tally, new: tally.Tally) -> Floats:
    before, after = (_linear(system.hits, system.slots) for system in (old, new))
    return np.sort(after - before)


def _linear(hits: Floats, slots: Floats) -> Floats:
    """Return per scene what adds up to sum(hits) / sum(slots) times the scenes."""
    precision = ratios(hits.sum(), slots.sum())
    return np.asarray(precision + ratios(hits - precision * slots, slots.mean() if len(slots) else slots))


def _compared(old: tally.Tally, new: tally.Tally, *, draws: int, seed: int) -> Comparison:
    """Return the comparison of two tallies over the same scenes, without a verdict yet."""
    scenes = len(old.slots)
    method = described(scenes, draws=draws, seed=seed, unit="scenes")
    columns = np.column_stack([old.hits, old.slots, new.hits, new.slots])
    nothing = _nothing(old, new)
    if nothing:
        difference = gain = Estimate.undefined(nothing, n=scenes, level=LEVEL, method=method)
        p_value = math.nan
    else:
        sums = resampled_sums(columns, draws=draws, seed=seed)
        difference = _difference(columns, sums, method=method)
        gain = _gain(columns, sums, method=method)
        p_value = swap_test(columns[:, :2], columns[:, 2:], draws=draws, seed=seed)
    return _concluded(difference, gain, p_value, old, new)


def _tallies(
    grades_a: npt.ArrayLike,
    grades_b: npt.ArrayLike,
    scenes_a: npt.ArrayLike,
    scenes_b: npt.ArrayLike,
    *,
    min_grade: int,
) -> tuple[tally.Tally, tally.Tally]:
    """Return the tallies of both over the union of their scenes, in the same order."""
    rows_a, rows_b = tally.grades_of("grades_a", grades_a), tally.grades_of("grades_b", grades_b)
    least = int(checks.integers("min_grade", [min_grade], low=0, high=tally.EXTREMELY_SIMILAR)[0])
    if len(rows_a) and len(rows_b) and rows_a.shape[1] != rows_b.shape[1]:
        raise EvaluationError(
            "grades_b", f"has {rows_b.shape[1]} columns, but grades_a has {rows_a.shape[1]}"
        )
    names_a = checks.ids("scenes_a", scenes_a, length=len(rows_a))
    names_b = checks.ids("scenes_b", scenes_b, length=len(rows_b))
    first, second, count = checks.joined("scenes_b", names_a, names_b, other="scenes_a")
    return (
        tally.per_scene(rows_a, first, scenes=count, min_grade=least),
        tally.per_scene(rows_b, second, scenes=count, min_grade=least),
    )


def _nothing(old: tally.Tally, new: tally.Tally) -> str:
    """Return why there is nothing to compare, or ""."""
    reasons = {"old": old.undefined_because(), "new": new.undefined_because()}
    return "; ".join(f"{reason} ({system} system)" for system, reason in reasons.items() if reason)


def _difference(columns: Floats, sums: Floats, *, method: str) -> Estimate:
    before, after = _precisions(columns.sum(axis=0, keepdims=True))
    drawn_before, drawn_after = _precisions(sums)
    drawn = np.column_stack([drawn_after - drawn_before, np.ones(len(sums))])
    scenes, value = len(columns), float(after[0] - before[0])
    estimate = ratio_estimate(value, drawn, clusters=scenes, level=LEVEL, method=method)
    return widened(estimate, scenes, floor=-1)


def _gain(columns: Floats, sums: Floats, *, method: str) -> Estimate:
    scenes = len(columns)
    before, after = _precisions(columns.sum(axis=0, keepdims=True))
    if before[0] == 0:
        return Estimate.undefined(
            "the old system has no hits to be relative to", n=scenes, level=LEVEL, method=method
        )
    value = float(after[0] / before[0] - 1)
    if scenes < 2:
        return Estimate(value, math.nan, math.nan, scenes, LEVEL, method, "one scene alone has none")
    drawn_before, drawn_after = _precisions(sums)
    low, high = percentile_bounds(ratios(drawn_after, drawn_before) - 1, clusters=scenes, level=LEVEL)
    if low == high:
        reason = "all scenes are alike, so resampling cannot tell how sure this is"
        return Estimate(value, math.nan, math.nan, scenes, LEVEL, method, reason)
    reason = "" if math.isfinite(high) else "the old system is so near zero that the gain has no upper end"
    return Estimate(value, max(low, -1.0), high, scenes, LEVEL, method, reason)


def _precisions(sums: Floats) -> tuple[Floats, Floats]:
    """Return the precisions of A and B from rows of (hits A, slots A, hits B, slots B)."""
    return ratios(sums[:, 0], sums[:, 1]), ratios(sums[:, 2], sums[:, 3])


def _concluded(
    difference: Estimate, gain: Estimate, p_value: float, old: tally.Tally, new: tally.Tally
) -> Comparison:
    both = (old.slots > 0) & (new.slots > 0) & difference.defined
    balance = np.sign(new.hits * old.slots - old.hits * new.slots)[both]
    bounds = _bounds(old, new)
    candidates = float(old.candidates.sum() + new.candidates.sum())
    return Comparison(
        difference=difference,
        relative_gain=gain,
        p_value=p_value,
        wins=int((balance > 0).sum()),
        ties=int((balance == 0).sum()),
        losses=int((balance < 0).sum()),
        verdict="",
        winner=_winner(difference, p_value, bounds),
        bounds=bounds,
        scenes=len(old.slots),
        unjudged=(old.unjudged + new.unjudged) / candidates if candidates else math.nan,
        scenes_needed=_scenes_needed(difference, old, new),
    )


def _scenes_needed(difference: Estimate, old: tally.Tally, new: tally.Tally) -> float:
    """Return how many scenes find a difference like the one seen with 80 % power; nan if none was seen."""
    if not difference.defined or difference.value == 0:
        return math.nan
    plan = plan_queries(_scene_differences(old, new), effect=difference.value, level=1 - LEVEL)
    return max(plan.n, FEWEST_SCENES) if not plan.reason else math.nan


def _bounds(old: tally.Tally, new: tally.Tally) -> tuple[float, float]:
    """Return the difference with every unjudged candidate decided for A, and with every one decided for B."""
    slots_old, slots_new = float(old.slots.sum()), float(new.slots.sum())
    if not (slots_old and slots_new):
        return math.nan, math.nan
    hits_old, hits_new = float(old.hits.sum()), float(new.hits.sum())
    lowest = hits_new / slots_new - (hits_old + old.unjudged) / slots_old
    highest = (hits_new + new.unjudged) / slots_new - hits_old / slots_old
    return lowest, highest


def _winner(difference: Estimate, p_value: float, bounds: tuple[float, float]) -> Literal["A", "B", ""]:
    if not p_value <= 1 - difference.level:
        return ""
    if difference.low > 0 and bounds[0] > 0:
        return "B"
    if difference.high < 0 and bounds[1] < 0:
        return "A"
    return ""
