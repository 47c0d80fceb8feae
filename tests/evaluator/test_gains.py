import math
from itertools import pairwise

import pytest

from evaluator.errors import EvaluationError
from evaluator.relevance import chain_gains, relative_gain


@pytest.mark.parametrize(
    ("old", "new", "published"),
    [(0.102, 0.154, 0.51), (0.276, 0.373, 0.35), (0.131, 0.265, 1.02)],
    ids=["+SPI, single-product mAP", "+FPN, scene mAP", "+MUL +CLN, single-product mAP"],
)
def test_relative_gains_of_table_2_of_shop_the_look(old: float, new: float, published: float) -> None:
    assert relative_gain(old, new) == pytest.approx(published, abs=0.005)


def test_table_3_of_shop_the_look_chains_to_71_9_percent() -> None:
    assert chain_gains([0.0, 0.240, 0.386]) == pytest.approx(0.719, abs=0.0005)


@pytest.mark.parametrize(
    ("gains", "whole"),
    [([0.109, 0.134, -0.006], 0.250), ([0.381, 0.547, 0.0], 1.136)],
    ids=["Similar", "Extremely Similar"],
)
def test_table_7_of_shop_the_look_chains_by_multiplication(gains: list[float], whole: float) -> None:
    assert chain_gains(gains) == pytest.approx(whole, abs=0.0005)


def test_chained_gains_equal_the_gain_from_the_first_row_to_the_last() -> None:
    rows = [0.323, 0.325, 0.346, 0.622, 0.631, 0.615, 0.641]
    links = [relative_gain(old, new) for old, new in pairwise(rows)]
    assert chain_gains(links) == pytest.approx(relative_gain(rows[0], rows[-1]))


def test_a_gain_over_nothing_is_undefined() -> None:
    assert math.isnan(relative_gain(0, 0.5))
    assert math.isnan(relative_gain(0, 0))


def test_a_chain_without_links_changes_nothing() -> None:
    assert chain_gains([]) == 0


def test_dishonest_gains_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"gains\[1\]: nan"):
        chain_gains([0.1, math.nan])
    with pytest.raises(EvaluationError, match=r"gains\[0\]: -1.5 is below -1"):
        chain_gains([-1.5])
    with pytest.raises(EvaluationError, match="old"):
        relative_gain(-0.1, 0.2)
