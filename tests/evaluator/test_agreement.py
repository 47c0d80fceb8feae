import math

import numpy as np
import pytest

from evaluator.agreement import (
    alpha_interval,
    cohen_kappa,
    consistency,
    count_values,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
    randolph_kappa,
)
from evaluator.agreement.alpha import Level
from evaluator.agreement.value_counts import distinct
from evaluator.errors import EvaluationError
from evaluator.types import Estimate
from tests.evaluator.agreement_tables import FLEISS, KRIPPENDORFF

ONE_LABEL_EACH = [[1, 0], [0, 1], [1, 0]]
ALL_EQUAL = [[3, 0], [2, 0], [4, 0]]
NOTHING: list[list[int]] = []
LEVELS: list[Level] = ["nominal", "ordinal", "interval", "ratio"]


def ends(estimate: Estimate) -> list[float]:
    return [estimate.low, estimate.high]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("counts", [ONE_LABEL_EACH, ALL_EQUAL, NOTHING, [[0, 0]], [[5], [2]]])
def test_alpha_is_undefined_where_nothing_can_disagree(counts: list[list[int]], level: Level) -> None:
    assert math.isnan(krippendorff_alpha(counts, level=level))


def test_an_undefined_alpha_says_why() -> None:
    assert alpha_interval(ONE_LABEL_EACH).reason == "no item has two labels"
    assert alpha_interval(ALL_EQUAL).reason == "all labels are equal"
    assert (alpha_interval(ONE_LABEL_EACH).n, alpha_interval(ALL_EQUAL).n) == (0, 3)


@pytest.mark.parametrize("level", LEVELS)
def test_unanimous_items_of_two_values_have_an_alpha_of_exactly_one(level: Level) -> None:
    assert krippendorff_alpha([[3, 0, 0], [0, 0, 7], [0, 0, 2]], level=level) == 1.0


def test_resampling_unanimous_items_claims_no_certainty() -> None:
    estimate = alpha_interval([[3, 0]] * 40 + [[0, 3]] * 40)
    assert estimate.value == 1.0
    assert ends(estimate) == pytest.approx([math.nan, math.nan], nan_ok=True)
    assert "no spread" in estimate.reason
    rare = alpha_interval([[3, 0]] * 40 + [[2, 1]])
    assert "one value only" in rare.reason
    assert alpha_interval([[2, 1]]).reason == "one item alone has none"


def test_a_grade_nobody_gave_keeps_its_place_on_the_interval_scale_and_none_on_the_ordinal() -> None:
    gap = np.insert(KRIPPENDORFF, 2, 0, axis=1)
    for level in LEVELS:
        points = [1, 2, 2.5, 3, 4, 5]
        assert krippendorff_alpha(gap, level=level, values=points) == pytest.approx(
            krippendorff_alpha(KRIPPENDORFF, level=level, values=[1, 2, 3, 4, 5])
        )
    assert krippendorff_alpha(gap, level="interval") != pytest.approx(
        krippendorff_alpha(KRIPPENDORFF, level="interval")
    )


def test_ordinal_alpha_takes_the_order_of_the_values_not_of_the_columns() -> None:
    shuffled = np.array(KRIPPENDORFF)[:, [4, 0, 3, 1, 2]]
    alpha = krippendorff_alpha(shuffled, level="ordinal", values=[50, 10, 40, 20, 30])
    assert alpha == krippendorff_alpha(KRIPPENDORFF, level="ordinal")


def test_ratio_alpha_takes_two_zeros_for_equal() -> None:
    assert krippendorff_alpha([[2, 0], [0, 2]], level="ratio", values=[0, 3]) == 1.0


def test_alpha_of_a_million_labels_per_item_keeps_its_digits() -> None:
    counts = [[10**6, 0], [0, 10**6], [500_000, 500_000]]
    observed = 500_000 / 999_999
    assert krippendorff_alpha(counts) == pytest.approx(
        1 - observed / 3 / (0.5 * 3 * 10**6 / (3 * 10**6 - 1)), abs=1e-12
    )


def test_the_interval_lies_around_alpha_and_depends_on_the_seed_alone() -> None:
    estimate = alpha_interval(FLEISS, seed=3)
    assert estimate.low < estimate.value < estimate.high
    assert estimate.value == krippendorff_alpha(FLEISS)
    assert estimate.method == "percentile bootstrap over 30 items, 1000 draws, seed 3"
    assert estimate == alpha_interval(FLEISS, seed=3)
    assert ends(estimate) != ends(alpha_interval(FLEISS, seed=4))
    wide = alpha_interval(FLEISS, coverage=0.99)
    assert wide.level == 0.99
    assert wide.low < estimate.low < estimate.high < wide.high


@pytest.mark.parametrize("copies", [1, 400], ids=["each item picked", "equal items drawn together"])
def test_both_ways_of_drawing_have_the_spread_of_picks_with_replacement(copies: int) -> None:
    table = distinct(np.tile(FLEISS, (copies, 1)))
    drawn = np.concatenate(list(table.resampled(draws=4000, seed=1)))
    assert set(drawn.sum(axis=1)) == {table.items}
    share = table.times / table.items
    assert drawn.mean(axis=0) == pytest.approx(table.times, rel=0.1)
    assert drawn.var(axis=0) == pytest.approx(table.items * share * (1 - share), rel=0.15)


def test_many_columns_are_told_apart_where_one_number_no_longer_holds_a_row() -> None:
    generator = np.random.default_rng(2)
    counts = generator.integers(0, 3, size=(300, 90))
    counts[::2] = counts[1::2]
    table = distinct(counts)
    rows, times = np.unique(counts, axis=0, return_counts=True)
    assert np.array_equal(table.rows, rows)
    assert np.array_equal(table.times, times)


def test_consistency_leaves_out_items_with_one_label_and_lets_a_tie_be() -> None:
    estimate = consistency([[3, 1], [2, 2], [1, 0], [0, 0]])
    assert (estimate.value, estimate.n) == (0.625, 2)


def test_consistency_without_spread_uses_wilson() -> None:
    estimate = consistency([[2, 0]] * 20)
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert estimate.low == pytest.approx(1 - 0.5 * 0.1611, abs=1e-4)
    assert estimate.method == "20 items, all alike: Wilson for others missed"
    assert consistency([[2, 0]]).reason == "one item alone has none"
    assert consistency(ONE_LABEL_EACH).reason == "no item has two labels"


@pytest.mark.parametrize("counts", [ONE_LABEL_EACH, NOTHING, [[0, 0]]])
def test_kappas_are_undefined_without_two_labels_on_an_item(counts: list[list[int]]) -> None:
    for kappa in (percent_agreement, fleiss_kappa, randolph_kappa, gwet_ac):
        assert math.isnan(kappa(counts))


def test_only_chance_that_leaves_room_corrects_all_equal_labels() -> None:
    assert percent_agreement(ALL_EQUAL) == 1.0
    assert math.isnan(fleiss_kappa(ALL_EQUAL))
    assert randolph_kappa(ALL_EQUAL) == 1.0
    assert gwet_ac(ALL_EQUAL) == 1.0
    assert math.isnan(cohen_kappa([2, 2], [2, 2]))
    assert math.isnan(cohen_kappa([], []))


def test_a_single_possible_value_leaves_nothing_to_correct() -> None:
    for kappa in (fleiss_kappa, randolph_kappa, gwet_ac):
        assert math.isnan(kappa([[3], [2]]))


def test_an_unlabeled_item_changes_nothing() -> None:
    more = [*KRIPPENDORFF, [0] * 5]
    for figure in (percent_agreement, fleiss_kappa, randolph_kappa, gwet_ac, krippendorff_alpha):
        assert figure(more) == figure(KRIPPENDORFF)


def test_weighted_kappa_keeps_a_grade_that_neither_gave() -> None:
    a, b = [0, 0, 3, 3, 1], [0, 1, 3, 0, 1]
    apart = np.abs(np.subtract.outer(a, b))
    assert cohen_kappa(a, b, weights="linear") == pytest.approx(
        1 - np.trace(apart) / 5 / apart.mean(), abs=1e-12
    )


def test_counting_takes_the_last_items_from_n_items() -> None:
    counted = count_values([1, 1, 0], [2, 2, 0], n_values=3, n_items=3)
    assert counted.tolist() == [[1, 0, 0], [0, 0, 2], [0, 0, 0]]
    assert count_values([], [], n_values=3).shape == (0, 3)


@pytest.mark.parametrize(
    ("items", "labels", "message"),
    [
        ([0, -1], [0, 0], r"items\[1\]: -1 is outside"),
        ([0, 2], [0, 0], r"items\[1\]: 2 is outside 0 to 1"),
        ([0, 0], [0, 5], r"labels\[1\]: 5 is outside 0 to 4"),
        ([0, 0], [0, -1], r"labels\[1\]: -1 is outside 0 to 4"),
        ([0, 0], [0.5, 0], r"labels\[0\]: 0.5 is not a whole number"),
        ([0, 0], [0], "labels: has length 1, but items has length 2"),
    ],
)
def test_dishonest_labels_are_not_counted(items: list[int], labels: list[float], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        count_values(items, labels, n_values=5, n_items=2)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2], [3, -1]], r"value_counts\[1, 1\]: -1 is outside"),
        ([[1, math.nan]], r"value_counts\[0, 1\]: nan is not a finite number"),
        ([[1.5, 1]], r"value_counts\[0, 0\]: 1.5 is not a whole number"),
        ([1, 2], r"value_counts: expected 2 dimension\(s\), found shape \(2,\)"),
    ],
)
def test_dishonest_counts_are_refused_by_every_figure(counts: list[float], message: str) -> None:
    for figure in (
        krippendorff_alpha,
        alpha_interval,
        fleiss_kappa,
        randolph_kappa,
        gwet_ac,
        percent_agreement,
        consistency,
    ):
        with pytest.raises(EvaluationError, match=message):
            figure(counts)


@pytest.mark.parametrize(
    ("level", "values", "message"),
    [
        ("metric", None, "level: 'metric' is not one of nominal, ordinal, interval, ratio"),
        ("nominal", [1, 2], r"values: has length 2, but value_counts\[0\] has length 3"),
        ("ordinal", [1, 2, 1], r"values\[2\]: 1 stands for two columns"),
        ("interval", [1, math.inf, 2], r"values\[1\]: inf is not a finite number"),
        ("ratio", [1, -2, 3], r"values\[1\]: -2 is below 0"),
    ],
)
def test_values_that_make_no_scale_are_refused(level: Level, values: list[float], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        krippendorff_alpha([[1, 1, 0]], level=level, values=values)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([0, 1], [0], "b: has length 1, but a has length 2"),
        ([0, -1], [0, 0], r"a\[1\]: -1 is outside"),
        ([0, 1], [0, math.nan], r"b\[1\]: nan"),
    ],
)
def test_cohens_kappa_refuses_labels_that_are_none(a: list[int], b: list[float], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        cohen_kappa(a, b)


def test_unknown_weights_and_levels_of_confidence_are_refused() -> None:
    with pytest.raises(EvaluationError, match="weights: 'cubic' is neither None"):
        cohen_kappa([0], [0], weights="cubic")  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match="weights: 'cubic' is neither None"):
        gwet_ac([[1, 1]], weights="cubic")  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match="level: 95 is not strictly between"):
        consistency(FLEISS, level=95)
    with pytest.raises(EvaluationError, match="coverage: 95 is not strictly between"):
        alpha_interval(FLEISS, coverage=95)
    with pytest.raises(EvaluationError, match="draws: 0 is not a whole number of at least 1"):
        alpha_interval(FLEISS, draws=0)


def test_figures_take_counts_of_any_integer_type() -> None:
    assert krippendorff_alpha(np.array(FLEISS, dtype=np.int8)) == krippendorff_alpha(FLEISS)
