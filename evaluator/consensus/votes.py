"""The most common answer, what one more would tell, and when there are enough."""

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Consensus, Floats

# Items looked at together: few enough for the memory of 1,000 labelers to stay small.
BLOCK = 2048
# A rise below this is rounding, and no reason to ask.
ROUNDING = 1e-12


def majority(
    items: npt.ArrayLike,
    labelers: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    n_values: int,
    n_items: int | None = None,
) -> Consensus:
    """Return the most common label of each item; a tie is never broken.

    Parameters
    ----------
    items : array of int, shape (labels,)
        Item of each label, 0 ... items - 1.
    labelers : array of int, shape (labels,)
        Who gave it, >= 0. Every label counts once, whoever gave it.
    labels : array of int, shape (labels,)
        Its value, 0 ... n_values - 1.
    n_values : int
        How many values there are.
    n_items : int, optional
        How many items there are, when the last ones may have no label.

    Returns
    -------
    Consensus
        label is -1 for ties and for items without labels; share is nan without labels.

    Notes
    -----
    docs/evaluation.md: a pair's grade is the majority over its judgements, a tie is unjudged until it is
    adjudicated. -1 is also the code for unjudged in `evaluator.relevance`, so with grades as labels the
    result can be taken over as it is.

    Examples
    --------
    Three items: two against one, a tie, nobody.

    >>> majority([0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [3, 3, 4, 2, 3], n_values=5, n_items=3).label
    array([ 3, -1, -1])
    """
    values = checks.positive("n_values", n_values)
    item, present = checks.numbered("items", items, n_items, name="n_items", each=values)
    label = checks.integers("labels", labels, low=0, high=values - 1)
    labeler = checks.integers("labelers", labelers, low=0, high=2**53)
    checks.same_length("labels", label, other="items", length=len(item))
    checks.same_length("labelers", labeler, other="items", length=len(item))
    counts = np.bincount(item * values + label, minlength=present * values).reshape(present, values)
    most, total = counts.max(axis=1), counts.sum(axis=1)
    tied = (counts == most[:, None]).sum(axis=1) > 1
    tied &= total > 0
    share = np.divide(most, total, out=np.full(present, np.nan), where=total > 0)
    return Consensus(np.where(tied | (total == 0), -1, counts.argmax(axis=1)), share, tied)


def next_label_value(posterior: npt.ArrayLike, confusions: npt.ArrayLike) -> Floats:
    """Return how much surer one more label is expected to make us of each item, for each labeler.

    Parameters
    ----------
    posterior : array of float, shape (items, V)
        Probability of each value now, as from `dawid_skene`; rows sum to 1.
    confusions : array of float, shape (labelers, V, V)
        [labeler, true value, given label]; rows sum to 1.

    Returns
    -------
    ndarray of float64, shape (items, labelers)
        Expected rise of the largest posterior, 0 to 1 - 1 / V. The best person to ask about item i is the
        largest of row i; the item where a label of labeler j helps most is the largest of column j.

    Notes
    -----
    The label l comes with probability sum_k posterior_k confusion_kl and leaves k with the largest of these
    terms, so the expected largest posterior is sum_l max_k posterior_k confusion_kl. It is 0 where no answer
    could change which value leads: a labeler who guesses, an item already settled. It assumes an independent
    label, so leave out the labelers who have labeled the item.

    Raises
    ------
    EvaluationError
        For shapes that do not fit, or rows that are no probabilities.

    Examples
    --------
    An open item and a settled one, asked of a labeler who is right in 8 of 10 cases and of one who guesses:

    >>> next_label_value([[0.5, 0.5], [0.9, 0.1]], [[[0.8, 0.2], [0.2, 0.8]], [[0.5, 0.5], [0.5, 0.5]]])
    array([[0.3, 0. ],
           [0. , 0. ]])
    """
    now = _probabilities("posterior", posterior, ndim=2)
    confusion = _probabilities("confusions", confusions, ndim=3)
    values = now.shape[1]
    if not (now.size and confusion.size):
        return np.zeros((len(now), len(confusion)))
    if confusion.shape[1:] != (values, values):
        raise EvaluationError(
            "confusions", f"expected (labelers, {values}, {values}), found shape {confusion.shape}"
        )
    rise = np.empty((len(now), len(confusion)))
    for start in range(0, len(now), BLOCK):
        some = slice(start, start + BLOCK)
        rise[some] = _surest(now[some], confusion) - now[some].max(axis=1, keepdims=True)
    rise[rise < ROUNDING] = 0
    return rise


def _surest(now: Floats, confusion: Floats) -> Floats:
    total = np.zeros((len(now), len(confusion)))
    for label in range(now.shape[1]):
        best = np.zeros_like(total)
        for truth in range(now.shape[1]):
            np.maximum(best, np.outer(now[:, truth], confusion[:, truth, label]), out=best)
        total += best
    return total


def stop(posterior: npt.ArrayLike, *, bound: float = 0.95) -> Bools:
    """Return which items need no further label, since one value is probable enough.

    Parameters
    ----------
    posterior : array of float, shape (items, V)
        Probability of each value, as from `dawid_skene`; rows sum to 1.
    bound : float
        Above 0 and at most 1. The caller adds the cap on labels per item.

    Returns
    -------
    ndarray of bool, shape (items,)
        Whether the largest posterior is at least `bound`.

    Notes
    -----
    An item without labels has the prior as its posterior, and would be stopped by a prior above `bound`:
    ask for a first label in any case.

    Raises
    ------
    EvaluationError
        For rows that are no probabilities, or a `bound` out of range.

    Examples
    --------
    >>> stop([[0.97, 0.03], [0.6, 0.4]])
    array([ True, False])
    """
    least = checks.share("bound", bound)
    return np.asarray(_probabilities("posterior", posterior, ndim=2).max(axis=1, initial=0) >= least)


def _probabilities(argument: str, values: npt.ArrayLike, *, ndim: int) -> Floats:
    numbers = checks.floats(argument, values, ndim=ndim, low=0, high=1)
    wrong = np.abs(numbers.sum(axis=-1) - 1) > 1e-6
    if wrong.any():
        row = tuple(int(axis[0]) for axis in np.nonzero(wrong))
        raise EvaluationError(argument, f"sums to {numbers[row].sum():g}, not to 1", row)
    return numbers
