"""What goldens say about a labeler: accuracy, how many are needed, who leads, who falls short."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.labelers.flags import RATE, LabelerFlags, flags_of
from evaluator.labelers.prior import PoolPrior, pool_prior, uniform_prior
from evaluator.types import Estimate, Floats, Ints

MOST_GOLDENS = 2**20
ROUNDING = 1e-12


@dataclass(frozen=True)
class LabelerRanking:
    """Labelers of a pool by how good they surely are; `rank_labelers` defines each part.

    Attributes
    ----------
    order : ndarray of int64, shape (labelers,)
        Places of the labelers in the input, the surely best one first; those without goldens at the end.
    rank : ndarray of int64, shape (labelers,)
        Rank of each labeler, 1 for the first; equals share the better rank.
    accuracy : tuple of Estimate
        Accuracy of each labeler, in the order of the input.
    lower : ndarray of float64, shape (labelers,)
        The share that each one's accuracy exceeds with the given certainty; nan without goldens.
    """

    order: Ints
    rank: Ints
    accuracy: tuple[Estimate, ...]
    lower: Floats


def golden_accuracy(
    correct: int,
    n: int,
    *,
    pool_correct: npt.ArrayLike | None = None,
    pool_n: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return how often a labeler is right, from `n` goldens and from what the pool makes likely.

    Parameters
    ----------
    correct, n : int
        Goldens answered rightly, and answered; 0 <= correct <= n.
    pool_correct, pool_n : array of int, shape (labelers,), optional
        The same counts of all labelers of the pool, this one among them. Both or neither.
    level : float
        Probability of the interval, strictly between 0 and 1.

    Returns
    -------
    Estimate
        value: mean of the posterior, 0..1; low and high: its equal tails; n counts goldens. nan without
        goldens, also when there is a pool: what others do is no figure of this labeler's own.

    Notes
    -----
    Without a pool the prior is uniform. With one it is `evaluator.labelers.prior.pool_prior`: few goldens are
    drawn towards the pool's mean, many stay where they are, and how far depends on how much its members
    differ. Averaged over the labelers of pools of 10 to 50 with 20 to 50 goldens, whose accuracies have a
    standard deviation of 4 to 12 points, the 95 % interval holds the truth in 93-96 %; where it is 2 points,
    in up to 98 %.

    Examples
    --------
    Laplace's rule of succession, (k + 1) / (n + 2), for 9 of 10:

    >>> round(golden_accuracy(9, 10).value, 4)
    0.8333
    """
    trials = int(checks.integers("n", [n], low=0, high=2**53)[0])
    right = int(checks.integers("correct", [correct], low=0, high=trials)[0])
    wanted = checks.level(level)
    if (pool_correct is None) != (pool_n is None):
        missing = "pool_correct" if pool_correct is None else "pool_n"
        raise EvaluationError(missing, "needed where the other array of the pool is given")
    if pool_correct is None or pool_n is None:
        return _accuracy(uniform_prior(), right, trials, level=wanted, against="uniform prior")
    prior, against = _of_pool(*_counts("pool_correct", pool_correct, "pool_n", pool_n))
    return _accuracy(prior, right, trials, level=wanted, against=against)


def goldens_needed(*, target: float, errors: int, certainty: float = 0.95) -> int:
    """Return how many goldens, `errors` of them wrong, make sure that a labeler is right at least so often.

    Parameters
    ----------
    target : float
        Wanted share of right answers, strictly between 0 and 1.
    errors : int
        Wrong answers among the goldens, >= 0.
    certainty : float
        Probability that the share is at least `target`, strictly between 0 and 1.

    Returns
    -------
    int
        Goldens in all, the wrong ones included.

    Notes
    -----
    Uniform prior: the share is Beta(n - errors + 1, errors + 1), so the answer is the least n for which at
    most `errors` of n + 1 tosses of a coin with failure share 1 - target come out wrong with a probability of
    at most 1 - certainty.

    Examples
    --------
    To be 95 % sure of 85 %: 18 without an error, 29 with one, 39 with two.

    >>> [goldens_needed(target=0.85, errors=errors) for errors in range(3)]
    [18, 29, 39]
    """
    from scipy.stats import binom

    for name, share in (("target", target), ("certainty", certainty)):
        if not 0 < share < 1:
            raise EvaluationError(name, f"{share} is not strictly between 0 and 1")
    wrong = int(checks.integers("errors", [errors], low=0, high=MOST_GOLDENS)[0])

    def enough(goldens: int) -> bool:
        return float(binom.cdf(wrong, goldens + 1, 1 - target)) <= 1 - certainty + ROUNDING

    low, high = wrong - 1, wrong + 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def rank_labelers(correct: npt.ArrayLike, n: npt.ArrayLike, *, certainty: float = 0.95) -> LabelerRanking:
    """Rank the labelers of one pool by the accuracy that each surely exceeds, never by the raw share.

    Parameters
    ----------
    correct, n : array of int, shape (labelers,)
        Goldens answered rightly, and answered, by each labeler of the pool.
    certainty : float
        Probability that a labeler's accuracy exceeds the bound that ranks them.

    Returns
    -------
    LabelerRanking
        Equal bounds share a rank; their order in `order` is that of the input.

    Notes
    -----
    ../shared/notes/evaluation.md, d (iii). The accuracies have two-sided intervals of level 2 certainty - 1,
    90 % for 0.95, so `low` of each is the bound it is ranked by.

    Examples
    --------
    3 of 3 is a better share than 45 of 50, but says less:

    >>> rank_labelers([3, 45, 20, 40], [3, 50, 50, 50]).order
    array([1, 3, 0, 2])
    """
    if not 0.5 < certainty < 1:
        raise EvaluationError("certainty", f"{certainty} is not strictly between 0.5 and 1")
    right, trials = _counts("correct", correct, "n", n)
    prior, against = _of_pool(right, trials)
    pairs, place = np.unique(np.column_stack([right, trials]), axis=0, return_inverse=True)
    distinct = [
        _accuracy(prior, int(k), int(goldens), level=2 * certainty - 1, against=against)
        for k, goldens in pairs
    ]
    accuracy = tuple(distinct[index] for index in place.ravel())
    lower = np.array([estimate.low for estimate in accuracy])
    keys = np.where(np.isnan(lower), np.inf, -lower)
    rank = 1 + np.searchsorted(np.sort(keys), keys)
    return LabelerRanking(np.argsort(keys, kind="stable"), rank.astype(np.int64), accuracy, lower)


def golden_flags(
    correct: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    least: float,
    labelers: npt.ArrayLike | None = None,
    rate: float = RATE,
) -> LabelerFlags:
    """Flag labelers whose goldens say that they are right less often than is asked of them.

    Parameters
    ----------
    correct, n : array of int, shape (labelers,)
        Goldens answered rightly, and answered.
    least : float
        Share of right answers that is asked, strictly between 0 and 1.
    labelers : array of ids, shape (labelers,), optional
        Without it they are numbered from 0.
    rate : float
        Accepted share of false flags among all flags.

    Returns
    -------
    LabelerFlags
        score: share of goldens answered rightly; p-value: chance of no more right answers if the accuracy is
        `least` (exact binomial). nan without goldens. n counts goldens.

    Examples
    --------
    >>> golden_flags([18, 9], [20, 20], least=0.85).flagged
    array([False,  True])
    """
    from scipy.stats import binom

    if not 0 < least < 1:
        raise EvaluationError("least", f"{least} is not strictly between 0 and 1")
    right, trials = _counts("correct", correct, "n", n)
    names = (
        np.arange(len(trials)) if labelers is None else checks.ids("labelers", labelers, length=len(trials))
    )
    order = np.argsort(names, kind="stable")
    names, right, trials = names[order], right[order], trials[order]
    tried = trials > 0
    score = np.divide(right, trials, out=np.full(len(trials), np.nan), where=tried)
    p_value = np.where(tried, binom.cdf(right, trials, least), np.nan)
    method = f"goldens: binomial test of an accuracy of {least:g}"
    return flags_of(names, score, p_value, trials, method=method, rate=rate, reason="no goldens yet")


def _counts(argument: str, correct: npt.ArrayLike, other: str, n: npt.ArrayLike) -> tuple[Ints, Ints]:
    trials = checks.integers(other, n, low=0, high=2**53)
    right = checks.integers(argument, correct, low=0, high=2**53)
    checks.same_length(argument, right, other=other, length=len(trials))
    over = right > trials
    if over.any():
        index = int(over.argmax())
        raise EvaluationError(argument, f"{right[index]} is more than the {trials[index]} answered", (index,))
    return right, trials


def _of_pool(right: Ints, trials: Ints) -> tuple[PoolPrior, str]:
    members = int(np.count_nonzero(trials))
    return pool_prior(right, trials), f"prior from a pool of {members} labelers"


def _accuracy(prior: PoolPrior, right: int, trials: int, *, level: float, against: str) -> Estimate:
    method = f"beta posterior of {right} of {trials}, {against}"
    if trials == 0:
        return Estimate.undefined("no goldens yet", n=0, level=level, method=method)
    posterior = prior.given(right, trials)
    low, high = posterior.quantile((1 - level) / 2), posterior.quantile((1 + level) / 2)
    return Estimate(posterior.mean, low, high, trials, level, method)
