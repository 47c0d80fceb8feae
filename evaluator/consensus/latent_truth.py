"""Who is right, and who is good, learned together from labels that contradict each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.consensus.expectation import Fit, Rule, fit
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

TIE = 1e-9


@dataclass(frozen=True)
class DawidSkene:
    """What `dawid_skene` learned; V values.

    Attributes
    ----------
    posterior : ndarray of float64, shape (items, V)
        Probability of each value; rows sum to 1. A golden is certain, an item without labels has the prior.
    confusion : ndarray of float64, shape (labelers, V, V)
        [labeler, true value, given label]; rows sum to 1.
    prior : ndarray of float64, shape (V,)
        Share of each value among the items with labels.
    log_likelihood : ndarray of float64, shape (iterations,)
        The penalized objective after each iteration, in nats; it never falls.
    iterations : int
        How many there were.
    converged : bool
        Whether the last of them raised the objective by no more than `tolerance` per label.
    label : ndarray of int64, shape (items,)
        The most probable value; -1 for a tie (within 1e-9), and for an item with neither label nor golden.
    contradicted : ndarray of bool, shape (items,)
        Goldens whose labels, weighed without the golden, speak for another value: look at these again.
    """

    posterior: Floats
    confusion: Floats
    prior: Floats
    log_likelihood: Floats
    iterations: int
    converged: bool
    label: Ints
    contradicted: Bools


@dataclass(frozen=True)
class _Labels:
    """Checked columns, one row per label, and how many items, labelers and values there are."""

    item: Ints
    labeler: Ints
    label: Ints
    n_items: int
    n_labelers: int
    n_values: int

    def votes(self, kept: Bools, who: Ints, size: int) -> Any:
        """Return counts (items, size x values) as a sparse matrix; `who` tells whose matrix a labeler has."""
        from scipy.sparse import coo_array

        kept = kept[self.labeler]
        place = who[self.labeler[kept]] * self.n_values + self.label[kept]
        shape = (self.n_items, size * self.n_values)
        return coo_array((np.ones(len(place)), (self.item[kept], place)), shape=shape).tocsr()


def dawid_skene(  # noqa: PLR0913 - the names and their number are the published interface
    items: npt.ArrayLike,
    labelers: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    n_values: int,
    golden: npt.ArrayLike | None = None,
    smoothing: float = 0.01,
    max_iterations: int = 200,
    tolerance: float = 1e-6,
    min_labels_per_labeler: int = 0,
    n_items: int | None = None,
    n_labelers: int | None = None,
    pools: npt.ArrayLike | None = None,
) -> DawidSkene:
    """Return the probability of each value for each item, and how each labeler confuses the values.

    Parameters
    ----------
    items, labelers, labels : arrays of int, shape (labels,)
        Item (0 ... items - 1), labeler (0 ... labelers - 1) and value (0 ... n_values - 1) of each label. A
        labeler may label an item more than once.
    n_values : int
        How many values there are, V.
    golden : array of int, shape (items,), optional
        The known value of an item, -1 for unknown. It is held fixed.
    smoothing : float
        Added to every expected count, >= 0. 0 is maximum likelihood, as in the paper.
    max_iterations : int
        At least 1.
    tolerance : float
        Stop when an iteration raises the objective by no more than this per label, in nats, >= 0.
    min_labels_per_labeler : int
        A labeler with fewer labels has the confusion matrix of their pool. Below about 5 a matrix of one's
        own is noise.
    n_items, n_labelers : int, optional
        How many there are, when the last ones may have no label (else from `golden`, `pools` or the labels).
    pools : array of ids, shape (labelers,), optional
        Pool of each labeler; one pool when it is left out.

    Returns
    -------
    DawidSkene

    Notes
    -----
    Expectation maximization from the majority shares (Dawid and Skene 1979, equations 2.3 to 2.5 and 3.1) on
    log likelihood + sum of (pseudo-count x log parameter), the mode under Dirichlet priors. Each value of the
    prior and each cell of a labeler's matrix has the pseudo-count `smoothing`. With goldens a second climb
    begins from what these alone tell of the labelers, and the higher end counts: from the shares alone, a
    majority of bad labelers would have its way.

    The labelers with too few labels share one matrix per pool. Its pseudo-counts are `smoothing` plus the
    pool's other labels, as counted by a first fit without the labelers with too few: the more these have
    labeled together, the more their own labels count. In a pool where all have too few, it is the matrix that
    fits them best.

    Items without labels have no part in the prior, goldens with labels do. Without any label the prior is
    even, and so is a row without pseudo-counts of a labeler who never met that value. A start at which all
    values look alike, as with two labelers who always disagree, is a fixed point: the posterior stays even.

    Raises
    ------
    EvaluationError
        For arrays of different lengths, numbers outside their range, or sizes that contradict each other.

    Examples
    --------
    Five anaesthetists graded the fitness of 45 patients, the first of them three times (the paper's table 1;
    one row per reading, one digit per patient). The shares of the four grades in the paper's table 2 are
    0.40, 0.42, 0.11 and 0.07:

    >>> readings = [
    ...     "131222132242121111222222112111131224223111212",
    ...     "131222232342122111222222113111131223233112322",
    ...     "132222232242121111222221112112131223123111212",
    ...     "142333232243131211212232112111131234233112212",
    ...     "131123142243121111232222112111121223224111212",
    ...     "132222132244111111222222112112131234333111212",
    ...     "142122133343121111122122112111131223232111212",
    ... ]
    >>> grades = np.array([[int(grade) for grade in reading] for reading in readings])
    >>> reading, patient = np.indices(grades.shape)
    >>> observer = np.maximum(reading - 2, 0)
    >>> found = dawid_skene(
    ...     patient.ravel(), observer.ravel(), grades.ravel() - 1, n_values=4, smoothing=0
    ... )
    >>> found.prior.round(2)
    array([0.4 , 0.42, 0.11, 0.07])
    """
    _refuse_too_few("golden", golden, n_items, items)
    _refuse_too_few("pools", pools, n_labelers, labelers)
    table = _labels((items, labelers, labels), n_values, _size(n_items, golden), _size(n_labelers, pools))
    rule = _rule(table, golden, smoothing, max_iterations, tolerance)
    least = checks.integers("min_labels_per_labeler", [min_labels_per_labeler], low=0, high=2**53)[0]
    enough = np.bincount(table.labeler, minlength=table.n_labelers) >= least
    found, whose = _fit(table, rule, enough, _pools(pools, table.n_labelers))
    return DawidSkene(
        posterior=found.posterior,
        confusion=found.confusion[whose].transpose(0, 2, 1),
        prior=found.prior,
        log_likelihood=np.array(found.trace),
        iterations=len(found.trace),
        converged=found.converged,
        label=_best(found.posterior, found.labeled | (rule.golden >= 0)),
        contradicted=_contradicted(found, rule),
    )


def _size(count: int | None, known: npt.ArrayLike | None) -> int | None:
    return len(np.atleast_1d(known)) if count is None and known is not None else count


def _refuse_too_few(
    argument: str, known: npt.ArrayLike | None, count: int | None, numbers: npt.ArrayLike
) -> None:
    if known is None or count is not None or not np.size(numbers):
        return
    needed = (
        int(
            checks.integers("items" if argument == "golden" else "labelers", numbers, low=0, high=2**53).max()
        )
        + 1
    )
    if np.size(known) < needed:
        raise EvaluationError(argument, f"has length {np.size(known)}, but the labels need {needed}")


def _labels(
    columns: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    n_values: int,
    n_items: int | None,
    n_labelers: int | None,
) -> _Labels:
    values = checks.positive("n_values", n_values)
    item, items = checks.numbered("items", columns[0], n_items, name="n_items", each=values)
    labeler, labelers = checks.numbered(
        "labelers", columns[1], n_labelers, name="n_labelers", each=values * values
    )
    label = checks.integers("labels", columns[2], low=0, high=values - 1)
    checks.same_length("labelers", labeler, other="items", length=len(item))
    checks.same_length("labels", label, other="items", length=len(item))
    return _Labels(item, labeler, label, items, labelers, values)


def _rule(
    table: _Labels, golden: npt.ArrayLike | None, smoothing: float, max_iterations: int, tolerance: float
) -> Rule:
    known = np.full(table.n_items, -1)
    if golden is not None:
        known = checks.integers("golden", golden, low=-1, high=table.n_values - 1)
        if len(known) != table.n_items:
            raise EvaluationError("golden", f"has length {len(known)}, but there are {table.n_items} items")
    added = checks.floats("smoothing", [smoothing], low=0)[0]
    rise = checks.floats("tolerance", [tolerance], low=0)[0]
    return Rule(known, float(added), checks.positive("max_iterations", max_iterations), float(rise))


def _pools(pools: npt.ArrayLike | None, n_labelers: int) -> Ints:
    if pools is None:
        return np.zeros(n_labelers, dtype=np.int64)
    return checks.codes("pools", checks.ids("pools", pools, length=n_labelers))[0]


def _fit(table: _Labels, rule: Rule, enough: Bools, pool: Ints) -> tuple[Fit, Ints]:
    """Return the fit, and for each labeler whose matrix in it is theirs."""
    whose = np.arange(table.n_labelers)
    pseudo = np.full((table.n_labelers, table.n_values, table.n_values), rule.smoothing)
    own = fit(table.votes(enough, whose, len(pseudo)), rule, pseudo)
    if enough.all():
        return own, whose
    pooled = np.zeros_like(pseudo)
    np.add.at(pooled, pool, own.counts)
    known = np.concatenate([pseudo, pseudo + pooled])
    used, whose = np.unique(np.where(enough, whose, table.n_labelers + pool), return_inverse=True)
    everybody = np.ones_like(enough)
    return fit(table.votes(everybody, whose, len(used)), rule, known[used]), whose


def _best(posterior: Floats, known: Bools) -> Ints:
    near = posterior >= posterior.max(axis=1, keepdims=True) - TIE
    return np.where(known & (near.sum(axis=1) == 1), posterior.argmax(axis=1), -1)


def _contradicted(found: Fit, rule: Rule) -> Bools:
    known = found.labeled & (rule.golden >= 0)
    given = found.joint[np.arange(len(known)), rule.golden]
    return np.asarray(known & (found.joint.max(axis=1) > given + TIE))
