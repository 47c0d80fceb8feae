"""Random corpora and restrictions: few different values, so that ties, missing ones and matches abound."""

from typing import Any

from hypothesis import strategies as st

from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.fields import FIELDS
from model_hooks.retrieval.restriction import And, Eq, In, Node, Not, Or, Range

TEXTS: dict[str, list[str]] = {
    "category": ["shirt", "Tie", "home decor", "ÄRMEL"],
    "gender": ["men", "Women", "unisex"],
    "merchant": ["acme", "Acme", "o'neil", 'say "hi" \\ there', "x:y<z", "and", "(a, b)", "日本"],
    "domain": ["fashion", "home_decor"],
    "source": ["feed", ""],
}
# 0.1 and 16777217 are no 32-bit floats; the last two differ by one step of a 64-bit float.
PRICES = [0.0, -1.5, 0.1, 49.99, 50.0, 1e-300, 16_777_217.0, 1e22, 9.95, 9.950000000000001]


def values(name: str) -> st.SearchStrategy[Any]:
    if FIELDS[name] == "number":
        return st.sampled_from(PRICES) | st.floats(allow_nan=False, allow_infinity=False, width=32)
    return st.sampled_from(TEXTS[name]) | st.just("nobody has this")


def leaves() -> st.SearchStrategy[Node]:
    bounds = st.dictionaries(st.sampled_from(["gt", "ge", "lt", "le"]), values("price"), min_size=1)
    equal = st.sampled_from(list(FIELDS)).flatmap(lambda name: st.builds(Eq, st.just(name), values(name)))
    among = st.sampled_from(list(FIELDS)).flatmap(
        lambda name: st.builds(In, st.just(name), st.lists(values(name), max_size=4))
    )
    return equal | among | bounds.map(lambda given: Range("price", **given))


def _join(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, max_size=3)
    return several.map(lambda nodes: And(*nodes)) | several.map(lambda nodes: Or(*nodes)) | children.map(Not)


def restrictions() -> st.SearchStrategy[Node]:
    return st.recursive(leaves(), _join, max_leaves=12)


def codes(width: int) -> st.SearchStrategy[bytes]:
    plain = st.integers(0, 3).map(lambda bit: bytes([bit]) * width)
    return plain | st.binary(min_size=width, max_size=width)


@st.composite
def corpora(draw: st.DrawFn, *, max_size: int = 40) -> list[Row]:
    """Rows with codes of one random width and different product ids, in random order."""
    width = draw(st.sampled_from([1, 2, 3, 8, 12, 20, 32, 33]))
    ids = draw(
        st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 60), min_size=1, max_size=max_size, unique=True)
    )
    fields = {name: st.none() | st.sampled_from(TEXTS[name]) for name in TEXTS}
    products = st.builds(
        Row,
        product_id=st.just(0),
        code=codes(width),
        price=st.none() | st.sampled_from(PRICES),
        **fields,
    )
    return [draw(products)._replace(product_id=product_id) for product_id in ids]
