import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evaluator.errors import EvaluationError
from evaluator.intervals import two_way_interval

LABELS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30)


def crossed(seed: int, *, scenes: int = 12, labelers: int = 5) -> np.ndarray:
    """A table (scenes, labelers) in which both rows and columns differ."""
    generator = np.random.default_rng(seed)
    rows, columns = generator.normal(size=(scenes, 1)), generator.normal(size=(1, labelers))
    return np.asarray(rows + columns + generator.normal(size=(scenes, labelers)))


@pytest.mark.parametrize("seed", range(200))
def test_a_full_table_has_the_variance_of_cameron_gelbach_and_miller(seed: int) -> None:
    table = crossed(seed)
    scenes, labelers = np.indices(table.shape)
    estimate = two_way_interval(table.ravel(), scenes.ravel(), labelers.ravel(), level=0.9)
    by_scene, by_labeler = (table.mean(axis=axis).var(ddof=1) / table.shape[1 - axis] for axis in (1, 0))
    apart = table.var(ddof=1) / table.size
    variance = max(by_scene + by_labeler - apart, by_scene, by_labeler)
    half = stats.t.ppf(0.95, 4) * math.sqrt(variance)
    assert estimate.value == pytest.approx(table.mean())
    assert (estimate.low, estimate.high) == pytest.approx((table.mean() - half, table.mean() + half))


@given(LABELS, st.randoms())
def test_neither_the_order_of_labels_nor_any_name_changes_a_digit(
    labels: list[tuple[int, int, int]], random: Random
) -> None:
    plain = two_way_interval(*zip(*labels, strict=True))
    random.shuffle(labels)
    values, scenes, labelers = zip(*labels, strict=True)
    renamed = two_way_interval(values, [f"s{9 - s}" for s in scenes], [-labeler for labeler in labelers])
    assert repr(renamed) == repr(plain)


def test_a_labeler_who_rates_far_more_than_others_widens_the_interval() -> None:
    values = np.tile([0.2, 0.4, 0.6, 0.8], 60)
    scenes, even = np.repeat(np.arange(60), 4), np.tile(np.arange(4), 60)
    uneven = np.where(even == 2, 1, even)
    assert two_way_interval(values, scenes, uneven).high > two_way_interval(values, scenes, even).high


@pytest.mark.parametrize(
    ("values", "scenes", "labelers", "reason"),
    [
        ([], [], [], "no labels"),
        ([1, 2], ["a", "a"], ["x", "y"], "alone"),
        ([1, 2], ["a", "b"], ["x", "x"], "alone"),
        ([0.1, 0.1, 0.1, 0.1], ["a", "a", "b", "b"], ["x", "y", "x", "y"], "alike"),
        ([0.1, 0.7, 0.7, 0.1], ["a", "a", "b", "b"], ["x", "y", "x", "y"], "alike"),
    ],
)
def test_what_cannot_have_an_interval_says_why(
    values: list[float], scenes: list[str], labelers: list[str], reason: str
) -> None:
    estimate = two_way_interval(values, scenes, labelers)
    assert estimate.value == pytest.approx(np.mean(values) if values else math.nan, nan_ok=True)
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.high)
    assert reason in estimate.reason


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": [1, math.nan]}, r"values\[1\]"),
        ({"scenes": ["a"]}, "scenes"),
        ({"labelers": ["x"]}, "labelers"),
        ({"level": 95}, "level"),
    ],
)
def test_dishonest_labels_are_refused(arguments: dict[str, Any], message: str) -> None:
    given = {"values": [1, 2], "scenes": ["a", "b"], "labelers": ["x", "y"], **arguments}
    with pytest.raises(EvaluationError, match=message):
        two_way_interval(**given)
