"""Nearest packed binary codes, none of those left out that tie for the last place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

Codes = npt.NDArray[np.uint8]

SPARE = 16


@dataclass(frozen=True)
class Top:
    """What stands in the first k places of each query; every array has shape (queries,).

    Attributes
    ----------
    nearer, right_nearer : ndarray of int64
        Codes nearer than the code in place k, fewer than k, and how many of them are right.
    tied, right_tied : ndarray of int64
        Codes exactly as far as the code in place k, and how many of them are right.
    free : ndarray of int64
        Places that are left for the tied ones, at most `tied`.
    """

    nearer: Ints
    right_nearer: Ints
    tied: Ints
    right_tied: Ints
    free: Ints

    @property
    def least(self) -> Ints:
        """Fewest right codes in the first k places, over all orders of the tied ones."""
        return self.right_nearer + np.maximum(0, self.free - (self.tied - self.right_tied))

    @property
    def most(self) -> Ints:
        """Most right codes in the first k places, over all orders of the tied ones."""
        return self.right_nearer + np.minimum(self.free, self.right_tied)

    @property
    def mean(self) -> Floats:
        """Mean number of right codes in the first k places, over all orders of the tied ones."""
        return np.asarray(self.right_nearer + self.free * self.right_tied / np.maximum(self.tied, 1))

    @property
    def any_right(self) -> Floats:
        """Share of all orders of the tied ones that put at least one right code in the first k places."""
        found, missed = np.zeros(len(self.tied)), np.ones(len(self.tied))
        for place in range(int(self.free.max(initial=0))):
            left = np.where(place < self.free, self.tied - place, 1)
            found += np.where(place < self.free, missed * self.right_tied / left, 0.0)
            missed *= np.maximum(left - self.right_tied, 0) / left
        return np.where(self.least > 0, 1.0, found)


def packed(argument: str, codes: npt.ArrayLike, *, like: Codes | None = None) -> Codes:
    """Return checked codes, shape (codes, bytes), as wide as those of `like` unless there are none of one.

    An empty array of any shape holds no code.
    """
    width = like.shape[1] if like is not None and len(like) else None
    if isinstance(codes, np.ndarray) and codes.dtype == np.uint8:
        rows = codes
    else:
        rows = checks.integers(argument, codes, low=0, high=255, ndim=2).astype(np.uint8)
    if rows.size == 0:
        return np.empty((0, width or 1), dtype=np.uint8)
    if rows.ndim != 2:
        raise EvaluationError(argument, f"expected one row of bytes for each code, found shape {rows.shape}")
    if width is not None and rows.shape[1] != width:
        raise EvaluationError(argument, f"expected codes of {width} bytes, found {rows.shape[1]}")
    return np.ascontiguousarray(rows)


def stacked(first: Codes, second: Codes) -> Codes:
    """Return the codes of both, those of `first` first."""
    return np.concatenate([part for part in (first, second) if len(part)] or [first])


def among(codes: Codes, others: Codes) -> Bools:
    """Tell of each of `codes` whether one of `others` equals it bit for bit."""
    known = set(_each(others))
    return np.fromiter((code in known for code in _each(codes)), dtype=np.bool_, count=len(codes))


def top(queries: Codes, codes: Codes, k: int, *, right: Callable[[Ints, Ints], Bools]) -> Top:
    """Return what stands in the first k places of each query.

    Parameters
    ----------
    queries, codes : ndarray of uint8, shapes (queries, bytes) and (codes, bytes)
        From `packed`.
    k : int
        Places, >= 1.
    right : callable
        Told the query and the row of some pairs, says which pairs are right.

    Returns
    -------
    Top
        With fewer than k codes the last place is that of the farthest one.
    """
    counts = np.zeros((4, len(queries)), dtype=np.int64)
    for query, row, last in _nearest(queries, codes, min(k, len(codes))):
        hit = right(query, row)
        for count, chosen in zip(counts, (~last, ~last & hit, last, last & hit), strict=True):
            np.add.at(count, query[chosen], 1)
    nearer, right_nearer, tied, right_tied = counts
    return Top(nearer, right_nearer, tied, right_tied, np.minimum(k - nearer, tied))


def _nearest(queries: Codes, codes: Codes, k: int) -> Iterator[tuple[Ints, Ints, Bools]]:
    """Yield (query, row, whether as far as place k) of all codes no farther than place k, in parts."""
    if k == 0:
        return
    left = np.arange(len(queries))
    faiss = _faiss()
    if faiss is not None and len(queries):
        index = faiss.IndexBinaryFlat(8 * codes.shape[1])
        index.add(codes)
        distance, row = index.search(queries, min(k + SPARE, len(codes)))
        last = distance[:, k - 1, None]
        # faiss stops at the end of its list: whether more tie beyond it, only a full scan can tell.
        whole = (distance[:, -1:] > last) | (distance.shape[1] == len(codes))
        query, place = np.nonzero((distance <= last) & whole)
        yield query, row[query, place], (distance == last)[query, place]
        left = left[~whole[:, 0]]
    if len(left):
        yield from _scanned(queries, codes, k, left)


def _scanned(queries: Codes, codes: Codes, k: int, chosen: Ints) -> Iterator[tuple[Ints, Ints, Bools]]:
    words, asked = _words(codes), _words(queries)
    for query in chosen:
        distance = np.zeros(len(codes), dtype=np.int32)
        for column, word in zip(words, asked[:, query], strict=True):
            distance += np.bitwise_count(column ^ word)
        last = distance.min() if k == 1 else np.partition(distance, k - 1)[k - 1]
        row = np.flatnonzero(distance <= last)
        yield np.full(len(row), query), row, distance[row] == last


def _each(codes: Codes) -> Iterator[bytes]:
    raw, width = codes.tobytes(), codes.shape[1]
    return (raw[start : start + width] for start in range(0, len(raw), width))


def _words(codes: Codes) -> npt.NDArray[np.uint64]:
    """Return the codes as columns of 64-bit words, shape (words, codes), padded with zeros."""
    padded = np.pad(codes, ((0, 0), (0, -codes.shape[1] % 8)))
    return np.ascontiguousarray(padded.view(np.uint64).T)


def _faiss() -> Any:
    """Return faiss, or None where it is not installed."""
    try:
        return import_module("faiss")
    except ImportError:
        return None
