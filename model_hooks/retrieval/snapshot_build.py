"""Writing a snapshot: rows are spooled to disk as they come, sorted, and published in one rename.

Held in memory are the distinct texts and, while sorting, about 60 bytes per row (60 MB for a million);
never the codes.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.engine import CorpusDigest, Row
from model_hooks.retrieval.errors import DamagedSnapshotError, RetrievalError
from model_hooks.retrieval.fields import TEXT_FIELDS
from model_hooks.retrieval.snapshot_files import (
    CODES,
    COLUMNS,
    FORMAT,
    GROUP_SHIFT,
    META,
    PRICES,
    VALUES,
    meta_bytes,
    open_snapshot,
)

BATCH: Final = 8_192
SLICE: Final = 262_144
BUILDING: Final = ".building-"
LEFTOVER_SECONDS: Final = 86_400


def build_snapshot(root: Path, rows: Iterable[Row]) -> str:
    """Write a snapshot of the rows under `root` and return its version; see `Retriever.build`."""
    root.mkdir(parents=True, exist_ok=True)
    with _workspace(root) as space:
        spool = _Spool(space / "spool")
        spool.fill(rows)
        version = spool.digest.version()
        folder = space / version
        folder.mkdir()
        _write(folder, spool, version)
        _publish(folder, root / version)
    return version


def remove_folder(folder: Path) -> None:
    """Remove a snapshot folder: first out of sight in one step, then its files."""
    aside = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder.parent))
    with suppress(FileNotFoundError):
        folder.rename(aside / folder.name)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _workspace(root: Path) -> Iterator[Path]:
    for leftover in root.glob(f"{BUILDING}*"):
        # Another builder may finish and remove its own at any moment.
        with suppress(FileNotFoundError):
            if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)
    space = Path(tempfile.mkdtemp(prefix=BUILDING, dir=root))
    try:
        yield space
    finally:
        shutil.rmtree(space, ignore_errors=True)


class _Spool:
    """Columns in the order in which the rows came, texts as numbers in order of first sight."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.digest = CorpusDigest()
        self.texts: dict[str, dict[str, int]] = {name: {} for name in TEXT_FIELDS}

    def fill(self, rows: Iterable[Row]) -> None:
        """Append all rows."""
        names = ("code", "product_id", "price", *TEXT_FIELDS)
        source = iter(rows)
        with ExitStack() as stack:
            files = {name: stack.enter_context((self.folder / name).open("wb")) for name in names}
            while batch := [self.digest.add(row) for row in islice(source, BATCH)]:
                files["code"].write(b"".join(row.code for row in batch))
                files["product_id"].write(np.array([row.product_id for row in batch], np.int64).tobytes())
                prices = [np.nan if row.price is None else row.price for row in batch]
                files["price"].write(np.array(prices, np.float64).tobytes())
                for name in TEXT_FIELDS:
                    files[name].write(self._numbers(name, batch).tobytes())

    def column(self, name: str, dtype: Any = np.int32) -> NDArray[Any]:
        """Map a column that was filled."""
        return np.memmap(self.folder / name, dtype, mode="r")

    def ordered(self, name: str) -> tuple[NDArray[np.int32], list[str]]:
        """Return a text column as positions in its sorted values, -1 = missing, and these values."""
        values = sorted(self.texts[name])
        places = np.full(len(values) + 1, -1, np.int32)
        places[[self.texts[name][value] for value in values]] = np.arange(len(values), dtype=np.int32)
        return places[self.column(name)], values

    def _numbers(self, name: str, batch: list[Row]) -> NDArray[np.int32]:
        known = self.texts[name]
        texts = (getattr(row, name) for row in batch)
        return np.array([-1 if t is None else known.setdefault(t, len(known)) for t in texts], np.int32)


def _write(folder: Path, spool: _Spool, version: str) -> None:
    keys, prices, groups = _keys(spool)
    product_ids = spool.column("product_id", np.int64)
    order = np.lexsort((product_ids, keys))
    _refuse_doubles(product_ids)
    codes = spool.column("code", np.dtype((np.void, spool.digest.width)))
    texts: dict[str, Any] = {"groups": groups}
    columns: dict[str, NDArray[Any]] = {"product_id": product_ids, "key": keys}
    files = {CODES: _write_column(folder / CODES, codes, order)}
    for name in COLUMNS:
        if name not in columns:
            columns[name], texts[name] = spool.ordered(name)
        files[f"{name}.bin"] = _write_column(folder / f"{name}.bin", columns.pop(name), order)
    files[PRICES] = _write_bytes(folder / PRICES, [prices.tobytes()])
    files[VALUES] = _write_bytes(folder / VALUES, [json.dumps(texts, ensure_ascii=False).encode()])
    meta = {"format": FORMAT, "version": version, "rows": spool.digest.rows, "bits": spool.digest.width * 8}
    _write_bytes(folder / META, [meta_bytes({**meta, "files": files})])


def _keys(
    spool: _Spool,
) -> tuple[NDArray[np.int64], NDArray[np.float64], list[tuple[str | None, str | None]]]:
    categories, category_names = spool.ordered("category")
    genders, gender_names = spool.ordered("gender")
    pairs = (categories.astype(np.int64) + 1) * (len(gender_names) + 1) + genders + 1
    present, group = np.unique(pairs, return_inverse=True)
    price = spool.column("price", np.float64)
    prices = np.unique(price[~np.isnan(price)])
    keys = (group.astype(np.int64) << GROUP_SHIFT) | np.searchsorted(prices, price)
    names = [divmod(int(pair), len(gender_names) + 1) for pair in present]
    groups = [([*category_names, None][c - 1], [*gender_names, None][g - 1]) for c, g in names]
    return keys, prices, groups


def _refuse_doubles(product_ids: NDArray[np.int64]) -> None:
    ids = np.sort(product_ids)
    double = ids[1:][ids[1:] == ids[:-1]]
    if double.size:
        raise RetrievalError(f"Product {double[0]} comes twice in the corpus; give every product once.")


def _write_column(path: Path, column: NDArray[Any], order: NDArray[np.int64]) -> dict[str, Any]:
    parts = (column[order[at : at + SLICE]].tobytes() for at in range(0, len(order), SLICE))
    return _write_bytes(path, parts)


def _write_bytes(path: Path, parts: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for part in parts:
            digest.update(part)
            size += file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return {"bytes": size, "sha256": digest.hexdigest()}


def _publish(folder: Path, target: Path) -> None:
    _sync(folder)
    if target.exists():
        try:
            open_snapshot(target)
        except DamagedSnapshotError:
            remove_folder(target)
        else:
            return
    try:
        folder.rename(target)
    except OSError:
        if not target.exists():
            raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
