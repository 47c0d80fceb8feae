"""Expectation maximization for labelers with confusion matrices; `latent_truth` beside it tells the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluator.types import Bools, Floats, Ints


@dataclass(frozen=True)
class Rule:
    """When to stop, and what is known beforehand (golden: -1 for unknown)."""

    golden: Ints
    smoothing: float
    max_iterations: int
    tolerance: float


@dataclass(frozen=True)
class Fit:
    """Parameters and what follows from them; confusion and counts are [whose, given label, true value]."""

    posterior: Floats
    joint: Floats
    labeled: Bools
    confusion: Floats
    prior: Floats
    counts: Floats
    trace: list[float]
    converged: bool


def fit(votes: Any, rule: Rule, pseudo: Floats) -> Fit:
    """Climb to a mode from the majority shares and, with goldens, from these alone; return the higher.

    Parameters
    ----------
    votes : sparse array of float64, shape (items, matrices x values)
        Labels of each value by those who share each matrix.
    rule : Rule
        When to stop.
    pseudo : ndarray of float64, shape (matrices, values, values)
        Pseudo-counts [matrix, given label, true value].

    Returns
    -------
    Fit
    """
    starts = [_majority(votes, rule.golden, pseudo.shape[1])]
    if (rule.golden >= 0).any():
        starts.append(_golden(votes, rule.golden, pseudo.shape))
    return max((_climb(votes, rule, pseudo, start) for start in starts), key=lambda found: found.trace[-1])


def _climb(votes: Any, rule: Rule, pseudo: Floats, posterior: Floats) -> Fit:
    labeled = votes.sum(axis=1) > 0
    least_rise = rule.tolerance * max(votes.sum(), 1)
    trace: list[float] = []
    converged = False
    while not converged and len(trace) < rule.max_iterations:
        counts = (votes.T @ posterior).reshape(pseudo.shape)
        confusion = _shares(counts + pseudo)
        prior = _shares((labeled @ posterior + rule.smoothing)[:, None])[:, 0]
        joint = _joint(votes, confusion, prior)
        posterior, evidence = _weighed(joint, rule.golden)
        trace.append(evidence[labeled].sum() + _penalty(confusion, pseudo) + _penalty(prior, rule.smoothing))
        converged = len(trace) > 1 and bool(trace[-1] - trace[-2] <= least_rise)
    return Fit(posterior, joint, labeled, confusion, prior, counts, trace, converged)


def _majority(votes: Any, golden: Ints, values: int) -> Floats:
    given = np.asarray(votes @ np.tile(np.eye(values), (votes.shape[1] // values, 1)))
    total = given.sum(axis=1, keepdims=True)
    shares = np.divide(given, total, out=np.zeros_like(given), where=total > 0)
    return _clamped(shares, golden)


def _golden(votes: Any, golden: Ints, shape: tuple[int, ...]) -> Floats:
    """Weigh the labels by what the goldens alone tell of each matrix; 1 more of each keeps doubt in it."""
    known = _clamped(np.zeros((len(golden), shape[1])), golden)
    confusion = _shares((votes.T @ known).reshape(shape) + 1)
    return _weighed(_joint(votes, confusion, np.full(shape[1], 1 / shape[1])), golden)[0]


def _clamped(posterior: Floats, golden: Ints) -> Floats:
    known = golden >= 0
    posterior[known] = 0
    posterior[known, golden[known]] = 1
    return posterior


def _shares(counts: Floats) -> Floats:
    """Return counts over their sum along the last axis but one; even shares of nothing."""
    total = counts.sum(axis=-2, keepdims=True)
    even = np.full_like(counts, 1 / counts.shape[-2])
    return np.asarray(np.divide(counts, total, out=even, where=total > 0))


def _joint(votes: Any, confusion: Floats, prior: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(votes @ np.log(confusion).reshape(-1, len(prior)) + np.log(prior))


def _weighed(joint: Floats, golden: Ints) -> tuple[Floats, Floats]:
    """Return the posterior, and the log of the probability of what was seen for each item."""
    top = joint.max(axis=1)
    posterior = np.exp(joint - top[:, None])
    total = posterior.sum(axis=1)
    evidence = top + np.log(total)
    known = np.flatnonzero(golden >= 0)
    evidence[known] = joint[known, golden[known]]
    return _clamped(posterior / total[:, None], golden), evidence


def _penalty(parameters: Floats, pseudo: Floats | float) -> float:
    from scipy.special import xlogy

    return float(xlogy(pseudo, parameters).sum())
