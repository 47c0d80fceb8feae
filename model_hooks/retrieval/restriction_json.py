"""The JSON form of a restriction, for the REST interface, stored systems and audit.

`{"op": "and", "nodes": [...]}`, `{"op": "or", "nodes": [...]}`, `{"op": "not", "node": {...}}`,
`{"op": "eq", "field": "gender", "value": "men"}`,
`{"op": "in", "field": "gender", "values": ["men", "unisex"]}`,
`{"op": "range", "field": "price", "ge": 50}` with any of `gt`, `ge`, `lt`, `le`.
"""

from collections.abc import Callable
from typing import Any, Final

from model_hooks.retrieval.errors import RestrictionError
from model_hooks.retrieval.restriction import (
    BOUNDS,
    MAX_PARTS,
    And,
    Eq,
    In,
    Node,
    Not,
    Or,
    Range,
    as_leaf,
    check_limits,
)


def to_json(node: Node) -> dict[str, Any]:
    """Return the tree as plain dicts, lists, strings and numbers; `from_json` gives an equal tree back."""
    if isinstance(node, And | Or):
        return {"op": type(node).__name__.lower(), "nodes": [to_json(child) for child in node.nodes]}
    if isinstance(node, Not):
        return {"op": "not", "node": to_json(node.node)}
    leaf = as_leaf(node)
    if isinstance(leaf, Eq):
        return {"op": "eq", "field": leaf.name, "value": leaf.value}
    if isinstance(leaf, In):
        return {"op": "in", "field": leaf.name, "values": list(leaf.values)}
    return {"op": "range", "field": leaf.name, **leaf.bounds()}


def from_json(form: object) -> Node:
    """Read the JSON form.

    Raises
    ------
    RestrictionError
        If anything is missing, unknown, of the wrong type or over the limits; `position` is the path of the
        wrong part, such as `nodes[1].value`, or the empty string for the whole.
    """
    return _node(form, "", 1)


def _node(form: object, path: str, depth: int) -> Node:
    check_limits(depth, 1)
    if not isinstance(form, dict):
        raise _wrong(path, "is not an object; write a node as {'op': ..., ...}")
    op = form.get("op")
    if not isinstance(op, str) or op not in _READERS:
        raise _wrong(_join(path, "op"), f"is {str(op)[:80]!r}; it must be one of {', '.join(_READERS)}")
    reader, keys = _READERS[op]
    if unknown := [key for key in form if key not in keys and key != "op"]:
        raise _wrong(path, f"has an unknown key {str(unknown[0])[:80]!r}; {op!r} takes {', '.join(keys)}")
    try:
        return reader(form, path, depth)
    except RestrictionError as error:
        if error.position is not None:
            raise
        raise RestrictionError(f"{_place(path)}: {error}", position=path) from error


def _read_join(kind: type[And] | type[Or]) -> Callable[[dict[Any, Any], str, int], Node]:
    def read(form: dict[Any, Any], path: str, depth: int) -> Node:
        nodes = _list(form, "nodes", path)
        check_limits(depth, min(len(nodes), MAX_PARTS + 1))
        place = _join(path, "nodes")
        return kind(*(_node(child, f"{place}[{index}]", depth + 1) for index, child in enumerate(nodes)))

    return read


def _read_not(form: dict[Any, Any], path: str, depth: int) -> Node:
    return Not(_node(_get(form, "node", path), _join(path, "node"), depth + 1))


def _read_eq(form: dict[Any, Any], path: str, _depth: int) -> Node:
    return Eq(_get(form, "field", path), _get(form, "value", path))


def _read_in(form: dict[Any, Any], path: str, _depth: int) -> Node:
    return In(_get(form, "field", path), _list(form, "values", path))


def _read_range(form: dict[Any, Any], path: str, _depth: int) -> Node:
    return Range(_get(form, "field", path), **{key: form[key] for key in BOUNDS if key in form})


_READERS: Final[dict[str, tuple[Callable[[dict[Any, Any], str, int], Node], tuple[str, ...]]]] = {
    "and": (_read_join(And), ("nodes",)),
    "or": (_read_join(Or), ("nodes",)),
    "not": (_read_not, ("node",)),
    "eq": (_read_eq, ("field", "value")),
    "in": (_read_in, ("field", "values")),
    "range": (_read_range, ("field", *BOUNDS)),
}


def _get(form: dict[Any, Any], key: str, path: str) -> Any:
    if key not in form:
        raise _wrong(path, f"lacks {key!r}; add it")
    return form[key]


def _list(form: dict[Any, Any], key: str, path: str) -> list[Any]:
    value = _get(form, key, path)
    if not isinstance(value, list):
        raise _wrong(_join(path, key), "is not a list; put its parts in [...]")
    return value


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _place(path: str) -> str:
    return f"In the restriction at {path}" if path else "In the restriction"


def _wrong(path: str, what: str) -> RestrictionError:
    return RestrictionError(f"The restriction{' at ' + path if path else ''} {what}.", position=path)
