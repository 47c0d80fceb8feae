import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower

from evaluator.errors import EvaluationError
from evaluator.relevance import plan_queries

PILOT = np.random.default_rng(3).normal(0.02, 0.3, size=200)


def test_at_80_percent_power_n_is_the_2_8_squared_of_the_variance_by_the_squared_effect() -> None:
    plan = plan_queries(PILOT, effect=0.03)
    assert plan.sd == pytest.approx(np.std(PILOT, ddof=1))
    assert plan.n == pytest.approx(2.8016**2 * plan.sd**2 / 0.03**2, abs=1)
    assert (plan.pilot, plan.more, plan.ratings) == (200, plan.n - 200, 10 * plan.n)
    assert (plan.effect, plan.power, plan.level, plan.reason) == (0.03, 0.8, 0.05, "")


@pytest.mark.parametrize("effect", [0.02, 0.05, 0.2])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("level", [0.01, 0.05])
def test_n_equals_that_of_statsmodels(effect: float, power: float, level: float) -> None:
    plan = plan_queries(PILOT, effect=effect, power=power, level=level)
    peer = NormalIndPower().solve_power(effect / plan.sd, nobs1=None, alpha=level, power=power, ratio=0)
    # The peer counts rejections on the wrong side too, which matters to no whole number here.
    assert plan.n == math.ceil(peer)


def test_half_the_variance_takes_half_the_scenes_as_with_half_of_the_results_shared() -> None:
    whole, half = plan_queries(PILOT, effect=0.03), plan_queries(PILOT / math.sqrt(2), effect=0.03)
    assert half.n == pytest.approx(whole.n / 2, abs=1)


def test_planted_effects_of_the_planned_size_are_found_as_often_as_promised() -> None:
    plan = plan_queries(PILOT, effect=0.1)
    generator = np.random.default_rng(4)
    samples = generator.normal(0.1, plan.sd, size=(4000, int(plan.n)))
    reached = np.abs(samples.mean(axis=1)) * math.sqrt(plan.n) / plan.sd > 1.959964
    assert reached.mean() == pytest.approx(0.8, abs=0.02)


def test_the_pilot_itself_finds_its_detectable_effect() -> None:
    plan = plan_queries(PILOT, effect=0.03)
    assert plan_queries(PILOT, effect=plan.detectable).n == 200
    assert plan_queries(PILOT, effect=1.0).more == 0


def test_the_price_of_a_scene_is_up_to_the_caller() -> None:
    plan = plan_queries(PILOT, effect=0.03, ratings_each=7.5)
    assert plan.ratings == math.ceil(7.5 * plan.n)


@pytest.mark.parametrize(
    ("pilot", "reason"),
    [
        ([], "fewer than two"),
        ([0.2], "fewer than two"),
        ([0.2, 0.2, 0.2], "all differences"),
        ([0, 0], "all"),
    ],
)
def test_a_pilot_without_spread_plans_nothing_and_says_so(pilot: list[float], reason: str) -> None:
    plan = plan_queries(pilot, effect=0.03)
    assert all(math.isnan(figure) for figure in (plan.n, plan.more, plan.ratings, plan.detectable))
    assert reason in plan.reason


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"effect": 0.0}, "effect: no number of scenes finds a difference of 0"),
        ({"effect": math.nan}, "effect"),
        ({"effect": 0.1, "power": 1.0}, "power: 1.0 is not strictly between 0 and 1"),
        ({"effect": 0.1, "level": 0.0}, "level: 0.0 is not strictly between 0 and 1"),
        ({"effect": 0.1, "ratings_each": -1}, "ratings_each"),
    ],
)
def test_impossible_wishes_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(EvaluationError, match=problem):
        plan_queries(PILOT, **options)
    with pytest.raises(EvaluationError, match=r"pilot_differences\[1\]: nan"):
        plan_queries([0.1, math.nan], effect=0.1)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.randoms())
def test_neither_order_nor_sign_changes_a_digit(pilot: list[float], random: Any) -> None:
    shuffled = list(pilot)
    random.shuffle(shuffled)
    assert repr(plan_queries(shuffled, effect=0.03)) == repr(plan_queries(pilot, effect=0.03))
    assert repr(plan_queries(pilot, effect=-0.03).n) == repr(plan_queries(pilot, effect=0.03).n)
