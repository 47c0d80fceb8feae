import itertools
import math

import numpy as np
import pytest
from scipy import stats

from evaluator.errors import EvaluationError
from evaluator.significance import sign_flip_test, swap_test

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def test_fishers_count_over_darwins_maize_pairs() -> None:
    assert sign_flip_test(DARWIN) == 2 * 863 / 2**15


@pytest.mark.parametrize("seed", range(5))
def test_small_samples_equal_scipys_exact_permutation_test(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0.4, 1, size=9)
    peer = stats.permutation_test(
        (values,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert sign_flip_test(values) == pytest.approx(peer.pvalue, abs=1e-12)


def test_large_samples_come_close_to_the_t_test() -> None:
    values = np.random.default_rng(3).normal(0.15, 1, size=200)
    assert sign_flip_test(values) == pytest.approx(stats.ttest_1samp(values, 0).pvalue, abs=0.01)


def test_random_draws_count_the_observed_pattern_too() -> None:
    assert sign_flip_test(np.ones(200), draws=999) == 1 / 1000


def test_twenty_clusters_are_exact_and_twenty_one_are_drawn() -> None:
    values = np.random.default_rng(7).normal(0.4, 1, size=20)
    exact = sign_flip_test(values)
    assert exact * 2**20 == int(exact * 2**20)
    assert sign_flip_test([*values, 0.0], draws=20_000) == pytest.approx(exact, abs=0.01)


def test_rows_of_a_cluster_flip_together() -> None:
    assert sign_flip_test([1, 2, 3, 4], clusters=["a", "a", "a", "a"]) == 1.0
    assert sign_flip_test([1, 2, 3, 4], clusters=["a", "a", "b", "b"]) == 0.5


def test_nothing_but_zeros_is_no_evidence_and_no_rows_are_undefined() -> None:
    assert sign_flip_test([0, 0, 0]) == 1.0
    assert math.isnan(sign_flip_test([]))


def test_dishonest_differences_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"differences\[1\]"):
        sign_flip_test([1, math.nan])
    with pytest.raises(EvaluationError, match="clusters"):
        sign_flip_test([1, 2], clusters=["a"])
    with pytest.raises(EvaluationError, match="draws"):
        sign_flip_test([1, 2], draws=0)


def test_swapping_equals_brute_force_over_all_patterns() -> None:
    generator = np.random.default_rng(11)
    slots = 5.0 * generator.integers(1, 4, size=(2, 7))
    hits = generator.binomial(slots.astype(int), 0.5).astype(float)
    first, second = np.column_stack([hits[0], slots[0]]), np.column_stack([hits[1], slots[1]])
    distances = []
    for swapped in itertools.product([False, True], repeat=7):
        mask = np.array(swapped)[:, None]
        a, b = np.where(mask, second, first).sum(axis=0), np.where(mask, first, second).sum(axis=0)
        distances.append(abs(b[0] / b[1] - a[0] / a[1]))
    share = np.mean([distance >= distances[0] - 1e-12 for distance in distances])
    assert swap_test(first, second) == pytest.approx(share)


def test_with_equal_numbers_of_objects_swapping_is_sign_flipping() -> None:
    generator = np.random.default_rng(2)
    hits = generator.integers(0, 6, size=(2, 12)).astype(float)
    slots = np.full(12, 5.0)
    swapped = swap_test(np.column_stack([hits[0], slots]), np.column_stack([hits[1], slots]))
    assert swapped == sign_flip_test(hits[1] - hits[0])


def test_a_pattern_without_one_of_the_systems_counts_as_extreme() -> None:
    first, second = np.array([[1.0, 5.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 5.0]])
    assert swap_test(first, second) == 1.0


def test_a_system_without_any_denominator_has_no_p_value() -> None:
    assert math.isnan(swap_test(np.array([[1.0, 5.0]]), np.array([[0.0, 0.0]])))
