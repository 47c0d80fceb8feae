"""Results in one plain sentence."""

import math
from dataclasses import replace

from evaluator.types import Comparison, Estimate, RelevanceAt5

MOST_SCENES = 100_000


def for_readers(result: RelevanceAt5) -> RelevanceAt5:
    """Return the result, its precisions undefined while no candidate is judged.

    By definition an unjudged candidate is a miss, so they are 0 then, with bounds of 0 and 1. Who reads a 0
    takes it for a judgement.

    Parameters
    ----------
    result : RelevanceAt5
        From `evaluator.relevance.relevance_at_5`.

    Returns
    -------
    RelevanceAt5
        The same, unless there are candidates and none is judged.

    Examples
    --------
    >>> from evaluator.relevance import relevance_at_5
    >>> result = relevance_at_5([[-1] * 5] * 3, [1, 2, 3])
    >>> result.similar.value, for_readers(result).similar.reason
    (0.0, 'no candidate is judged yet')
    """
    if result.judged_at_5 != 0:
        return result
    similar, strict, sensitivity = (
        Estimate.undefined("no candidate is judged yet", n=figure.n, level=figure.level, method=figure.method)
        for figure in (result.similar, result.extremely_similar, result.without_did_not_load)
    )
    return replace(result, similar=similar, extremely_similar=strict, without_did_not_load=sensitivity)


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
        sentence. What is undecided by chance is followed by how many more scenes would find a difference as
        large as the one seen with 80 % power (`Comparison.scenes_needed`, to two digits), and Similar by what
        Extremely Similar shows, unless no scene shows any difference in that.

    Examples
    --------
    >>> from evaluator.relevance import compare
    >>> old, new = [[3, 1, 1, 1, 1]] * 40, [[3, 3, 1, 1, 1]] * 37 + [[4, 1, 1, 1, 1]] * 3
    >>> sentence = verdict_sentence(compare(old, new, range(40), range(40)), names=("V1.4", "V2"))
    >>> for part in sentence.split("; "):
    ...     print(part)
    V2 better than V1.4 by 18.5 points (16.5 to 20.0), 40 scenes
    all judged
    Extremely Similar undecided: about 60 more scenes needed
    """
    return _similar(comparison, names) + _extremely_similar(comparison.extremely_similar, names)


def _similar(comparison: Comparison, names: tuple[str, str]) -> str:
    difference, (old, new) = comparison.difference, names
    if comparison.unjudged == 1:
        scenes = _count(comparison.scenes, "scene")
        return f"No comparison of {new} with {old} yet: no candidate is judged, {scenes}"
    tail = f"{_count(comparison.scenes, 'scene')}; {_unjudged(comparison.unjudged)}"
    if not difference.defined:
        return f"No comparison of {new} with {old}: {difference.reason}; {tail}"
    if not difference.bounded:
        reason = f"no interval, since {difference.reason}"
        return f"No verdict on {old} and {new}: {_lead(difference, names)}, {reason}; {tail}"
    if not comparison.winner and _chance(comparison):
        chance = f"{_span(difference)}, p = {comparison.p_value:.2g}"
        return (
            f"No difference shown between {old} and {new}: {_lead(difference, names)} ({chance}), {tail}"
            f"{_more(comparison, '; ')}"
        )
    ahead, behind = (new, old) if difference.value > 0 else (old, new)
    by = f"{_points(abs(difference.value))} points ({_span(difference)})"
    if comparison.winner:
        return f"{ahead} better than {behind} by {by}, {tail}"
    return f"No winner yet: {ahead} is ahead of {behind} by {by}, {tail}, which could turn it"


def _extremely_similar(comparison: Comparison | None, names: tuple[str, str]) -> str:
    """Return what the stricter grade adds to the sentence, or ""."""
    if comparison is None or not comparison.difference.defined or comparison.unjudged == 1:
        return ""
    difference = comparison.difference
    if difference.value == 0 and comparison.wins == comparison.losses == 0:
        return ""
    if comparison.winner:
        ahead = names[comparison.winner == "B"]
        by = f"{_points(abs(difference.value))} points ({_span(difference)})"
        return f"; Extremely Similar: {ahead} better by {by}"
    if difference.bounded and not _chance(comparison):
        return "; Extremely Similar undecided: the unjudged could turn it"
    return f"; Extremely Similar undecided{_more(comparison, ': ')}"


def _more(comparison: Comparison, before: str) -> str:
    """Return how many more scenes would find a difference like the one seen, or "" if none was seen."""
    if math.isnan(comparison.scenes_needed):
        return ""
    more = comparison.scenes_needed - comparison.scenes
    if more <= 0:
        return ""
    if more > MOST_SCENES:
        return f"{before}over {MOST_SCENES:,} more scenes needed"
    rough = int(float(f"{more:.2g}"))
    return f"{before}about {rough:,} more {'scene' if rough == 1 else 'scenes'} needed"


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
