import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluationError
from evaluator.intervals import confidence_sequence
from evaluator.intervals.sequences import PURSE, STAKES, STEPS

VALUES = st.lists(st.floats(0, 1), max_size=60)


@pytest.mark.parametrize("seed", range(200))
def test_the_ends_are_the_means_against_which_the_gambler_never_got_rich(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = generator.beta(generator.uniform(0.2, 3), 1, size=40).round(int(generator.integers(0, 3)))
    sequence = confidence_sequence(values, level=0.9)
    for look in (0, 10, 39):
        seen = values[: look + 1]
        richest = [
            max(
                float(PURSE @ np.prod(1 + STAKES[:, None] * (part[:t] / m - 1), axis=1))
                for t in range(1, look + 2)
            )
            for part, m in (
                (seen, sequence.low[look] + 1 / STEPS),
                (1 - seen, 1 - sequence.high[look] + 1 / STEPS),
            )
            if m < 1
        ]
        assert max(richest, default=0) < 20 * (1 + 1e-9)


@given(VALUES, VALUES)
def test_what_comes_later_changes_no_earlier_interval(first: list[float], more: list[float]) -> None:
    short, long = confidence_sequence(first), confidence_sequence(first + more)
    assert np.array_equal(short.low, long.low[: len(first)])
    assert np.array_equal(short.high, long.high[: len(first)])


@given(VALUES)
def test_the_ends_only_ever_close_in_and_never_cross(values: list[float]) -> None:
    low, high = confidence_sequence(values)
    assert len(low) == len(high) == len(values)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert (low < high).all()


def test_the_ends_never_cross_either_when_the_mean_moves() -> None:
    low, high = confidence_sequence([0] * 500 + [1] * 500 + [0] * 2000)
    assert (low < high).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()


def test_other_bounds_stretch_the_sequence() -> None:
    values = np.random.default_rng(5).random(200)
    plain, stretched = confidence_sequence(values), confidence_sequence(2 * values - 1, bounds=(-1, 1))
    assert stretched.low == pytest.approx(2 * plain.low - 1, abs=1e-3)
    assert stretched.high == pytest.approx(2 * plain.high - 1, abs=1e-3)


def test_turning_the_values_around_turns_the_sequence_around() -> None:
    values = np.random.default_rng(6).integers(0, 9, size=300) / 8
    plain, turned = confidence_sequence(values), confidence_sequence(1 - values)
    assert turned.low == pytest.approx(1 - plain.high, abs=1e-12)
    assert turned.high == pytest.approx(1 - plain.low, abs=1e-12)


def test_a_thousand_values_tell_the_mean_to_less_than_twice_the_width_of_a_single_look() -> None:
    values = np.random.default_rng(7).binomial(5, 0.4, size=1000) / 5
    low, high = confidence_sequence(values)
    single_look = 2 * 1.96 * values.std() / math.sqrt(1000)
    assert single_look < high[-1] - low[-1] < 2 * single_look
    assert low[-1] < 0.4 < high[-1]


def test_an_end_that_nothing_speaks_against_is_exactly_the_bound() -> None:
    assert (confidence_sequence([0.1] * 50, bounds=(0.1, 0.7)).low == 0.1).all()
    assert (confidence_sequence([0.7] * 50, bounds=(0.1, 0.7)).high == 0.7).all()


def test_no_values_have_no_intervals() -> None:
    low, high = confidence_sequence([])
    assert low.shape == high.shape == (0,)


@pytest.mark.parametrize(
    ("values", "bounds", "message"),
    [
        ([0.5, 1.5], (0, 1), r"values\[1\]: 1.5 is above 1"),
        ([-0.5], (0, 1), r"values\[0\]: -0.5 is below 0"),
        ([math.nan], (-1, 1), r"values\[0\]"),
        ([0.5], (1, 1), "bounds: expected a smaller"),
        ([0.5], (0, 1, 2), "bounds"),
        ([[0.5]], (0, 1), "values"),
    ],
)
def test_values_outside_their_bounds_are_refused(
    values: list[float], bounds: tuple[float, float], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        confidence_sequence(values, bounds=bounds)
