"""The single-node engine: memory-mapped snapshots, scanned only where the restriction lets products through.

A snapshot never changes, so what a restriction selects in it is worked out once and kept (the least recently
used are dropped): the restrictions of a labeling run are few, one per predicted category and gender. All
processes of a machine share the pages of the files.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from model_hooks.retrieval.engine import (
    Capabilities,
    Codes,
    Hit,
    Row,
    Where,
    check_query,
    grouped,
    the_only_version,
    unknown_version,
    where_of_each,
)
from model_hooks.retrieval.kernels import Block, Kernel, best_kernel
from model_hooks.retrieval.restriction import Node
from model_hooks.retrieval.snapshot_build import build_snapshot, remove_folder
from model_hooks.retrieval.snapshot_files import VERSION_NAME, Snapshot, open_snapshot
from model_hooks.retrieval.snapshot_plan import Planner
from model_hooks.retrieval.snapshot_scan import block_of, scan

CACHE_BYTES: Final = 64 * 2**20
ENTRY_BYTES: Final = 1_024


class SnapshotRetriever:
    """Engine over a folder of snapshots; see `Retriever`.

    Parameters
    ----------
    root
        Folder of the snapshots, made when the first is built; shared by all processes of a machine.
    kernel
        None takes faiss, or numpy where faiss is missing; hits are the same.
    cache_bytes
        Memory for what restrictions selected, per process and version.
    verify
        Hash the files of a snapshot when it is first used (about a second per gigabyte).
    """

    def __init__(
        self,
        root: Path | str,
        *,
        kernel: Kernel | None = None,
        cache_bytes: int = CACHE_BYTES,
        verify: bool = True,
    ) -> None:
        self.root = Path(root)
        self.kernel = kernel or best_kernel()
        self._cache_bytes = cache_bytes
        self._verify = verify
        self._open: dict[str, _Corpus] = {}
        self._lock = threading.Lock()

    @property
    def capabilities(self) -> Capabilities:
        """See `Retriever.capabilities`."""
        return Capabilities(engine="snapshot", kernel=self.kernel.name)

    def build(self, rows: Iterable[Row]) -> str:
        """See `Retriever.build`."""
        return build_snapshot(self.root, rows)

    def search(
        self, codes: Codes, k: int, where: Where = None, *, version: str | None = None
    ) -> list[list[Hit]]:
        """See `Retriever.search`.

        Raises
        ------
        DamagedSnapshotError
            Also, if the files are not as they were written.
        """
        corpus = self._corpus(version)
        queries = check_query(codes, k, width=corpus.snapshot.width)
        if where is None or isinstance(where, Node):
            return scan(self.kernel, queries, corpus.blocks(where), k=k)
        found: list[list[Hit]] = [[]] * len(queries)
        for restriction, positions in grouped(where_of_each(where, len(queries))):
            hits = scan(self.kernel, queries[positions], corpus.blocks(restriction), k=k)
            for position, its_hits in zip(positions, hits, strict=True):
                found[position] = its_hits
        return found

    def count(self, where: Node | None = None, *, version: str | None = None) -> int:
        """See `Retriever.count`."""
        return sum(piece.count() for piece in self._corpus(version).planner.pieces(where))

    def versions(self) -> list[str]:
        """See `Retriever.versions`."""
        folders = self.root.iterdir() if self.root.is_dir() else ()
        return sorted(folder.name for folder in folders if VERSION_NAME.fullmatch(folder.name))

    def drop(self, version: str) -> None:
        """See `Retriever.drop`. Processes that have the version open can still search it."""
        if VERSION_NAME.fullmatch(version):
            self._open.pop(version, None)
            if self.root.is_dir():
                remove_folder(self.root / version)

    def _corpus(self, version: str | None) -> "_Corpus":
        version = the_only_version(self.versions()) if version is None else version
        corpus = self._open.get(version)
        if corpus is not None:
            return corpus
        if not VERSION_NAME.fullmatch(version) or not (self.root / version).is_dir():
            raise unknown_version(version, self.versions())
        with self._lock:
            if version not in self._open:
                snapshot = open_snapshot(self.root / version, verify=self._verify)
                self._open[version] = _Corpus(snapshot, self._cache_bytes)
            return self._open[version]


class _Corpus:
    """An open snapshot, with what restrictions selected so far."""

    def __init__(self, snapshot: Snapshot, cache_bytes: int) -> None:
        self.snapshot = snapshot
        self.planner = Planner(snapshot)
        self._limit = cache_bytes
        self._kept: OrderedDict[Node | None, tuple[int, list[Block]]] = OrderedDict()
        self._latest: tuple[int, list[Block]] | None = None
        self._bytes = 0
        self._lock = threading.Lock()

    def blocks(self, where: Node | None) -> Iterable[Block]:
        """Return the blocks to scan; kept if they fit, else made while they are scanned."""
        kept = self._kept.get(where)
        if kept is None:
            return self._keeping(where)
        if kept is not self._latest:
            with self._lock:
                if where in self._kept:
                    self._kept.move_to_end(where)
                    self._latest = kept
        return kept[1]

    def _keeping(self, where: Node | None) -> Iterator[Block]:
        blocks: list[Block] = []
        cost = ENTRY_BYTES
        for piece in self.planner.pieces(where):
            block = block_of(self.snapshot, piece)
            if block.size:
                cost += block.own_bytes
                if cost <= self._limit:
                    blocks.append(block)
                yield block
        if cost <= self._limit:
            self._keep(where, cost, blocks)

    def _keep(self, where: Node | None, cost: int, blocks: list[Block]) -> None:
        with self._lock:
            if where in self._kept:
                return
            self._kept[where] = self._latest = cost, blocks
            self._bytes += cost
            while self._bytes > self._limit:
                self._bytes -= self._kept.popitem(last=False)[1][0]
