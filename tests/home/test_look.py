"""How figures are written."""

import pytest
from django.template.loader import render_to_string

from labelapp.home.templatetags.look import gain, grade_mix, interval, number, percent

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.875, "87.5"), (0, "0.0"), (1, "100.0"), (-0.021, "\N{MINUS SIGN}2.1"), (-0.0001, "0.0")],
)
def test_a_share_is_written_in_per_cent(share: float, written: str) -> None:
    assert percent(share) == f"{written}{NARROW}%"


def test_nothing_is_a_dash() -> None:
    assert percent(None) == gain(None) == number(None) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("share", "written"), [(0.3, "+30.0"), (-0.3, "\N{MINUS SIGN}30.0"), (0.0001, "0.0")]
)
def test_a_gain_carries_its_sign(share: float, written: str) -> None:
    assert gain(share) == f"{written}{NARROW}%"


def test_counts_have_their_thousands() -> None:
    assert number(12480) == "12,480"


def test_an_interval_is_one_unit_and_reads_also_below_zero() -> None:
    assert interval(0.754, 0.941) == f"75\N{EN DASH}94{NARROW}%"
    assert interval(-0.03, 0.12) == f"\N{MINUS SIGN}3 to 12{NARROW}%"


def test_a_mix_of_grades_is_drawn_best_first_and_in_words() -> None:
    mix = grade_mix({0: 1, 1: 1, 4: 2})
    assert mix["parts"] == [
        {"grade": 4, "start": "0.000", "width": "50.000"},
        {"grade": 1, "start": "50.000", "width": "25.000"},
        {"grade": 0, "start": "75.000", "width": "25.000"},
    ]
    assert mix["summary"] == "Extremely Similar 2, Not Similar 1, Did Not Load 1"


def test_a_mix_without_grades_says_so() -> None:
    assert grade_mix({}) == {"parts": [], "summary": "No grades yet"}


def test_an_estimate_shows_value_count_and_interval() -> None:
    shown = render_to_string(
        "components/estimate.html", {"value": 0.875, "hits": 42, "of": 48, "low": 0.754, "high": 0.941}
    )
    assert f"87.5{NARROW}%" in shown
    assert f"(42/48, 75\N{EN DASH}94{NARROW}%)" in shown


def test_an_estimate_of_nothing_says_why() -> None:
    shown = render_to_string("components/estimate.html", {"value": None, "reason": "nobody has rated yet"})
    assert "nobody has rated yet" in shown
