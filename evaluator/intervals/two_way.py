"""The interval of a mean when the same few labelers rated many scenes."""

import math

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals.student import student_interval
from evaluator.types import Estimate, Floats, Ints


def two_way_interval(
    values: npt.ArrayLike, scenes: npt.ArrayLike, labelers: npt.ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Return the mean of `values` with an interval for other scenes and other labelers, both at once.

    Parameters
    ----------
    values : array of numbers, shape (labels,)
        What one labeler found in one scene, any unit: a hit or not, hits / 5, a grade.
    scenes, labelers : array of ids, shape (labels,)
        Of each label. Any pattern of who rated what; a pair may come up more than once.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate
        n counts labels. nan without labels; no ends with fewer than two scenes or two labelers, nor when all
        scenes or labelers are alike. The ends may leave the range of the values.

    Notes
    -----
    Variance over scenes + variance over labelers - variance over their pairs (Cameron, Gelbach and Miller
    2011, "Robust inference with multiway clustering", Journal of Business and Economic Statistics 29, eq.
    2.11), each by leaving out one cluster at a time, which is safe when some labelers rated far more than
    others, and never less than scenes or labelers alone give (MacKinnon, Nielsen and Webb 2024, "Jackknife
    inference with two-way clustering"). Student's quantile has min(scenes, labelers) - 1 degrees of freedom.

    Examples
    --------
    Two labelers who differ by 0.2 on every scene leave the mean wide open, however many scenes there are:

    >>> scenes, labelers = np.repeat(range(100), 2), np.tile(["Ann", "Bob"], 100)
    >>> estimate = two_way_interval(np.tile([0.5, 0.7], 100), scenes, labelers)
    >>> round(estimate.value, 2), round(estimate.high - estimate.value, 2)
    (0.6, 1.27)
    """
    rated = checks.floats("values", values)
    scene, scene_count = checks.codes("scenes", checks.ids("scenes", scenes, length=len(rated)))
    labeler, labeler_count = checks.codes("labelers", checks.ids("labelers", labelers, length=len(rated)))
    figure = Estimate(
        value=math.fsum(rated) / len(rated) if len(rated) else math.nan,
        low=math.nan,
        high=math.nan,
        n=len(rated),
        level=checks.level(level),
        method=f"two-way clustered over {scene_count} scenes and {labeler_count} labelers, Student's t",
        reason="no labels" if len(rated) == 0 else "one scene or labeler alone has none",
    )
    fewest = min(scene_count, labeler_count)
    if fewest < 2:
        return figure
    pair = np.unique(scene * labeler_count + labeler, return_inverse=True)[1]
    apart = [_jackknife_variance(rated - figure.value, group) for group in (scene, labeler, pair)]
    variance = max(apart[0] + apart[1] - apart[2], apart[0], apart[1])
    scale = float(np.abs(rated).max())
    return student_interval(figure, variance=variance, freedom=fewest - 1, scale=scale)


def _jackknife_variance(residuals: Floats, group: Ints) -> float:
    """Return the variance of a mean from how far it moves when each group of its `residuals` is left out."""
    order = np.argsort(residuals)
    sums = np.bincount(group[order], weights=residuals[order])
    moves = sums / (len(residuals) - np.bincount(group))
    return (1 - 1 / len(sums)) * math.fsum(moves**2)
