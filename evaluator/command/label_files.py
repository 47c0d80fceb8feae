"""Labels of several people, and the truth where it is known, from files with one row per label."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from evaluator.command.table_files import Table, TableFile
from evaluator.errors import EvaluationError
from evaluator.file_error import FileError, quoted, shown
from evaluator.types import Floats, Ints

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
EMPTY, UNREADABLE = -1, -2
MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Labels:
    """What is in a file of labels, and in one of true answers.

    Attributes
    ----------
    item, labeler, value : ndarray of int64, shape (labels,)
        Each numbered from 0.
    item_names, labeler_names, value_names : list of str
        What the numbers stand for; values in the order of their scale.
    points : ndarray of float64, shape (values,)
        Place of each value on its scale.
    truth : ndarray of int64, shape (items,)
        True value of each item: -1 where it is not known, one beyond the values where nobody gave it.
    without_label : int
        Rows whose label is empty; they are left out.
    never_given : list of str
        Values of the truth that nobody gave as a label.
    """

    item: Ints
    labeler: Ints
    value: Ints
    item_names: list[str]
    labeler_names: list[str]
    value_names: list[str]
    points: Floats
    truth: Ints
    without_label: int
    never_given: list[str]


def labels_of(path: Path, truth: Path | None, *, level: Level, order: str) -> Labels:
    """Return the labels in a file, and the true answers in another.

    Parameters
    ----------
    path : Path
        Table with the columns item, labeler, label; one label per item and labeler.
    truth : Path or None
        Table with the columns item, truth. A repeated item must have the same truth again.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Interval and ratio need numbers, ordinal these or an `order`. 4 and 4.0 are one label at every level.
    order : str
        For ordinal: the labels divided by commas, lowest first; empty to sort them.

    Raises
    ------
    FileError
        Names file, line and column, and what was expected there.
    """
    table = TableFile(path).read("item", "labeler", "label")
    table.refuse_repeats(["item", "labeler"], "a labeler labels an item once")
    items, labelers = table["item"], table["labeler"]
    scale = _scale(table["label"].names, level=level, order=order)
    value = scale.values(table, "label")
    given = value != EMPTY
    if not given.any():
        raise FileError(path, "no row has a label", column="label")
    if len(items.names) * len(scale.names) > MOST_CELLS:
        problem = f"holds {len(scale.names)} different labels on {len(items.names)} items; expected fewer"
        raise FileError(path, problem, column="label")
    true, never_given = np.full(len(items.names), EMPTY), list[str]()
    if truth is not None:
        true, never_given = _truth(truth, path, items.names, scale)
    return Labels(
        items.codes[given],
        labelers.codes[given],
        value[given],
        items.names,
        labelers.names,
        scale.names,
        scale.points,
        true,
        int(np.count_nonzero(~given)),
        never_given,
    )


@dataclass(frozen=True)
class _Scale:
    """The values and how a cell is turned into one of them; `closed` if there are no others."""

    places: Mapping[str | float, int]
    names: list[str]
    points: Floats
    expected: str
    closed: bool
    numeric: bool

    def values(self, table: Table, column: str) -> Ints:
        """Return the value of each row: -1 for an empty cell, one beyond the values for an unseen one."""
        per_name = np.array([self.value(name) for name in table[column].names], np.int64)
        values = per_name[table[column].codes]
        table.refuse(values == UNREADABLE, column, self.expected)
        return values

    def value(self, cell: str) -> int:
        """Return the value of one cell; `UNREADABLE` where there is none such."""
        if not cell:
            return EMPTY
        key = cell.casefold() if self.closed else _key(cell)
        if key in self.places:
            return self.places[key]
        return UNREADABLE if self.closed or (self.numeric and isinstance(key, str)) else len(self.names)


def _scale(cells: Sequence[str], *, level: Level, order: str) -> _Scale:
    if order:
        return _ordered(order, level)
    names: dict[str | float, str] = {}
    for cell in filter(None, cells):
        names.setdefault(_key(cell), cell)
    numeric = level != "nominal"
    keys = sorted((key for key in names if not (numeric and isinstance(key, str))), key=_rank)
    points = [key if isinstance(key, float) else math.nan for key in keys]
    hint = "; for names give their order, lowest first: --order low,middle,high" if level == "ordinal" else ""
    return _Scale(
        places={key: place for place, key in enumerate(keys)},
        names=[names[key] for key in keys],
        points=np.array(points if numeric else range(len(keys)), np.float64),
        expected=f"a number, since the level is {level}{hint}",
        closed=False,
        numeric=numeric,
    )


def _ordered(order: str, level: Level) -> _Scale:
    names = [name.strip() for name in order.split(",")]
    keys = [name.casefold() for name in names]
    if level != "ordinal":
        raise EvaluationError("--order", f"makes the level ordinal, found --level {level}")
    twice = next((name for name, key in zip(names, keys, strict=True) if keys.count(key) > 1), None)
    if twice is not None or "" in keys:
        raise EvaluationError(
            "--order", f"expected different labels divided by commas, found {quoted(order)}"
        )
    return _Scale(
        places={key: place for place, key in enumerate(keys)},
        names=names,
        points=np.arange(len(names), dtype=np.float64),
        expected=f"one of {shown(', '.join(names), most=200)} as in --order",
        closed=True,
        numeric=False,
    )


def _key(cell: str) -> str | float:
    """Return a finite number as such, so that 4 and 4.0 are one label, and anything else as text."""
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else math.nan
    except ValueError:
        return cell
    return value if math.isfinite(value) else cell


def _rank(key: str | float) -> tuple[bool, str | float]:
    return isinstance(key, str), key


def _truth(path: Path, labels: Path, item_names: Sequence[str], scale: _Scale) -> tuple[Ints, list[str]]:
    """Return `Labels.truth` and `Labels.never_given`."""
    table = TableFile(path).read("item", "truth")
    items, values = table["item"], scale.values(table, "truth")
    _, first = np.unique(items.codes, return_index=True)
    other = values != values[first][items.codes]
    if other.any():
        row = int(other.argmax())
        earlier = int(first[items.codes[row]])
        problem = f"item {quoted(items.cell(row))} has another truth on line {table.lines[earlier]}"
        raise table.problem(row, "truth", problem)
    never_given = _never_given(table, labels, scale)
    place = {name: index for index, name in enumerate(items.names)}
    if place.keys().isdisjoint(item_names):
        raise FileError(path, f"no item of this file is in {shown(labels.name)}", column="item")
    row_of_item = np.array([first[place[name]] if name in place else -1 for name in item_names], np.int64)
    return np.where(row_of_item < 0, EMPTY, values[row_of_item]), never_given


def _never_given(table: Table, labels: Path, scale: _Scale) -> list[str]:
    """Return the values of the truth that are no label; refuse a truth that holds no others."""
    given = [name for name in table["truth"].names if name]
    never = [name for name in given if scale.value(name) == len(scale.names)]
    if given and len(never) == len(given):
        found, known = (shown(", ".join(names), most=100) for names in (never, scale.names))
        problem = f"none of its values ({found}) is a label of {shown(labels.name)} ({known})"
        raise FileError(table.path, problem, column="truth")
    return never
