import numpy as np
import pytest

from evaluator.consensus import majority
from evaluator.errors import EvaluationError
from evaluator.relevance import precision_at_k


def test_the_most_common_grade_wins_and_a_tie_is_unjudged() -> None:
    items = [0, 0, 0, 1, 1, 3]
    result = majority(items, [0, 1, 2, 0, 1, 2], [3, 3, 4, 2, 3, 0], n_values=5)
    assert result.label.tolist() == [3, -1, -1, 0]
    assert result.tied.tolist() == [False, True, False, False]
    assert result.share.tolist() == pytest.approx([2 / 3, 1 / 2, np.nan, 1], nan_ok=True)


def test_a_tie_below_the_first_place_does_not_matter() -> None:
    assert majority([0] * 4, range(4), [4, 4, 1, 2], n_values=5).label.tolist() == [4]


def test_items_beyond_the_last_label_can_be_asked_for() -> None:
    assert majority([0], [7], [1], n_values=2, n_items=3).label.tolist() == [1, -1, -1]
    assert majority([], [], [], n_values=2, n_items=2).label.tolist() == [-1, -1]
    assert majority([], [], [], n_values=2).label.tolist() == []


def test_the_consensus_of_grades_is_ready_for_precision() -> None:
    grades = majority([0, 0, 1, 2, 2], [0, 1, 0, 0, 1], [4, 4, 3, 4, 1], n_values=5, n_items=5).label
    assert precision_at_k([grades], min_grade=3).value == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("items", "labelers", "labels", "message"),
    [
        ([0, -1], [0, 0], [0, 0], r"items\[1\]: -1 is outside"),
        ([0, 5], [0, 0], [0, 0], r"items\[1\]: 5 is outside 0 to 1"),
        ([0, 0], [0, 0], [0, 5], r"labels\[1\]: 5 is outside 0 to 4"),
        ([0, 0], [0, -2], [0, 0], r"labelers\[1\]: -2"),
        ([0, 0], [0], [0, 0], "labelers: has length 1, but items has length 2"),
        ([0, 0], [0, 0], [0], "labels: has length 1, but items has length 2"),
    ],
)
def test_dishonest_labels_are_refused(
    items: list[int], labelers: list[int], labels: list[int], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        majority(items, labelers, labels, n_values=5, n_items=2)
