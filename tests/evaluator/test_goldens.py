import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evaluator.errors import EvaluationError
from evaluator.labelers import (
    golden_accuracy,
    golden_flags,
    goldens_needed,
    pool_prior,
    rank_labelers,
)
from evaluator.types import Ints

SAXONY = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]


def planted(generator: np.random.Generator, members: int, a: float, b: float) -> tuple[float, Ints, Ints]:
    """Accuracy of the first labeler of a pool, and everybody's goldens."""
    accuracy = generator.beta(a, b, size=members)
    n = generator.integers(20, 51, size=members)
    return float(accuracy[0]), generator.binomial(n, accuracy), n


@pytest.mark.parametrize("seed", range(200))
def test_without_a_pool_the_posterior_is_scipys_beta(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n = int(generator.integers(1, 200))
    correct = int(generator.integers(0, n + 1))
    estimate = golden_accuracy(correct, n, level=0.9)
    peer = stats.beta(correct + 1, n - correct + 1)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
        (peer.mean(), peer.ppf(0.05), peer.ppf(0.95)), abs=1e-9
    )
    assert (estimate.n, estimate.level) == (n, 0.9)


def test_a_large_pool_comes_to_the_published_beta_binomial_fit() -> None:
    """Boys among twelve children in Saxony (Geissler 1889): maximum likelihood gives Beta(34.10, 31.57)."""
    boys = np.repeat(np.arange(13), SAXONY)
    prior = pool_prior(boys, np.full(len(boys), 12))
    assert prior.mean == pytest.approx(34.0956 / (34.0956 + 31.5715), abs=5e-4)
    assert np.median(prior.a + prior.b) == pytest.approx(34.0956 + 31.5715, rel=0.05)


@pytest.mark.parametrize(("a", "b"), [(17, 3), (180, 20), (3, 1)])
@pytest.mark.parametrize("members", [10, 25])
def test_intervals_hold_the_accuracies_of_labelers_drawn_from_the_pool(
    members: int, a: float, b: float
) -> None:
    generator = np.random.default_rng(members)
    held = 0
    for _ in range(200):
        truth, correct, n = planted(generator, members, a, b)
        estimate = golden_accuracy(correct[0], n[0], pool_correct=correct, pool_n=n)
        held += estimate.low <= truth <= estimate.high
    assert held / 200 == pytest.approx(0.95, abs=0.05), "3.2 standard errors of 200 draws"


def test_few_goldens_are_drawn_towards_the_pool_and_many_are_not() -> None:
    correct, n = [90, 85, 88, 92, 3], [100, 100, 100, 100, 6]
    few = golden_accuracy(3, 6, pool_correct=correct, pool_n=n)
    assert 0.6 < few.value < 0.87
    assert few.high - few.low < golden_accuracy(3, 6).high - golden_accuracy(3, 6).low
    many = golden_accuracy(500, 1000, pool_correct=[*correct[:4], 500], pool_n=[*n[:4], 1000])
    assert many.value == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("correct", "n"),
    [([9], [10]), ([9] * 8, [10] * 8), ([10] * 5, [10] * 5), ([0, 0], [5, 5]), ([9, 0], [10, 0])],
)
def test_pools_of_one_and_pools_without_differences_still_leave_doubt(
    correct: list[int], n: list[int]
) -> None:
    estimate = golden_accuracy(correct[0], n[0], pool_correct=correct, pool_n=n)
    assert 0 <= estimate.low < estimate.value < estimate.high <= 1
    assert estimate.high - estimate.low > 0.05


def test_without_goldens_there_is_no_figure() -> None:
    alone, member = golden_accuracy(0, 0), golden_accuracy(0, 0, pool_correct=[9, 0], pool_n=[10, 0])
    for estimate in (alone, member):
        assert math.isnan(estimate.value)
        assert estimate.reason == "no goldens yet"


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_pool_changes_no_digit(counts: list[tuple[int, int]], random: Any) -> None:
    correct = np.array([right for right, _ in counts])
    n = correct + [wrong for _, wrong in counts]
    shuffled = list(range(len(n)))
    random.shuffle(shuffled)
    plain = golden_accuracy(correct[0], n[0], pool_correct=correct, pool_n=n)
    moved = golden_accuracy(correct[0], n[0], pool_correct=correct[shuffled], pool_n=n[shuffled])
    assert repr(plain) == repr(moved)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"correct": 5, "n": 4}, r"correct\[0\]: 5 is outside 0 to 4"),
        ({"correct": -1, "n": 4}, r"correct\[0\]"),
        ({"correct": 1, "n": math.nan}, r"n\[0\]: nan"),
        ({"correct": 1, "n": 4, "pool_n": [4]}, "pool_correct: needed"),
        ({"correct": 1, "n": 4, "pool_correct": [1, 5], "pool_n": [4, 4]}, r"pool_correct\[1\]: 5 is more"),
        ({"correct": 1, "n": 4, "pool_correct": [1], "pool_n": [4, 4]}, "pool_correct: has length 1"),
        ({"correct": 1, "n": 4, "level": 1}, "level"),
    ],
)
def test_dishonest_goldens_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        golden_accuracy(**arguments)


def test_goldens_needed_are_those_of_the_notes() -> None:
    assert [goldens_needed(target=0.85, errors=errors) for errors in range(3)] == [18, 29, 39]


@given(st.floats(0.05, 0.99), st.integers(0, 30), st.floats(0.5, 0.999))
def test_goldens_needed_is_the_first_number_that_is_enough(
    target: float, errors: int, certainty: float
) -> None:
    needed = goldens_needed(target=target, errors=errors, certainty=certainty)

    def certain(goldens: int) -> float:
        return float(stats.beta.sf(target, goldens - errors + 1, errors + 1))

    assert certain(needed) >= certainty - 1e-9
    assert needed <= errors or certain(needed - 1) < certainty + 1e-9


@pytest.mark.parametrize("wrong", [{"target": 1.0}, {"errors": -1}, {"certainty": 0}])
def test_impossible_wishes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(EvaluationError, match=next(iter(wrong))):
        goldens_needed(**{"target": 0.85, "errors": 0, **wrong})  # type: ignore[arg-type]


def test_labelers_rank_by_what_is_sure_and_equals_share_a_rank() -> None:
    ranking = rank_labelers([3, 45, 20, 45, 0], [3, 50, 50, 50, 0])
    assert ranking.order.tolist() == [1, 3, 0, 2, 4]
    assert ranking.rank.tolist() == [3, 1, 4, 1, 5]
    assert math.isnan(ranking.lower[4])
    pooled = golden_accuracy(45, 50, pool_correct=[3, 45, 20, 45, 0], pool_n=[3, 50, 50, 50, 0], level=0.9)
    assert ranking.lower[1] == ranking.accuracy[1].low == pooled.low


def test_a_ranking_needs_some_certainty() -> None:
    with pytest.raises(EvaluationError, match="certainty"):
        rank_labelers([1], [2], certainty=0.4)


def test_labelers_below_the_bar_are_flagged_and_those_at_it_rarely() -> None:
    generator = np.random.default_rng(5)
    false = 0
    for _ in range(400):
        n = generator.integers(20, 51, size=20)
        false += int(golden_flags(generator.binomial(n, 0.85), n, least=0.85).flagged.any())
    assert false / 400 <= 0.05
    sign = golden_flags([10, 19, 0], [20, 20, 0], least=0.85, labelers=["guess", "able", "new"])
    assert dict(zip(sign.labelers.tolist(), sign.flagged.tolist(), strict=True)) == {
        "able": False,
        "guess": True,
        "new": False,
    }
    assert sign.reason == "no goldens yet"
    assert math.isnan(sign.p_value[2])
