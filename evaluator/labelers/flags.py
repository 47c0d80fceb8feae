"""Flags on labelers: a score, how surprising it is, and who stands out among all that were tested."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.significance import benjamini_hochberg
from evaluator.types import Bools, Floats, Ints

RATE = 0.05


@dataclass(frozen=True)
class LabelerFlags:
    """One sign of careless work, for every labeler of a pool. It is a reason to look, never a verdict.

    Attributes
    ----------
    labelers : ndarray, shape (labelers,)
        Their ids, ascending; all other arrays run in parallel.
    score : ndarray of float64, shape (labelers,)
        How strong the sign is, in the unit that the function names; nan when it is undefined.
    p_value : ndarray of float64, shape (labelers,)
        Chance of such a score for an honest labeler; nan when the score could not be tested.
    q_value : ndarray of float64, shape (labelers,)
        The p-value adjusted by Benjamini and Hochberg over all p-values of the family; nan like it.
    flagged : ndarray of bool, shape (labelers,)
        q_value <= rate.
    n : ndarray of int64, shape (labelers,)
        What was counted for each: labels, goldens or choices.
    rate : float
        Share of false flags among all flags that is accepted on average.
    method : str
        What was tested, against what.
    reason : str
        Why p-values are nan; empty when none is.
    """

    labelers: npt.NDArray[np.generic]
    score: Floats
    p_value: Floats
    q_value: Floats
    flagged: Bools
    n: Ints
    rate: float
    method: str
    reason: str = ""


def flagged_together(signs: Sequence[LabelerFlags], *, rate: float = RATE) -> tuple[LabelerFlags, ...]:
    """Return the same signs with q-values over all their p-values together.

    Parameters
    ----------
    signs : sequence of LabelerFlags
        Results of the flag functions; they may be of different labelers.
    rate : float
        Accepted share of false flags among all flags, strictly between 0 and 1.

    Returns
    -------
    tuple of LabelerFlags
        In the same order. nan p-values stay out of the family.

    Notes
    -----
    Benjamini and Hochberg 1995: several signs on the same labelers are more chances for a false alarm, so
    they belong into one family.

    Examples
    --------
    One of two careless people is no longer sure enough beside ten other tests:

    >>> alone = flags_of([7, 8], [0.2, 0.9], [0.004, 0.04], [50, 50], method="pace")
    >>> others = flags_of(range(10), [0.0] * 10, [0.5] * 10, [50] * 10, method="runs")
    >>> alone.flagged, flagged_together([alone, others])[0].flagged
    (array([ True,  True]), array([ True, False]))
    """
    accepted = rate_of(rate)
    if not signs:
        return ()
    adjusted = benjamini_hochberg(np.concatenate([sign.p_value for sign in signs]))
    parts = np.split(adjusted, np.cumsum([len(sign.p_value) for sign in signs])[:-1])
    return tuple(
        replace(sign, q_value=part, flagged=part <= accepted, rate=accepted)
        for sign, part in zip(signs, parts, strict=True)
    )


def flags_of(  # noqa: PLR0913 - the fields of the result
    labelers: npt.ArrayLike,
    score: npt.ArrayLike,
    p_value: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    method: str,
    rate: float = RATE,
    reason: str = "",
) -> LabelerFlags:
    """Return the flags that p-values of one family, nan where untested, amount to."""
    p_values = np.asarray(p_value, dtype=np.float64)
    adjusted, accepted = benjamini_hochberg(p_values), rate_of(rate)
    return LabelerFlags(
        np.asarray(labelers),
        np.asarray(score, dtype=np.float64),
        p_values,
        adjusted,
        adjusted <= accepted,
        np.asarray(n, dtype=np.int64),
        accepted,
        method,
        reason if np.isnan(p_values).any() else "",
    )


def against_the_others(test: Callable[[Bools], Floats], members: int, *, rate: float) -> Floats:
    """Return the p-values of `test` once its norm no longer leans on those whom it flags.

    `test` takes which members make the norm, shape (members,), and returns p-values of all. The first norm is
    everybody; whoever is flagged leaves it and the rest is tested anew, until nobody leaves. Where all are
    honest this matters only after a false flag, so it does not make the first one more likely.
    """
    norm = np.ones(members, dtype=np.bool_)
    p_value = test(norm)
    while (leaving := norm & (benjamini_hochberg(p_value) <= rate_of(rate))).any():
        norm &= ~leaving
        anew = test(norm)
        if np.isnan(anew).all():
            break
        p_value = anew
    return p_value


def people(labelers: npt.ArrayLike, *, length: int) -> tuple[npt.NDArray[np.generic], Ints]:
    """Return the distinct ids, ascending, and for each row the place of its labeler among them."""
    ids = checks.ids("labelers", labelers, length=length)
    place, _ = checks.codes("labelers", ids)
    return np.unique(ids), place


def in_time(when: npt.ArrayLike, *, length: int) -> Ints:
    """Return for each row the place of its moment among all distinct moments, 0 for the first."""
    moments = checks.ids("when", when, length=length)
    if moments.dtype.kind == "M" and np.isnat(moments).any():
        raise EvaluationError("when", "NaT is no moment", (int(np.isnat(moments).argmax()),))
    return checks.codes("when", moments)[0]


def rate_of(rate: float) -> float:
    """Return a false discovery rate after checking that it lies strictly between 0 and 1."""
    if not 0 < rate < 1:
        raise EvaluationError("rate", f"{rate} is not strictly between 0 and 1; 0.05 means 5 %")
    return float(rate)
