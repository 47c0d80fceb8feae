"""Results in one plain sentence."""

import math

from evaluator.types import Comparison, Estimate


def verdict_sentence(comparison: Comparison, *, names: tuple[str, str] = ("A", "B")) -> str:
    """Return the result of a comparison as one sentence.

    Parameters
    ----------
    comparison : Comparison
        From `evaluator.relevance.compare`.
    names : (str, str)
        What to call A (the old system) and B (the new one).

    Returns
    -------
    str
        "B better than A by 3.1 points (1.2 to 5.0), 412 scenes; 4 % unjudged" when there is a winner;
        otherwise what stands in its way: nothing to compare, too few scenes, unjudged candidates that could
        turn it, or chance. Points are percentage points; the interval runs in the direction of the
        sentence.
    """
    difference, (old, new) = comparison.difference, names
    tail = f"{_count(comparison.scenes, 'scene')}; {_unjudged(comparison.unjudged)}"
    if not difference.defined:
        return f"No comparison of {new} with {old}: {difference.reason}; {tail}"
    if not difference.bounded:
        reason = f"no interval, since {difference.reason}"
        return f"No verdict on {old} and {new}: {_lead(difference, names)}, {reason}; {tail}"
    if not comparison.winner and _chance(comparison):
        chance = f"{_span(difference)}, p = {comparison.p_value:.2g}"
        return f"No difference shown between {old} and {new}: {_lead(difference, names)} ({chance}), {tail}"
    ahead, behind = (new, old) if difference.value > 0 else (old, new)
    by = f"{_points(abs(difference.value))} points ({_span(difference)})"
    if comparison.winner:
        return f"{ahead} better than {behind} by {by}, {tail}"
    return f"No winner yet: {ahead} is ahead of {behind} by {by}, {tail}, which could turn it"


def _chance(comparison: Comparison) -> bool:
    difference = comparison.difference
    return difference.low <= 0 <= difference.high or not comparison.p_value <= 1 - difference.level


def _lead(difference: Estimate, names: tuple[str, str]) -> str:
    if difference.value == 0:
        return "both are equal"
    ahead = names[1] if difference.value > 0 else names[0]
    return f"{ahead} is ahead by {_points(abs(difference.value))} points"


def _span(difference: Estimate) -> str:
    ends = (difference.low, difference.high) if difference.value >= 0 else (-difference.high, -difference.low)
    return f"{_points(ends[0])} to {_points(ends[1])}"


def _points(share: float) -> str:
    return f"{round(100 * share, 1) + 0.0:.1f}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _unjudged(share: float) -> str:
    if math.isnan(share):
        return "no candidates"
    if share == 0:
        return "all judged"
    return f"{100 * share:.0f} % unjudged" if share >= 0.005 else "under 1 % unjudged"
