"""Who answers faster than careful work allows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.labelers.flags import RATE, LabelerFlags, against_the_others, flags_of, people
from evaluator.labelers.spread import FEWEST, standardized
from evaluator.types import Bools, Floats, Ints

ROUNDS = 100
STILL = 1e-5
LEAST = 1e-12
EFFICIENCY = 0.8
METHOD = "log seconds: labeler against the pool, given the items"


@dataclass(frozen=True)
class Pace:
    """Log seconds = item + labeler + rest.

    Attributes
    ----------
    labeler, error : ndarray of float64, shape (labelers,)
        Each labeler's mean log seconds on items alike, and its standard error.
    """

    labeler: Floats
    error: Floats


def pace_flags(
    seconds: npt.ArrayLike, items: npt.ArrayLike, labelers: npt.ArrayLike, *, rate: float = RATE
) -> LabelerFlags:
    """Flag labelers who are faster than the pool's other members would be on the same items.

    Parameters
    ----------
    seconds : array of numbers, shape (labels,)
        Time each label took, above 0.
    items, labelers : array of ids, shape (labels,)
        What was labeled, and by whom. Items may have one label only.
    rate : float
        Accepted share of false flags among all flags.

    Returns
    -------
    LabelerFlags
        score: time taken relative to the pool's median labeler on the same items; 0.5 is half the time.
        p-value: lower tail among the pool. nan with fewer than four labelers. n counts labels.

    Notes
    -----
    The log-normal model of van der Linden 2006 (J. Educational and Behavioral Statistics 31): log seconds =
    item + labeler + rest, items and labelers both drawn from normal distributions. Labelers differ honestly,
    so a labeler is compared with the spread of the pool, not only with his own error. That spread is robust
    (Qn of Rousseeuw and Croux 1993, JASA 88): speeders, unless they are about half of the pool, do not hide
    each other. Breaks make a labeler slower, hence never flagged.

    Examples
    --------
    Eight people need 10 seconds give or take a tenth, one needs 2:

    >>> seconds = [9.0, 9.3, 9.6, 9.9, 10.2, 10.5, 10.8, 11.1, 2.0]
    >>> sign = pace_flags(seconds * 20, [*range(20 * 9)], [*range(9)] * 20)
    >>> sign.flagged.nonzero()[0], sign.score[8].round(2)
    (array([8]), np.float64(0.2))
    """
    time = checks.floats("seconds", seconds, low=0)
    if len(time) == 0:
        return flags_of([], [], [], [], method=METHOD, rate=rate)
    if (time == 0).any():
        raise EvaluationError("seconds", "nobody labels in 0 seconds", (int((time == 0).argmax()),))
    names, labeler = people(labelers, length=len(time))
    item, _ = checks.codes("items", checks.ids("items", items, length=len(time)))
    pace = _pace(np.log(time), item, labeler)
    p_value = against_the_others(lambda norm: _lower_tail(pace, norm), len(names), rate=rate)
    away = pace.labeler - np.median(pace.labeler)
    n = np.bincount(labeler, minlength=len(names))
    reason = f"fewer than {FEWEST} labelers have no pace in common"
    return flags_of(names, np.exp(away), p_value, n, method=METHOD, rate=rate, reason=reason)


def _lower_tail(pace: Pace, norm: Bools) -> Floats:
    """Return how rarely one of those who make the norm would be as fast as each labeler is."""
    from scipy.special import stdtr

    members = int(norm.sum())
    if members < FEWEST:
        return np.full(len(norm), np.nan)
    away = standardized(pace.labeler, pace.error, pace.labeler[norm], pace.error[norm])
    return np.asarray(stdtr(EFFICIENCY * (members - 1), away))


def _pace(time: Floats, item: Ints, labeler: Ints) -> Pace:
    """Fit labelers as they are and items as random draws, by expectation-conditional maximization."""
    order = _whatever_the_names(time, item, labeler)
    time, item, labeler = time[order], item[order], labeler[order]
    per_item, per_labeler = np.bincount(item), np.bincount(labeler)
    pace = np.bincount(labeler, time) / per_labeler
    rest = between = max(float(np.var(time)) / 2, LEAST)
    for _ in range(ROUNDS):
        left = time - pace[labeler]
        shrunk = per_item + rest / between
        effect, uncertain = np.bincount(item, left) / shrunk, rest / shrunk
        between = max(float(((effect**2 + uncertain) / per_item)[item].sum()) / len(per_item), LEAST)
        left -= effect[item]
        rest = max(float((left**2 + uncertain[item]).sum()) / len(time), LEAST)
        before, pace = pace, np.bincount(labeler, time - effect[item]) / per_labeler
        if np.abs(pace - before).max() < STILL:
            break
    information = np.bincount(labeler, 1 - 1 / (per_item + rest / between)[item])
    return Pace(pace, np.sqrt(rest / information))


def _whatever_the_names(time: Floats, item: Ints, labeler: Ints) -> Ints:
    """Return an order of rows in which sums come out alike to the last digit, however people are numbered."""
    rising = np.argsort(time, kind="stable")
    of_labeler, of_item = (
        np.bincount(code[rising], time[rising]) / np.bincount(code) for code in (labeler, item)
    )
    return np.lexsort([of_item[item], of_labeler[labeler], time])
