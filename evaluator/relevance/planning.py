"""How many scenes a comparison needs, from a pilot."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError

ROUNDING = 1e-9


@dataclass(frozen=True)
class QueryPlan:
    """How many pairs of observations find an effect; `plan_queries` defines each part.

    Attributes
    ----------
    n : float
        Scenes (or query objects: whatever a difference of the pilot was of), a whole number of at least 2;
        nan when the pilot tells nothing about it, and then `reason` says why.
    more : float
        Of these, how many the pilot does not have yet, >= 0.
    ratings : float
        What `n` of them cost in ratings.
    sd : float
        Standard deviation of the pilot's differences.
    pilot : int
        How many differences the pilot had.
    detectable : float
        The effect that as many scenes as the pilot had find with this power.
    effect, power, level : float
        As asked for.
    reason : str
        Empty unless something above is undefined.
    """

    n: float
    more: float
    ratings: float
    sd: float
    pilot: int
    detectable: float
    effect: float
    power: float
    level: float
    reason: str = ""


def plan_queries(
    pilot_differences: npt.ArrayLike,
    *,
    effect: float,
    power: float = 0.8,
    level: float = 0.05,
    ratings_each: float = 10,
) -> QueryPlan:
    """Return how many scenes find a difference of `effect` between two systems.

    Parameters
    ----------
    pilot_differences : array of float, shape (pilot,)
        Precision of B minus precision of A on the same scene, one per scene: the scene is the unit, and
        its query objects and ratings resemble each other too much to be units of their own.
        `relevance.scene_differences` makes them of grades.
    effect : float
        The difference worth finding, in the unit of the differences (0.03 is 3 points); its sign does not
        matter.
    power : float
        Chance of finding it if it is there, strictly between 0 and 1.
    level : float
        Chance of finding one where there is none, strictly between 0 and 1; two-sided.
    ratings_each : float
        Ratings that one more scene costs: query objects x distinct candidates x labelers. 10 is one query
        object with five candidates of either system, none in common, rated once.

    Returns
    -------
    QueryPlan
        n = (z(1 - level / 2) + z(power))^2 sd^2 / effect^2, rounded up. Undefined for fewer than two
        differences, and when all are equal.

    Notes
    -----
    The sample size of a paired z test (Cohen 1988, chapter 2). Sharing results lowers sd and so n, and lowers
    `ratings_each` besides.

    Examples
    --------
    Per-scene differences of 3, 3, -1 and -1 of ten candidates, and 5 points to be found at 80 %: 2.8^2 times
    their variance by the square of 0.05, Lehr's rule of thumb for pairs.

    >>> plan = plan_queries([0.3, 0.3, -0.1, -0.1], effect=0.05)
    >>> plan.n, round(plan.sd, 3), plan.ratings
    (168, 0.231, 1680)
    """
    pilot = np.sort(checks.floats("pilot_differences", pilot_differences))
    size = abs(float(checks.floats("effect", [effect])[0]))
    if size == 0:
        raise EvaluationError("effect", "no number of scenes finds a difference of 0")
    each = float(checks.floats("ratings_each", [ratings_each], low=0)[0])
    reach = _reach(power=power, level=level)
    sd = float(pilot.std(ddof=1)) if len(pilot) > 1 else math.nan
    reason = _undefined_because(pilot, sd)
    wanted = math.nan if reason else round((reach * sd / size) * (reach * sd / size), 9)
    n = max(2, math.ceil(wanted)) if math.isfinite(wanted) else wanted
    return QueryPlan(
        n=n,
        more=math.nan if reason else max(n - len(pilot), 0),
        ratings=math.ceil(n * each) if math.isfinite(n) else n,
        sd=sd,
        pilot=len(pilot),
        detectable=math.nan if reason else reach * sd / math.sqrt(len(pilot)),
        effect=float(effect),
        power=float(power),
        level=float(level),
        reason=reason,
    )


def _reach(*, power: float, level: float) -> float:
    """Return how many standard errors an effect must be long."""
    if not 0 < power < 1:
        raise EvaluationError("power", f"{power} is not strictly between 0 and 1; 0.8 means 80 %")
    normal = NormalDist()
    return max(normal.inv_cdf(1 - checks.level(level) / 2) + normal.inv_cdf(power), 0.0)


def _undefined_because(pilot: npt.NDArray[np.float64], sd: float) -> str:
    if len(pilot) < 2:
        return "a pilot of fewer than two differences tells nothing about their spread"
    if sd <= ROUNDING * max(1.0, float(np.abs(pilot).max())):
        return "all differences of the pilot are equal, so it tells nothing about their spread"
    return ""
