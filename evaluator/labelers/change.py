"""Whether a labeler's accuracy changed on the way, said at the moment it shows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.labelers.flags import RATE, LabelerFlags, flags_of, in_time, people
from evaluator.types import Floats, Ints

BASELINE = 10
CELLS = 2**20
USUAL = (4, 1)
CHANGED = (2, 1)
TOO_FEW = f"a change is sought after the first {BASELINE} goldens only"


@dataclass(frozen=True)
class Drift:
    """A change in one labeler's accuracy; `drift` defines each part.

    Attributes
    ----------
    e_value : float
        Largest evidence against "always equally accurate" at any moment; 1 is none, 20 is one chance in 20.
    p_value : float
        1 / e_value: valid however often and for whatever reason one looked.
    alarm : bool
        Whether the evidence ever reached 1 / (1 - level).
    alarm_after : int
        Goldens answered when it first did; -1 without alarm.
    change_after : int
        Goldens answered before the most likely moment of change; -1 with too few goldens.
    before, after : float
        Shares answered rightly up to that moment, and from then to the moment of the largest evidence.
    n : int
        Goldens in all.
    reason : str
        Why figures are nan; empty otherwise.
    """

    e_value: float
    p_value: float
    alarm: bool
    alarm_after: int
    change_after: int
    before: float
    after: float
    n: int
    reason: str = ""


def drift(correct: npt.ArrayLike, when: npt.ArrayLike, *, level: float = 0.95) -> Drift:
    """Return whether and when one labeler's accuracy on goldens changed.

    Parameters
    ----------
    correct : array of 0 and 1, shape (goldens,)
        Whether each golden was answered rightly.
    when : array of numbers or datetime64, shape (goldens,)
        When. Goldens of the same moment have no order: a change is sought between moments only.
    level : float
        At most 1 - level of the labelers who never change are ever alarmed about, strictly between 0 and 1.

    Returns
    -------
    Drift
        Of a change to the worse or to the better: compare `before` and `after`. Without more than ten goldens
        e_value and p_value are 1 and the rest is nan or -1.

    Notes
    -----
    An e-process: the likelihood under a change, averaged over its moment and over the accuracies before,
    Beta(4, 1), and after, Beta(2, 1), divided by the largest likelihood under no change. Its expectation at
    any moment of one's choice is at most 1, so by Ville's inequality it rarely ever reaches 1 / (1 - level)
    (universal inference: Wasserman, Ramdas and Balakrishnan 2020, PNAS 117; Ramdas et al. 2022, IJAR 141).
    The averages decide how soon a change shows, not how often an alarm is false. Weight 1 / log2(m / 5) is
    left for changes after m goldens: slow to fade, since a record may be long.

    Examples
    --------
    From always right to a coin toss:

    >>> result = drift([1] * 40 + [0, 1] * 15, range(70))
    >>> result.alarm, result.change_after, result.alarm_after
    (True, 40, 53)
    """
    wanted = checks.level(level)
    right = checks.integers("correct", correct, low=0, high=1)
    return _drift(right, in_time(when, length=len(right)), level=wanted)


def drift_flags(
    correct: npt.ArrayLike, when: npt.ArrayLike, labelers: npt.ArrayLike, *, rate: float = RATE
) -> LabelerFlags:
    """Flag labelers whose accuracy on goldens fell.

    Parameters
    ----------
    correct, when : arrays, shape (goldens,)
        As in `drift`, of all labelers together.
    labelers : array of ids, shape (goldens,)
        Who answered.
    rate : float
        Accepted share of false flags among all flags.

    Returns
    -------
    LabelerFlags
        score: share right after the most likely change minus share before, -1..1; p-value of `drift`, 1 for a
        rise; both nan with ten goldens or fewer. n counts goldens.

    Examples
    --------
    >>> drift_flags([1] * 40 + [0, 1] * 15 + [1] * 70, [*range(70)] * 2, [5] * 70 + [9] * 70).flagged
    array([ True, False])
    """
    right = checks.integers("correct", correct, low=0, high=1)
    moment = in_time(when, length=len(right))
    names, place = people(labelers, length=len(right))
    order = np.argsort(place, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(place, minlength=len(names)))[:-1]) if len(names) else []
    found = [_drift(right[part], moment[part], level=1 - rate) for part in parts]
    score = np.array([one.after - one.before for one in found])
    p_value = np.array([one.p_value for one in found])
    p_value = np.where(np.isnan(score), np.nan, np.where(score > 0, 1.0, p_value))
    method = "goldens in time: e-process for a change of accuracy"
    return flags_of(names, score, p_value, [one.n for one in found], method=method, rate=rate, reason=TOO_FEW)


def _drift(right: Ints, moment: Ints, *, level: float) -> Drift:
    """Return the drift of one labeler's checked record."""
    n, k = _record(right, moment)
    places = np.flatnonzero(n >= BASELINE)[:-1]
    if not len(places):
        return Drift(1.0, 1.0, False, -1, -1, math.nan, math.nan, len(right), TOO_FEW)  # noqa: FBT003
    evidence = np.zeros(len(n))
    likeliest = np.zeros(len(n), dtype=np.int64)
    for looks, terms in _terms(n, k, places):
        top = terms.max(axis=1)
        evidence[looks] = (
            top + np.log(np.exp(terms - top[:, None]).sum(axis=1)) - _most_likely(n[looks], k[looks])
        )
        likeliest[looks] = places[terms.argmax(axis=1)]
    looked = places[0] + 1 + int(evidence[places[0] + 1 :].argmax())
    change = likeliest[looked]
    e_value = math.exp(min(max(float(evidence[looked]), 0.0), 700.0))
    alarmed = np.flatnonzero(evidence >= -math.log(1 - level))
    return Drift(
        e_value,
        1 / e_value,
        bool(len(alarmed)),
        int(n[alarmed[0]]) if len(alarmed) else -1,
        int(n[change]),
        float(k[change] / n[change]),
        float((k[looked] - k[change]) / (n[looked] - n[change])),
        len(right),
    )


def _record(right: Ints, moment: Ints) -> tuple[Ints, Ints]:
    """Return goldens answered and answered rightly by the end of each moment."""
    _, place = np.unique(moment, return_inverse=True)
    n = np.cumsum(np.bincount(place))
    k = np.cumsum(np.bincount(place, weights=right)).astype(np.int64)
    return n, k


def _terms(n: Ints, k: Ints, places: Ints) -> Iterator[tuple[Ints, Floats]]:
    """Yield looks, and for each (rows) the log weight and likelihood of a change at each place (columns)."""
    from scipy.special import gammaln

    log_gamma = np.append(0.0, gammaln(np.arange(1, n[-1] + sum(USUAL) + 1)))
    left = np.append(1.0, 1 / np.log2((n[places] + 1) * 2 / BASELINE))
    start = np.log(left[:-1] - left[1:]) + _averaged(log_gamma, k[places], n[places], USUAL)
    looks = np.arange(places[0] + 1, len(n))
    for block in np.array_split(looks, 1 + len(looks) * len(places) // CELLS):
        later = places < block[:, None]
        since_n = np.where(later, n[block][:, None] - n[places], 0)
        since_k = np.where(later, k[block][:, None] - k[places], 0)
        yield block, np.where(later, start + _averaged(log_gamma, since_k, since_n, CHANGED), -np.inf)


def _averaged(log_gamma: Floats, k: Ints, n: Ints, prior: tuple[int, int]) -> Floats:
    """Return the log likelihood of k of n averaged over a Beta prior, with `log_gamma` of whole numbers."""
    a, b = prior
    scale = log_gamma[a] + log_gamma[b] - log_gamma[a + b]
    return np.asarray(log_gamma[k + a] + log_gamma[n - k + b] - log_gamma[n + a + b] - scale)


def _most_likely(n: Ints, k: Ints) -> Floats:
    """Return the largest log likelihood that one share for all can reach."""
    from scipy.special import xlogy

    return np.asarray(xlogy(k, k / n) + xlogy(n - k, 1 - k / n))
