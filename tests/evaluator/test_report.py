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


def test_every_comparison_carries_its_sentence() -> None:
    assert BASE.verdict == verdict_sentence(BASE)
