import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from evaluator.errors import EvaluationError
from evaluator.relevance import compare, plan_queries, precision_at_k, scene_differences
from evaluator.types import Comparison, Ints

System = tuple[npt.ArrayLike, npt.ArrayLike]

BAD, SIMILAR, EXTREMELY = [1] * 5, [3] * 5, [4] * 5
A = ([[3, 3, 1, 1, 1], [3, 1, 1, 1, 1], [4, 1, 1, 1, 1]], ["hall", "hall", "kitchen"])
B = ([[3, 3, 3, 1, 1], [4, 4, 1, 1, 1], [3, 3, 3, 3, 3]], ["hall", "kitchen", "porch"])


def both(first: System, second: System, **options: Any) -> Comparison:
    return compare(first[0], second[0], first[1], second[1], **options)


def rated(seed: int, *, share: float, scenes: int = 300) -> tuple[Ints, Ints]:
    generator = np.random.default_rng(seed)
    return np.where(generator.random((scenes, 5)) < share, 3, 1), np.arange(scenes)


def test_the_difference_is_taken_over_the_union_of_scenes() -> None:
    result = both(A, B)
    assert result.scenes == 3
    assert result.difference.value == pytest.approx(10 / 15 - 4 / 15)
    assert result.relative_gain.value == pytest.approx(10 / 4 - 1)


def test_wins_ties_and_losses_count_scenes_present_in_both() -> None:
    result = both(A, B)
    assert (result.wins, result.ties, result.losses) == (2, 0, 0)
    turned = both(B, A)
    assert (turned.wins, turned.ties, turned.losses) == (0, 0, 2)


def test_a_scene_is_compared_by_its_share_not_by_its_number_of_hits() -> None:
    two_objects = ([SIMILAR, BAD], ["hall", "hall"])
    one_object = ([[3, 3, 3, 1, 1]], ["hall"])
    assert both(two_objects, one_object).wins == 1


def test_extremely_similar_is_compared_on_request() -> None:
    result = both(([SIMILAR], ["hall"]), ([EXTREMELY], ["hall"]), min_grade=4)
    assert result.difference.value == 1
    assert both(([SIMILAR], ["hall"]), ([EXTREMELY], ["hall"])).difference.value == 0


def test_the_comparison_by_similar_brings_that_by_extremely_similar_along() -> None:
    result = both(A, B, draws=200)
    alone = both(A, B, draws=200, min_grade=4)
    assert repr(result.extremely_similar) == repr(alone)
    assert alone.extremely_similar is None


def test_scene_differences_average_to_the_difference_and_spread_like_its_interval() -> None:
    generator = np.random.default_rng(7)
    systems = []
    for share in (0.4, 0.45):
        scene = np.repeat(np.arange(400), generator.integers(1, 5, size=400))
        systems.append((np.where(generator.random((len(scene), 5)) < share, 3, 1), scene))
    result = both(systems[0], systems[1], draws=4000)
    parts = scene_differences(systems[0][0], systems[1][0], systems[0][1], systems[1][1])
    assert parts.mean() == pytest.approx(result.difference.value)
    width = result.difference.high - result.difference.low
    assert 2 * 1.96 * parts.std(ddof=1) / 20 == pytest.approx(width, rel=0.05)
    plan = plan_queries(parts, effect=result.difference.value)
    assert result.scenes_needed == plan.n


def test_scene_differences_of_one_object_each_are_differences_of_precision() -> None:
    old, new = [[3, 1], [1, 1], [4, 3]], [[3, 3], [1, 1], [1, 1]]
    assert scene_differences(old, new, list("abc"), list("abc")) == pytest.approx([-1, 0, 0.5])


def test_scene_differences_without_query_objects_are_undefined() -> None:
    assert np.isnan(scene_differences([], [[3, 1]], [], ["hall"])).all()
    assert scene_differences([], [], [], []).shape == (0,)


@pytest.mark.parametrize("scenes", [3, 5])
def test_fewer_than_six_scenes_are_never_enough(scenes: int) -> None:
    new = [[3, 3, 3, 3, place % 2 * 2 + 1] for place in range(scenes)]
    assert both(([BAD] * scenes, range(scenes)), (new, range(scenes))).scenes_needed == 6


def test_equal_systems_and_equal_differences_plan_nothing() -> None:
    assert math.isnan(both(A, A).scenes_needed)
    assert math.isnan(both(([BAD] * 9, range(9)), ([SIMILAR] * 9, range(9))).scenes_needed)


def test_values_equal_those_of_the_two_systems_alone() -> None:
    result = both(A, B)
    alone = [precision_at_k(rows, min_grade=3).value for rows, _ in (A, B)]
    assert result.difference.value == alone[1] - alone[0]


def test_a_clear_difference_has_a_winner_and_excludes_zero() -> None:
    result = both(rated(1, share=0.40), rated(2, share=0.60), draws=2000)
    assert result.winner == "B"
    assert 0 < result.difference.low < result.difference.value < result.difference.high
    assert 0 < result.relative_gain.low < result.relative_gain.value < result.relative_gain.high
    assert result.p_value == 1 / 2001
    assert result.verdict.startswith("B better than A by ")


def test_the_older_system_can_win_too() -> None:
    result = both(rated(1, share=0.60), rated(2, share=0.40), draws=2000)
    assert result.winner == "A"
    assert result.verdict.startswith("A better than B by ")


def test_chance_has_no_winner() -> None:
    result = both(rated(1, share=0.5), rated(2, share=0.5), draws=2000)
    assert result.winner == ""
    assert result.difference.low < 0 < result.difference.high
    assert result.verdict.startswith("No difference shown between A and B")


def test_five_scenes_are_too_few_for_a_winner_however_clear() -> None:
    result = both(([BAD] * 5, range(5)), ([SIMILAR] * 5, range(5)))
    assert result.p_value == 2 / 2**5
    assert result.winner == ""


def test_there_is_no_winner_when_the_unjudged_could_turn_it() -> None:
    rows, scenes = rated(2, share=0.5)
    better, worse = rows.copy(), rows.copy()
    worse[:, 0] = -1
    better[:, 0] = 3
    result = compare(worse, better, scenes, scenes, draws=2000)
    assert result.difference.low > 0
    assert result.bounds == pytest.approx((0, result.difference.value))
    assert result.winner == ""
    assert result.verdict.endswith("10 % unjudged, which could turn it")


def test_unjudged_candidates_too_few_to_matter_do_not_hinder_a_winner() -> None:
    old, scenes = rated(1, share=0.3)
    new, _ = rated(2, share=0.7)
    new[:10, 0] = -1
    result = compare(old, new, scenes, scenes, draws=2000)
    assert result.winner == "B"
    assert result.unjudged == pytest.approx(10 / 3000)
    assert result.verdict.endswith("under 1 % unjudged")


def test_a_gain_over_a_system_without_hits_is_undefined() -> None:
    result = both(([BAD] * 10, range(10)), ([SIMILAR] * 10, range(10)))
    assert result.difference.value == 1
    assert math.isnan(result.relative_gain.value)
    assert "no hits" in result.relative_gain.reason


def test_a_gain_over_almost_nothing_is_open_above() -> None:
    almost = [[3, 1, 1, 1, 1], *[BAD] * 29]
    result = both((almost, range(30)), ([SIMILAR, *[BAD] * 29], range(30)))
    assert result.relative_gain.value == pytest.approx(4)
    assert result.relative_gain.high == math.inf
    assert -1 <= result.relative_gain.low < 4
    assert "no upper end" in result.relative_gain.reason


def test_equal_systems_have_no_winner_and_no_false_certainty() -> None:
    result = both(([SIMILAR] * 30, range(30)), ([SIMILAR] * 30, range(30)))
    assert (result.difference.value, result.p_value, result.winner) == (0, 1, "")
    assert result.difference.low < 0 < result.difference.high
    assert result.ties == 30
    assert math.isnan(result.relative_gain.low)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (([], []), ([BAD], ["hall"]), "no query objects (old system)"),
        (([BAD], ["hall"]), ([], []), "no query objects (new system)"),
    ],
)
def test_without_anything_to_compare_everything_is_undefined_and_the_verdict_says_why(
    old: System, new: System, reason: str
) -> None:
    result = both(old, new)
    assert math.isnan(result.difference.value)
    assert math.isnan(result.relative_gain.value)
    assert math.isnan(result.p_value)
    assert result.difference.reason == reason
    assert result.winner == ""
    assert reason in result.verdict


def test_an_unjudged_system_has_missed_all_but_nobody_wins_against_it() -> None:
    scenes = range(30)
    result = compare([[-1] * 5] * 30, [[4, 4, 1, 1, 1]] * 30, scenes, scenes)
    assert result.difference.value == pytest.approx(0.4)
    assert result.bounds == pytest.approx((-0.6, 0.4))
    assert result.winner == ""
    assert "50 % unjudged, which could turn it" in result.verdict


def test_two_empty_systems_compare_to_nothing() -> None:
    result = both(([], []), ([], []))
    assert result.scenes == 0
    assert math.isnan(result.unjudged)
    assert result.verdict.endswith("0 scenes; no candidates")


def test_one_scene_has_a_difference_without_an_interval() -> None:
    result = both(([[3, 1, 1, 1, 1]], ["hall"]), ([SIMILAR], ["hall"]))
    assert result.difference.value == pytest.approx(0.8)
    assert math.isnan(result.difference.low)
    assert math.isnan(result.relative_gain.high)
    assert result.verdict.startswith("No verdict on A and B: B is ahead by 80.0 points, no interval")


def test_grades_of_different_depth_do_not_compare() -> None:
    with pytest.raises(EvaluationError, match="grades_b: has 4 columns, but grades_a has 5"):
        compare([[1] * 5], [[1] * 4], ["hall"], ["hall"])


def test_the_offending_system_is_named() -> None:
    with pytest.raises(EvaluationError, match=r"grades_b\[0, 2\]: 7"):
        compare([[1] * 5], [[1, 1, 7, 1, 1]], ["hall"], ["hall"])
    with pytest.raises(EvaluationError, match="scenes_b"):
        compare([[1] * 5], [[1] * 5], ["hall"], ["hall", "porch"])
