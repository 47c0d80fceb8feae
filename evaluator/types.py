"""What the functions of this package return: frozen dataclasses, shares in 0..1."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes
    ----------
    value : float
        The figure; nan when it is undefined, and then `reason` says why.
    low, high : float
        Ends of the interval; nan when there is none, infinite when it is open on that side. `reason` says
        why.
    n : int
        What was counted: the function that made the estimate says what (query objects, scenes, trials).
    level : float
        Coverage the interval aims at, 0.95 for 95 %.
    method : str
        How the interval was made, with draws, clusters and seed where it was resampled.
    reason : str
        Empty unless something above is undefined or open.
    """

    value: float
    low: float
    high: float
    n: int
    level: float
    method: str
    reason: str = ""

    @property
    def defined(self) -> bool:
        """Whether there is a value to show."""
        return not math.isnan(self.value)

    @property
    def bounded(self) -> bool:
        """Whether both ends of the interval are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @classmethod
    def undefined(cls, reason: str, *, n: int, level: float, method: str = "none") -> "Estimate":
        """Return the estimate of a figure that these data do not define."""
        return cls(math.nan, math.nan, math.nan, n, level, method, reason)

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return the fields ready for JSON: None where the float is not finite."""
        low, value, high = (
            number if math.isfinite(number) else None for number in (self.low, self.value, self.high)
        )
        return {
            "value": value,
            "low": low,
            "high": high,
            "n": self.n,
            "level": self.level,
            "method": self.method,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class RelevanceAt5:
    """E2E Relevance@5 of one system; `evaluator.relevance.relevance_at_5` defines each part.

    Attributes
    ----------
    similar, extremely_similar : Estimate
        Mean over query objects of hits / 5; hits are grades 3 and 4, or 4 alone. n counts query objects.
    pooled : Estimate
        Similar hits / judged candidates. n counts judged candidates.
    fill_rate : float
        Share of the five slots per query object that hold a candidate.
    judged_at_5 : float
        Mean over query objects with candidates of judged / candidates.
    grade_mix : mapping of int to float
        Grade (4 ... 0) to its share of the judged candidates; nan when none is judged.
    without_did_not_load : Estimate
        Similar hits / slots that did load. n counts those slots.
    bounds, extremely_similar_bounds : (float, float)
        The two precisions if every unjudged candidate were bad, and if every one were good.
    query_objects, scenes : int
        Rows, and distinct scenes among them.
    unjudged : float
        Share of all candidates without a judgement.
    """

    similar: Estimate
    extremely_similar: Estimate
    pooled: Estimate
    fill_rate: float
    judged_at_5: float
    grade_mix: Mapping[int, float]
    without_did_not_load: Estimate
    bounds: tuple[float, float]
    extremely_similar_bounds: tuple[float, float]
    query_objects: int
    scenes: int
    unjudged: float


@dataclass(frozen=True)
class Comparison:
    """System B against system A on the same scenes; `evaluator.relevance.compare` defines each part.

    Attributes
    ----------
    difference : Estimate
        Precision of B minus precision of A, -1 to 1. n counts the scenes of both together.
    relative_gain : Estimate
        Difference / precision of A; nan when A has no hit, `high` infinite when A is near zero.
    p_value : float
        Two-sided, by swapping the systems within scenes; nan without a difference.
    wins, ties, losses : int
        Scenes present in both where B is above, equal to, below A.
    verdict : str
        The result as one sentence, with the names A and B (`evaluator.report.verdict_sentence` takes others).
    winner : {"A", "B", ""}
        Empty unless interval, p-value and bounds all speak for the same system.
    bounds : (float, float)
        The difference if all unjudged candidates turned out best for A, and best for B.
    scenes : int
        Scenes in the union.
    unjudged : float
        Share of the candidates of both without a judgement.
    scenes_needed : float
        Scenes, these included, that find a difference as large as this one with 80 % power, a whole number;
        nan when the difference is 0, undefined, or the same in all scenes.
    extremely_similar : Comparison or None
        The same systems by Extremely Similar precision, where this one is by Similar precision.
    """

    difference: Estimate
    relative_gain: Estimate
    p_value: float
    wins: int
    ties: int
    losses: int
    verdict: str
    winner: Literal["A", "B", ""]
    bounds: tuple[float, float]
    scenes: int
    unjudged: float
    scenes_needed: float = math.nan
    extremely_similar: "Comparison | None" = None


@dataclass(frozen=True)
class Consensus:
    """One answer per item; `evaluator.consensus.majority` defines each part.

    Attributes
    ----------
    label : ndarray of int64, shape (items,)
        The winning value, -1 for a tie and for an item without labels.
    share : ndarray of float64, shape (items,)
        Share of the item's labels on its most common value; nan without labels.
    tied : ndarray of bool, shape (items,)
        Whether two or more values share the first place.
    """

    label: Ints
    share: Floats
    tied: Bools
