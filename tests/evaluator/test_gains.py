import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluationError
from evaluator.intervals import cluster_bootstrap
from evaluator.relevance import Link, chain_gains, gain_breakdown, relative_gain

HOME, FASHION = ("Similar P@5", "Home Decor"), ("Extremely Similar P@5", "Fashion")


@pytest.mark.parametrize(
    ("old", "new", "published"),
    [(0.102, 0.154, 0.51), (0.276, 0.373, 0.35), (0.131, 0.265, 1.02)],
    ids=["+SPI, single-product mAP", "+FPN, scene mAP", "+MUL +CLN, single-product mAP"],
)
def test_relative_gains_of_table_2_of_shop_the_look(old: float, new: float, published: float) -> None:
    assert relative_gain(old, new) == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(
    ("old", "new", "published"),
    [(0.325, 0.346, 0.065), (0.346, 0.622, 0.798), (0.620, 0.640, 0.032)],
    ids=["+Large pretrain", "+Fashion dataset", "-Attrs +Color against -Attrs"],
)
def test_relative_gains_of_table_5_of_shop_the_look(old: float, new: float, published: float) -> None:
    assert relative_gain(old, new) == pytest.approx(published, abs=0.0005)


VISUAL_SEARCH_TABLE_2 = {
    "text, true": ([79.8, 75.5, 75.2, 66.2, 55.6, 75.9, 73.0, 71.9, 81.5], 72.7),
    "text, false": ([6.0, 6.2, 18.8, 5.3, 6.0, 2.0, 10.1, 1.0, 4.7], 6.7),
    "image, true": ([41.8, 58.8, 63.0, 59.8, 66.7, 60.9, 44.9, 31.3, 18.5], 49.5),
    "image, false": ([3.1, 12.3, 0.4, 2.9, 0.5, 2.2, 1.2, 0.2, 0.0], 2.5),
    "both, true": ([34.4, 47.0, 50.0, 43.6, 41.7, 48.2, 31.5, 28.1, 18.5], 38.1),
}


@pytest.mark.parametrize(("shares", "published"), VISUAL_SEARCH_TABLE_2.values(), ids=VISUAL_SEARCH_TABLE_2)
def test_averages_of_table_2_of_visual_search_at_pinterest_weigh_classes_equally(
    shares: list[float], published: float
) -> None:
    average = cluster_bootstrap(shares, [1] * len(shares), draws=100).value
    assert average == pytest.approx(published, abs=0.05)


def test_the_sixth_average_of_that_table_comes_out_within_the_rounding_of_rows_and_average() -> None:
    printed = [1.0, 2.0, 0.2, 0.5, 0.0, 0.1, 0.2, 0.0, 0.0]
    average = cluster_bootstrap(printed, [1] * 9, draws=100).value
    assert average == pytest.approx(4.0 / 9)
    assert average == pytest.approx(0.5, abs=0.05 + 0.05)


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


def test_figure_7_of_shop_the_look_puts_dataset_before_model_before_infrastructure_and_is_flagged() -> None:
    result = gain_breakdown(
        [
            Link("model", 0.240, *HOME),
            Link("model", 0.386, *HOME),
            Link("dataset", 0.381, *FASHION),
            Link("dataset", 0.547, *FASHION),
            Link("infrastructure", 0.127, *FASHION),
        ]
    )
    assert sorted(result.by_area, key=lambda area: -result.by_area[area]) == [
        "dataset",
        "model",
        "infrastructure",
    ]
    assert sum(result.by_area.values()) == pytest.approx(1)
    assert (result.mixed, result.n) == (True, 5)
    assert math.isnan(result.gain)
    assert result.reason.startswith("mixes Extremely Similar P@5 (Fashion) and Similar P@5 (Home Decor)")


def test_links_of_one_metric_and_domain_chain_to_their_gain() -> None:
    result = gain_breakdown([("model", 0.240, *HOME), ("data", 0.386, *HOME)])
    assert result.gain == pytest.approx(0.719, abs=0.0005)
    assert result.by_area == pytest.approx(
        {"data": math.log(1.386) / math.log(1.71864), "model": math.log(1.24) / math.log(1.71864)}
    )
    assert (result.mixed, result.measures, result.reason) == (False, (HOME,), "")


def test_a_link_may_be_a_mapping() -> None:
    link = {"area": "model", "gain": 0.24, "metric": "Similar P@5", "domain": "Home Decor"}
    assert gain_breakdown([link]) == gain_breakdown([Link("model", 0.24, *HOME)])


def test_an_area_that_lost_has_a_share_below_zero() -> None:
    shares = gain_breakdown([("model", 1.0, *HOME), ("data", -0.25, *HOME)]).by_area
    assert shares["data"] < 0
    assert sum(shares.values()) == pytest.approx(1)


def test_a_chain_that_loses_as_a_whole_shares_out_its_loss_and_says_so() -> None:
    result = gain_breakdown([("model", -0.5, *HOME), ("data", 0.1, *HOME)])
    assert result.by_area["model"] > 1
    assert result.reason == "the chain loses as a whole, so these are shares of the loss"


@pytest.mark.parametrize(
    ("gains", "reason"),
    [
        ([0.1, math.nan], "the gain of area 1 in Similar P@5 (Home Decor) is undefined"),
        ([0.25, -0.2], "gains and losses cancel, so there is nothing to share"),
        ([0.0, 0.0], "there is no gain"),
        ([0.5, -1.0], "a link lost everything, so nothing is left to share"),
        ([], "no links"),
    ],
)
def test_shares_without_meaning_are_undefined_with_a_reason(gains: list[float], reason: str) -> None:
    result = gain_breakdown([(f"area {place}", gain, *HOME) for place, gain in enumerate(gains)])
    assert list(result.by_area) == [f"area {place}" for place in range(len(gains))]
    assert all(math.isnan(share) for share in result.by_area.values())
    assert result.reason == reason


def test_an_undefined_link_leaves_the_whole_undefined_and_a_total_loss_does_not() -> None:
    assert math.isnan(gain_breakdown([("model", math.nan, *HOME)]).gain)
    assert math.isnan(gain_breakdown([]).gain)
    assert gain_breakdown([("model", -1.0, *HOME), ("data", 0.3, *HOME)]).gain == -1


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        (("model", -1.5, *HOME), r"links\[1\]: -1.5 is no relative gain"),
        (("model", math.inf, *HOME), r"links\[1\]: inf is no relative gain"),
        (("model", 0.1, "Similar P@5"), r"links\[1\]: expected area, gain, metric and domain"),
        ({"area": "model", "gain": 0.1}, r"links\[1\]: expected area, gain, metric and domain"),
        (("model", "a lot", *HOME), r"links\[1\]: expected area, gain, metric and domain"),
        (("model", 0.1, "", "Home Decor"), r"links\[1\]: area, metric and domain must each be named"),
    ],
)
def test_links_that_do_not_say_what_they_are_gains_of_are_refused(link: Any, problem: str) -> None:
    with pytest.raises(EvaluationError, match=problem):
        gain_breakdown([("model", 0.1, *HOME), link])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(-0.9, 9), st.sampled_from("mn"), st.just("d")), max_size=8
    ),
    st.randoms(),
)
def test_the_order_of_links_changes_no_digit(links: list[tuple[str, float, str, str]], random: Any) -> None:
    shuffled = list(links)
    random.shuffle(shuffled)
    assert repr(gain_breakdown(shuffled)) == repr(gain_breakdown(links))
