"""How simulated labelers answer: habits with known faults, in pools shaped after the paper's table 9.

Every answer follows from the seed, the labeler and the pair alone, and for one who drifts from how much was
answered before; so the same tasks get the same answers however often they are filled.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

LOWEST, HIGHEST = 1, 4
DRIFT_OVER = 120
"""Answers after which a drifting labeler has become as careless as they get."""


@dataclass(frozen=True)
class Habit:
    """What a labeler makes of what they see.

    `slip` is the chance of a neighbouring grade, `lean` that of moving by `shift`, `guess` that of any
    grade whatever is seen, `drift` what is added to the guessing in the end, `seconds` the usual time per
    candidate.
    """

    name: str
    slip: float = 0.0
    shift: int = 0
    lean: float = 0.0
    guess: float = 0.0
    drift: float = 0.0
    seconds: float = 4.0


CAREFUL = Habit("careful", slip=0.01, guess=0.005, seconds=4.5)
HASTY = Habit("hasty", slip=0.15, guess=0.08, seconds=1.5)
HURRIED = Habit("hasty", slip=0.3, guess=0.7, seconds=1.2)
LENIENT = Habit("biased", shift=1, lean=0.85, guess=0.25, seconds=3.0)
HARSH = Habit("biased", shift=-1, lean=0.85, guess=0.25, seconds=3.0)
GUESSING = Habit("guessing", guess=1.0, seconds=0.8)
DRIFTING = Habit("drifting", slip=0.02, guess=0.02, drift=0.15, seconds=3.5)
DRIFTING_FAR = Habit("drifting", slip=0.2, guess=0.55, drift=0.4, seconds=2.0)


@dataclass(frozen=True)
class PlantedPool:
    """Members by name; `misreading` is the share of pairs that all members together take for a neighbour."""

    slug: str
    name: str
    kind: str
    misreading: float
    members: Mapping[str, Habit]
    consistency: float
    accuracy: float


IN_HOUSE = PlantedPool(
    "sim_in_house",
    "Simulated in-house team",
    "in_house",
    misreading=0.07,
    members={"Ines": CAREFUL, "Igor": CAREFUL, "Ivy": CAREFUL, "Ian": HASTY, "Iris": DRIFTING},
    consistency=0.95,
    accuracy=0.895,
)
VENDOR = PlantedPool(
    "sim_vendor",
    "Simulated fixed vendor",
    "fixed_vendor",
    misreading=0.4,
    members={"Vera": GUESSING, "Vito": GUESSING, "Vince": GUESSING, "Viola": LENIENT, "Vlad": HARSH},
    consistency=0.49,
    accuracy=0.26,
)
CROWD = PlantedPool(
    "sim_crowd",
    "Simulated crowd",
    "crowd",
    misreading=0.1,
    members={"Cleo": HURRIED, "Cyrus": DRIFTING_FAR, "Cora": LENIENT, "Carl": HARSH, "Cody": GUESSING},
    consistency=0.47,
    accuracy=0.325,
)
POOLS = (IN_HOUSE, VENDOR, CROWD)
"""`consistency` and `accuracy` are table 9's, at which the habits aim: 95 and 89.5 %, 49 and 26 %, 47 and
32.5 %."""


@dataclass(frozen=True)
class PlantedLabeler:
    """One member of a pool, at the seed of a simulation."""

    name: str
    pool: PlantedPool
    seed: int

    @property
    def habit(self) -> Habit:
        return self.pool.members[self.name]

    def grade(self, pair: str, truth: int, *, answered: int) -> int:
        """Return the grade given to a pair whose true grade is known, after so many answered tasks."""
        seen = self._seen(pair, truth)
        habit, chance = self.habit, _chance(self.seed, self.name, pair)
        guess = habit.guess + habit.drift * min(1.0, answered / DRIFT_OVER)
        if chance.uniform() < guess:
            return int(chance.integers(LOWEST, HIGHEST + 1))
        if chance.uniform() < habit.lean:
            return _bounded(seen + habit.shift)
        if chance.uniform() < habit.slip:
            return _neighbour(seen, chance)
        return seen

    def seconds(self, task: str, candidates: int) -> float:
        """Return the active time on a task."""
        chance = _chance(self.seed, self.name, "seconds", task)
        return round(self.habit.seconds * candidates * float(chance.lognormal(0, 0.35)), 1)

    def _seen(self, pair: str, truth: int) -> int:
        """What the whole pool takes the pair for."""
        chance = _chance(self.seed, self.pool.slug, pair)
        return _neighbour(truth, chance) if chance.uniform() < self.pool.misreading else truth


def _neighbour(grade: int, chance: np.random.Generator) -> int:
    if grade in {LOWEST, HIGHEST}:
        return grade + 1 if grade == LOWEST else grade - 1
    return grade + int(chance.choice([-1, 1]))


def _bounded(grade: int) -> int:
    return min(HIGHEST, max(LOWEST, grade))


def _chance(*of: object) -> np.random.Generator:
    digest = hashlib.sha256(" ".join(map(str, of)).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest[:16], dtype=np.uint32))
