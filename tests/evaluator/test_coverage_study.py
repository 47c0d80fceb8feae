"""How often 95 % intervals hold a planted truth, and how often two equal systems are told apart.

200 scenes with 1 to 4 query objects each. A scene has its own share of hits, drawn from Beta(2, 3), so
candidates of one scene resemble each other; the new system turns a fifth of the misses into hits. Hence the
truths below.
"""

import numpy as np
import pytest

from evaluator.relevance import compare, precision_at_k
from evaluator.types import Estimate, Ints

SCENES, REPEATS = 200, 500
OLD, LIFT = 2 / 5, 0.2
NEW = OLD + (1 - OLD) * LIFT


def planted(generator: np.random.Generator, *, lift: float) -> list[tuple[Ints, Ints]]:
    """Grades of the old and of a new system on the same scenes, and the scene of each row."""
    share = generator.beta(2, 3, size=SCENES)
    systems = []
    for gain in (0.0, lift):
        scene = np.repeat(np.arange(SCENES), generator.integers(1, 5, size=SCENES))
        hits = generator.random((len(scene), 5)) < (share + (1 - share) * gain)[scene][:, None]
        systems.append((np.where(hits, 3, 1), scene))
    return systems


def holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def test_intervals_of_precision_difference_and_gain_hold_the_truth_in_93_to_97_percent() -> None:
    generator = np.random.default_rng(20)
    held = np.zeros(3)
    for repeat in range(REPEATS):
        (old, old_scenes), (new, new_scenes) = planted(generator, lift=LIFT)
        alone = precision_at_k(old, min_grade=3, clusters=old_scenes)
        result = compare(old, new, old_scenes, new_scenes, draws=1000, seed=repeat)
        held += [
            holds(alone, OLD),
            holds(result.difference, NEW - OLD),
            holds(result.relative_gain, NEW / OLD - 1),
        ]
    assert dict(zip(["precision", "difference", "gain"], held / REPEATS, strict=True)) == pytest.approx(
        {"precision": 0.95, "difference": 0.95, "gain": 0.95}, abs=0.02
    )


def test_two_equal_systems_are_told_apart_in_36_to_64_of_1000_comparisons() -> None:
    generator = np.random.default_rng(21)
    flagged = 0
    for repeat in range(1000):
        (old, old_scenes), (new, new_scenes) = planted(generator, lift=0.0)
        result = compare(old, new, old_scenes, new_scenes, draws=400, seed=repeat)
        flagged += result.p_value <= 0.05
    assert 36 <= flagged <= 64
