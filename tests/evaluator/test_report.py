import math
from dataclasses import replace
from typing import Any

import pytest

from evaluator.relevance import compare
from evaluator.report import verdict_sentence
from evaluator.types import Comparison

BASE = compare([[1] * 5, [3] * 5], [[3] * 5, [1] * 5], ["hall", "porch"], ["hall", "porch"], draws=100)


def decided(value: float, low: float, high: float, *, p_value: float = 0.001, **others: Any) -> Comparison:
    difference = replace(BASE.difference, value=value, low=low, high=high)
    return replace(BASE, difference=difference, p_value=p_value, **others)


def test_the_winner_is_named_with_points_interval_scenes_and_what_is_unjudged() -> None:
    comparison = decided(0.031, 0.012, 0.05, winner="B", scenes=412, unjudged=0.04)
    assert verdict_sentence(comparison) == (
        "B better than A by 3.1 points (1.2 to 5.0), 412 scenes; 4 % unjudged"
    )


def test_the_interval_runs_in_the_direction_of_the_sentence() -> None:
    comparison = decided(-0.031, -0.05, -0.012, winner="A", scenes=412, unjudged=0)
    assert verdict_sentence(comparison, names=("V1.4", "V2")) == (
        "V1.4 better than V2 by 3.1 points (1.2 to 5.0), 412 scenes; all judged"
    )


def test_chance_is_called_no_difference_with_the_p_value() -> None:
    comparison = decided(0.004, -0.012, 0.02, p_value=0.61, scenes=412, unjudged=0.002)
    assert verdict_sentence(comparison) == (
        "No difference shown between A and B: B is ahead by 0.4 points (-1.2 to 2.0, p = 0.61), "
        "412 scenes; under 1 % unjudged"
    )


def test_an_exact_draw_has_nobody_ahead() -> None:
    assert "both are equal (-1.0 to 1.0, p = 1)" in verdict_sentence(decided(0.0, -0.01, 0.01, p_value=1.0))


def test_open_judgements_are_named_as_what_could_turn_it() -> None:
    comparison = decided(0.031, 0.012, 0.05, scenes=412, unjudged=0.06)
    assert verdict_sentence(comparison, names=("old", "new")) == (
        "No winner yet: new is ahead of old by 3.1 points (1.2 to 5.0), 412 scenes; 6 % unjudged, "
        "which could turn it"
    )


@pytest.mark.parametrize(("scenes", "words"), [(1, "1 scene;"), (2, "2 scenes;")])
def test_one_scene_is_singular(scenes: int, words: str) -> None:
    assert words in verdict_sentence(decided(0.1, math.nan, math.nan, scenes=scenes))


def similar_won(strict: Comparison) -> str:
    winner = decided(0.031, 0.012, 0.05, winner="B", scenes=412, unjudged=0.04)
    return verdict_sentence(replace(winner, extremely_similar=strict), names=("old", "new"))


UNDECIDED = decided(0.01, -0.01, 0.03, p_value=0.3, scenes=412, wins=9, losses=5)


def test_what_extremely_similar_still_needs_stands_after_similar() -> None:
    strict = replace(UNDECIDED, scenes_needed=412.0 + 183)
    assert similar_won(strict) == (
        "new better than old by 3.1 points (1.2 to 5.0), 412 scenes; 4 % unjudged; "
        "Extremely Similar undecided: about 180 more scenes needed"
    )


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (412.0, "Extremely Similar undecided"),
        (412.0 + 1449, "undecided: about 1,400 more scenes needed"),
        (412.0 + 3_000_000, "undecided: over 100,000 more scenes needed"),
        (math.nan, "Extremely Similar undecided"),
    ],
)
def test_scenes_still_needed_are_rounded_to_what_a_plan_can_know(needed: float, words: str) -> None:
    assert similar_won(replace(UNDECIDED, scenes_needed=needed)).endswith(words)


def test_a_decided_extremely_similar_names_its_winner_even_against_similar() -> None:
    strict = decided(-0.02, -0.03, -0.01, winner="A", scenes=412, losses=9)
    assert similar_won(strict).endswith("; Extremely Similar: old better by 2.0 points (1.0 to 3.0)")


def test_open_judgements_can_leave_extremely_similar_undecided() -> None:
    strict = decided(0.02, 0.01, 0.03, scenes=412, wins=9)
    assert similar_won(strict).endswith("; Extremely Similar undecided: the unjudged could turn it")


def test_nothing_extremely_similar_anywhere_adds_nothing() -> None:
    assert BASE.extremely_similar is not None
    assert similar_won(BASE.extremely_similar).endswith("4 % unjudged")


def test_an_undecided_similar_says_what_it_needs_too() -> None:
    sentence = verdict_sentence(replace(UNDECIDED, scenes_needed=1000.0))
    assert sentence.endswith("; about 590 more scenes needed")


def test_more_scenes_are_never_asked_for_where_nothing_can_be_compared() -> None:
    assert "more scene" not in compare([], [], [], []).verdict


def test_every_comparison_carries_its_sentence() -> None:
    assert BASE.extremely_similar is not None
    assert BASE.extremely_similar.verdict == verdict_sentence(BASE.extremely_similar)
    assert BASE.verdict == verdict_sentence(BASE)


def test_two_systems_of_which_nothing_is_judged_are_not_called_equal() -> None:
    unjudged = compare([[-1] * 5] * 30, [[-1] * 5] * 30, range(30), range(30), draws=100)
    sentence = verdict_sentence(unjudged, names=("open", "strict"))
    assert sentence == "No comparison of strict with open yet: no candidate is judged, 30 scenes"
