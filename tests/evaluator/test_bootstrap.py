import math
from typing import Any

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.intervals import cluster_bootstrap, percentile_bounds, resampled_sums


def test_the_bootstrap_of_a_mean_comes_close_to_the_t_interval() -> None:
    values = np.random.default_rng(4).normal(10, 2, size=400)
    estimate = cluster_bootstrap(values, np.ones(400), draws=20_000, seed=1)
    half = 1.966 * values.std(ddof=1) / math.sqrt(400)
    assert estimate.value == pytest.approx(values.mean())
    assert (estimate.low, estimate.high) == pytest.approx(
        (values.mean() - half, values.mean() + half), abs=0.02
    )


def test_the_interval_of_few_clusters_is_as_wide_as_the_t_interval() -> None:
    values = np.random.default_rng(4).normal(10, 2, size=8)
    estimate = cluster_bootstrap(values, np.ones(8), draws=20_000)
    t_width = 2 * 2.3646 * values.std(ddof=1) / math.sqrt(8)
    plain_width = 2 * 1.96 * values.std(ddof=0) / math.sqrt(8)
    assert plain_width * 1.1 < estimate.high - estimate.low < t_width * 1.1


def test_clusters_are_drawn_with_replacement_and_whole() -> None:
    columns = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    sums = resampled_sums(columns, draws=5000, seed=0)
    assert np.array_equal(sums[:, 1], 10 * sums[:, 0])
    possible = {a + b + c for a in (1, 2, 4) for b in (1, 2, 4) for c in (1, 2, 4)}
    assert set(sums[:, 0]) == possible
    assert (sums[:, 0] == 3).mean() == pytest.approx(1 / 27, abs=0.01)


def test_strata_keep_their_number_of_clusters_in_every_draw() -> None:
    columns = np.array([[1.0], [1.0], [1.0], [100.0], [100.0]])
    sums = resampled_sums(columns, draws=100, seed=0, strata=np.array([0, 0, 0, 1, 1]))
    assert set(sums[:, 0]) == {203.0}


def test_stratifying_what_differs_between_strata_narrows_the_interval() -> None:
    generator = np.random.default_rng(0)
    values = np.concatenate([generator.normal(0, 1, 50), generator.normal(20, 1, 50)])
    strata = ["flat"] * 50 + ["house"] * 50
    mixed = cluster_bootstrap(values, np.ones(100), draws=2000)
    stratified = cluster_bootstrap(values, np.ones(100), draws=2000, strata=strata)
    assert stratified.value == mixed.value
    assert stratified.high - stratified.low < 0.2 * (mixed.high - mixed.low)


def test_the_same_seed_repeats_the_interval_and_another_does_not() -> None:
    values = np.arange(30.0)
    first, again, other = (cluster_bootstrap(values, np.ones(30), draws=500, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)


def test_denominators_that_sum_to_zero_leave_the_ratio_undefined() -> None:
    estimate = cluster_bootstrap([0, 0], [0, 0])
    assert math.isnan(estimate.value)
    assert estimate.reason


def test_too_few_clusters_with_anything_to_count_have_no_interval() -> None:
    estimate = cluster_bootstrap([1] + [0] * 30, [2] + [0] * 30)
    assert estimate.value == 0.5
    assert math.isnan(estimate.low)
    assert "too few" in estimate.reason


def test_undefined_draws_push_both_ends_outwards() -> None:
    values = np.concatenate([np.full(100, np.nan), np.linspace(0, 1, 901)])
    assert percentile_bounds(values, clusters=1000, level=0.95) == (-math.inf, math.inf)
    low, high = percentile_bounds(values[90:], clusters=1000, level=0.95)
    assert 0 < low < high < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"denominators": [1, -1]}, r"denominators\[1\]: -1 is below 0"),
        ({"denominators": [1]}, "denominators: has length 1, but numerators has length 2"),
        ({"numerators": [1, math.inf]}, r"numerators\[1\]: inf"),
        ({"draws": 0}, "draws"),
        ({"level": 95}, "level: 95 is not strictly between 0 and 1"),
        ({"strata": [1]}, "strata"),
    ],
)
def test_dishonest_sums_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        cluster_bootstrap(**{"numerators": [1, 2], "denominators": [2, 3], **arguments})
