"""How often 95 % intervals hold a planted truth, and how often two equal systems are told apart.

Every figure is computed as users get it, with the default draws; 2,000 repetitions have a standard error of
half a point. `pytest --log-cli-level=INFO` shows the shares.

Worlds of relevance have 200 scenes with 1 to 4 query objects each. A scene has its own share of hits, drawn
from Beta(2, 3), so candidates of one scene resemble each other; the new system turns a fifth of the misses
into hits. Hits are Extremely Similar, since comparing Similar makes a second comparison. The other worlds are
described where they are planted. All truths are exact.
"""

import logging
import math
from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import Literal

import numpy as np
import pytest

from evaluator.agreement import alpha_interval, consistency
from evaluator.intervals import confidence_sequence, ppi_mean, two_way_interval
from evaluator.labelers import golden_accuracy
from evaluator.relevance import compare, precision_at_k
from evaluator.types import Estimate, Floats, Ints

pytestmark = pytest.mark.slow
FIGURES = logging.getLogger(__name__)

SCENES, REPEATS, HIT = 200, 2000, 4
OLD, LIFT = 2 / 5, 0.2
NEW = OLD + (1 - OLD) * LIFT

# Agreement: items by their true grade, and what a labeler says about each; 2 to 5 labels per item.
GRADES = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
SAID = np.array(
    [
        [0.80, 0.15, 0.03, 0.01, 0.01],
        [0.20, 0.60, 0.15, 0.03, 0.02],
        [0.05, 0.20, 0.60, 0.10, 0.05],
        [0.02, 0.08, 0.20, 0.60, 0.10],
        [0.05, 0.05, 0.05, 0.05, 0.80],
    ]
)
LABELS = (2, 3, 4, 5)


def planted(generator: np.random.Generator, *, lift: float) -> list[tuple[Ints, Ints]]:
    """Grades of the old and of a new system on the same scenes, and the scene of each row."""
    share = generator.beta(2, 3, size=SCENES)
    systems = []
    for gain in (0.0, lift):
        scene = np.repeat(np.arange(SCENES), generator.integers(1, 5, size=SCENES))
        hits = generator.random((len(scene), 5)) < (share + (1 - share) * gain)[scene][:, None]
        systems.append((np.where(hits, HIT, 1), scene))
    return systems


def holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def covered(study: Callable[[np.random.Generator], dict[str, bool]], *, seed: int) -> dict[str, float]:
    """Share of the repetitions of `study` in which each of its intervals held."""
    generator = np.random.default_rng(seed)
    repeats = [study(generator) for _ in range(REPEATS)]
    shares = {name: float(np.mean([held[name] for held in repeats])) for name in repeats[0]}
    FIGURES.info("held the truth: %s", shares)
    return shares


def right(shares: dict[str, float]) -> bool:
    return all(0.93 <= share <= 0.97 for share in shares.values())


def test_intervals_of_precision_hold_the_truth_in_93_to_97_percent() -> None:
    def study(generator: np.random.Generator) -> dict[str, bool]:
        (grades, scenes), _ = planted(generator, lift=0)
        return {"P@5": holds(precision_at_k(grades, min_grade=HIT, clusters=scenes), OLD)}

    shares = covered(study, seed=20)
    assert right(shares), shares


def test_intervals_of_difference_and_gain_hold_the_truth_in_93_to_97_percent() -> None:
    def study(generator: np.random.Generator) -> dict[str, bool]:
        (old, old_scenes), (new, new_scenes) = planted(generator, lift=LIFT)
        result = compare(old, new, old_scenes, new_scenes, min_grade=HIT)
        return {
            "difference": holds(result.difference, NEW - OLD),
            "relative gain": holds(result.relative_gain, NEW / OLD - 1),
        }

    shares = covered(study, seed=21)
    assert right(shares), shares


def labeled(generator: np.random.Generator) -> Ints:
    """Value counts of 200 items (items, grades)."""
    grade = generator.choice(len(GRADES), p=GRADES, size=SCENES)
    return generator.multinomial(generator.choice(LABELS, size=SCENES), SAID[grade]).astype(np.int64)


def true_consistency() -> float:
    """Mean modal share over all grades, numbers of labels and answers that an item can get."""
    total = 0.0
    for labels in LABELS:
        for answers in combinations_with_replacement(range(len(GRADES)), labels):
            times = np.bincount(answers, minlength=len(GRADES))
            orders = math.factorial(labels) / math.prod(math.factorial(int(count)) for count in times)
            chance = GRADES @ np.prod(SAID**times, axis=1) * orders
            total += chance * times.max() / labels / len(LABELS)
    return total


def true_alpha(distances: Floats) -> float:
    """1 - E(distance of two labels of an item) / E(distance of two labels of all)."""
    overall = GRADES @ SAID
    return float(
        1 - GRADES @ np.einsum("gv,gw,vw->g", SAID, SAID, distances) / (overall @ distances @ overall)
    )


def test_intervals_of_consistency_hold_the_truth_in_93_to_97_percent() -> None:
    modal = true_consistency()
    shares = covered(lambda g: {"consistency": holds(consistency(labeled(g)), modal)}, seed=22)
    assert right(shares), shares


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_intervals_of_alpha_hold_the_truth_in_93_to_97_percent(level: Literal["nominal", "ordinal"]) -> None:
    overall = GRADES @ SAID
    rank = np.cumsum(overall) - overall / 2
    truth = true_alpha((rank[:, None] - rank) ** 2 if level == "ordinal" else 1 - np.eye(len(GRADES)))
    shares = covered(lambda g: {level: holds(alpha_interval(labeled(g), level=level), truth)}, seed=22)
    assert right(shares), shares


def test_intervals_of_accuracy_hold_in_93_to_97_percent_of_labelers_drawn_from_the_pool() -> None:
    # Pools of 30 labelers, true accuracies from Beta(8, 2), 5 to 50 goldens each.
    def study(generator: np.random.Generator) -> dict[str, bool]:
        accuracy, goldens = generator.beta(8, 2, size=30), generator.integers(5, 51, size=30)
        right_answers = generator.binomial(goldens, accuracy)
        estimate = golden_accuracy(
            int(right_answers[0]), int(goldens[0]), pool_correct=right_answers, pool_n=goldens
        )
        return {"accuracy": holds(estimate, float(accuracy[0]))}

    shares = covered(study, seed=23)
    assert right(shares), shares


@pytest.mark.parametrize("uneven", [False, True], ids=["equal work", "some do most of the work"])
def test_with_six_biased_labelers_the_two_way_interval_holds_the_truth_in_at_least_93_percent(
    uneven: bool,
) -> None:
    # P@5 of 200 scenes, each rated by three of six labelers whose bias has a standard deviation of 8 points.
    # Shares from Beta(8, 12) stay inside 0..1 with their bias, so its mean of 0 keeps the truth at 8 / 20.
    def study(generator: np.random.Generator) -> dict[str, bool]:
        bias, share = generator.normal(0, 0.08, size=6), generator.beta(8, 12, size=SCENES)
        work = generator.dirichlet(np.full(6, 2.0)) if uneven else np.full(6, 1 / 6)
        scene = np.repeat(np.arange(SCENES), 3)
        labeler = generator.choice(6, p=work, size=len(scene))
        hits = generator.binomial(5, np.clip(share[scene] + bias[labeler], 0, 1))
        return {"two-way": holds(two_way_interval(hits / 5, scene, labeler), 8 / 20)}

    shares = covered(study, seed=24)
    assert shares["two-way"] >= 0.93, shares


def test_a_judges_answers_corrected_by_people_hold_the_truth_in_93_to_97_percent() -> None:
    # 100 scenes of 1 to 4 rows that people answered, 500 that only a judge did, which is right in 85 %.
    def study(generator: np.random.Generator) -> dict[str, bool]:
        share, rows = generator.beta(2, 3, size=600), generator.integers(1, 5, size=600)
        scene = np.repeat(np.arange(600), rows)
        hit = generator.random(len(scene)) < share[scene]
        judged = np.where(generator.random(len(scene)) < 0.85, hit, ~hit)
        seen = scene < 100
        estimate = ppi_mean(
            hit[seen],
            judged[seen],
            judged[~seen],
            clusters_labeled=scene[seen],
            clusters_unlabeled=scene[~seen],
        )
        return {"PPI++": holds(estimate, OLD)}

    shares = covered(study, seed=25)
    assert right(shares), shares


def test_two_equal_systems_are_told_apart_in_36_to_64_of_1000_comparisons() -> None:
    generator = np.random.default_rng(26)
    flagged = 0
    for _ in range(1000):
        (old, old_scenes), (new, new_scenes) = planted(generator, lift=0)
        flagged += compare(old, new, old_scenes, new_scenes, min_grade=HIT).p_value <= 0.05
    FIGURES.info("equal systems told apart: %d of 1,000", flagged)
    assert 36 <= flagged <= 64


def test_with_20_looks_at_two_equal_systems_the_sequence_flags_at_most_50_of_1000() -> None:
    # One difference of P@5 per scene, in random order, with a look after every tenth scene.
    generator = np.random.default_rng(27)
    looks = np.arange(9, SCENES, 10)
    flagged = fixed = 0
    for _ in range(1000):
        share = generator.beta(2, 3, size=SCENES)
        old, new = generator.binomial(5, share, size=(2, SCENES)) / 5
        low, high = confidence_sequence(new - old, bounds=(-1, 1))
        flagged += bool(((low[looks] > 0) | (high[looks] < 0)).any())
        fixed += any(fixed_interval_excludes_zero((new - old)[: look + 1]) for look in looks)
    FIGURES.info("told apart at one of 20 looks: %d of 1,000; by fixed intervals: %d", flagged, fixed)
    assert flagged <= 50
    assert fixed > 150, "the world is too kind to show why a sequence is needed"


def fixed_interval_excludes_zero(differences: Floats) -> bool:
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    return abs(float(differences.mean())) > 1.96 * error
