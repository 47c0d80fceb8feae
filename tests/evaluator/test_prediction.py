import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evaluator.errors import EvaluationError
from evaluator.intervals import ppi_mean

HUMAN = [1, 0, 0, 1, 1, 0, 1, 0, 0, 1]
JUDGED = np.array([0.9, 0.2, 0.4, 0.7, 0.8, 0.1, 0.6, 0.3, 0.2, 0.5])
OTHERS = np.array([0.8, 0.3, 0.6, 0.1, 0.9, 0.4, 0.7, 0.2, 0.5, 0.6, 0.8, 0.3])
ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=12)


# What ppi_py 0.2.3 prints: ppi_mean_pointestimate and ppi_mean_ci(..., alpha=0.05).
@pytest.mark.parametrize(
    ("human", "judged", "others", "value", "low", "high"),
    [
        (HUMAN, JUDGED, OTHERS, 0.54300159, 0.31165586, 0.77434732),
        (HUMAN, 1 - JUDGED, OTHERS, 0.5, 0.19010248, 0.80989752),
        (HUMAN, JUDGED / 2 + 0.1, OTHERS / 2 + 0.1, 0.52333333, 0.27171307, 0.77495359),
        ([3, 4, 2, 0, 4, 1], [3, 3, 2, 1, 4, 2], [4, 2, 2, 3, 0, 1, 4], 2.23655914, 1.24351799, 3.22960029),
    ],
    ids=["tuned", "a judge that says the opposite", "lambda cut at 1", "grades"],
)
def test_the_value_is_that_of_ppi_py_and_the_interval_wider_for_few_answers(
    human: list[float], judged: Any, others: Any, value: float, low: float, high: float
) -> None:
    estimate = ppi_mean(human, judged, others)
    assert estimate.value == pytest.approx(value, abs=1e-8)
    few = len(human)
    assert (
        1
        < (estimate.high - estimate.low) / (high - low)
        < stats.t.ppf(0.975, few - 1) / 1.9 * few / (few - 1)
    )


def by_the_paper(y: np.ndarray, f: np.ndarray, u: np.ndarray) -> tuple[float, float]:
    """Value and standard error of PPI++ for a mean, each as Angelopoulos, Duchi and Zrnic write it."""
    share = 1 + len(y) / len(u)
    power = np.cov(y, f, ddof=0)[0, 1] / (share * np.concatenate([f, u]).var(ddof=1))
    power = min(max(power, 0), 1)
    variance = (y - power * f).var(ddof=1) / len(y) + power**2 * u.var(ddof=1) / len(u)
    return float(y.mean() + power * (u.mean() - f.mean())), math.sqrt(variance)


@pytest.mark.parametrize("seed", range(200))
def test_rows_on_their_own_follow_the_papers_formula(seed: int) -> None:
    generator = np.random.default_rng(seed)
    truth = generator.normal(size=int(generator.integers(10, 300)))
    human = truth + generator.normal(size=len(truth))
    judged = truth * generator.choice([-1, 0.5, 2]) + generator.normal(size=len(truth)) + 0.3
    few = int(generator.integers(3, len(truth) - 3))
    value, error = by_the_paper(human[:few], judged[:few], judged[few:])
    half = stats.t.ppf(0.975, few - 1) * error
    estimate = ppi_mean(human[:few], judged[:few], judged[few:])
    assert estimate.value == pytest.approx(value, abs=1e-12)
    assert (estimate.low, estimate.high) == pytest.approx((value - half, value + half), abs=1e-9)


def test_a_good_judge_narrows_the_interval_of_a_hundred_answers() -> None:
    generator = np.random.default_rng(1)
    truth = generator.random(2100) < 0.4
    judged = np.where(generator.random(2100) < 0.93, truth, ~truth)
    alone = ppi_mean(truth[:100], judged[:100], [])
    helped = ppi_mean(truth[:100], judged[:100], judged[100:])
    assert helped.high - helped.low < 0.7 * (alone.high - alone.low)


@pytest.mark.parametrize("others", [[], [0.3], OTHERS])
def test_a_judge_that_always_says_the_same_leaves_the_human_t_interval(others: Any) -> None:
    estimate = ppi_mean(HUMAN, [0.5] * 10, np.full(len(others), 0.5))
    half = stats.t.ppf(0.975, 9) * np.std(HUMAN, ddof=1) / math.sqrt(10)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half))


def test_rows_of_one_scene_count_as_one() -> None:
    scenes, more = np.arange(10), np.arange(100, 112)
    once = ppi_mean(HUMAN, JUDGED, OTHERS, clusters_labeled=scenes, clusters_unlabeled=more)
    twice = ppi_mean(
        np.tile(HUMAN, 2),
        np.tile(JUDGED, 2),
        np.tile(OTHERS, 2),
        clusters_labeled=np.tile(scenes, 2),
        clusters_unlabeled=np.tile(more, 2),
    )
    alone = ppi_mean(HUMAN, JUDGED, OTHERS)
    for estimate in (twice, alone):
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
            (once.value, once.low, once.high)
        )
    assert (once.n, twice.n) == (10, 20)


def test_scenes_with_rows_in_both_parts_move_both_together() -> None:
    generator = np.random.default_rng(3)
    scene = np.repeat(np.arange(100), 2)
    hits = (generator.random(200) < generator.beta(0.5, 0.5, size=100)[scene]).astype(float)
    first, second = hits[::2], hits[1::2]
    same = ppi_mean(first, first, second, clusters_labeled=range(100), clusters_unlabeled=range(100))
    names = range(100, 200)
    apart = ppi_mean(first, first, second, clusters_labeled=range(100), clusters_unlabeled=names)
    assert same.high - same.low > apart.high - apart.low


@given(ROWS, ROWS, st.randoms())
def test_neither_the_order_of_rows_nor_any_name_changes_a_digit(
    labeled: list[tuple[int, int, int]], unlabeled: list[tuple[int, int, int]], random: Random
) -> None:
    def estimate(name: Any) -> str:
        human, judged, scenes = zip(*labeled, strict=True)
        others, _, other_scenes = zip(*unlabeled, strict=True)
        names: dict[str, Any] = {
            "clusters_labeled": [name(s) for s in scenes],
            "clusters_unlabeled": [name(s) for s in other_scenes],
        }
        return repr(ppi_mean(human, judged, others, **names))

    plain = estimate(lambda scene: scene)
    random.shuffle(labeled)
    random.shuffle(unlabeled)
    assert estimate(lambda scene: f"scene-{9 - scene}") == plain


@pytest.mark.parametrize(
    ("human", "judged", "clusters", "value", "reason"),
    [
        ([], [], None, math.nan, "no human answers"),
        ([0.5], [0.4], None, 0.5, "one cluster"),
        ([0.2, 0.8], [0.4, 0.4], ["a", "a"], 0.5, "one cluster"),
        ([0.1, 0.1, 0.1], [0.4, 0.4, 0.4], None, 0.1, "alike"),
        ([0, 0, 0], [0.1, 0.1, 0.1], None, 0.0, "alike"),
    ],
)
def test_what_cannot_have_an_interval_says_why(
    human: list[float], judged: list[float], clusters: Any, value: float, reason: str
) -> None:
    estimate = ppi_mean(human, judged, [0.4, 0.4], clusters_labeled=clusters)
    assert estimate.value == pytest.approx(value, nan_ok=True)
    assert math.isnan(estimate.low)
    assert reason in estimate.reason


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"human": [1, math.nan]}, r"human\[1\]"),
        ({"judged_labeled": [1]}, "judged_labeled: has length 1, but human has length 2"),
        ({"judged_unlabeled": [math.inf]}, r"judged_unlabeled\[0\]"),
        ({"clusters_labeled": ["a"]}, "clusters_labeled"),
        ({"clusters_unlabeled": ["a", "b"]}, "clusters_unlabeled"),
        ({"level": 0}, "level"),
    ],
)
def test_dishonest_answers_are_refused(arguments: dict[str, Any], message: str) -> None:
    given_answers = {"human": [1, 0], "judged_labeled": [1, 0], "judged_unlabeled": [1], **arguments}
    with pytest.raises(EvaluationError, match=message):
        ppi_mean(**given_answers)
