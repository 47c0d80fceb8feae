import math

import numpy as np
import pytest

from evaluator.agreement import between_labelers as labeler_agreement
from evaluator.agreement import labeler_consistency, pairwise_agreement
from evaluator.errors import EvaluationError
from evaluator.intervals import wilson_bounds


def test_a_label_is_compared_with_the_mode_of_the_others() -> None:
    result = labeler_consistency([0] * 4, ["Ada", "Bo", "Cy", "Di"], [1, 1, 1, 0])
    assert result.labelers.tolist() == ["Ada", "Bo", "Cy", "Di"]
    assert result.share.tolist() == [1, 1, 1, 0]
    assert result.n.tolist() == [1, 1, 1, 1]


def test_a_tie_among_m_values_of_the_others_gives_one_mth() -> None:
    result = labeler_consistency([0] * 4, [0, 1, 2, 3], [0, 1, 2, 0])
    # Labeler 0 faces 1, 2 and 0 once each; labelers 1 and 2 face two zeros.
    assert result.share.tolist() == pytest.approx([1 / 3, 0, 0, 1 / 3])


def test_items_without_others_are_left_out() -> None:
    result = labeler_consistency([0, 0, 1, 2], ["Ada", "Bo", "Ada", "Cy"], [1, 1, 0, 0])
    assert result.n.tolist() == [1, 1, 0]
    assert result.share.tolist() == pytest.approx([1, 1, math.nan], nan_ok=True)
    assert math.isnan(result.low[2])
    assert math.isnan(result.high[2])
    assert (result.pooled, result.mean) == (1.0, 1.0)


def test_pooled_and_mean_differ_when_one_labeler_does_most_of_the_work() -> None:
    items = [0, 0, 1, 1, 2, 2, 3, 3]
    people = ["Ada", "Bo", "Ada", "Bo", "Ada", "Bo", "Ada", "Cy"]
    result = labeler_consistency(items, people, [1, 1, 1, 1, 1, 1, 1, 0])
    assert result.share.tolist() == [0.75, 1, 0]
    assert [result.pooled, result.mean] == pytest.approx([0.75, 1.75 / 3])


def test_the_interval_is_wilsons() -> None:
    result = labeler_consistency([0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 0], level=0.9)
    assert (result.low[0], result.high[0]) == wilson_bounds(0.5, 2, level=0.9)


def test_own_repeated_labels_are_not_among_the_others() -> None:
    result = labeler_consistency([0, 0, 0], ["Ada", "Ada", "Bo"], [1, 0, 1])
    assert result.share.tolist() == [0.5, 0.5]
    assert result.n.tolist() == [2, 1]
    alone = labeler_consistency([0, 0], ["Ada", "Ada"], [1, 1])
    assert alone.n.tolist() == [0]


def test_working_off_items_bit_by_bit_changes_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    items, people = generator.integers(0, 30, size=400), generator.integers(0, 9, size=400)
    values = generator.integers(0, 4, size=400)
    whole = labeler_consistency(items, people, values)
    monkeypatch.setattr(labeler_agreement, "CELLS", 28)
    assert repr(labeler_consistency(items, people, values)) == repr(whole)


def test_no_labels_give_no_labelers() -> None:
    shares, pairs = labeler_consistency([], [], []), pairwise_agreement([], [], [])
    assert (len(shares.share), math.isnan(shares.pooled), math.isnan(shares.mean)) == (0, True, True)
    assert pairs.kappa.shape == (0, 0)


def test_a_pair_counts_the_items_which_both_labeled() -> None:
    result = pairwise_agreement(["x", "x", "y", "y", "z"], ["Ada", "Bo", "Ada", "Bo", "Cy"], [1, 1, 0, 1, 0])
    assert result.labelers.tolist() == ["Ada", "Bo", "Cy"]
    assert result.both.tolist() == [[2, 2, 0], [2, 2, 0], [0, 0, 1]]
    assert result.agree.tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 1]]
    assert result.share[0].tolist() == pytest.approx([1, 0.5, math.nan], nan_ok=True)
    assert result.kappa[0].tolist() == pytest.approx([1, 0, math.nan], nan_ok=True)
    assert math.isnan(result.kappa[2, 2])


@pytest.mark.parametrize(
    ("items", "people", "values", "message"),
    [
        ([0], [0, 1], [1, 1], r"items: expected one id for each of 2 rows, found shape \(1,\)"),
        ([0, 0], [0], [1, 1], r"labelers: expected one id for each of 2 rows"),
        ([0, 0], [0, 1], [1, -1], r"values\[1\]: -1 is outside"),
        ([0, math.nan], [0, 1], [1, 1], r"items\[1\]: nan is no id"),
    ],
)
def test_dishonest_labels_are_refused(
    items: list[float], people: list[int], values: list[int], message: str
) -> None:
    for figure in (labeler_consistency, pairwise_agreement):
        with pytest.raises(EvaluationError, match=message):
            figure(items, people, values)
