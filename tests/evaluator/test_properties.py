"""What must not change a figure, whatever the data."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from evaluator.consensus import majority
from evaluator.intervals import cluster_bootstrap
from evaluator.relevance import compare, precision_at_k, relevance_at_5
from evaluator.significance import sign_flip_test
from evaluator.types import Ints, RelevanceAt5

Rated = tuple[Ints, Ints]
Labels = tuple[Ints, Ints, Ints]


@st.composite
def ratings(draw: st.DrawFn) -> Rated:
    """Grades (query objects, 5) and the scene of each row."""
    rows = draw(st.integers(1, 12))
    grades = draw(hnp.arrays(np.int64, (rows, 5), elements=st.integers(-2, 4)))
    scenes = draw(hnp.arrays(np.int64, (rows,), elements=st.integers(0, 4)))
    return grades, scenes


def values(result: RelevanceAt5) -> list[float]:
    return [
        result.similar.value,
        result.extremely_similar.value,
        result.pooled.value,
        result.without_did_not_load.value,
        result.fill_rate,
        result.judged_at_5,
        result.unjudged,
        *result.bounds,
        *result.grade_mix.values(),
    ]


@given(ratings(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_no_digit_not_even_of_an_interval(data: Rated, random: Random) -> None:
    grades, scenes = data
    order = list(range(len(grades)))
    random.shuffle(order)
    assert repr(relevance_at_5(grades[order], scenes[order])) == repr(relevance_at_5(grades, scenes))


@given(ratings())
@settings(max_examples=60, deadline=None)
def test_other_names_for_the_scenes_change_no_digit(data: Rated) -> None:
    grades, scenes = data
    renamed = [f"scene-{9 - scene}" for scene in scenes]
    assert repr(relevance_at_5(grades, renamed)) == repr(relevance_at_5(grades, scenes))


@given(ratings())
@settings(max_examples=60, deadline=None)
def test_data_taken_twice_leave_every_value_unchanged(data: Rated) -> None:
    grades, scenes = data
    once = relevance_at_5(grades, scenes)
    twice = relevance_at_5(np.vstack([grades, grades]), np.concatenate([scenes, scenes]))
    as_new_scenes = relevance_at_5(np.vstack([grades, grades]), np.concatenate([scenes, scenes + 100]))
    assert values(twice) == pytest.approx(values(once), nan_ok=True)
    assert values(as_new_scenes) == pytest.approx(values(once), nan_ok=True)


@given(ratings())
@settings(max_examples=60, deadline=None)
def test_a_scene_split_in_two_leaves_every_value_unchanged(data: Rated) -> None:
    grades, scenes = data
    split = np.arange(len(scenes)) % 2 * 100 + scenes
    assert repr(values(relevance_at_5(grades, split))) == repr(values(relevance_at_5(grades, scenes)))


@given(ratings(), st.integers(3, 4))
@settings(max_examples=60, deadline=None)
def test_an_interval_lies_around_its_value_and_inside_zero_to_one(data: Rated, min_grade: int) -> None:
    estimate = precision_at_k(data[0], min_grade=min_grade, clusters=data[1])
    if estimate.bounded:
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    else:
        assert estimate.reason


@given(ratings(), st.data())
@settings(max_examples=60, deadline=None)
def test_judging_what_is_open_never_leaves_the_bounds(data: Rated, more: st.DataObject) -> None:
    grades, scenes = data
    open_slots = grades == -1
    bounds = relevance_at_5(grades, scenes).bounds
    decisions = more.draw(hnp.arrays(np.int64, grades.shape, elements=st.integers(0, 4)))
    judged = relevance_at_5(np.where(open_slots, decisions, grades), scenes).similar.value
    assert bounds[0] <= judged <= bounds[1]


@given(ratings(), ratings())
@settings(max_examples=60, deadline=None)
def test_comparing_the_other_way_round_turns_every_sign(old: Rated, new: Rated) -> None:
    forth = compare(old[0], new[0], old[1], new[1], draws=200)
    back = compare(new[0], old[0], new[1], old[1], draws=200)
    assert back.difference.value == pytest.approx(-forth.difference.value, nan_ok=True)
    assert back.p_value == pytest.approx(forth.p_value, nan_ok=True)
    assert (back.wins, back.ties, back.losses) == (forth.losses, forth.ties, forth.wins)
    assert back.bounds == pytest.approx((-forth.bounds[1], -forth.bounds[0]), nan_ok=True)
    assert {forth.winner, back.winner} in ({""}, {"A", "B"})


@given(ratings(), ratings(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_a_comparison_depends_neither_on_row_order_nor_on_scene_names(
    old: Rated, new: Rated, random: Random
) -> None:
    order = list(range(len(old[0])))
    random.shuffle(order)
    plain = compare(old[0], new[0], old[1], new[1], draws=200)
    renamed = compare(
        old[0][order], new[0], [f"s{9 - s}" for s in old[1][order]], [f"s{9 - s}" for s in new[1]], draws=200
    )
    assert repr(renamed) == repr(plain)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9), st.randoms())
@settings(max_examples=60, deadline=None)
def test_a_sign_flip_p_value_ignores_order_direction_and_unit(differences: list[int], random: Random) -> None:
    p_value = sign_flip_test(differences)
    shuffled = list(differences)
    random.shuffle(shuffled)
    assert 0 < p_value <= 1
    assert sign_flip_test(shuffled) == p_value
    assert sign_flip_test([-value for value in differences]) == p_value
    assert sign_flip_test([0.1 * value for value in differences]) == p_value


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=9))
@settings(max_examples=60, deadline=None)
def test_a_bootstrapped_ratio_scales_with_its_numerators(sums: list[tuple[int, int]]) -> None:
    above, below = np.array(sums, dtype=float).T
    plain = cluster_bootstrap(above, below, draws=200)
    scaled = cluster_bootstrap(4 * above, below, draws=200)
    assert [scaled.value, scaled.low, scaled.high] == pytest.approx(
        [4 * plain.value, 4 * plain.low, 4 * plain.high], nan_ok=True
    )


@st.composite
def labels(draw: st.DrawFn) -> Labels:
    """Item, labeler and label of each label."""
    count = draw(st.integers(1, 25))

    def column(high: int) -> Ints:
        return draw(hnp.arrays(np.int64, count, elements=st.integers(0, high)))

    return column(6), column(4), column(3)


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_majority_ignores_order_labelers_and_duplication(data: Labels, random: Random) -> None:
    items, labelers, given_labels = data
    plain = majority(items, labelers, given_labels, n_values=4)
    order = list(range(len(items)))
    random.shuffle(order)
    shuffled = majority(items[order], labelers[order], given_labels[order], n_values=4)
    others = majority(items, 9 - labelers, given_labels, n_values=4)
    twice = majority(*(np.tile(column, 2) for column in data), n_values=4)
    assert repr(plain) == repr(shuffled) == repr(others) == repr(twice)


@given(labels())
@settings(max_examples=60, deadline=None)
def test_an_added_all_tied_item_leaves_the_others_alone(data: Labels) -> None:
    items, labelers, given_labels = data
    plain = majority(items, labelers, given_labels, n_values=4, n_items=8)
    tied = majority(
        np.append(items, [7] * 4),
        np.append(labelers, range(4)),
        np.append(given_labels, range(4)),
        n_values=4,
    )
    assert (tied.label[7], tied.tied[7]) == (-1, True)
    assert tied.label[:7].tolist() == plain.label[:7].tolist()
    assert repr(tied.share[:7]) == repr(plain.share[:7])
