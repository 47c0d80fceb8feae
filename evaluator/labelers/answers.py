"""What the answers alone give away: no information, one key held down, one side preferred."""

import math

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.labelers.flags import RATE, LabelerFlags, against_the_others, flags_of, in_time, people
from evaluator.labelers.prior import PoolPrior, pool_prior
from evaluator.labelers.spread import FEWEST, standardized
from evaluator.types import Bools, Floats, Ints

ROUNDING = 1e-6
FAR = 3.5


def spammer_score(confusion: npt.ArrayLike, prior: npt.ArrayLike) -> float:
    """Return how much a labeler's answers say about the truth: 0 nothing, as a spammer's, 1 everything.

    Parameters
    ----------
    confusion : array of numbers, shape (true values, answers)
        confusion[c, k]: chance of answer k when c is true; rows sum to 1. Square or not.
    prior : array of numbers, shape (true values,)
        How frequent each true value is; sums to 1.

    Returns
    -------
    float
        0..1. Someone who always swaps two answers scores 1 too: the answers can be translated back. nan if
        one value is all there is, since then no answer can say anything.

    Notes
    -----
    The squared distance of the confusion matrix from the nearest one whose rows are all alike (rank one: the
    answer does not depend on the truth), with rows weighted by `prior`, relative to the largest possible.
    With equally frequent values this is the score of Raykar and Yu 2012, JMLR 13; with two values it is
    (sensitivity + specificity - 1)^2 whatever the prior.

    Examples
    --------
    Sensitivity 0.9 and specificity 0.8:

    >>> round(spammer_score([[0.8, 0.2], [0.1, 0.9]], [0.5, 0.5]), 4)
    0.49
    """
    rows = _shares("confusion", confusion, ndim=2)
    weight = _shares("prior", prior, ndim=1)
    checks.same_length("prior", weight, other="confusion", length=len(rows))
    most = 1 - float(weight @ weight)
    if most < ROUNDING:
        return math.nan
    return min(1.0, float(weight @ ((rows - weight @ rows) ** 2).sum(axis=1)) / most)


def run_flags(
    labels: npt.ArrayLike, labelers: npt.ArrayLike, when: npt.ArrayLike, *, rate: float = RATE
) -> LabelerFlags:
    """Flag labelers who give one answer many times in a row.

    Parameters
    ----------
    labels : array of ids, shape (labels,)
        The answers: grades, categories, names.
    labelers : array of ids, shape (labels,)
        Who gave them.
    when : array of numbers or datetime64, shape (labels,)
        In which order. Answers of one labeler at the same moment are put in an arbitrary order that depends
        on nothing but themselves.
    rate : float
        Accepted share of false flags among all flags.

    Returns
    -------
    LabelerFlags
        score: length of the most surprising run of equal answers. p-value: chance of so long a run of that
        answer, times the number of different answers in the pool. nan for a single label. n counts labels.

    Notes
    -----
    For each answer, a pool's labelers repeat it at once with chances that differ from labeler to labeler;
    `pool_prior` learns their distribution, so a queue in which one answer is frequent, or one that keeps
    alike items together, has long runs without a flag. Labelers who repeat an answer far more often than most
    (3.5 robust standard deviations of the arcsine root share) are kept out of that norm. A run of
    k + 1 among n labels has a chance of at most s^k (1 + (n - 1 - k) (1 - s)) for a labeler who repeats with
    chance s, here averaged over s.

    Examples
    --------
    Nine people alternate somehow, one holds the key down:

    >>> somehow = [0, 1, 1, 0, 2, 0, 1, 2, 2, 0] * 6
    >>> sign = run_flags(somehow * 9 + [1] * 60, np.arange(600) // 60, [*range(60)] * 10)
    >>> sign.flagged.nonzero()[0], sign.score[9], sign.score[0]
    (array([9]), np.float64(60.0), np.float64(2.0))
    """
    answers = np.asarray(labels)
    given = checks.ids("labels", answers, length=answers.size if answers.ndim == 1 else 0)
    label, values = checks.codes("labels", given)
    names, labeler = people(labelers, length=len(label))
    order = _sequence(labeler, in_time(when, length=len(label)), label)
    n = np.bincount(labeler, minlength=len(names))
    longest, stays, visits = _runs(labeler[order], label[order], (len(names), values))
    far = _far(stays, visits)
    chosen = np.zeros(len(names), dtype=np.int64)

    def test(norm: Bools) -> Floats:
        chances = np.ones((len(names), max(values, 1)))
        for value in range(values):
            plain = norm & ~far[:, value]
            prior = pool_prior(stays[plain, value], visits[plain, value])
            chances[:, value] = _chance_of_run(prior, longest[:, value], n)
        chosen[:] = chances.argmin(axis=1)
        return np.where(n > 1, np.minimum(1.0, values * chances.min(axis=1)), np.nan)

    p_value = against_the_others(test, len(names), rate=rate)
    score = longest[np.arange(len(names)), chosen] if len(names) else n
    method = "longest run of one answer against the pool's habit of repeating it"
    return flags_of(names, score, p_value, n, method=method, rate=rate, reason="a single label has no run")


def position_bias(
    chosen: npt.ArrayLike, labelers: npt.ArrayLike, *, n_positions: int = 2, rate: float = RATE
) -> LabelerFlags:
    """Flag labelers who choose one position too often, whatever is shown there.

    Parameters
    ----------
    chosen : array of int, shape (choices,)
        Position of the chosen one, 0 ... n_positions - 1, where positions were drawn at random.
        Ties are left out.
    labelers : array of ids, shape (choices,)
        Who chose.
    n_positions : int
        How many were shown, at least 2: sides of a comparison, or places in a row.
    rate : float
        Accepted share of false flags among all flags.

    Returns
    -------
    LabelerFlags
        score: share of choices that fall on the most chosen position, 1 / n_positions..1. p-value: exact
        binomial chance of so many, times n_positions. n counts choices.

    Examples
    --------
    16 of 20 on the left has the two-sided binomial p-value 0.0118:

    >>> position_bias([0] * 16 + [1] * 4, [1] * 20).p_value.round(4)
    array([0.0118])
    """
    from scipy.stats import binom

    positions = checks.positive("n_positions", n_positions)
    if positions < 2:
        raise EvaluationError("n_positions", "1 leaves nothing to choose")
    position = checks.integers("chosen", chosen, low=0, high=positions - 1)
    names, labeler = people(labelers, length=len(position))
    cells = np.bincount(labeler * positions + position, minlength=len(names) * positions)
    most = cells.reshape(len(names), positions).max(axis=1)
    n = np.bincount(labeler, minlength=len(names))
    p_value = np.minimum(1.0, positions * binom.sf(most - 1, n, 1 / positions))
    method = f"most chosen of {positions} positions: binomial test of equal shares"
    return flags_of(names, most / n, p_value, n, method=method, rate=rate)


def _shares(argument: str, values: npt.ArrayLike, *, ndim: int) -> Floats:
    shares = checks.floats(argument, values, ndim=ndim, low=0)
    off = np.atleast_1d(np.abs(shares.sum(axis=-1) - 1) > ROUNDING)
    if off.any():
        row = int(off.argmax())
        raise EvaluationError(
            argument, f"sums to {np.atleast_1d(shares.sum(axis=-1))[row]:g}, not to 1", (row,)
        )
    return shares


def _sequence(labeler: Ints, moment: Ints, label: Ints) -> Ints:
    """Return the rows by labeler and time; a labeler's rows of one moment in an order drawn once for all."""
    order = np.lexsort([label, moment, labeler])
    n = np.bincount(labeler)
    within = np.arange(len(order)) - np.repeat(np.cumsum(n) - n, n)
    drawn = np.random.default_rng(0).random(int(n.max(initial=0)))
    return order[np.lexsort([drawn[within], moment[order], labeler[order]])]


def _runs(labeler: Ints, label: Ints, shape: tuple[int, int]) -> tuple[Ints, Ints, Ints]:
    """Return longest run, repeats, and labels that had a next one, each of shape (labelers, values)."""
    cell = labeler * shape[1] + label
    followed = np.append(labeler[1:] == labeler[:-1], False)[: len(label)]
    repeated = np.append(cell[1:] == cell[:-1], False)[: len(label)]
    ends = np.flatnonzero(~repeated)
    longest = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.maximum.at(longest, cell[ends], np.diff(ends, prepend=-1))

    def count(rows: Bools) -> Ints:
        return np.bincount(cell[rows], minlength=longest.size).reshape(shape)

    return longest.reshape(shape), count(repeated), count(followed)


def _far(stays: Ints, visits: Ints) -> Bools:
    """Return who repeats a value so much more often than most that the norm must not lean on them."""
    far = np.zeros(stays.shape, dtype=np.bool_)
    angle = np.arcsin(np.sqrt((stays + 3 / 8) / (visits + 3 / 4)))
    error = 1 / np.sqrt(4 * visits + 2)
    for value in range(stays.shape[1]):
        seen = visits[:, value] > 0
        if seen.sum() >= FEWEST:
            own, doubt = angle[seen, value], error[seen, value]
            far[seen, value] = standardized(own, doubt, own, doubt) > FAR
    return far


def _chance_of_run(prior: PoolPrior, longest: Ints, n: Ints) -> Floats:
    """Return the chance of a run at least as long among n labels, at most, for each labeler."""
    from scipy.special import betaln

    more = np.maximum(longest - 1, 0)[:, None]
    usual = betaln(prior.a, prior.b)
    whole = np.exp(betaln(prior.a + more, prior.b) - usual)
    after_another = np.exp(betaln(prior.a + more, prior.b + 1) - usual)
    chance = ((whole + (n[:, None] - 1 - more) * after_another) * prior.weight).sum(axis=1)
    return np.asarray(np.where(more[:, 0] > 0, np.minimum(chance, 1.0), 1.0))
