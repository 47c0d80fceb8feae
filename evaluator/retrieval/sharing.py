"""Labels, or products, of queries and of a corpus: which rows have one in common."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.retrieval import hamming
from evaluator.types import Bools, Ints

Labels = npt.ArrayLike | Sequence[Set[object] | Sequence[object]]
Names = npt.NDArray[np.generic]

SETS = (Set, list, tuple)
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Side:
    """Codes, and the row and name of each of their labels, which came in as `argument`."""

    codes: hamming.Codes
    row: Ints
    name: Names
    argument: str


def side(
    whose: str, noun: str, codes: npt.ArrayLike, labels: Labels, *, like: hamming.Codes | None = None
) -> Side:
    """Return checked codes and labels, which came in as e.g. `query_codes` and `query_products`."""
    rows = hamming.packed(f"{whose}_codes", codes, like=like)
    argument = f"{whose}_{noun}"
    return Side(rows, *_flat(argument, labels, length=len(rows)), argument)


def _flat(argument: str, labels: Labels, *, length: int) -> tuple[Ints, Names]:
    """Return row and name of every label."""
    entries: Any = list(labels) if getattr(labels, "dtype", "") == "O" else labels  # type: ignore[arg-type]
    if not isinstance(entries, Sequence) or not any(isinstance(entry, SETS) for entry in entries):
        return np.arange(length), checks.ids(argument, np.asarray(labels), length=length)
    for index, entry in enumerate(entries):
        if not isinstance(entry, SETS):
            raise EvaluationError(argument, f"expected a set like the others, found {entry!r}", (index,))
    if len(entries) != length:
        raise EvaluationError(argument, f"expected one set for each of {length} codes, found {len(entries)}")
    names = list(chain.from_iterable(entries))
    sizes = np.array([len(entry) for entry in entries], dtype=np.int64)
    return np.repeat(np.arange(length), sizes), checks.ids(argument, names, length=len(names))


class Sharing:
    """Tells which rows of a corpus share a label with which query."""

    def __init__(self, queries: Side, corpus: Side) -> None:
        wanted, label, self._count = _coded(queries, corpus)
        self._wanted = np.append(np.sort(queries.row * self._count + wanted), NEVER)
        self._label = label
        self._sizes = np.bincount(corpus.row, minlength=len(corpus.codes))
        self._starts = np.cumsum(self._sizes) - self._sizes
        self.right_rows = np.unique(corpus.row[np.isin(label, wanted)])
        self.absent = len(queries.codes) - len(np.unique(queries.row[np.isin(wanted, label)]))

    def __call__(self, query: Ints, row: Ints) -> Bools:
        """Tell for each pair whether they share one; rows beyond the corpus share none."""
        right = np.zeros(len(row), dtype=np.bool_)
        labeled = np.flatnonzero(row < len(self._sizes))
        sizes = self._sizes[row[labeled]]
        pair = np.repeat(labeled, sizes)
        behind = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        key = query[pair] * self._count + self._label[self._starts[row[pair]] + behind]
        right[pair[self._wanted[np.searchsorted(self._wanted, key)] == key]] = True
        return right


def _coded(first: Side, second: Side) -> tuple[Ints, Ints, int]:
    """Return numbers for the labels of both, and how many different ones there are."""
    return checks.joined(second.argument, first.name, second.name, other=first.argument)
