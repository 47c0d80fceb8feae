"""The mean of human answers, sharpened by a model judge and never bent by it."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals.student import student_interval
from evaluator.types import Estimate, Floats, Ints


def ppi_mean(
    human: npt.ArrayLike,
    judged_labeled: npt.ArrayLike,
    judged_unlabeled: npt.ArrayLike,
    *,
    clusters_labeled: npt.ArrayLike | None = None,
    clusters_unlabeled: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean that people would give to everything, from a few human answers and many of a judge.

    Parameters
    ----------
    human : array of numbers, shape (labeled,)
        Human answers for a random part of the data, any unit.
    judged_labeled : array of numbers, shape (labeled,)
        What the model judge says about the same rows, in the same order.
    judged_unlabeled : array of numbers, shape (unlabeled,)
        What it says about the rest, which no human saw.
    clusters_labeled, clusters_unlabeled : array of ids, shapes (labeled,) and (unlabeled,), optional
        Scene of each row; a scene may have rows in both parts. Without them every row is its own cluster.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate
        mean(human) + lambda (mean(judged_unlabeled) - mean(judged_labeled)); n counts human answers, `method`
        tells lambda. A useless judge gets lambda 0, which leaves the human mean. nan without human answers;
        no ends with fewer than two labeled clusters, nor when nothing varies. The ends may leave the range of
        the answers.

    Notes
    -----
    Angelopoulos, Duchi and Zrnic 2023, "PPI++: Efficient prediction-powered inference", arXiv:2311.01453:
    lambda is the variance-minimizing one of its section 6, kept within 0..1; without clusters the value is
    that of their `ppi_py`. Variances here are of cluster sums with m / (m - 1), and the quantile is Student's
    on labeled clusters - 1, since the normal one is too narrow for a hundred answers.

    Examples
    --------
    A judge that is always 0.2 too kind tells everything but its bias, which the human answers take away:

    >>> truth = np.linspace(0, 1, 1001)
    >>> estimate = ppi_mean(truth[::100], truth[::100] + 0.2, truth + 0.2)
    >>> round(estimate.value, 3), estimate.n
    (0.5, 11)
    """
    answers, judged = checks.floats("human", human), checks.floats("judged_labeled", judged_labeled)
    others = checks.floats("judged_unlabeled", judged_unlabeled)
    checks.same_length("judged_labeled", judged, other="human", length=len(answers))
    labeled, unlabeled = _groups(clusters_labeled, clusters_unlabeled, len(answers), len(others))
    if len(answers) == 0:
        return Estimate.undefined("no human answers", n=0, level=checks.level(level), method="PPI++")
    parts = _Part(answers, labeled), _Part(judged, labeled), _Part(others, unlabeled)
    return _estimate(*parts, power=_power(*parts), level=checks.level(level))


@dataclass(frozen=True)
class _Part:
    """Answers of one kind, and the number of each one's cluster, counted over all parts together."""

    values: Floats
    group: Ints

    @property
    def mean(self) -> float:
        return math.fsum(self.values) / max(1, len(self.values))

    @property
    def sizes(self) -> Floats:
        """Rows of each cluster, the empty ones left out."""
        sizes = np.bincount(self.group)
        return sizes[sizes > 0].astype(np.float64)

    def sums(self, center: float, *, clusters: int) -> Floats:
        """Return the sum of value - center of each cluster, the same in any order of rows."""
        order = np.argsort(self.values)
        weights = (self.values - center)[order]
        return np.bincount(self.group[order], weights=weights, minlength=clusters).astype(np.float64)

    def moves(self, *, clusters: int) -> Floats:
        """Return how far each cluster moves the mean."""
        return self.sums(self.mean, clusters=clusters) / max(1, len(self.values))


def _groups(
    labeled: npt.ArrayLike | None, unlabeled: npt.ArrayLike | None, rows: int, others: int
) -> tuple[Ints, Ints]:
    """Return the cluster of each row as a number; the two parts share clusters when both have names."""
    first = checks.ids("clusters_labeled", range(rows) if labeled is None else labeled, length=rows)
    second = checks.ids(
        "clusters_unlabeled", range(others) if unlabeled is None else unlabeled, length=others
    )
    if labeled is None or unlabeled is None:
        second_codes = checks.codes("clusters_unlabeled", second)[0]
        return checks.codes("clusters_labeled", first)[0], rows + second_codes
    return checks.joined("clusters_unlabeled", first, second, other="clusters_labeled")[:2]


def _power(human: _Part, judged: _Part, others: _Part) -> float:
    """Return the lambda of the least variance, within 0..1.

    The spread of the judge's answers is pooled over both parts; clusters weigh by their squared sizes.
    """
    if len(others.sizes) < 2:
        return 0.0
    clusters = _clusters(human, others)
    center = _Part(np.concatenate([judged.values, others.values]), judged.group).mean
    squares = [math.fsum(part.sums(center, clusters=clusters) ** 2) for part in (judged, others)]
    weights = [float(part.sizes @ part.sizes) for part in (judged, others)]
    counted = len(judged.sizes) + len(others.sizes)
    spread = sum(squares) / sum(weights) * counted / (counted - 1)
    y, f, u = (part.moves(clusters=clusters) for part in (human, judged, others))
    variance = spread * (weights[0] / len(judged.values) ** 2 + weights[1] / len(others.values) ** 2)
    variance -= 2 * math.fsum(f * u)
    return min(max(math.fsum(y * (f - u)) / variance, 0.0), 1.0) if variance > 0 else 0.0


def _estimate(human: _Part, judged: _Part, others: _Part, *, power: float, level: float) -> Estimate:
    seen, unseen = len(human.sizes), len(others.sizes)
    figure = Estimate(
        value=human.mean + power * (others.mean - judged.mean),
        low=math.nan,
        high=math.nan,
        n=len(human.values),
        level=level,
        method=f"PPI++ with lambda {power:.3f}, Student's t over {seen} clusters with human answers and "
        f"{unseen} with the judge's alone",
        reason="one cluster with human answers alone has none",
    )
    if seen < 2:
        return figure
    clusters = _clusters(human, others)
    residual = _Part(human.values - power * judged.values, human.group)
    corrected = math.sqrt(seen / (seen - 1)) * residual.moves(clusters=clusters)
    carried = power * math.sqrt(unseen / max(1, unseen - 1)) * others.moves(clusters=clusters)
    variance = math.fsum((corrected + carried) ** 2)
    scale = float(np.abs([human.values, judged.values]).max())
    return student_interval(figure, variance=variance, freedom=seen - 1, scale=scale)


def _clusters(first: _Part, second: _Part) -> int:
    return int(max(part.group.max(initial=-1) for part in (first, second))) + 1
