"""The string form of the paper and the JSON form: read, written, refused with a position."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.errors import RestrictionError
from model_hooks.retrieval.restriction import And, Eq, In, Node, Not, Or, Range, matches
from model_hooks.retrieval.restriction_json import from_json, to_json
from model_hooks.retrieval.restriction_text import format_text, parse
from tests.model_hooks.retrieval.strategies import corpora, restrictions

PAPER = "gender:Men AND (category:Shirt OR category:Tie) AND (NOT price < 50)"
TREE = And(
    Eq("gender", "men"), Or(Eq("category", "shirt"), Eq("category", "tie")), Not(Range("price", lt=50))
)


def test_the_papers_example_is_read() -> None:
    assert parse(PAPER) == TREE


def test_the_papers_example_is_written_back() -> None:
    assert format_text(TREE) == "gender:men AND (category:shirt OR category:tie) AND NOT price < 50.0"


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", And()),
        ("  ", And()),
        ("all", And()),
        ("NOT None", Not(Or())),
        ("category = tie", Eq("category", "tie")),
        ("not category:Tie", Not(Eq("category", "tie"))),
        ('merchant:"Fish & Chips"', Eq("merchant", "Fish & Chips")),
        (r"""merchant:'it\'s "it"' """, Eq("merchant", """it's "it\"""")),
        ("merchant:o'neil", Eq("merchant", "o'neil")),
        ('merchant:"AND"', Eq("merchant", "AND")),
        ("price>=1e2", Range("price", ge=100)),
        ("price <= -.5", Range("price", le=-0.5)),
        ("price: 5", Eq("price", 5)),
        ("category IN (Shirt, 'home decor')", In("category", ["shirt", "home decor"])),
        ("price in ()", In("price", [])),
        (
            "source:a OR source:b AND source:c",
            Or(Eq("source", "a"), And(Eq("source", "b"), Eq("source", "c"))),
        ),
    ],
)
def test_the_syntax_means(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        (
            "gender:men AND colour:red",
            15,
            "'colour' stands: that is no known field; known fields are category",
        ),
        ("gender:", 7, "the restriction ends: expected a value of gender"),
        ("category: AND gender:men", 10, "'AND' stands: expected a value of category; put it in quotes"),
        ("price < cheap", 8, "price is a number"),
        ("price < '5'", 8, "price is a number"),
        ("price < 1_000", 8, "price is a number"),
        ("price < 1e999", 0, "cannot be inf"),
        ("category < 5", 9, "category is text and has no order"),
        ("(gender:men", 11, "expected ')'"),
        ("gender:men category:tie", 11, "expected AND, OR or the end"),
        ("gender men", 7, "expected ':', '='"),
        ('merchant:"open', 9, "this quote is not closed properly"),
        ("merchant:a\\b", 10, "put the value in quotes"),
        ("category IN tie", 12, "expected '('"),
        ("category IN (tie", 16, "expected ',' or ')'"),
        ("NOT", 3, "expected a field, NOT or '('"),
        ("(" * 5000, 32, "nested more than 32 levels"),
        ("NOT " * 5000, 128, "nested more than 32 levels"),
        ("price:1 OR " * 1000 + "price:2", 0, "more than 1000 parts"),
        (" " * 200_001, 200_000, "the limit is 200000"),
    ],
)
def test_a_wrong_text_is_refused_where_it_is_wrong(text: str, position: int, message: str) -> None:
    with pytest.raises(RestrictionError) as caught:
        parse(text)
    assert caught.value.position == position
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("form", "position", "message"),
    [
        ([], "", "is not an object"),
        ({}, "op", "it must be one of and, or, not, eq, in, range"),
        ({"op": ["and"]}, "op", "it must be one of"),
        ({"op": "and"}, "", "lacks 'nodes'"),
        ({"op": "and", "nodes": {}}, "nodes", "is not a list"),
        ({"op": "not", "node": {"op": "eq", "field": "price"}}, "node", "lacks 'value'"),
        ({"op": "eq", "field": "price", "value": 5, "than": 1}, "", "unknown key 'than'"),
        ({"op": "or", "nodes": [{"op": "eq", "field": "price", "value": "5"}]}, "nodes[0]", "is a number"),
        ({"op": "or", "nodes": [{"op": "range", "field": ["price"], "lt": 5}]}, "nodes[0]", "Unknown field"),
        ({"op": "in", "field": "gender", "values": [["men"]]}, "", "gender is text"),
        ({"op": "and", "nodes": [{"op": "and", "nodes": []}] * 1001}, "", "more than 1000 parts"),
    ],
)
def test_a_wrong_form_is_refused_where_it_is_wrong(form: Any, position: str, message: str) -> None:
    with pytest.raises(RestrictionError) as caught:
        from_json(form)
    assert message in str(caught.value)
    assert caught.value.position == position


def test_a_form_nested_too_deep_is_refused() -> None:
    form: dict[str, Any] = {"op": "and", "nodes": []}
    for _ in range(500):
        form = {"op": "not", "node": form}
    with pytest.raises(RestrictionError, match="nested more than 32 levels"):
        from_json(form)


@given(restrictions())
def test_the_json_form_round_trips(node: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(node)))) == node


@given(restrictions(), corpora(max_size=10))
@example(Range("price", gt=1.0, lt=2.0), [])
@example(Not(Range("price", gt=1.0, lt=2.0)), [])
def test_the_string_form_round_trips(node: Node, rows: list[Row]) -> None:
    text = format_text(node)
    read = parse(text)
    assert [matches(read, row) for row in rows] == [matches(node, row) for row in rows]
    assert format_text(read) == text
    assert parse(format_text(read)) == read


@given(st.text(alphabet="ANDORNOTIN()<>=:,\"'\\ agenderpricemn05."))
def test_any_text_is_read_or_refused_with_a_position(text: str) -> None:
    position: int | str | None = 0
    try:
        parse(text)
    except RestrictionError as error:
        position = error.position
    assert isinstance(position, int)
    assert 0 <= position <= len(text)
