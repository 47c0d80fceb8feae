"""The restriction tree: which products of a corpus a query may retrieve.

A node is And, Or, Not or a leaf (Eq, In, Range) over one of `FIELDS`. Nodes are frozen, hashable and checked
when made, so a tree that exists is a valid one: known fields, right types, bounded depth and size.

Missing values have one meaning in every engine: a leaf on a missing value is false, and Not is the complement
of the set. So `NOT price < 50` keeps products without a price, as an inverted index does and SQL does not.

Numbers are 64-bit floats in every engine (`double precision` in PostgreSQL, `float64` in numpy), the type
that Python compares with: no bound is ever rounded to a narrower type before it is compared.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from model_hooks.retrieval.errors import RestrictionError
from model_hooks.retrieval.fields import FIELDS, Value, check_field, check_number, check_text, check_value

UNISEX: Final = "unisex"
BOUNDS: Final[dict[str, Callable[[float, float], bool]]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
MAX_DEPTH: Final = 32
MAX_PARTS: Final = 1_000
MAX_VALUES: Final = 10_000


@dataclass(frozen=True)
class Node:
    """Any node of the tree; use And, Or, Not, Eq, In and Range.

    Attributes
    ----------
    depth
        Levels below and including this node, at most `MAX_DEPTH`.
    size
        Leaves, Ands and Ors below and including this node, at most `MAX_PARTS`. Not counts nothing, so that
        the normal form is never larger than the tree.
    """

    depth: int = field(init=False, compare=False, repr=False, default=1)
    size: int = field(init=False, compare=False, repr=False, default=1)
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __hash__(self) -> int:
        """Return the hash taken when the node was made: engines look trees up for every query."""
        return self._hash

    def _seal(self, content: object, children: tuple["Node", ...] = ()) -> None:
        for child in children:
            if not isinstance(child, Node):
                raise RestrictionError(f"{child!r} is no restriction; use And, Or, Not, Eq, In or Range.")
        depth = 1 + max((child.depth for child in children), default=0)
        size = sum(child.size for child in children) + (not isinstance(self, Not))
        check_limits(depth, size)
        _set(self, depth=depth, size=size, _hash=hash((type(self).__name__, content)))


@dataclass(frozen=True, init=False)
class _Join(Node):
    nodes: tuple[Node, ...]

    def __init__(self, *nodes: Node) -> None:
        _set(self, nodes=nodes)
        self._seal(nodes, nodes)

    __hash__ = Node.__hash__


@dataclass(frozen=True, init=False)
class And(_Join):
    """All of `nodes` hold. `And()` holds for every product."""

    __hash__ = Node.__hash__


@dataclass(frozen=True, init=False)
class Or(_Join):
    """At least one of `nodes` holds. `Or()` holds for no product."""

    __hash__ = Node.__hash__


@dataclass(frozen=True)
class Not(Node):
    """`node` does not hold: the complement of its set, products with missing values included."""

    node: Node

    def __post_init__(self) -> None:
        """Check the operand."""
        self._seal(self.node, (self.node,))

    __hash__ = Node.__hash__


@dataclass(frozen=True)
class Eq(Node):
    """The field has this value. False where the field is missing."""

    name: str
    value: Value

    def __post_init__(self) -> None:
        """Check and normalise the value."""
        _set(self, value=check_value(self.name, self.value))
        self._seal((self.name, self.value))

    __hash__ = Node.__hash__


@dataclass(frozen=True, init=False)
class In(Node):
    """The field has one of `values`, kept sorted and without doubles. False where missing or empty."""

    name: str
    values: tuple[Value, ...]

    def __init__(self, name: str, values: Iterable[Value]) -> None:
        check_field(name)
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise RestrictionError(f"IN on {name} needs a list of values, not {str(values)[:80]!r}.")
        _set(self, name=name, values=_sorted_values(name, values))
        self._seal((self.name, self.values))

    __hash__ = Node.__hash__


@dataclass(frozen=True)
class Range(Node):
    """The number lies within the bounds: `gt` >, `ge` >=, `lt` <, `le` <=. False where missing."""

    name: str
    gt: float | None = field(default=None, kw_only=True)
    ge: float | None = field(default=None, kw_only=True)
    lt: float | None = field(default=None, kw_only=True)
    le: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Check field and bounds."""
        if FIELDS[check_field(self.name)] != "number":
            numbers = ", ".join(name for name, kind in FIELDS.items() if kind == "number")
            raise RestrictionError(
                f"{self.name} is text and has no order; use ':' or IN. Fields with an order: {numbers}."
            )
        bounds = self.bounds()
        if not bounds:
            raise RestrictionError(f"The range on {self.name} has no bound; give one of {', '.join(BOUNDS)}.")
        checked = {key: check_number(self.name, bound) for key, bound in bounds.items()}
        _set(self, **checked)
        self._seal((self.name, tuple(checked.items())))

    def bounds(self) -> dict[str, float]:
        """Return the bounds that are set, by their name in `BOUNDS`."""
        given = {key: getattr(self, key) for key in BOUNDS}
        return {key: bound for key, bound in given.items() if bound is not None}

    __hash__ = Node.__hash__


Leaf = Eq | In | Range


def check_limits(depth: int, size: int) -> None:
    """Raise RestrictionError if a tree of this depth and size is over the limits."""
    if depth > MAX_DEPTH:
        raise RestrictionError(f"The restriction is nested more than {MAX_DEPTH} levels deep; flatten it.")
    if size > MAX_PARTS:
        raise RestrictionError(f"The restriction has more than {MAX_PARTS} parts; use IN for long lists.")


def nnf(node: Node, *, negated: bool = False) -> Node:
    """Rewrite to negation normal form: Not stands only directly over a leaf; nested And/Or are flattened.

    The result holds for exactly the same products; a single operand stands for itself.
    """
    if isinstance(node, Not):
        return nnf(node.node, negated=not negated)
    if isinstance(node, And | Or):
        kind = And if isinstance(node, And) != negated else Or
        parts = tuple(_flat(kind, (nnf(child, negated=negated) for child in node.nodes)))
        return parts[0] if len(parts) == 1 else kind(*parts)
    return Not(node) if negated else node


def matches(node: Node, row: object) -> bool:
    """Say whether a product passes; `row` has the fields as attributes, None = missing. The tests' oracle."""
    if isinstance(node, And):
        return all(matches(child, row) for child in node.nodes)
    if isinstance(node, Or):
        return any(matches(child, row) for child in node.nodes)
    if isinstance(node, Not):
        return not matches(node.node, row)
    leaf = as_leaf(node)
    value = getattr(row, leaf.name)
    if value is None:
        return False
    return _holds(leaf, check_text(leaf.name, value) if isinstance(value, str) else value)


def fields_of(node: Node) -> frozenset[str]:
    """Return the fields that a tree mentions."""
    if isinstance(node, And | Or):
        return frozenset[str]().union(*(fields_of(child) for child in node.nodes))
    return fields_of(node.node) if isinstance(node, Not) else frozenset({as_leaf(node).name})


def as_leaf(node: Node) -> Leaf:
    """Return a node that is neither And, Or nor Not as the leaf it must be."""
    if isinstance(node, Eq | In | Range):
        return node
    raise RestrictionError(f"{node!r} is no restriction; use And, Or, Not, Eq, In or Range.")


def system_restriction(
    *, category: str | None, gender: str | None = None, where: Node | None = None
) -> Node | None:
    """Build the restriction of one query object: predicted category and gender, and the system's own tree.

    Parameters
    ----------
    category
        Predicted category; None if the system does not restrict by it.
    gender
        Predicted gender; products of that gender and unisex ones pass. None means no restriction by gender.
    where
        Any further tree, frozen in the system.

    Returns
    -------
    The tree, or None where nothing is restricted.

    Notes
    -----
    "Shop The Look" (KDD 2020), section 6.1.1 (category) and 6.1.2 (gender together with unisex, to prevent
    under-retrieval).
    """
    parts: list[Node] = []
    if category is not None:
        parts.append(Eq("category", category))
    if gender is not None:
        parts.append(In("gender", {gender, UNISEX}))
    if where is not None:
        parts.append(where)
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(*parts)


def _holds(leaf: Leaf, value: Value) -> bool:
    if isinstance(leaf, Eq):
        return value == leaf.value
    if isinstance(leaf, In):
        return value in leaf.values
    return all(BOUNDS[key](float(value), bound) for key, bound in leaf.bounds().items())


def _sorted_values(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    checked = {check_value(name, value) for value in values}
    if len(checked) > MAX_VALUES:
        raise RestrictionError(f"IN on {name} has {len(checked)} values; the limit is {MAX_VALUES}.")
    texts = sorted(value for value in checked if isinstance(value, str))
    return (*texts, *sorted(value for value in checked if not isinstance(value, str)))


def _flat(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, kind):
            yield from node.nodes
        else:
            yield node


def _set(node: Node, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(node, name, value)
