import math
from typing import Any

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.relevance import precision_at_k, relevance_at_5

ROWS = [
    [4, 3, 2, 1, 0],
    [4, 4, 3, 3, 3],
    [3, 1, -1, -2, -2],
    [-2, -2, -2, -2, -2],
]
SCENES = ["hall", "hall", "kitchen", "porch"]


def test_similar_precision_counts_both_upper_grades_over_five_slots_per_object() -> None:
    estimate = precision_at_k(ROWS, min_grade=3, clusters=SCENES)
    assert estimate.value == pytest.approx((2 + 5 + 1 + 0) / 20)
    assert estimate.n == 4
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_extremely_similar_precision_is_the_stricter_one() -> None:
    assert precision_at_k(ROWS, min_grade=4).value == pytest.approx(3 / 20)


def test_depth_cuts_rows_and_pads_missing_columns_with_misses() -> None:
    assert precision_at_k(ROWS, k=1, min_grade=3).value == pytest.approx(3 / 4)
    assert precision_at_k([[4, 4]], k=5, min_grade=3).value == pytest.approx(2 / 5)


def test_relevance_at_5_gives_every_figure_of_the_hand_computed_example() -> None:
    result = relevance_at_5(ROWS, SCENES)
    assert (result.query_objects, result.scenes) == (4, 3)
    assert result.similar.value == pytest.approx(8 / 20)
    assert result.extremely_similar.value == pytest.approx(3 / 20)
    assert result.pooled.value == pytest.approx(8 / 12)
    assert result.pooled.n == 12
    assert result.fill_rate == pytest.approx(13 / 20)
    assert result.judged_at_5 == pytest.approx((1 + 1 + 2 / 3) / 3)
    assert result.unjudged == pytest.approx(1 / 13)
    assert result.without_did_not_load.value == pytest.approx(8 / 19)
    assert result.bounds == pytest.approx((8 / 20, 9 / 20))
    assert result.extremely_similar_bounds == pytest.approx((3 / 20, 4 / 20))
    assert result.grade_mix == pytest.approx({4: 3 / 12, 3: 5 / 12, 2: 1 / 12, 1: 2 / 12, 0: 1 / 12})


def test_relevance_at_5_and_precision_at_k_agree_to_the_last_digit_of_value() -> None:
    result = relevance_at_5(ROWS, SCENES)
    assert result.similar.value == precision_at_k(ROWS, min_grade=3, clusters=SCENES).value


def test_no_query_objects_leave_every_figure_undefined_with_a_reason() -> None:
    result = relevance_at_5([], [])
    for estimate in (result.similar, result.extremely_similar, result.pooled, result.without_did_not_load):
        assert math.isnan(estimate.value)
        assert estimate.reason == "no query objects"
    assert math.isnan(result.fill_rate)
    assert math.isnan(result.judged_at_5)
    assert all(math.isnan(share) for share in result.grade_mix.values())
    assert result.bounds == pytest.approx((math.nan, math.nan), nan_ok=True)


def test_an_unjudged_system_has_missed_all_and_its_bounds_say_what_is_open() -> None:
    result = relevance_at_5([[-1] * 5, [-1] * 4 + [-2]], ["hall", "porch"])
    assert result.similar.value == 0
    assert math.isnan(result.pooled.value)
    assert result.bounds == pytest.approx((0, 0.9))
    assert result.judged_at_5 == 0


def test_a_system_that_finds_no_candidates_at_all_scores_zero() -> None:
    result = relevance_at_5([[-2] * 5] * 20, range(20))
    assert result.similar.value == 0
    assert result.fill_rate == 0
    assert math.isnan(result.pooled.value)
    assert math.isnan(result.judged_at_5)


def test_where_nothing_loads_the_value_without_did_not_load_is_undefined() -> None:
    result = relevance_at_5([[0] * 5] * 2, ["hall", "porch"])
    assert result.similar.value == 0
    assert math.isnan(result.without_did_not_load.value)
    assert result.without_did_not_load.reason


def test_a_single_scene_has_a_value_and_no_interval() -> None:
    estimate = relevance_at_5([[4, 3, 1, 1, 1], [4, 4, 1, 1, 1]], ["hall", "hall"]).similar
    assert estimate.value == pytest.approx(0.4)
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.high)
    assert "one scene" in estimate.reason


def test_scenes_without_any_hit_still_leave_room_above_zero() -> None:
    estimate = precision_at_k([[1] * 5] * 20, min_grade=3)
    assert (estimate.value, estimate.low) == (0, 0)
    assert estimate.high == pytest.approx(0.1611, abs=5e-5), "Newcombe 1998, table I: 0 of 20, Wilson"


def test_objects_of_one_scene_widen_the_interval_since_they_are_drawn_together() -> None:
    rows = [[4] * 5] * 20 + [[1] * 5] * 20
    alone = precision_at_k(rows, min_grade=3)
    together = precision_at_k(rows, min_grade=3, clusters=[index // 5 for index in range(40)])
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        ([[4, 3], [4, 5]], r"grades\[1, 1\]: 5 is outside -2 to 4"),
        ([[4, math.nan]], r"grades\[0, 1\]: nan is not a finite number"),
        ([[4, 10**400]], "grades: expected numbers in a regular array"),
        ([[4, 2.5]], r"grades\[0, 1\]: 2.5 is not a whole number"),
        ([4, 3], r"grades: expected 2 dimension\(s\), found shape \(2,\)"),
        ([[4, 3], [4]], "grades: expected numbers in a regular array"),
    ],
)
def test_dishonest_grades_are_refused_with_the_first_offending_place(grades: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        precision_at_k(grades, min_grade=3)


def test_every_row_needs_its_scene() -> None:
    with pytest.raises(EvaluationError, match="scenes: expected one id for each of 4 rows"):
        relevance_at_5(ROWS, SCENES[:3])
    with pytest.raises(EvaluationError, match=r"scenes\[1\]: nan"):
        relevance_at_5(ROWS, [1.0, math.nan, 2.0, 3.0])
    with pytest.raises(EvaluationError, match=r"scenes\[1\]: 1 is not of the kind of 'hall'"):
        relevance_at_5(ROWS, np.array(["hall", 1, None, "porch"], dtype=object))


@pytest.mark.parametrize(("name", "arguments"), [("k", {"k": 0}), ("min_grade", {"min_grade": 5})])
def test_impossible_depths_and_grades_are_refused(name: str, arguments: dict[str, int]) -> None:
    with pytest.raises(EvaluationError, match=name):
        precision_at_k(ROWS, **{"min_grade": 3, **arguments})


def test_an_error_keeps_what_was_wrong_for_the_caller() -> None:
    with pytest.raises(EvaluationError) as caught:
        precision_at_k([[9]], min_grade=3)
    assert (caught.value.argument, caught.value.index) == ("grades", (0, 0))


def test_an_estimate_goes_into_json_without_nan() -> None:
    assert relevance_at_5([], []).similar.as_dict()["value"] is None
    whole = precision_at_k(ROWS, min_grade=3, clusters=SCENES)
    assert whole.as_dict()["value"] == whole.value
    assert (whole.defined, whole.bounded) == (True, True)
