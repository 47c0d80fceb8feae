"""How far each labeler agrees with the others, and each pair of labelers with each other."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals import wilson_bounds
from evaluator.types import Floats, Ints

CELLS = 2**20
Ids = npt.NDArray[np.generic]


@dataclass(frozen=True)
class LabelerShares:
    """Agreement of each labeler with the others; `labeler_consistency` defines each part.

    Attributes
    ----------
    labelers : ndarray of ids, shape (labelers,)
        Who, in ascending order.
    share : ndarray of float64, shape (labelers,)
        0..1; nan for a labeler who never shared an item with another.
    n : ndarray of int64, shape (labelers,)
        Labels counted: those on items that others labeled too.
    low, high : ndarray of float64, shape (labelers,)
        Wilson's interval with n trials; nan where share is.
    pooled : float
        Share over all counted labels together: those who label much weigh much.
    mean : float
        Mean of the shares: every labeler weighs the same. Both nan when nothing is counted.
    """

    labelers: Ids
    share: Floats
    n: Ints
    low: Floats
    high: Floats
    pooled: float
    mean: float


@dataclass(frozen=True)
class PairMatrix:
    """Agreement of each labeler with each other one; `pairwise_agreement` defines each part.

    Attributes
    ----------
    agree, both : ndarray of int64, shape (labelers, labelers)
        Items to which both gave the same value, and items which both labeled.
    kappa : ndarray of float64, shape (labelers, labelers)
        Cohen's kappa on the items which both labeled; nan where it is undefined.
    labelers : ndarray of ids, shape (labelers,)
        Who stands in each row and column, in ascending order.
    """

    agree: Ints
    both: Ints
    kappa: Floats
    labelers: Ids

    @property
    def share(self) -> Floats:
        """Agree / both, shape (labelers, labelers); nan for two who share no item."""
        return _divided(self.agree, self.both)


@dataclass(frozen=True)
class _Labels:
    """Labels with items, labelers and values numbered from 0, and the ids of the labelers."""

    item: Ints
    labeler: Ints
    value: Ints
    items: int
    values: int
    who: Ids


def labeler_consistency(
    items: npt.ArrayLike, labelers: npt.ArrayLike, values: npt.ArrayLike, *, level: float = 0.95
) -> LabelerShares:
    """Return for each labeler the share of own labels that equal the most common one of the others.

    Parameters
    ----------
    items, labelers : array of ids, shape (labels,)
        Item and author of each label; numbers, strings or UUIDs.
    values : array of int, shape (labels,)
        What was answered, >= 0.
    level : float
        Coverage of the intervals, strictly between 0 and 1.

    Returns
    -------
    LabelerShares
        If m values tie for the most common one among the others, matching one of them counts 1 / m. Labels on
        items that nobody else labeled are left out. Several labels of one labeler on an item count each, and
        none of them is among "the others".

    Raises
    ------
    EvaluationError
        For arrays of different length and for values that are not whole numbers from 0 on.

    Notes
    -----
    "Shop The Look" (KDD 2020), table 9, compares a labeler with the modal answer; leaving out the own labels
    takes away the part that is agreement with oneself. Intervals: `intervals.wilson`, for the others' answers
    as they are.

    Examples
    --------
    Three labelers, two items. On the first, Ada and Bo say 4, Cy 3: Ada and Bo each face a tie of 3 and 4 and
    hit one of the two; Cy misses. On the second all agree:

    >>> result = labeler_consistency([0, 0, 0, 1, 1, 1], ["Ada", "Bo", "Cy"] * 2, [4, 4, 3, 2, 2, 2])
    >>> result.share
    array([0.75, 0.75, 0.5 ])
    """
    labels = _numbered(items, labelers, values)
    ways = labels.values + 2
    seen = np.zeros(len(labels.who) * ways, dtype=np.int64)
    for labeler, ties in _against_the_others(labels):
        seen += np.bincount(labeler * ways + ties + 1, minlength=len(seen))
    by_ties = seen.reshape(-1, ways)[:, 1:]
    credit = by_ties[:, 1:] @ (1 / np.arange(1, ways - 1))
    n = by_ties.sum(axis=1)
    return _shares(labels.who, credit, n, level=level)


def pairwise_agreement(items: npt.ArrayLike, labelers: npt.ArrayLike, values: npt.ArrayLike) -> PairMatrix:
    """Return how often each two labelers gave the same value, and their kappa.

    Parameters
    ----------
    items, labelers : array of ids, shape (labels,)
        Item and author of each label; numbers, strings or UUIDs.
    values : array of int, shape (labels,)
        What was answered, >= 0.

    Returns
    -------
    PairMatrix
        Symmetric; on the diagonal each labeler with themself. Memory grows with the square of the number of
        labelers. If somebody labeled an item twice, each of these labels makes a pair.

    Raises
    ------
    EvaluationError
        For arrays of different length and for values that are not whole numbers from 0 on.

    Notes
    -----
    Cohen 1960, "A coefficient of agreement for nominal scales", with each labeler's shares taken from the
    items of the pair.

    Examples
    --------
    The table of a SAS example quoted in statsmodels' tests, kappa 0.4842:

    >>> first, second = np.repeat([[0, 0, 1, 2, 2], [1, 2, 1, 1, 2]], [4, 1, 8, 1, 5], axis=1)
    >>> result = pairwise_agreement([*range(19)] * 2, ["A"] * 19 + ["B"] * 19, [*first, *second])
    >>> int(result.agree[0, 1]), int(result.both[0, 1]), round(float(result.kappa[0, 1]), 4)
    (13, 19, 0.4842)
    """
    from scipy.sparse import csr_array

    labels = _numbered(items, labelers, values)
    shape = (len(labels.who), labels.items)

    def given(kept: npt.NDArray[np.bool_] | slice) -> csr_array:
        who, what = labels.labeler[kept], labels.item[kept]
        return csr_array((np.ones(len(who), dtype=np.int64), (who, what)), shape=shape)

    anything = given(slice(None)).T.tocsr()
    both = (anything.T @ anything).toarray()
    agree, by_chance = np.zeros_like(both), np.zeros_like(both)
    for value in range(labels.values):
        this = given(labels.value == value)
        agree += (this @ this.T).toarray()
        said = (this @ anything).toarray()
        by_chance += said * said.T
    kappa = _divided(agree * both - by_chance, both**2 - by_chance)
    return PairMatrix(agree, both, kappa, labels.who)


def _numbered(items: npt.ArrayLike, labelers: npt.ArrayLike, values: npt.ArrayLike) -> _Labels:
    value = checks.integers("values", values, low=0, high=2**53)
    item, item_count = checks.codes("items", checks.ids("items", items, length=len(value)))
    names = checks.ids("labelers", labelers, length=len(value))
    labeler, _ = checks.codes("labelers", names)
    value, value_count = checks.codes("values", value)
    return _Labels(item, labeler, value, item_count, value_count, np.unique(names))


def _against_the_others(labels: _Labels) -> Iterator[tuple[Ints, Ints]]:
    """Yield labeler and ties of the labels, some items at a time.

    Ties are how many values share the first place among the others' labels of that item: 0 if this label is
    not one of them, -1 if there are no others.
    """
    people, values = len(labels.who), labels.values
    order = np.argsort(labels.item, kind="stable")
    for part in _whole_items(labels.item[order], rows=max(1, CELLS // max(1, values))):
        item, labeler, value = (column[order[part]] for column in (labels.item, labels.labeler, labels.value))
        item = item - item[0]
        everybody = np.bincount(item * values + value, minlength=(item[-1] + 1) * values)
        groups, group = np.unique(item * people + labeler, return_inverse=True)
        own = np.bincount(group * values + value, minlength=len(groups) * values)
        others = everybody.reshape(-1, values)[groups // people] - own.reshape(-1, values)
        most = others.max(axis=1)
        tied = np.where(most > 0, (others == most[:, None]).sum(axis=1), -1)[group]
        missed = (others[group, value] < most[group]) & (tied > 0)
        yield labeler, np.where(missed, 0, tied)


def _whole_items(item: Ints, *, rows: int) -> Iterator[slice]:
    """Yield slices of about `rows` rows of ascending `item`, none of which is cut in two."""
    cuts = np.searchsorted(item, item[rows::rows])
    edges = np.unique(np.concatenate([[0], cuts, [len(item)]]))
    for start, stop in pairwise(edges):
        yield slice(int(start), int(stop))


def _shares(who: Ids, credit: Floats, n: Ints, *, level: float) -> LabelerShares:
    share = _divided(credit, n)
    bounds = [
        wilson_bounds(float(part), int(trials), level=level) if trials else (math.nan, math.nan)
        for part, trials in zip(share, n, strict=True)
    ]
    low, high = np.array(bounds, dtype=np.float64).reshape(-1, 2).T
    counted = n > 0
    pooled = float(np.sort(credit).sum() / n.sum()) if counted.any() else math.nan
    mean = float(np.sort(share[counted]).mean()) if counted.any() else math.nan
    return LabelerShares(who, share, n, low, high, pooled, mean)


def _divided(above: Floats | Ints, below: Ints) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0))
