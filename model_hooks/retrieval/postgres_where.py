"""A restriction as an SQL condition: parameters only, missing values with the meaning all engines share."""

from typing import Final

from psycopg import sql

from model_hooks.retrieval.fields import FIELDS
from model_hooks.retrieval.restriction import And, Eq, In, Leaf, Node, Not, Or, as_leaf, nnf

Condition = tuple[sql.Composable, list[object]]

_SIGNS: Final = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_OPPOSITE: Final = {"gt": "<=", "ge": "<", "lt": ">=", "le": ">"}
_ARRAYS: Final = {"text": "text[]", "number": "float8[]"}


def condition(where: Node | None) -> Condition:
    """Return an SQL condition that is true for exactly the products that pass, and its parameters.

    Negations are pushed to the leaves, where `NOT price < 50` becomes `price >= 50 OR price IS NULL`: this
    keeps products without a price, and lets PostgreSQL use the index.
    """
    return _node(And() if where is None else nnf(where))


def _node(node: Node) -> Condition:
    if isinstance(node, And | Or):
        return _join([_node(child) for child in node.nodes], all_of=isinstance(node, And))
    if isinstance(node, Not):
        leaf = as_leaf(node.node)
        return _or_missing(leaf, _negated(leaf))
    return _leaf(as_leaf(node))


def _join(parts: list[Condition], *, all_of: bool) -> Condition:
    if not parts:
        return sql.SQL("TRUE" if all_of else "FALSE"), []
    joined = sql.SQL(" AND " if all_of else " OR ").join(text for text, _ in parts)
    return sql.SQL("({})").format(joined), [value for _, values in parts for value in values]


def _leaf(leaf: Leaf) -> Condition:
    if isinstance(leaf, Eq):
        return _compare(leaf, "=", leaf.value)
    if isinstance(leaf, In):
        return _members(leaf, "= ANY")
    return _join([_compare(leaf, _SIGNS[key], bound) for key, bound in leaf.bounds().items()], all_of=True)


def _negated(leaf: Leaf) -> Condition:
    if isinstance(leaf, Eq):
        return _compare(leaf, "<>", leaf.value)
    if isinstance(leaf, In):
        return _members(leaf, "<> ALL")
    opposite = [_compare(leaf, _OPPOSITE[key], bound) for key, bound in leaf.bounds().items()]
    return _join(opposite, all_of=False)


def _compare(leaf: Leaf, sign: str, value: object) -> Condition:
    kind = "text" if FIELDS[leaf.name] == "text" else "float8"
    text = sql.SQL("{} " + sign + " %s::" + kind)
    return text.format(sql.Identifier(leaf.name)), [value]


def _members(leaf: In, sign: str) -> Condition:
    text = sql.SQL("{} " + sign + " (%s::" + _ARRAYS[FIELDS[leaf.name]] + ")")
    return text.format(sql.Identifier(leaf.name)), [list(leaf.values)]


def _or_missing(leaf: Leaf, part: Condition) -> Condition:
    text, values = part
    return sql.SQL("({} OR {} IS NULL)").format(text, sql.Identifier(leaf.name)), values
