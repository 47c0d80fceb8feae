import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.detection import best_f1_threshold, roll_up
from evaluator.errors import EvaluationError
from tests.evaluator.coco_samples import Record, found_of, random_data, truth_of

BLOUSE, SHIRT, CHAIR, TOP, SEAT = 1, 2, 3, 10, 11
PARENTS = {BLOUSE: TOP, SHIRT: TOP, CHAIR: SEAT}
SQUARE = [0.0, 0.0, 50.0, 50.0]


def test_siblings_on_one_object_become_one_detection_the_surest() -> None:
    found = found_of([(1, BLOUSE, 0.6, SQUARE), (1, SHIRT, 0.7, SQUARE), (1, CHAIR, 0.5, SQUARE)])
    assert roll_up(found, PARENTS) == found_of([(1, TOP, 0.7, SQUARE), (1, SEAT, 0.5, SQUARE)])


def test_siblings_apart_or_in_other_images_stay() -> None:
    found = found_of([(1, BLOUSE, 0.6, SQUARE), (2, SHIRT, 0.7, SQUARE), (1, SHIRT, 0.5, [0, 26, 50, 50])])
    assert [one["score"] for one in roll_up(found, PARENTS)] == [0.6, 0.7, 0.5]
    assert [one["score"] for one in roll_up(found, PARENTS, iou=0.3)] == [0.6, 0.7]


def test_a_removed_detection_removes_no_other() -> None:
    chain = found_of(
        [(1, SHIRT, score, [shift, 0, 50, 50]) for score, shift in ((0.9, 0), (0.8, 15), (0.7, 30))]
    )
    assert [one["score"] for one in roll_up(chain, PARENTS)] == [0.9, 0.7]


def test_of_equal_scores_the_larger_box_stays_in_any_order() -> None:
    found = found_of([(1, SHIRT, 0.5, SQUARE), (1, BLOUSE, 0.5, [0, 0, 50, 60])])
    assert roll_up(found, PARENTS) == roll_up(found[::-1], PARENTS)
    assert roll_up(found, PARENTS)[0]["bbox"] == [0, 0, 50, 60]


def test_equal_boxes_of_the_ground_truth_become_one_object() -> None:
    truth = truth_of(
        [(1, BLOUSE, SQUARE), (1, SHIRT, SQUARE), (1, SHIRT, [0, 0, 50, 49]), (1, CHAIR, SQUARE)]
    )
    rolled = roll_up(truth["annotations"], PARENTS)
    assert [(one["id"], one["category_id"]) for one in rolled] == [(1, TOP), (3, TOP), (4, SEAT)]
    assert [one["id"] for one in roll_up(truth["annotations"][::-1], PARENTS)] == [4, 3, 1]


def test_a_crowd_is_not_the_double_of_an_object() -> None:
    annotations = truth_of([(1, BLOUSE, SQUARE), (1, SHIRT, SQUARE)])["annotations"]
    annotations[1]["iscrowd"] = 1
    assert len(roll_up(annotations, PARENTS)) == 2


def test_without_the_roll_up_a_sibling_is_an_error_and_with_it_a_hit() -> None:
    truth = truth_of([(1, BLOUSE, SQUARE), (1, SHIRT, [90, 0, 50, 50])])
    found = found_of([(1, SHIRT, 0.9, SQUARE), (1, BLOUSE, 0.8, SQUARE), (1, BLOUSE, 0.7, [90, 0, 50, 50])])
    assert best_f1_threshold(truth, found).f1 == pytest.approx(1 / 2)
    coarse = {
        **truth,
        "annotations": roll_up(truth["annotations"], PARENTS),
        "categories": [{"id": TOP}, {"id": SEAT}],
    }
    assert best_f1_threshold(coarse, roll_up(found, PARENTS)).f1 == 1


def test_what_is_given_stays_as_it_was_and_a_file_will_do(tmp_path: Path) -> None:
    found = found_of([(1, BLOUSE, 0.6, SQUARE)])
    (tmp_path / "found.json").write_text(json.dumps(found))
    assert roll_up(found, PARENTS) == roll_up(tmp_path / "found.json", PARENTS)
    assert found[0]["category_id"] == BLOUSE
    assert roll_up([], PARENTS) == []


def test_unmapped_labels_and_half_scored_records_are_refused() -> None:
    found = found_of([(1, BLOUSE, 0.6, SQUARE), (1, 4, 0.6, SQUARE)])
    with pytest.raises(EvaluationError, match=r"annotations.category_id\[1\]: 4 has no parent"):
        roll_up(found, PARENTS)
    mixed: list[Record] = [found[0], {"image_id": 1, "category_id": BLOUSE, "bbox": SQUARE}]
    with pytest.raises(EvaluationError, match=r"annotations\[1\]: has no key 'score'"):
        roll_up(mixed, PARENTS)
    with pytest.raises(EvaluationError, match=r"annotations.bbox width\[0\]"):
        roll_up([{**found[0], "bbox": [0, 0, -1, 1]}], PARENTS)


@given(st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_rolling_up_twice_or_in_another_order_leaves_the_same(seed: int) -> None:
    _, found = random_data(seed, ties=True)
    parents = {1: "a", 2: "a", 3: "b", 4: "b", 5: "b"}
    once = roll_up(found, parents)
    assert roll_up(once, {"a": "a", "b": "b"}) == once
    assert sorted(map(repr, roll_up(found[::-1], parents))) == sorted(map(repr, once))
