import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluationError
from evaluator.preference import bradley_terry
from evaluator.types import Floats

CITED = [[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]]
"""Stigler 1994: Biometrika, Comm. Statist., JASA, JRSS-B; rows cited, columns citing."""

HOME_WINS = [
    [0, 4, 4, 4, 6, 4, 6],
    [3, 0, 4, 4, 6, 6, 4],
    [2, 4, 0, 2, 4, 4, 6],
    [3, 5, 2, 0, 4, 4, 6],
    [5, 2, 3, 4, 0, 5, 6],
    [2, 3, 3, 4, 4, 0, 2],
    [2, 1, 1, 2, 1, 3, 0],
]
HOME_LOSSES = [
    [0, 3, 2, 3, 1, 2, 0],
    [3, 0, 2, 3, 0, 1, 3],
    [5, 3, 0, 4, 3, 2, 0],
    [3, 1, 5, 0, 3, 2, 1],
    [1, 5, 3, 2, 0, 2, 0],
    [5, 3, 4, 3, 2, 0, 4],
    [5, 5, 6, 4, 6, 4, 0],
]
"""Agresti 2002, p. 438, American League 1987: Milwaukee, Detroit, Toronto, New York, Boston, Cleveland,
Baltimore at home (rows) against each visitor (columns)."""
BASEBALL = np.array(HOME_WINS) + np.array(HOME_LOSSES).T


def hunted(wins: Floats) -> Floats:
    """Abilities by the MM algorithm, equation 3 of Hunter 2004."""
    worth = np.ones(len(wins))
    for _ in range(5000):
        pairs = (wins + wins.T) / (worth[:, None] + worth[None, :])
        worth = wins.sum(axis=1) / pairs.sum(axis=1)
        worth /= worth.sum()
    return np.asarray(np.log(worth) - np.log(worth).mean())


def test_the_journals_have_their_published_abilities() -> None:
    abilities = bradley_terry(CITED).abilities
    assert (abilities - abilities[0]).round(3).tolist() == [0, -2.949, -0.480, 0.269]


def test_the_ball_teams_have_agrestis_abilities_and_standard_errors() -> None:
    result = bradley_terry(BASEBALL)
    relative = result.abilities - result.abilities[6]
    assert relative[:6].round(2).tolist() == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68]
    spread = np.diag(result.covariance) + result.covariance[6, 6] - 2 * result.covariance[:, 6]
    assert np.sqrt(spread[:6]).round(1).tolist() == [0.3] * 6
    assert result.abilities.sum() == pytest.approx(0, abs=1e-9)
    assert result.comparisons == 42 * 6.5


@pytest.mark.parametrize("seed", range(200))
def test_newton_reaches_what_the_mm_algorithm_climbs_to(seed: int) -> None:
    generator = np.random.default_rng(seed)
    wins = generator.integers(1, 9, size=(5, 5)) / 2
    np.fill_diagonal(wins, 0)
    assert bradley_terry(wins).abilities == pytest.approx(hunted(wins), abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_errors_and_abilities_are_those_of_a_logistic_regression(seed: int) -> None:
    import statsmodels.api as sm

    wins = np.random.default_rng(seed).integers(1, 20, size=(4, 4)).astype(float)
    np.fill_diagonal(wins, 0)
    rows, columns = np.triu_indices(4, 1)
    design = np.eye(4)[rows] - np.eye(4)[columns]
    outcome = np.column_stack([wins[rows, columns], wins[columns, rows]])
    peer = sm.GLM(outcome, design[:, 1:], family=sm.families.Binomial()).fit(tol=1e-12)
    result = bradley_terry(wins)
    assert result.abilities[1:] - result.abilities[0] == pytest.approx(peer.params, abs=1e-7)
    spread = np.diag(result.covariance) + result.covariance[0, 0] - 2 * result.covariance[:, 0]
    assert np.sqrt(spread[1:]) == pytest.approx(peer.bse, abs=1e-6)


def test_a_tie_is_half_a_win_for_each() -> None:
    assert bradley_terry([[0, 1.5], [1.5, 0]]).abilities.tolist() == [0, 0]
    assert bradley_terry([[0, 1.5], [1.5, 0]]).preferred(0, 1) == 0.5
    two = bradley_terry([[0, 3], [1, 0]])
    assert two.abilities[0] - two.abilities[1] == pytest.approx(math.log(3))
    assert two.preferred(0, 1) == pytest.approx(0.75)
    assert (two.intervals[:, 0] < two.abilities).all()
    assert (two.abilities < two.intervals[:, 1]).all()


def test_who_never_wins_or_never_loses_lies_beyond_all_others() -> None:
    wins = [[0, 4, 4, 4, 0], [0, 0, 3, 4, 0], [0, 1, 0, 4, 0], [0] * 5, [0] * 5]
    result = bradley_terry(wins)
    assert result.abilities[[0, 3]].tolist() == [math.inf, -math.inf]
    assert result.abilities[1] - result.abilities[2] == pytest.approx(math.log(3))
    assert math.isnan(result.abilities[4])
    assert result.reason == "system 4 was never compared; system 3 never wins; system 0 never loses"
    assert np.isnan(result.intervals[[0, 3, 4]]).all()
    assert (result.preferred(0, 3), result.preferred(3, 1)) == pytest.approx((1, 0), abs=1e-300)
    assert math.isnan(result.preferred(4, 1))


def test_groups_that_never_lose_to_another_leave_all_undefined() -> None:
    apart = bradley_terry([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    above = bradley_terry([[0, 1, 5, 5], [1, 0, 5, 5], [0, 0, 0, 1], [0, 0, 1, 0]])
    for result in (apart, above):
        assert np.isnan(result.abilities).all()
        assert "groups" in result.reason


@pytest.mark.parametrize(
    "wins", [np.zeros((0, 0)), [[0]], [[0, 2], [0, 0]], [[0, 2, 2], [0, 0, 2], [0, 0, 0]]]
)
def test_too_little_to_compare_has_a_reason_and_no_interval(wins: Any) -> None:
    result = bradley_terry(wins)
    assert np.isnan(result.intervals).all()
    assert bool(result.reason) == bool(len(wins))


def test_scenes_that_repeat_themselves_widen_the_intervals() -> None:
    generator = np.random.default_rng(3)
    scenes = np.zeros((40, 3, 3))
    for scene in scenes:
        for i, j in [(0, 1), (0, 2), (1, 2)]:
            won = generator.random() < 0.6
            scene[i, j], scene[j, i] = 5 * won, 5 * (not won)
    clustered, pooled = bradley_terry(scenes), bradley_terry(scenes.sum(axis=0))
    assert clustered.abilities == pytest.approx(pooled.abilities)
    width = np.diff(clustered.intervals) / np.diff(pooled.intervals)
    assert width == pytest.approx(math.sqrt(5), rel=0.25)
    assert np.isnan(bradley_terry(np.array(CITED)[None]).intervals).all()


def test_intervals_hold_planted_abilities() -> None:
    generator = np.random.default_rng(8)
    truth = np.array([0.6, 0.2, -0.1, -0.7])
    chance = 1 / (1 + np.exp(truth[None, :] - truth[:, None]))
    held = np.zeros(4)
    for _ in range(500):
        upper = np.triu(generator.binomial(40, chance), 1)
        result = bradley_terry(upper + np.tril(40 - upper.T, -1))
        held += (result.intervals[:, 0] <= truth) & (truth <= result.intervals[:, 1])
    assert held / 500 == pytest.approx(0.95, abs=0.03)


@given(st.permutations(range(4)))
def test_renumbered_systems_keep_their_abilities(order: list[int]) -> None:
    wins = np.array(CITED)
    moved = bradley_terry(wins[np.ix_(order, order)])
    assert moved.abilities == pytest.approx(bradley_terry(wins).abilities[order], abs=1e-12)


@pytest.mark.parametrize(
    ("wins", "message"),
    [
        ([[0, 1, 2]], "wins: expected as many columns as rows"),
        ([[0, -1], [1, 0]], r"wins\[0, 1\]: -1 is below 0"),
        ([[0, 1], [1, 2]], r"wins\[1, 1\]: 2: a system is not compared with itself"),
        ([[[0, 1], [1, 2]]], r"wins\[0, 1, 1\]"),
        ([[0, math.nan], [1, 0]], r"wins\[0, 1\]: nan"),
        ([1, 2], "wins: expected 2"),
    ],
)
def test_dishonest_counts_are_refused(wins: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        bradley_terry(wins)
