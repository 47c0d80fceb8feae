"""Scanning blocks of codes for the nearest products, ties settled by product id.

Small blocks take a few microseconds, so what is done per query is one kernel call and a few array operations
for all queries of a call together.
"""

from collections.abc import Iterable
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.engine import Hit
from model_hooks.retrieval.kernels import Block, Codes, Distances, Kernel
from model_hooks.retrieval.snapshot_files import Snapshot
from model_hooks.retrieval.snapshot_plan import Piece

LONG: Final = 32_768
MASK_SHARE: Final = 0.6
SPARE: Final = 16

Ids = NDArray[np.int64]
Near = tuple[Distances, Ids]

_new: Final = tuple.__new__
_HIT: Final = repeat(Hit)


def block_of(snapshot: Snapshot, piece: Piece) -> Block:
    """Return the codes of a piece: in place if it is long and most of its rows pass, else a copy.

    Where less than about 60 % pass, gathering them costs less than a kernel that skips the others. A short
    copy is put in order of product id, which saves every query some microseconds, see `_nearest`; in a long
    one they would not be noticed, and sorting would take longest of all.
    """
    rows, passing = piece.rows, piece.passing
    if isinstance(rows, slice):
        size = rows.stop - rows.start
        if size >= LONG and (passing is None or piece.count() >= MASK_SHARE * size):
            return Block(snapshot.codes[rows], snapshot.product_ids[rows], passing)
        rows = np.arange(rows.start, rows.stop)
    if passing is not None:
        rows = rows[passing]
    ids = snapshot.product_ids.take(rows)
    if len(ids) >= LONG:
        return Block(snapshot.codes.take(rows, axis=0), ids)
    order = _order(ids)
    return Block(snapshot.codes.take(rows.take(order), axis=0), ids.take(order), ascending=True)


def scan(kernel: Kernel, queries: Codes, blocks: Iterable[Block], *, k: int) -> list[list[Hit]]:
    """Return for each query the k nearest of all blocks by (distance, product id).

    Parameters
    ----------
    queries
        `(Q, B)` uint8, contiguous.
    blocks
        None of them empty.
    """
    best: Near | None = None
    for block in blocks:
        near = _nearest(kernel, queries, block, k=k)
        best = near if best is None else _merged(best, near, k)
    return [[] for _ in queries] if best is None else _hits(*best)


def _nearest(kernel: Kernel, queries: Codes, block: Block, *, k: int) -> Near:
    """Return `(Q, K)` distances and product ids, K = k or the size of the block, by (distance, product id).

    Kernels settle ties by row, which is all there is to do where product ids ascend with the rows. Elsewhere
    they are asked for a few more than k. If the last of these is farther than the k-th, all ties of the k-th
    are among them. Otherwise the distances of the whole block are taken.
    """
    size = block.size
    if block.ascending:
        distances, rows = kernel.nearest(queries, block, k if k < size else size)
        return distances, block.ids[rows]
    wanted = min(k + SPARE, size)
    distances, rows = kernel.nearest(queries, block, wanted)
    cut = distances[:, -1] <= distances[:, k - 1] if wanted < size else np.zeros(len(queries), np.bool_)
    nearest, ids = _first(distances, block.ids[rows], k)
    for position in np.flatnonzero(cut):
        every = kernel.distances(queries[position], block)
        nearest[position], ids[position] = _first(*_within(every, block, distances[position, k - 1]), k)
    return nearest, ids


def _within(every: Distances, block: Block, limit: int) -> Near:
    near = every <= limit
    if block.passing is not None:
        near &= block.passing
    return every[near], block.ids[near]


def _merged(one: Near, other: Near, k: int) -> Near:
    return _first(np.concatenate((one[0], other[0]), axis=1), np.concatenate((one[1], other[1]), axis=1), k)


def _first(distances: Distances, ids: Ids, k: int) -> Near:
    """Return the first k by (distance, product id) along the last axis, or all if there are fewer."""
    order = np.lexsort((ids, distances))[..., :k]
    return np.take_along_axis(distances, order, -1), np.take_along_axis(ids, order, -1)


def _hits(distances: Distances, ids: Ids) -> list[list[Hit]]:
    count, width = ids.shape
    # Past the named tuple's own constructor, which takes three times as long.
    hits = list(map(_new, _HIT, zip(ids.ravel().tolist(), distances.ravel().tolist())))  # noqa: B905 (slower)
    return [hits] if count == 1 else [hits[at : at + width] for at in range(0, count * width, width)]


def _order(ids: Ids) -> Ids:
    """Return the positions that sort distinct ids.

    Sorting numbers takes half as long as sorting positions, so ids that leave room for it take them along.
    """
    bits = len(ids).bit_length()
    if not len(ids) or int(ids.max()) >> (63 - bits):
        return np.argsort(ids)
    packed = (ids << bits) | np.arange(len(ids))
    packed.sort()
    packed &= (1 << bits) - 1
    return packed
