"""Hamming kernels of the snapshot engine: faiss, and numpy where faiss is not installed.

A kernel looks at one block of contiguous codes and knows rows, not products: it settles ties by row, and the
engine those by product id.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Rows = NDArray[np.int64]
Distances = NDArray[np.int32]

NUMPY_CHUNK: Final = 65_536
FAISS_COUNTERS: Final = 4_000_000
HEAP_ROWS: Final = 32_768
HEAP_K: Final = 64
_INT32: Final = np.dtype(np.int32)
_INT64: Final = np.dtype(np.int64)


@dataclass(frozen=True, eq=False)
class Block:
    """Codes to be scanned in one sweep.

    Attributes
    ----------
    codes
        `(N, B)` uint8, contiguous.
    ids
        `(N,)` int64, the product of each code.
    passing
        `(N,)` booleans, which of them pass; None means all.
    ascending
        Whether `ids` are known to ascend.
    """

    codes: Codes
    ids: NDArray[np.int64]
    passing: NDArray[np.bool_] | None = None
    ascending: bool = False

    @cached_property
    def size(self) -> int:
        """How many rows pass."""
        return len(self.codes) if self.passing is None else int(np.count_nonzero(self.passing))

    @property
    def own_bytes(self) -> int:
        """Memory it takes beside the mapped files."""
        own = self.codes.nbytes + self.ids.nbytes if self.ids.base is None else 0
        return own if self.passing is None else own + self.passing.nbytes * 2

    @cached_property
    def selector(self) -> Any:
        """The passing rows as faiss takes them; None means all."""
        if self.passing is None:
            return None
        return _faiss().IDSelectorBitmap(np.packbits(self.passing, bitorder="little"))


class Kernel(Protocol):
    """Distances of query codes to a block."""

    name: str

    def nearest(self, queries: Codes, block: Block, k: int) -> tuple[Distances, Rows]:
        """Return the k nearest passing rows of each query.

        Parameters
        ----------
        queries
            `(Q, B)` uint8, contiguous.
        k
            At most `block.size`.

        Returns
        -------
        `(Q, k)` int32 distances and `(Q, k)` int64 rows of the block: the first k by (distance, row).
        """
        ...

    def distances(self, query: Codes, block: Block) -> Distances:
        """Return the distances `(N,)` of one query `(B,)` to every row, passing or not."""
        ...


class FaissKernel:
    """The kernels of faiss, which run at 60 to 75 % of what one core can read from memory.

    Counting is faster over small blocks, a heap by about a tenth over large ones while k is small. Counting
    keeps the first rows of each distance, and the heap compares (distance, row), so both settle ties by row.
    faiss does not promise it; `tests/model_hooks/retrieval/test_kernels.py` holds every release to it.
    """

    name = "faiss"

    def __init__(self) -> None:
        self._faiss = _faiss()
        self._point, self._count = self._faiss.swig_ptr, self._faiss.hammings_knn_mc

    def nearest(self, queries: Codes, block: Block, k: int) -> tuple[Distances, Rows]:
        """See `Kernel.nearest`."""
        size, width = block.codes.shape
        count = len(queries)
        if size >= HEAP_ROWS and k <= HEAP_K:
            return self._nearest_by_heap(queries, block, k)
        step = FAISS_COUNTERS // ((width * 8 + 1) * k) or 1
        if count > step:
            parts = [self.nearest(queries[at : at + step], block, k) for at in range(0, count, step)]
            distances, rows = (np.concatenate(part) for part in zip(*parts, strict=True))
            return distances, rows
        distances, rows = np.empty((count, k), _INT32), np.empty((count, k), _INT64)
        point = self._point
        asked, codes, near, found = point(queries), point(block.codes), point(distances), point(rows)
        self._count(asked, codes, count, size, k, width, near, found, block.selector)
        return distances, rows

    def _nearest_by_heap(self, queries: Codes, block: Block, k: int) -> tuple[Distances, Rows]:
        faiss, point = self._faiss, self._point
        count, (size, width) = len(queries), block.codes.shape
        distances, rows = np.empty((count, k), _INT32), np.empty((count, k), _INT64)
        heap = faiss.int_maxheap_array_t()
        heap.nh, heap.k, heap.val, heap.ids = count, k, point(distances), point(rows)
        asked, codes = point(queries), point(block.codes)
        faiss.hammings_knn_hc(heap, asked, codes, size, width, 1, faiss.EXACT_TOPK, block.selector)
        return distances, rows

    def distances(self, query: Codes, block: Block) -> Distances:
        """See `Kernel.distances`."""
        found = np.empty(len(block.codes), np.int32)
        query_at, codes_at, found_at = (self._point(array) for array in (query, block.codes, found))
        self._faiss.hammings(query_at, codes_at, 1, len(block.codes), len(query), found_at)
        return found


class NumpyKernel:
    """The same with numpy's `bitwise_count`: about fifteen times slower, no further package."""

    name = "numpy"

    def nearest(self, queries: Codes, block: Block, k: int) -> tuple[Distances, Rows]:
        """See `Kernel.nearest`."""
        distances, rows = np.empty((len(queries), k), np.int32), np.empty((len(queries), k), np.int64)
        for position, query in enumerate(queries):
            found = self.distances(query, block)
            if block.passing is not None:
                found[~block.passing] = np.iinfo(np.int32).max
            near = np.flatnonzero(found <= np.partition(found, k - 1)[k - 1])
            rows[position] = near[np.argsort(found[near], kind="stable")[:k]]
            distances[position] = found[rows[position]]
        return distances, rows

    def distances(self, query: Codes, block: Block) -> Distances:
        """See `Kernel.distances`."""
        word = np.uint64 if len(query) % 8 == 0 else np.uint8
        codes: NDArray[Any] = block.codes.view(word)
        wanted: NDArray[Any] = query.view(word)
        found = np.empty(len(codes), np.int32)
        for start in range(0, len(codes), NUMPY_CHUNK):
            part = slice(start, start + NUMPY_CHUNK)
            np.bitwise_count(codes[part] ^ wanted).sum(axis=1, dtype=np.int32, out=found[part])
        return found


def _faiss() -> Any:
    # The stubs that faiss ships describe the C++ constructors, not those it gives to Python.
    return import_module("faiss")


def best_kernel() -> Kernel:
    """Return the faiss kernel, or the numpy one where faiss cannot be imported."""
    try:
        return FaissKernel()
    except ImportError:
        return NumpyKernel()
