"""The files of a snapshot: one folder per version, one file per column, read through memory maps.

Rows are sorted by (category, gender, price, product id); missing categories and genders come first, missing
prices last. Rows of one category and gender form a group, and what a category, a gender and a price range
select is a few runs of rows that follow each other. A row's `key` is `group * 2**32 + rank of its price`, so
that one binary search over `key` finds any of these runs; a missing price has the rank after the last price.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.errors import DamagedSnapshotError

FORMAT: Final = 1
VERSION_NAME: Final = re.compile(r"[0-9a-f]{32}")
META: Final = "meta.json"
VALUES: Final = "values.json"
PRICES: Final = "prices.bin"
CODES: Final = "codes.bin"
COLUMNS: Final[dict[str, np.dtype[Any]]] = {
    "product_id": np.dtype("<i8"),
    "key": np.dtype("<i8"),
    "merchant": np.dtype("<i4"),
    "domain": np.dtype("<i4"),
    "source": np.dtype("<i4"),
}
GROUP_SHIFT: Final = 32


@dataclass(frozen=True, eq=False)
class Snapshot:
    """An open snapshot of N rows.

    Attributes
    ----------
    codes
        `(N, B)` uint8.
    product_ids, keys
        `(N,)` int64; keys ascend.
    columns
        merchant, domain and source: `(N,)` int32 positions in `values`, -1 = missing.
    prices
        `(P,)` float64, the distinct prices, ascending.
    groups
        `(G,)` pairs of category and gender, None = missing.
    values
        The distinct texts of each column, ascending.
    """

    version: str
    codes: NDArray[np.uint8]
    product_ids: NDArray[np.int64]
    keys: NDArray[np.int64]
    columns: dict[str, NDArray[np.int32]]
    prices: NDArray[np.float64]
    groups: list[tuple[str | None, str | None]]
    values: dict[str, list[str]]

    @cached_property
    def width(self) -> int:
        """Bytes of a code."""
        return int(self.codes.shape[1])

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """`(G + 1,)`, the first row of each group, and N."""
        firsts = np.arange(len(self.groups) + 1, dtype=np.int64) << GROUP_SHIFT
        starts: NDArray[np.int64] = np.searchsorted(self.keys, firsts)
        return starts


def open_snapshot(folder: Path, *, verify: bool = True) -> Snapshot:
    """Map a snapshot into memory.

    Parameters
    ----------
    verify
        Hash every file (about a second per gigabyte); sizes are checked in any case.

    Raises
    ------
    DamagedSnapshotError
        If a file is missing, has another size or another content than was written.
    """
    meta = _read_meta(folder)
    for name, wanted in meta["files"].items():
        _check_file(folder / name, wanted, verify=verify)
    texts = json.loads((folder / VALUES).read_bytes())
    groups = [(category, gender) for category, gender in texts.pop("groups")]
    columns = {name: _map(folder / f"{name}.bin", dtype) for name, dtype in COLUMNS.items()}
    return Snapshot(
        version=meta["version"],
        codes=_map(folder / CODES, np.dtype(np.uint8)).reshape(meta["rows"], -1),
        product_ids=columns.pop("product_id"),
        keys=columns.pop("key"),
        columns=columns,
        prices=_map(folder / PRICES, np.dtype("<f8")),
        groups=groups,
        values=texts,
    )


def meta_bytes(meta: dict[str, Any]) -> bytes:
    """Return the content of meta.json: the given facts and their own digest."""
    return json.dumps({**meta, "digest": _digest(meta)}, indent=1, sort_keys=True).encode()


def _digest(meta: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(meta, sort_keys=True).encode()).hexdigest()


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / META).read_bytes())
        digest = meta.pop("digest")
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _damaged(folder / META, f"cannot be read ({error})") from error
    if digest != _digest(meta) or meta.get("format") != FORMAT or meta["version"] != folder.name:
        raise _damaged(folder / META, "was changed, or written by another release")
    return dict(meta)


def _check_file(path: Path, wanted: dict[str, Any], *, verify: bool) -> None:
    try:
        size = path.stat().st_size
        if size != wanted["bytes"]:
            raise _damaged(path, f"has {size} bytes instead of {wanted['bytes']}")
        if verify:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != wanted["sha256"]:
                raise _damaged(path, "has another content than was written")
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error


def _map(path: Path, dtype: np.dtype[Any]) -> NDArray[Any]:
    if not path.stat().st_size:
        return np.empty(0, dtype)
    return np.asarray(np.memmap(path, dtype, mode="r"))


def _damaged(path: Path, what: str) -> DamagedSnapshotError:
    return DamagedSnapshotError(
        f"The retrieval snapshot is damaged: {path.parent.name}/{path.name} {what}. "
        "Build the corpus again, or restore the folder from a backup."
    )
