"""Side by side: how strong each system is, from who was preferred to whom."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats

MOST_STEPS = 100
STILL = 1e-10
ROUNDING = 1e-9


@dataclass(frozen=True)
class BradleyTerry:
    """Abilities of systems; `bradley_terry` defines each part.

    Attributes
    ----------
    abilities : ndarray of float64, shape (systems,)
        Log abilities. The finite ones sum to 0; the odds that i is preferred to j are exp(ability i - ability
        j). -inf for a system that never wins, +inf for one that never loses, nan for one that these data do
        not place.
    intervals : ndarray of float64, shape (systems, 2)
        Low and high end of each ability; nan where the ability is not finite.
    covariance : ndarray of float64, shape (systems, systems)
        Of the finite abilities, nan elsewhere. The variance of a difference is c[i, i] + c[j, j] - 2 c[i, j].
    level : float
        Coverage of the intervals.
    comparisons : float
        Judgements in all.
    method : str
        How the intervals were made.
    reason : str
        Why something is not finite; empty when all is.
    """

    abilities: Floats
    intervals: Floats
    covariance: Floats
    level: float
    comparisons: float
    method: str
    reason: str = ""

    def preferred(self, system: int, other: int) -> float:
        """Return the probability that `system` is preferred to `other`; nan where it is undefined."""
        if self.abilities[system] == self.abilities[other]:
            return 0.5 if math.isfinite(self.abilities[system]) else math.nan
        return float(1 / (1 + np.exp(min(self.abilities[other] - self.abilities[system], 700.0))))


def bradley_terry(wins: npt.ArrayLike, *, level: float = 0.95) -> BradleyTerry:
    """Return the most likely abilities of systems that were judged in pairs.

    Parameters
    ----------
    wins : array of numbers, shape (systems, systems) or (scenes, systems, systems)
        wins[i, j]: how often i was preferred to j, >= 0; a tie is half a win for each of the two. The
        diagonal is 0. With a first axis, judgements of one scene (or labeler) may depend on each other.
    level : float
        Coverage of the intervals, strictly between 0 and 1.

    Returns
    -------
    BradleyTerry
        Where Ford's condition fails, that is, where the systems fall into two groups one of which never wins
        against the other, no finite abilities exist. A system that never wins is then -inf, one that never
        loses +inf, one without judgements nan, and the others are placed among themselves; if these still do
        not hang together they are nan too.

    Notes
    -----
    Bradley and Terry 1952, Biometrika 39; the condition: Ford 1957, American Mathematical Monthly 64.
    Newton's method reaches the maximum that the MM algorithm of Hunter 2004, Annals of Statistics 32, climbs
    to in many small steps. Intervals are Wald's: from Fisher's information if judgements are independent, or
    from sums of scores per scene (sandwich, Student's t on scenes - 1), which is what bootstrapping scenes
    comes to in large samples.

    Examples
    --------
    Citations among four journals of statistics, a citation being a win for the cited one; published relative
    to Biometrika as 0, -2.949, -0.480, 0.269 (Turner and Firth 2012, J. Statistical Software 48(9), 2.1):

    >>> biometrika, communications = [0, 730, 498, 221], [33, 0, 68, 17]
    >>> jasa, jrss_b = [320, 813, 0, 142], [284, 276, 325, 0]
    >>> abilities = bradley_terry([biometrika, communications, jasa, jrss_b]).abilities
    >>> (abilities - abilities[0]).round(3).tolist()
    [0.0, -2.949, -0.48, 0.269]
    """
    counts = _counts(wins)
    total = counts if counts.ndim == 2 else counts.sum(axis=0)
    wanted = checks.level(level)
    abilities, placed, reason = _outside(total)
    covariance = np.full_like(total, np.nan)
    if placed.sum() > 1:
        own = counts[..., placed, :][..., placed]
        abilities[placed], inner = _fitted(own if own.ndim == 2 else own.sum(axis=0))
        if own.ndim == 3:
            inner = _sandwich(own, abilities[placed], inner)
        covariance[np.ix_(placed, placed)] = inner
    half = _quantile(wanted, counts) * np.sqrt(np.diag(covariance))
    unsure = "" if counts.ndim == 2 else _unsure_because(len(counts), half[placed])
    intervals = np.column_stack([abilities - half, abilities + half])
    intervals[~placed | bool(unsure)] = np.nan
    reason = "; ".join(part for part in (reason, unsure) if part)
    method = "Fisher information" if counts.ndim == 2 else f"sandwich over {len(counts)} scenes"
    return BradleyTerry(abilities, intervals, covariance, wanted, float(total.sum()), method, reason)


def _unsure_because(scenes: int, half: Floats) -> str:
    if scenes < 2:
        return "one scene alone has no interval"
    if len(half) and half.max() < ROUNDING:
        return "all scenes are alike, so they cannot tell how sure this is"
    return ""


def _counts(wins: npt.ArrayLike) -> Floats:
    counts = checks.floats("wins", wins, ndim=3 if np.ndim(wins) == 3 else 2, low=0)
    if counts.shape[-1] != counts.shape[-2]:
        raise EvaluationError("wins", f"expected as many columns as rows, found shape {counts.shape}")
    own = np.argwhere(np.diagonal(counts, axis1=-2, axis2=-1) > 0)
    if len(own):
        place = (*map(int, own[0]), int(own[0][-1]))
        raise EvaluationError("wins", f"{counts[place]:g}: a system is not compared with itself", place)
    return counts


def _outside(total: Floats) -> tuple[Floats, Bools, str]:
    """Return abilities with all that are not finite, which systems are left to place, and the reason."""
    abilities = np.zeros(len(total))
    won, lost = total.sum(axis=1) > 0, total.sum(axis=0) > 0
    groups = {
        "was never compared": (~won & ~lost, math.nan),
        "never wins": (~won & lost, -math.inf),
        "never loses": (won & ~lost, math.inf),
    }
    reasons = []
    for words, (members, value) in groups.items():
        abilities[members] = value
        reasons += [f"system {index} {words}" for index in np.flatnonzero(members)]
    placed = won & lost
    if placed.any() and not _hang_together(total[np.ix_(placed, placed)]):
        reasons.append("the others fall into groups of which one never wins against another")
        abilities[placed] = math.nan
        placed = np.zeros_like(placed)
    return abilities, placed, "; ".join(reasons)


def _hang_together(total: Floats) -> bool:
    """Return whether every system leads to every other one along wins."""
    from scipy.sparse.csgraph import connected_components

    return int(connected_components(total > 0, directed=True, connection="strong")[0]) == 1


def _fitted(total: Floats) -> tuple[Floats, Floats]:
    """Return the abilities that sum to 0, and their covariance by Fisher's information."""
    pairs, won = total + total.T, total.sum(axis=1)
    flat = np.full_like(total, 1 / len(total))
    abilities = np.zeros(len(total))
    for _ in range(MOST_STEPS):
        chance = _chances(abilities)
        information = _information(pairs, chance)
        step = np.linalg.solve(information + flat, won - (pairs * chance).sum(axis=1))
        step -= step.mean()
        abilities = abilities + step / max(1.0, np.abs(step).max())
        if np.abs(step).max() < STILL:
            break
    return abilities, np.linalg.inv(_information(pairs, _chances(abilities)) + flat) - flat


def _chances(abilities: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(abilities[:, None] - abilities[None, :]))


def _information(pairs: Floats, chance: Floats) -> Floats:
    weight = pairs * chance * (1 - chance)
    return np.asarray(np.diag(weight.sum(axis=1)) - weight)


def _sandwich(counts: Floats, abilities: Floats, bread: Floats) -> Floats:
    """Return the covariance that lets the judgements of a scene depend on each other."""
    pairs = counts + counts.swapaxes(1, 2)
    scores = (counts - pairs * _chances(abilities)).sum(axis=2)
    scenes = len(counts)
    if scenes < 2:
        return np.full_like(bread, np.nan)
    return np.asarray(bread @ (scores.T @ scores) @ bread * scenes / (scenes - 1))


def _quantile(level: float, counts: Floats) -> float:
    from scipy.special import ndtri, stdtrit

    if counts.ndim == 2:
        return float(ndtri((1 + level) / 2))
    return float(stdtrit(max(len(counts) - 1, 1), (1 + level) / 2))
