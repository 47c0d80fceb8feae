"""What every retrieval engine promises, and the records that go in and out.

All engines are exact and give identical hits: the k products that pass the restriction with the smallest
Hamming distance to the query code, ordered by (distance, product_id). Fewer are returned where fewer pass;
none is ever padded. No restriction (None) means every product of the version.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.errors import RestrictionError, RetrievalError, UnknownVersionError
from model_hooks.retrieval.fields import TEXT_FIELDS, check_number, check_text
from model_hooks.retrieval.restriction import Node

MAX_K: Final = 10_000
MAX_BITS: Final = 65_536
_UINT8: Final = np.dtype(np.uint8)

Codes = Sequence[bytes] | NDArray[np.uint8]
Where = Node | Sequence[Node | None] | None


class Hit(NamedTuple):
    """A retrieved product and its Hamming distance (differing bits) to the query."""

    product_id: int
    distance: int


class Row(NamedTuple):
    """One product of a corpus. None means missing; category and gender are stored in lower case.

    Attributes
    ----------
    product_id
        Unique within a version, in 0 .. 2**63 - 1.
    code
        Packed bits as `model_hooks.codes.binarize` makes them; every row of a version has the same width.
    price
        Finite; stored as a 64-bit float.
    """

    product_id: int
    code: bytes
    category: str | None = None
    gender: str | None = None
    price: float | None = None
    merchant: str | None = None
    domain: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do, for screens and for `doctor`.

    Attributes
    ----------
    exact
        Whether the hits are the true nearest ones.
    max_bits, max_k
        Widest code and largest k.
    kernel
        What computes the distances: `faiss`, `numpy` or `postgresql`.
    """

    engine: str
    kernel: str
    exact: bool = True
    max_bits: int = MAX_BITS
    max_k: int = MAX_K


class Retriever(Protocol):
    """A store of immutable corpus versions and the exact search over them."""

    @property
    def capabilities(self) -> Capabilities:
        """What this engine can do."""
        ...

    def build(self, rows: Iterable[Row]) -> str:
        """Store a corpus and return its version, the digest of its content.

        The rows are streamed. The same rows in any order give the same version, and building it again changes
        nothing. Nothing of a build that fails or is killed is ever visible.

        Raises
        ------
        RetrievalError
            No rows, codes of different widths, a product twice, or a value that cannot be stored.
        """
        ...

    def search(
        self, codes: Codes, k: int, where: Where = None, *, version: str | None = None
    ) -> list[list[Hit]]:
        """Return for each query code its nearest products, ordered by (distance, product_id).

        Parameters
        ----------
        codes
            Q packed codes, each as wide as the version's.
        k
            Hits per query, 1 to `max_k`; fewer are returned where fewer pass.
        where
            One restriction for all queries, or a list with one (or None) per query.
        version
            What `build` returned; None means the only version there is.

        Raises
        ------
        RetrievalError
            k out of range, a code of another width, or a list of restrictions of another length.
        UnknownVersionError
            The version is not there, or None was given and there is not exactly one.
        """
        ...

    def count(self, where: Node | None = None, *, version: str | None = None) -> int:
        """Return how many products of the version pass."""
        ...

    def versions(self) -> list[str]:
        """Return the versions that are there, sorted."""
        ...

    def drop(self, version: str) -> None:
        """Remove a version; removing one that is not there changes nothing."""
        ...


class CorpusDigest:
    """The identity of a set of rows, whatever their order.

    The SHA-256 of every row's canonical bytes are added up modulo 2**256 and hashed with count and width. It
    tells apart corpora that differ by accident; it is no proof against someone who crafts rows to collide.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.width = 0
        self._sum = 0

    def add(self, row: Row) -> Row:
        """Check a row, take it into the digest and return it as engines store it.

        Raises
        ------
        RetrievalError
            The code has another width than the rows before, or a value cannot be stored.
        """
        try:
            checked = _checked(row)
        except RestrictionError as error:
            raise RetrievalError(f"Product {row.product_id} cannot be stored: {error}") from error
        self._check_width(checked)
        price = b"" if checked.price is None else struct.pack("<d", checked.price)
        texts = (getattr(checked, name) for name in TEXT_FIELDS)
        parts = [checked.product_id.to_bytes(8, "little"), checked.code, price]
        parts += [b"" if text is None else b"=" + text.encode() for text in texts]
        content = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
        self._sum += int.from_bytes(hashlib.sha256(content).digest(), "little")
        self.rows += 1
        return checked

    def version(self) -> str:
        """Return the version: 32 hexadecimal digits.

        Raises
        ------
        RetrievalError
            No row was added.
        """
        if not self.rows:
            raise RetrievalError("The corpus has no product with a code; embed its products first.")
        content = f"{self.rows}:{self.width}:{self._sum % 2**256}"
        return hashlib.sha256(content.encode()).hexdigest()[:32]

    def _check_width(self, row: Row) -> None:
        self.width = self.width or len(row.code)
        if len(row.code) != self.width or not 0 < self.width * 8 <= MAX_BITS:
            raise RetrievalError(
                f"Product {row.product_id} has a code of {len(row.code) * 8} bits, the corpus has "
                f"{self.width * 8} (at most {MAX_BITS}); use codes of one embedder version."
            )


def check_query(codes: Codes, k: int, *, width: int) -> NDArray[np.uint8]:
    """Return the query codes as contiguous `(Q, width)` uint8.

    Raises
    ------
    RetrievalError
        k out of range, or a code of another width than `width` bytes.
    """
    if type(k) is not int or not 1 <= k <= MAX_K:
        raise RetrievalError(f"k is {k!r}; ask for 1 to {MAX_K} hits.")
    if isinstance(codes, np.ndarray):
        if codes.ndim != 2 or codes.dtype != _UINT8 or codes.shape[1] != width:
            raise _wrong_width(f"{codes.dtype} of shape {codes.shape}", width)
        return np.ascontiguousarray(codes)
    for code in codes:
        if len(code) != width:
            raise _wrong_width(f"{len(code) * 8} bits", width)
    return np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), width)


def where_of_each(where: Where, count: int) -> list[Node | None]:
    """Return one restriction per query.

    Raises
    ------
    RetrievalError
        A list of another length than `count`.
    """
    if where is None or isinstance(where, Node):
        return [where] * count
    if len(where) != count:
        raise RetrievalError(
            f"{count} codes came with {len(where)} restrictions; give one for all or one for each."
        )
    return list(where)


def grouped(wheres: Sequence[Node | None]) -> Iterator[tuple[Node | None, list[int]]]:
    """Yield each different restriction once, with the positions of its queries."""
    positions: dict[Node | None, list[int]] = {}
    for position, where in enumerate(wheres):
        positions.setdefault(where, []).append(position)
    yield from positions.items()


def the_only_version(known: Sequence[str]) -> str:
    """Return the one version there is, or raise UnknownVersionError."""
    if len(known) == 1:
        return known[0]
    raise UnknownVersionError(f"There are {len(known)} corpus versions here; name the one to use.")


def unknown_version(version: object, known: Sequence[str]) -> UnknownVersionError:
    """Return the error for a version that is not there."""
    names = ", ".join(known[:5]) or "none yet"
    return UnknownVersionError(
        f"There is no corpus version {str(version)[:80]!r} here; build it, or use one of: {names}."
    )


def _wrong_width(found: str, width: int) -> RetrievalError:
    return RetrievalError(
        f"A query code is {found}, the corpus has {width * 8} bits; both must come from one embedder version."
    )


def _checked(row: Row) -> Row:
    product_id = row.product_id
    if isinstance(product_id, bool) or not isinstance(product_id, int) or not 0 <= product_id < 2**63:
        raise RestrictionError(f"its id is {product_id!r}; ids are whole numbers from 0 to 2**63 - 1.")
    if not isinstance(row.code, bytes):
        raise RestrictionError(f"its code is a {type(row.code).__name__}; pass bytes.")
    texts = {name: getattr(row, name) for name in TEXT_FIELDS}
    checked = {name: None if text is None else check_text(name, text) for name, text in texts.items()}
    price = None if row.price is None else check_number("price", row.price)
    return Row(product_id, row.code, price=price, **checked)
