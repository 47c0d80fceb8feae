"""How far labelers lie apart, measured so that outliers among them do not blur it."""

import numpy as np

from evaluator.types import Floats

FEWEST = 4


def standardized(values: Floats, error: Floats, others: Floats, other_error: Floats) -> Floats:
    """Return how many standard deviations each value lies above the median of `others`.

    Parameters
    ----------
    values, error : ndarray of float64, shape (labelers,)
        A figure of each labeler, and its standard error.
    others, other_error : ndarray of float64, shape (others,)
        The same of those who make the norm, at least `FEWEST`.

    Returns
    -------
    ndarray of float64, shape (labelers,)
        The standard deviation is that of an honest labeler's figure: how much the others differ, and its own
        error.
    """
    middle = float(np.median(others))
    return np.asarray((values - middle) / np.sqrt(_between(others - middle, other_error) + error**2))


def _between(away: Floats, error: Floats) -> float:
    """Return the variance between labelers for which their robust standardized spread is 1."""
    from scipy.optimize import brentq
    from statsmodels.robust.scale import qn_scale

    correction = _small_sample(len(away))

    def excess(variance: float) -> float:
        return correction * float(qn_scale(away / np.sqrt(variance + error**2))) - 1

    most = 4 * float(np.ptp(away)) ** 2
    if most == 0 or excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, most, xtol=1e-12, rtol=1e-10))


def _small_sample(n: int) -> float:
    """Return the factor that makes Qn right on average for n normal draws (Croux and Rousseeuw 1992)."""
    few = {4: 0.512, 5: 0.844, 6: 0.611, 7: 0.857, 8: 0.669, 9: 0.872}
    return few.get(n, n / (n + 1.4) if n % 2 else n / (n + 3.8))
