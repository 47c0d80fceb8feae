"""One answer per item from the labels of several people."""

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.types import Consensus


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
    item, present = checks.numbered("items", items, n_items, name="n_items")
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
