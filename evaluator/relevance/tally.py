"""Counts per scene, from which every relevance figure is a ratio of sums."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.types import Floats, Ints

EXTREMELY_SIMILAR, SIMILAR, DID_NOT_LOAD, UNJUDGED, NO_CANDIDATE = 4, 3, 0, -1, -2
GRADES = (4, 3, 2, 1, 0)


@dataclass(frozen=True)
class Tally:
    """Sums over the query objects of each scene; every array has shape (scenes,).

    Attributes
    ----------
    slots : ndarray
        k times the query objects.
    hits : ndarray
        Candidates graded `min_grade` or better.
    candidates, judged, did_not_load : ndarray
        Slots with a candidate, with a grade of 0 to 4, with a grade of 0.
    """

    slots: Floats
    hits: Floats
    candidates: Floats
    judged: Floats
    did_not_load: Floats

    @property
    def unjudged(self) -> float:
        """How many candidates have no judgement."""
        return float(self.candidates.sum() - self.judged.sum())

    def undefined_because(self) -> str:
        """Return why a precision means nothing here, or "" if it means something."""
        return "" if self.slots.sum() else "no query objects"


def grades_of(argument: str, grades: npt.ArrayLike) -> Ints:
    """Return checked grades, shape (query objects, k)."""
    return checks.integers(argument, grades, low=NO_CANDIDATE, high=EXTREMELY_SIMILAR, ndim=2)


def top(grades: Ints, k: int) -> Ints:
    """Return the first k columns; columns that are not there hold no candidate."""
    missing = max(0, k - grades.shape[1])
    return np.pad(grades[:, :k], ((0, 0), (0, missing)), constant_values=NO_CANDIDATE)


def per_scene(grades: Ints, scene: Ints, *, scenes: int, min_grade: int) -> Tally:
    """Return the tally of `grades` (query objects, k) with `scene` (query objects,) in 0 ... scenes - 1."""

    def summed(marked: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(scene, weights=marked.sum(axis=1), minlength=scenes).astype(np.float64)

    return Tally(
        slots=summed(np.ones_like(grades, dtype=np.bool_)),
        hits=summed(grades >= min_grade),
        candidates=summed(grades != NO_CANDIDATE),
        judged=summed(grades >= DID_NOT_LOAD),
        did_not_load=summed(grades == DID_NOT_LOAD),
    )


def grade_mix(grades: Ints) -> dict[int, float]:
    """Return the share of each grade among the judged candidates, best grade first; nan without any."""
    counts = np.array([np.count_nonzero(grades == grade) for grade in GRADES], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        shares = counts / counts.sum()
    return {grade: float(share) for grade, share in zip(GRADES, shares, strict=True)}
