import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from evaluator.attributes import attribute_precision_at_1
from evaluator.errors import EvaluationError

TABLE_6 = {"C": 0.872, "P": 0.949, "F": 0.848, "LL": 0.898, "DS": 0.879}
"""Shop The Look (2020), table 6, last row."""

ROWS = [
    ("red", "red", "Color"),
    ("red", "blue", "Color"),
    ("blue", "blue", "Color"),
    ("teal", "blue", "Color"),
    ("red", "teal", "Color"),
    ("red", None, "Color"),
    (None, "red", "Color"),
    ("dots", "dots", "Pattern"),
]


def columns(rows: list[Any]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def test_the_papers_final_model_has_its_published_precisions() -> None:
    truth, predicted, names = [], [], []
    for name, precision in TABLE_6.items():
        right = round(1000 * precision)
        truth += ["this"] * 1000
        predicted += ["this"] * right + ["that"] * (1000 - right)
        names += [name] * 1000
    results = attribute_precision_at_1(truth, predicted, names)
    assert {str(name): result.precision.value for name, result in results.items()} == TABLE_6
    assert all(result.precision.value > 0.84 for result in results.values()), "section 6.3.1"
    low, high = proportion_confint(872, 1000, method="wilson")
    assert (results["C"].precision.low, results["C"].precision.high) == pytest.approx((low, high), abs=1e-12)


def test_a_small_table_comes_out_as_counted_by_hand() -> None:
    results = attribute_precision_at_1(*columns(ROWS))
    color = results["Color"]
    assert list(results) == ["Color", "Pattern"]
    assert color.precision.value == pytest.approx(2 / 6)
    assert color.precision.n == 6
    assert color.values == ("blue", "red", "teal")
    assert color.confusion.tolist() == [[1, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]]
    assert [recall.value for recall in color.recall] == [1, 0.25, 0]
    assert [recall.n for recall in color.recall] == [1, 4, 1]
    assert (color.dropped, color.not_applicable) == ({}, 1)
    assert results["Pattern"].precision.value == 1


def test_rare_values_leave_with_their_rows_and_are_listed() -> None:
    color = attribute_precision_at_1(*columns(ROWS), min_count=2)["Color"]
    assert color.dropped == {"blue": 1, "teal": 1}
    assert color.values == ("red",)
    assert color.confusion.tolist() == [[1, 3]], "blue, teal and nothing are all no kept value"
    assert color.without_prediction.tolist() == [1]
    assert color.precision.value == 0.25


def test_nothing_left_is_undefined_with_a_reason() -> None:
    color = attribute_precision_at_1(*columns(ROWS), min_count=9)["Color"]
    assert math.isnan(color.precision.value)
    assert color.precision.reason == "no row with a kept value"
    assert color.confusion.shape == (0, 1)
    assert attribute_precision_at_1([], [], []) == {}
    only = attribute_precision_at_1([None], ["red"], ["Color"])["Color"]
    assert (only.precision.reason, only.not_applicable) == ("no row with a kept value", 1)


@pytest.mark.parametrize("seed", range(200))
def test_figures_equal_scikit_learn(seed: int) -> None:
    generator = np.random.default_rng(seed)
    truth, predicted = generator.integers(0, 5, size=(2, 60))
    result = attribute_precision_at_1(truth, predicted, np.full(60, 7))[7]
    present = list(result.values)
    assert result.precision.value == pytest.approx(metrics.accuracy_score(truth, predicted), abs=1e-12)
    matrix = metrics.confusion_matrix(truth, predicted, labels=present)
    assert result.confusion[:, :-1].tolist() == matrix.tolist()
    recalls = metrics.recall_score(truth, predicted, labels=present, average=None)
    assert [recall.value for recall in result.recall] == pytest.approx(recalls, abs=1e-12)


def test_numbers_and_names_give_the_same_figures() -> None:
    generator = np.random.default_rng(4)
    truth, predicted = generator.integers(-1, 4, size=(2, 200))
    attribute = generator.integers(0, 2, size=200)
    names = np.array(["a", "b", "c", "d", None], dtype=object)
    numbered = attribute_precision_at_1(truth, predicted, attribute, min_count=3)
    named = attribute_precision_at_1(
        names[truth], names[predicted], np.array(["x", "y"])[attribute], min_count=3
    )
    for one, other in zip(numbered.values(), named.values(), strict=True):
        assert one.precision == other.precision
        assert one.recall == other.recall
        assert one.confusion.tolist() == other.confusion.tolist()
        assert one.not_applicable == other.not_applicable > 0


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=30), st.randoms())
def test_order_and_duplication_change_no_share(rows: list[Any], random: Any) -> None:
    plain = attribute_precision_at_1(*columns(rows))
    twice = attribute_precision_at_1(*columns(rows * 2), min_count=2)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert repr(attribute_precision_at_1(*columns(shuffled))) == repr(plain)
    for name, result in plain.items():
        assert twice[name].precision.value == pytest.approx(result.precision.value, nan_ok=True)
        assert (twice[name].confusion == 2 * result.confusion).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a"], ["a", "b"], ["C"]), "predicted: has length 2, but truth has length 1"),
        ((["a"], ["a"], []), "attributes: has length 0"),
        ((["a", "b"], ["a", "b"], ["C", None]), r"attributes\[1\]: None names no attribute"),
        ((["a", 1], ["a", 1], ["C", "C"]), "truth: strings or integers, of one kind only"),
        (([1.5], [1], ["C"]), r"truth\[0\]: 1.5 is neither"),
        (([1], [math.nan], ["C"]), r"predicted\[0\]: nan is neither"),
        ((np.zeros((2, 2), dtype=int), [1, 1], [1, 1]), "truth: expected one value for each row"),
        (("red", ["red"], ["C"]), "truth: expected one value for each row"),
        (([["red"]], [["red"]], ["C"]), r"truth\[0\]: \['red'\] is neither"),
        (([1, 1], [1, 1], ["C", 2]), "attributes: strings or integers"),
    ],
)
def test_dishonest_columns_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        attribute_precision_at_1(*arguments)


def test_min_count_is_at_least_one() -> None:
    with pytest.raises(EvaluationError, match="min_count"):
        attribute_precision_at_1(["a"], ["a"], ["C"], min_count=0)


def test_lists_of_numpy_scalars_are_as_good_as_arrays() -> None:
    result = attribute_precision_at_1([np.int64(3), None], [np.int64(3), None], [np.str_("C"), "C"])["C"]
    assert (result.precision.value, result.values, result.not_applicable) == (1, (3,), 1)
