"""The tree: checks when made, one meaning of missing values, normal form."""

import pytest
from hypothesis import given

from model_hooks.errors import ModelHookError
from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.errors import RestrictionError
from model_hooks.retrieval.restriction import (
    MAX_DEPTH,
    MAX_PARTS,
    And,
    Eq,
    In,
    Node,
    Not,
    Or,
    Range,
    fields_of,
    matches,
    nnf,
    system_restriction,
)
from tests.model_hooks.retrieval.strategies import corpora, restrictions

SHIRT = Row(1, b"\0", category="Shirt", gender="men", price=50.0)
UNPRICED = Row(2, b"\0", category="shirt")


def test_an_unknown_field_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(
        RestrictionError, match="'colour'; known fields are: category, gender, price, merchant"
    ):
        Eq("colour", "red")


def test_every_restriction_error_is_an_error_of_the_package() -> None:
    assert issubclass(RestrictionError, ModelHookError)


def test_the_product_id_is_no_field() -> None:
    with pytest.raises(RestrictionError, match="product_id"):
        Eq("product_id", 5)


@pytest.mark.parametrize("value", ["50", True, float("nan"), float("inf"), 10**400, None])
def test_a_price_must_be_a_finite_number(value: object) -> None:
    with pytest.raises(RestrictionError, match="price"):
        Eq("price", value)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("value", [5, None, "a\0b", "\ud800", "x" * 1001])
def test_a_text_must_be_text_that_can_be_stored(value: object) -> None:
    with pytest.raises(RestrictionError, match="merchant"):
        Eq("merchant", value)  # type: ignore[arg-type]  # wrong on purpose


def test_text_has_no_order() -> None:
    with pytest.raises(RestrictionError, match="category is text and has no order"):
        Range("category", lt=5)


def test_a_range_needs_a_bound() -> None:
    with pytest.raises(RestrictionError, match="no bound; give one of gt, ge, lt, le"):
        Range("price")


def test_a_single_text_is_no_list_of_values() -> None:
    with pytest.raises(RestrictionError, match="needs a list"):
        In("category", "shirt")


def test_something_else_is_no_operand() -> None:
    with pytest.raises(RestrictionError, match="is no restriction"):
        And(Eq("category", "shirt"), "tie")  # type: ignore[arg-type]  # wrong on purpose


def test_depth_is_limited() -> None:
    node: Node = Eq("category", "shirt")
    for _ in range(MAX_DEPTH - 1):
        node = Not(node)
    with pytest.raises(RestrictionError, match=f"more than {MAX_DEPTH} levels"):
        Not(node)


def test_size_is_limited() -> None:
    with pytest.raises(RestrictionError, match=f"more than {MAX_PARTS} parts"):
        Or(*(Eq("price", price) for price in range(MAX_PARTS)))


def test_the_number_of_values_is_limited() -> None:
    with pytest.raises(RestrictionError, match="limit is 10000"):
        In("price", range(10_001))


def test_the_largest_tree_still_has_a_normal_form() -> None:
    largest = Not(And(*(Eq("price", price) for price in range(MAX_PARTS - 1))))
    assert isinstance(nnf(largest), Or)


def test_equal_trees_are_equal_and_hash_alike_however_they_are_written() -> None:
    one = In("category", ["Tie", "shirt", "SHIRT"])
    other = In("category", ("shirt", "tie"))
    assert one == other
    assert hash(one) == hash(other)
    assert Eq("price", 50) == Eq("price", 50.0)


def test_category_and_gender_are_compared_in_lower_case_and_all_else_exactly() -> None:
    assert matches(Eq("category", "SHIRT"), SHIRT)
    assert not matches(Eq("merchant", "ACME"), SHIRT._replace(merchant="acme"))


def test_a_leaf_on_a_missing_value_is_false_and_not_is_the_complement() -> None:
    assert not matches(Range("price", lt=50), UNPRICED)
    assert matches(Not(Range("price", lt=50)), UNPRICED)
    assert matches(Not(In("gender", ["men"])), UNPRICED)


def test_bounds_are_open_or_closed_as_they_say() -> None:
    assert [matches(Range("price", **{bound: 50}), SHIRT) for bound in ("gt", "ge", "lt", "le")] == [
        False,
        True,
        False,
        True,
    ]


def test_empty_joins_and_lists_have_their_usual_meaning() -> None:
    assert matches(And(), SHIRT)
    assert not matches(Or(), SHIRT)
    assert not matches(In("category", []), SHIRT)


def test_the_fields_of_a_tree_are_known() -> None:
    assert fields_of(And(Eq("category", "a"), Not(Or(Range("price", lt=1), In("gender", []))))) == {
        "category",
        "price",
        "gender",
    }


def test_a_system_asks_for_the_predicted_category_and_gender_or_unisex() -> None:
    where = Not(Range("price", lt=50))
    assert system_restriction(category="Shirt", gender="men", where=where) == And(
        Eq("category", "shirt"), In("gender", ["men", "unisex"]), where
    )


def test_a_system_leaves_out_what_is_not_predicted() -> None:
    assert system_restriction(category=None) is None
    assert system_restriction(category="sofa") == Eq("category", "sofa")
    assert system_restriction(category=None, gender="unisex") == In("gender", ["unisex"])


@given(restrictions(), corpora(max_size=10))
def test_the_normal_form_holds_for_the_same_products(node: Node, rows: list[Row]) -> None:
    normal = nnf(node)
    assert [matches(normal, row) for row in rows] == [matches(node, row) for row in rows]


@given(restrictions())
def test_the_normal_form_negates_leaves_only_and_is_no_larger(node: Node) -> None:
    def check(part: Node) -> None:
        if isinstance(part, Not):
            assert isinstance(part.node, Eq | In | Range)
        elif isinstance(part, And | Or):
            assert len(part.nodes) != 1
            assert not any(isinstance(child, type(part)) for child in part.nodes)
            for child in part.nodes:
                check(child)

    check(nnf(node))
    assert nnf(node).size <= node.size
    assert nnf(nnf(node)) == nnf(node)
