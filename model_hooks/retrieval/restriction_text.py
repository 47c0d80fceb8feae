r"""The paper's string form of a restriction, read and written.

`gender:Men AND (category:Shirt OR category:Tie) AND (NOT price < 50)` ("Shop The Look", KDD 2020, 6.1.2).

- a leaf is `field:value`, `field = value`, `field IN (value, value)` or, for numbers, `<`, `<=`, `>`, `>=`;
- AND, OR, NOT, IN, ALL, NONE in any case; NOT binds closest, then AND, then OR; `ALL` passes every product
  (so does an empty text), `NONE` passes none;
- a value with spaces or signs stands in double or single quotes, `\` before a quote or a backslash in it;
- category and gender are compared in lower case, all other text exactly.
"""

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from model_hooks.retrieval.errors import RestrictionError
from model_hooks.retrieval.fields import FIELDS, Value
from model_hooks.retrieval.restriction import And, Eq, In, Leaf, Node, Not, Or, Range, as_leaf, check_limits

MAX_LENGTH: Final = 200_000
_KEYWORDS: Final = frozenset({"and", "or", "not", "in", "all", "none"})
_SIGNS: Final = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_BARE: Final = re.compile(r"[^\s()\"',:<>=\\][^\s()\",:<>=\\]*")
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')"""
    r"""|(?P<sign><=|>=|[():,=<>])|(?P<word>""" + _BARE.pattern + r"""))"""
)


def parse(text: str) -> Node:
    """Read the string form.

    Parameters
    ----------
    text
        At most `MAX_LENGTH` characters; only whitespace means every product passes, `And()`.

    Raises
    ------
    RestrictionError
        With `position`, the offset of the first wrong token, and what to write instead.

    Examples
    --------
    >>> parse("gender:Men AND NOT category:Tie")
    And(nodes=(Eq(name='gender', value='men'), Not(node=Eq(name='category', value='tie'))))
    """
    if len(text) > MAX_LENGTH:
        raise RestrictionError(
            f"The restriction has {len(text)} characters; the limit is {MAX_LENGTH}.", position=MAX_LENGTH
        )
    try:
        return _Parser(_tokens(text)).read()
    except RestrictionError as error:
        if error.position is not None:
            raise
        raise RestrictionError(str(error), position=0) from error


def format_text(node: Node) -> str:
    """Write a tree in the string form.

    `parse` gives an equal tree back, save that And or Or of a single operand becomes that operand, and a
    Range with two bounds the And of two; both hold for the same products.
    """
    if isinstance(node, And | Or):
        if len(node.nodes) < 2:
            return format_text(node.nodes[0]) if node.nodes else "ALL" if isinstance(node, And) else "NONE"
        return f" {type(node).__name__.upper()} ".join(_operand(child) for child in node.nodes)
    if isinstance(node, Not):
        return f"NOT {_operand(node.node)}"
    return _leaf_text(as_leaf(node))


def _leaf_text(leaf: Leaf) -> str:
    if isinstance(leaf, Eq):
        return f"{leaf.name}:{_value(leaf.value)}"
    if isinstance(leaf, In):
        return f"{leaf.name} IN ({', '.join(_value(value) for value in leaf.values)})"
    signs = {name: sign for sign, name in _SIGNS.items()}
    bounds = [f"{leaf.name} {signs[name]} {_value(bound)}" for name, bound in leaf.bounds().items()]
    return " AND ".join(bounds)


def _operand(node: Node) -> str:
    while isinstance(node, And | Or) and len(node.nodes) == 1:
        node = node.nodes[0]
    text = format_text(node)
    parts = node.bounds() if isinstance(node, Range) else node.nodes if isinstance(node, And | Or) else ()
    return f"({text})" if len(parts) > 1 else text


def _value(value: Value) -> str:
    if not isinstance(value, str):
        return repr(value)
    if _BARE.fullmatch(value) and value.lower() not in _KEYWORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The keyword in lower case if this is one, else the sign, else nothing."""
        if self.kind == "word" and self.text.lower() in _KEYWORDS:
            return self.text.lower()
        return self.text if self.kind == "sign" else ""


def _fail(token: _Token, hint: str) -> NoReturn:
    found = "the restriction ends" if token.kind == "end" else f"{token.text[:40]!r} stands"
    raise RestrictionError(
        f"At character {token.start + 1} of the restriction {found}: {hint}.", position=token.start
    )


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    offset, end = 0, len(text.rstrip())
    while offset < end:
        match = _TOKEN.match(text, offset)
        if match is None:
            start = offset + len(text[offset:]) - len(text[offset:].lstrip())
            quote = text[start] in "\"'"
            hint = "this quote is not closed properly" if quote else "put the value in quotes"
            _fail(_Token("bad", text[start : start + 20], start), hint)
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind)))
        offset = match.end()
    return [*found, _Token("end", "", len(text))]


class _Parser:
    """Recursive descent over the tokens; the depth is checked before each step down."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = iter(tokens)
        self.token = next(self.tokens)

    def read(self) -> Node:
        if self.token.kind == "end":
            return And()
        node = self._or(1)
        if self.token.kind != "end":
            _fail(self.token, "expected AND, OR or the end")
        return node

    def _next(self) -> _Token:
        token, self.token = self.token, next(self.tokens, self.token)
        return token

    def _took(self, keyword: str) -> bool:
        if self.token.keyword != keyword:
            return False
        self._next()
        return True

    def _expect(self, keyword: str, hint: str) -> None:
        if not self._took(keyword):
            _fail(self.token, hint)

    def _or(self, depth: int) -> Node:
        nodes = [self._and(depth)]
        while self._took("or"):
            nodes.append(self._and(depth))
        return nodes[0] if len(nodes) == 1 else Or(*nodes)

    def _and(self, depth: int) -> Node:
        nodes = [self._not(depth)]
        while self._took("and"):
            nodes.append(self._not(depth))
        return nodes[0] if len(nodes) == 1 else And(*nodes)

    def _not(self, depth: int) -> Node:
        start = self.token
        try:
            check_limits(depth, 1)
        except RestrictionError as error:
            raise RestrictionError(str(error), position=start.start) from error
        if self._took("not"):
            return Not(self._not(depth + 1))
        if self._took("("):
            node = self._or(depth + 1)
            self._expect(")", "expected ')', or AND or OR and more")
            return node
        if self._took("all"):
            return And()
        return Or() if self._took("none") else self._leaf()

    def _leaf(self) -> Node:
        name = self._next()
        if name.kind not in {"word", "quoted"} or name.keyword:
            _fail(name, "expected a field, NOT or '('")
        if name.text not in FIELDS:
            _fail(name, f"that is no known field; known fields are {', '.join(FIELDS)}")
        sign = self._next()
        try:
            return self._compare(name.text, sign)
        except RestrictionError as error:
            if error.position is not None:
                raise
            raise RestrictionError(
                f"At character {name.start + 1} of the restriction: {error}", position=name.start
            ) from error

    def _compare(self, name: str, sign: _Token) -> Node:
        if sign.keyword in {":", "="}:
            return Eq(name, self._value(name))
        if sign.keyword == "in":
            return In(name, self._values(name))
        if sign.keyword in _SIGNS:
            if FIELDS[name] != "number":
                _fail(sign, f"{name} is text and has no order; use ':' or IN")
            return Range(name, **{_SIGNS[sign.keyword]: float(self._value(name))})
        _fail(sign, f"expected ':', '=', '<', '<=', '>', '>=' or IN after {name}")

    def _values(self, name: str) -> list[Value]:
        self._expect("(", f"expected '(' and the list of values, as in {name} IN (a, b)")
        values: list[Value] = []
        if self._took(")"):
            return values
        values.append(self._value(name))
        while self._took(","):
            values.append(self._value(name))
        self._expect(")", "expected ',' or ')' in the list of values")
        return values

    def _value(self, name: str) -> Value:
        token = self._next()
        if token.kind not in {"word", "quoted"} or token.keyword:
            _fail(
                token, f"expected a value of {name}; put it in quotes if it is a word or sign of this syntax"
            )
        if FIELDS[name] == "number":
            if token.kind == "quoted" or not _NUMBER.fullmatch(token.text):
                _fail(token, f"{name} is a number; write it plainly, as in 49.90")
            return float(token.text)
        return re.sub(r"\\(.)", r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
