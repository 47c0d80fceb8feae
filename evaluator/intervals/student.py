"""The interval around a figure whose variance was estimated from few clusters."""

import math
from dataclasses import replace

from evaluator import checks
from evaluator.types import Estimate

ROUNDING = 1e-12


def student_quantile(freedom: float, *, level: float) -> float:
    """Return how many standard errors reach to both sides of a figure at `level`."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + checks.level(level)) / 2))


def student_interval(figure: Estimate, *, variance: float, freedom: float, scale: float) -> Estimate:
    """Return `figure` with Student's interval; without one, and a reason, when there is no variance.

    Parameters
    ----------
    figure : Estimate
        Value, n, level and method; its ends are not looked at.
    variance : float
        Of the value, >= 0.
    freedom : float
        Degrees of freedom of the variance, above 0; need not be whole.
    scale : float
        Largest absolute value among the data: a standard error of a trillionth of it is rounding.
    """
    if variance <= (ROUNDING * scale) ** 2:
        reason = "all clusters are alike, so they cannot tell how sure this is"
        return replace(figure, low=math.nan, high=math.nan, reason=reason)
    half = student_quantile(freedom, level=figure.level) * math.sqrt(variance)
    return replace(figure, low=figure.value - half, high=figure.value + half, reason="")
