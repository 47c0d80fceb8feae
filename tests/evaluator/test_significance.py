import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as peers_mcnemar
from statsmodels.stats.multitest import multipletests

from evaluator.errors import EvaluationError
from evaluator.significance import benjamini_hochberg, holm, mcnemar, sign_flip_test, swap_test
from evaluator.types import Floats

Adjust = Callable[[npt.ArrayLike], Floats]

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


@pytest.mark.parametrize(("b", "c", "p"), [(1, 7, 0.0703), (5, 15, 0.0414), (0, 6, 0.0313), (0, 0, 1.0)])
def test_mcnemars_exact_p_value(b: int, c: int, p: float) -> None:
    # 1 and 7: Fagerland, Lydersen and Laake 2013; the others are binomial tails counted by hand.
    assert mcnemar(b, c) == pytest.approx(p, rel=0.005, abs=1e-12)


def test_mcnemar_equals_statsmodels_and_scipy_on_200_random_tables() -> None:
    generator = np.random.default_rng(30)
    for _ in range(200):
        most = 10 ** int(generator.integers(1, 5))
        b, c = int(generator.integers(0, most)), int(generator.integers(1, most))
        assert mcnemar(b, c) == pytest.approx(
            peers_mcnemar([[0, b], [c, 0]], exact=True).pvalue, rel=1e-9, abs=1e-300
        )
        assert mcnemar(b, c) == pytest.approx(stats.binomtest(b, b + c).pvalue, rel=1e-9, abs=1e-300)


def test_mcnemar_is_the_sign_flip_test_of_ones() -> None:
    for b, c in [(0, 3), (2, 9), (6, 6), (10, 4)]:
        assert mcnemar(b, c) == pytest.approx(sign_flip_test([1] * b + [-1] * c), abs=1e-15)
        assert mcnemar(b, c) == mcnemar(c, b)


@pytest.mark.parametrize(("b", "c", "message"), [(-1, 2, r"b\[0\]: -1"), (1, 2.5, r"c\[0\]: 2.5")])
def test_impossible_counts_of_pairs_are_refused(b: int, c: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        mcnemar(b, c)


THROMBOLYSIS = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
THROMBOLYSIS += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]


def test_benjamini_and_hochberg_1995_reject_four_of_their_fifteen_where_bonferroni_rejects_three() -> None:
    # Section 4.1: at 0.05 the largest i with p(i) <= i / 15 * 0.05 is 4; Bonferroni stops below 0.0033.
    assert (benjamini_hochberg(THROMBOLYSIS) <= 0.05).sum() == 4
    assert (holm(THROMBOLYSIS) <= 0.05).sum() == 3
    assert benjamini_hochberg(THROMBOLYSIS)[3] == pytest.approx(0.0095 * 15 / 4)


def test_adjusted_values_come_back_in_the_order_given_and_at_most_one() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("seed", range(200))
def test_adjusted_p_values_equal_statsmodels_and_scipy(seed: int) -> None:
    generator = np.random.default_rng(seed)
    p = generator.random(generator.integers(1, 40)) ** generator.integers(1, 5)
    p[generator.random(len(p)) < 0.2] = p[0]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-14)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-14)
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-14)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_test_that_could_not_be_made_stays_nan_and_counts_for_nothing(adjust: Adjust) -> None:
    given = np.array([math.nan, 0.01, 0.04, math.nan, 0.03])
    adjusted = adjust(given)
    assert np.isnan(adjusted).tolist() == [True, False, False, True, False]
    assert adjusted[[1, 2, 4]].tolist() == adjust([0.01, 0.04, 0.03]).tolist()
    assert np.isnan(given[0])
    assert adjust([]).shape == (0,)
    assert np.isnan(adjust([math.nan])).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize(
    ("p", "message"),
    [([0.1, 1.2], r"p\[1\]: 1.2 is above 1"), ([math.nan, -0.1], r"p\[1\]: -0.1"), ([[0.1]], "dimension")],
)
def test_what_is_no_p_value_is_refused(adjust: Adjust, p: list[float], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        adjust(p)
