"""What the columns of an import may hold."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelapp.catalog import columns
from labelapp.catalog.errors import ImportRefused, RowRefused


@pytest.mark.parametrize(
    ("given_headings", "file_column", "category_column"),
    [
        (["file", "title"], "file", None),
        (["Image", "Google ID"], "Image", "Google ID"),
        (["file", "type", "coarse"], "file", "coarse"),
        (["picture", "category", "google_id"], "picture", "category"),
    ],
)
def test_headings_go_by_natural_names(
    given_headings: list[str], file_column: str, category_column: str | None
) -> None:
    served = columns.headings("products", given_headings)
    assert served["file"] == file_column
    assert served.get("category") == category_column


def test_a_missing_column_is_named_with_the_names_it_could_have() -> None:
    with pytest.raises(ImportRefused, match=r"no column `file` \(or image, picture.*it has title, price"):
        columns.headings("products", ["title", "price"])
    with pytest.raises(ImportRefused, match=r"no column `scene`.*`product`"):
        columns.headings("pairs", ["a", "b"])


@pytest.mark.parametrize(
    ("word", "known"), [("Men", "men"), ("FEMALE", "women"), ("unisex ", "unisex"), ("", None), (None, None)]
)
def test_genders_are_known_by_many_words(word: str | None, known: str | None) -> None:
    assert columns.gender({"gender": word}) == known


@pytest.mark.parametrize(
    ("read", "values", "reason"),
    [
        (columns.gender, {"gender": "robot"}, "use men, women or unisex"),
        (columns.price, {"price": "12,50"}, "not a number such as 12.50"),
        (columns.price, {"price": "-1"}, "not a number such as 12.50"),
        (columns.price, {"price": "NaN"}, "not a number such as 12.50"),
        (columns.price, {"price": "1e400"}, "not a number such as 12.50"),
        (columns.currency, {"currency": "Euro"}, "three-letter code"),
        (columns.url, {"url": "javascript:alert(1)"}, "http://"),
        (columns.url, {"url": "http://[broken"}, "http://"),
        (columns.box, {"x": "1", "y": "1", "w": "", "h": "3"}, "not four numbers"),
        (columns.box, {"x": "1", "y": "1", "w": "0", "h": "3"}, "w, h > 0"),
        (columns.box, {"x": "1", "y": "nan", "w": "1", "h": "3"}, "w, h > 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(read: Any, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(RowRefused, match=reason):
        read(values)


def test_the_domain_of_the_row_goes_before_that_of_the_file() -> None:
    assert columns.domain({"domain": "Home decor"}, "fashion") == "home_decor"
    assert columns.domain({"domain": ""}, "fashion") == "fashion"
    assert columns.domain({}, None) is None
    with pytest.raises(RowRefused, match="fashion or home_decor"):
        columns.domain({"domain": "food"}, None)


def test_a_title_that_is_too_long_is_refused_not_cut() -> None:
    with pytest.raises(RowRefused, match="301 characters; at most 300"):
        columns.text({"title": "x" * 301}, "title", limit=300)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_prices_are_read_as_they_are_written(amount: Decimal) -> None:
    assert columns.price({"price": str(amount)}) == amount


@given(st.text(max_size=40))
def test_any_text_is_a_price_or_is_refused(word: str) -> None:
    try:
        amount = columns.price({"price": word})
    except RowRefused:
        amount = None
    assert amount is None or amount >= 0


@given(st.tuples(*[st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.001, 1e6), st.floats(0.001, 1e6)]))
def test_boxes_are_read_as_they_are_written(box: tuple[float, float, float, float]) -> None:
    assert columns.box(dict(zip(columns.BOX, map(str, box), strict=True))) == box
