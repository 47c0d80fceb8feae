"""From a restriction to the rows of a snapshot that pass it.

The normal form's top-level conjuncts are sorted by what they mention:

- only category and gender: evaluated once per group, they choose groups;
- only price: turned into intervals of price ranks, they cut each chosen group by binary search;
- anything else: evaluated by numpy on the rows that are left. What such a conjunct can be at most in a group
  (every other leaf taken as true, which is sound in normal form) also rules out groups beforehand.

Without the last kind no row is looked at: the answer is a list of runs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.fields import Value
from model_hooks.retrieval.restriction import And, Eq, In, Leaf, Node, Not, Or, Range, as_leaf, fields_of, nnf
from model_hooks.retrieval.snapshot_files import GROUP_SHIFT, Snapshot

GROUP_FIELDS: Final = frozenset({"category", "gender"})
PRICE_FIELDS: Final = frozenset({"price"})
STEP: Final = 1_048_576
LONG_RUN: Final = 32_768
MAX_INTERVALS: Final = 16
RANK_MASK: Final = (1 << GROUP_SHIFT) - 1

Mask = NDArray[np.bool_]
Runs = NDArray[np.int64]
Interval = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Piece:
    """Some rows to look at, and which of them pass.

    Attributes
    ----------
    rows
        A slice where they follow each other, else their positions, ascending.
    passing
        Booleans, one per row; None means all.
    """

    rows: slice | NDArray[np.int64]
    passing: Mask | None = None

    def count(self) -> int:
        """Return how many rows pass."""
        if self.passing is not None:
            return int(np.count_nonzero(self.passing))
        return self.rows.stop - self.rows.start if isinstance(self.rows, slice) else len(self.rows)


class Planner:
    """Finds the rows of one snapshot that pass a restriction."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._codes = {name: _numbered(values) for name, values in snapshot.values.items()}
        self._group_columns: dict[str, NDArray[np.int32]] = {}
        for name, values in zip(("category", "gender"), zip(*snapshot.groups, strict=True), strict=True):
            codes = self._codes[name] = _numbered(dict.fromkeys(v for v in values if v is not None))
            self._group_columns[name] = np.array([codes.get(value, -1) for value in values], np.int32)

    def pieces(self, where: Node | None) -> Iterator[Piece]:
        """Yield the passing rows: long runs as they are, all else in steps of at most `STEP` rows."""
        groups, prices, rest = self._split(where)
        runs = self._runs(groups, prices)
        if not rest:
            long = runs[:, 1] - runs[:, 0] >= LONG_RUN
            yield from (Piece(slice(start, stop)) for start, stop in runs[long].tolist())
            yield from (Piece(rows) for rows in _steps(runs[~long]))
            return
        condition = And(*rest)
        for rows in _steps(runs):
            yield Piece(rows, self._passing(condition, rows))

    def _split(self, where: Node | None) -> tuple[Mask, list[Interval], list[Node]]:
        root = And() if where is None else nnf(where)
        groups = np.ones(len(self.snapshot.groups), np.bool_)
        prices, rest = [self._every_rank], list[Node]()
        for part in root.nodes if isinstance(root, And) else (root,):
            names = fields_of(part)
            intervals = self._intervals(part) if names == PRICE_FIELDS else []
            if names == PRICE_FIELDS and len(intervals) <= MAX_INTERVALS:
                prices = self._intersect(prices, intervals)
                continue
            groups &= _evaluate(part, self._group_mask, len(groups))
            if not names <= GROUP_FIELDS:
                rest.append(part)
        return groups, prices, rest

    @property
    def _every_rank(self) -> Interval:
        return 0, len(self.snapshot.prices) + 1

    def _runs(self, groups: Mask, prices: list[Interval]) -> Runs:
        """Return `(R, 2)` starts and stops, ascending, neighbours joined, none empty."""
        chosen = np.flatnonzero(groups)
        if prices == [self._every_rank]:
            runs = np.stack((self.snapshot.starts[chosen], self.snapshot.starts[chosen + 1]), axis=1)
        else:
            ranks = np.array(prices, np.int64).reshape(1, -1, 2)
            wanted = (chosen.astype(np.int64) << GROUP_SHIFT)[:, None, None] + ranks
            runs = np.searchsorted(self.snapshot.keys, wanted.reshape(-1, 2))
        runs = runs[runs[:, 0] < runs[:, 1]]
        if not len(runs):
            return runs
        gaps = np.flatnonzero(runs[1:, 0] != runs[:-1, 1])
        joined = np.empty((len(gaps) + 1, 2), np.int64)
        joined[0, 0], joined[-1, 1] = runs[0, 0], runs[-1, 1]
        joined[1:, 0], joined[:-1, 1] = runs[gaps + 1, 0], runs[gaps, 1]
        return joined

    def _group_mask(self, leaf: Leaf, *, negated: bool) -> Mask:
        if leaf.name not in GROUP_FIELDS:
            return np.ones(len(self.snapshot.groups), np.bool_)
        found = self._text_mask(leaf, self._group_columns[leaf.name])
        return ~found if negated else found

    def _intervals(self, node: Node) -> list[Interval]:
        if isinstance(node, And):
            return self._intersect(*(self._intervals(child) for child in node.nodes))
        if isinstance(node, Or):
            return _union([interval for child in node.nodes for interval in self._intervals(child)])
        if isinstance(node, Not):
            return _complement(self._intervals(node.node), self._every_rank)
        return self._leaf_intervals(as_leaf(node))

    def _intersect(self, *parts: list[Interval]) -> list[Interval]:
        outside = [gap for part in parts for gap in _complement(part, self._every_rank)]
        return _complement(_union(outside), self._every_rank)

    def _leaf_intervals(self, leaf: Leaf) -> list[Interval]:
        prices = self.snapshot.prices
        if isinstance(leaf, Range):
            low, high = 0, len(prices)
            for key, bound in leaf.bounds().items():
                rank = int(np.searchsorted(prices, bound, side="right" if key in {"gt", "le"} else "left"))
                low, high = (max(low, rank), high) if key in {"gt", "ge"} else (low, min(high, rank))
            return [(low, high)] if low < high else []
        values = np.array(sorted(_wanted(leaf)), np.float64)
        ranks = np.searchsorted(prices, values)
        present = ranks[np.searchsorted(prices, values, side="right") > ranks]
        return [(int(rank), int(rank) + 1) for rank in present]

    def _passing(self, condition: Node, rows: slice | NDArray[np.int64]) -> Mask:
        keys = self.snapshot.keys[rows]
        groups, ranks = keys >> GROUP_SHIFT, keys & RANK_MASK

        def leaf_mask(leaf: Leaf, *, negated: bool) -> Mask:
            if leaf.name in GROUP_FIELDS:
                in_groups: Mask = self._group_mask(leaf, negated=negated)[groups]
                return in_groups
            if leaf.name in PRICE_FIELDS:
                found = self._price_mask(leaf, ranks)
            else:
                found = self._text_mask(leaf, self.snapshot.columns[leaf.name][rows])
            return ~found if negated else found

        return _evaluate(condition, leaf_mask, len(keys))

    def _price_mask(self, leaf: Leaf, ranks: NDArray[np.int64]) -> Mask:
        intervals = self._leaf_intervals(leaf)
        if len(intervals) == 1:
            low, high = intervals[0]
            between: Mask = (ranks >= low) & (ranks < high)
            return between
        table = np.zeros(len(self.snapshot.prices) + 1, np.bool_)
        for low, high in intervals:
            table[low:high] = True
        among: Mask = table[ranks]
        return among

    def _text_mask(self, leaf: Leaf, column: NDArray[np.int32]) -> Mask:
        codes = self._codes[leaf.name]
        present = [codes[str(value)] for value in _wanted(leaf) if value in codes]
        if len(present) == 1:
            equal: Mask = column == present[0]
            return equal
        table = np.zeros(len(codes) + 1, np.bool_)
        table[present] = True
        return table[column]


def _numbered(values: Iterable[str]) -> dict[str, int]:
    return {value: code for code, value in enumerate(values)}


def _wanted(leaf: Leaf) -> frozenset[Value]:
    if isinstance(leaf, Eq):
        return frozenset({leaf.value})
    return frozenset(leaf.values) if isinstance(leaf, In) else frozenset()


def _evaluate(node: Node, leaf_mask: Callable[..., Mask], size: int) -> Mask:
    """Evaluate a normal form over `size` places; `leaf_mask(leaf, negated=...)` gives those of a literal."""
    if isinstance(node, Not):
        return leaf_mask(as_leaf(node.node), negated=True)
    if not isinstance(node, And | Or):
        return leaf_mask(as_leaf(node), negated=False)
    found = np.full(size, isinstance(node, And))
    for child in node.nodes:
        mask = _evaluate(child, leaf_mask, size)
        found = found & mask if isinstance(node, And) else found | mask
    return found


def _steps(runs: Runs) -> Iterator[slice | NDArray[np.int64]]:
    """Cut long runs and join short ones, so that each step has at most `STEP` rows."""
    if len(runs) and int((runs[:, 1] - runs[:, 0]).sum()) <= STEP:
        yield _rows(runs)
        return
    batch: list[tuple[int, int]] = []
    size = 0
    for first, last in runs.tolist():
        for start in range(first, last, STEP):
            stop = min(start + STEP, last)
            if size + stop - start > STEP:
                yield _rows(np.array(batch, np.int64))
                batch, size = [], 0
            batch.append((start, stop))
            size += stop - start
    if batch:
        yield _rows(np.array(batch, np.int64))


def _rows(runs: Runs) -> slice | NDArray[np.int64]:
    """Return one run as a slice, several written out row by row."""
    if len(runs) == 1:
        return slice(*runs[0].tolist())
    lengths = runs[:, 1] - runs[:, 0]
    before = np.cumsum(lengths) - lengths
    return np.repeat(runs[:, 0] - before, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)


def _union(intervals: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for low, high in sorted(intervals):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _complement(intervals: list[Interval], every: Interval) -> list[Interval]:
    edges = [every[0], *(edge for interval in intervals for edge in interval), every[1]]
    return [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high]
