import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaluator.errors import EvaluationError
from evaluator.intervals import clopper_pearson, jeffreys, newcombe_difference, wilson
from evaluator.types import Estimate

ShareInterval = Callable[..., Estimate]


# Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, methods 3 and 5.
@pytest.mark.parametrize(
    ("k", "n", "by_wilson", "by_clopper_and_pearson"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombes_table_of_single_proportions(
    k: int, n: int, by_wilson: tuple[float, float], by_clopper_and_pearson: tuple[float, float]
) -> None:
    for interval, published in [(wilson, by_wilson), (clopper_pearson, by_clopper_and_pearson)]:
        estimate = interval(k, n)
        assert (estimate.low, estimate.high) == pytest.approx(published, abs=5e-5)
        assert (estimate.value, estimate.n) == (k / n, n)


# Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion", table 5.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 7, 0.000, 0.292), (1, 7, 0.016, 0.501), (2, 7, 0.065, 0.648), (3, 7, 0.139, 0.766)],
)
def test_jeffreys_intervals_of_brown_cai_and_dasgupta(k: int, n: int, low: float, high: float) -> None:
    estimate = jeffreys(k, n)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5.1e-4)


# Newcombe 1998, "Interval estimation for the difference between independent proportions", table II,
# method 10.
@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombes_table_of_differences(k1: int, n1: int, k2: int, n2: int, low: float, high: float) -> None:
    estimate = newcombe_difference(k1, n1, k2, n2)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)
    assert (estimate.value, estimate.n) == (k1 / n1 - k2 / n2, n1 + n2)


@pytest.mark.parametrize("seed", range(200))
def test_shares_and_their_difference_equal_statsmodels(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n1, n2 = (int(trials) for trials in 10 ** generator.uniform(0, 5, size=2))
    k1, k2 = int(generator.integers(0, n1 + 1)), int(generator.integers(0, n2 + 1))
    level = float(generator.choice([0.8, 0.9, 0.95, 0.99]))
    for k in (0, k1, n1):
        for interval, name in [(wilson, "wilson"), (clopper_pearson, "beta"), (jeffreys, "jeffreys")]:
            estimate = interval(k, n1, level=level)
            peer = proportion_confint(k, n1, alpha=1 - level, method=name)
            assert (estimate.low, estimate.high) == pytest.approx(peer, abs=1e-12)
    difference = newcombe_difference(k1, n1, k2, n2, level=level)
    peer = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=1 - level)
    assert (difference.low, difference.high) == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson, jeffreys])
def test_counting_misses_instead_of_hits_turns_the_interval_around(interval: ShareInterval) -> None:
    for k in range(8):
        hits, misses = interval(k, 7), interval(7 - k, 7)
        assert (misses.low, misses.high) == pytest.approx((1 - hits.high, 1 - hits.low), abs=1e-12)


def test_clopper_and_pearson_never_promise_too_much() -> None:
    for share in (0.02, 0.3, 0.5):
        held = [clopper_pearson(k, 30).low <= share <= clopper_pearson(k, 30).high for k in range(31)]
        chances = [math.comb(30, k) * share**k * (1 - share) ** (30 - k) for k in range(31)]
        assert sum(chance for chance, hold in zip(chances, held, strict=True) if hold) >= 0.95


def test_swapping_the_groups_turns_the_sign_of_the_difference() -> None:
    forth, back = newcombe_difference(9, 10, 3, 10), newcombe_difference(3, 10, 9, 10)
    assert (back.value, back.low, back.high) == pytest.approx((-forth.value, -forth.high, -forth.low))


@pytest.mark.parametrize(
    "estimate",
    [wilson(0, 0), clopper_pearson(0, 0), jeffreys(0, 0), newcombe_difference(0, 0, 1, 2)],
    ids=["wilson", "clopper_pearson", "jeffreys", "newcombe"],
)
def test_without_trials_a_share_is_undefined(estimate: Estimate) -> None:
    assert math.isnan(estimate.value)
    assert "no trials" in estimate.reason


@pytest.mark.parametrize("interval", [wilson, clopper_pearson, jeffreys])
@pytest.mark.parametrize(("k", "n"), [(5, 4), (-1, 4), (1.5, 4), (math.nan, 4)])
def test_impossible_counts_are_refused(interval: ShareInterval, k: Any, n: int) -> None:
    with pytest.raises(EvaluationError, match=r"k\[0\]"):
        interval(k, n)


@pytest.mark.parametrize(
    ("counts", "message"),
    [((5, 4, 1, 2), r"k1\[0\]"), ((1, 4, 3, 2), r"k2\[0\]"), ((1, -4, 3, 2), r"n1\[0\]")],
)
def test_impossible_counts_of_two_groups_are_refused(counts: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        newcombe_difference(*counts)


@pytest.mark.parametrize("level", [0, 1, 95, math.nan])
def test_a_level_that_is_no_probability_is_refused(level: float) -> None:
    for estimate in (wilson, clopper_pearson, jeffreys):
        with pytest.raises(EvaluationError, match="level"):
            estimate(1, 2, level=level)
