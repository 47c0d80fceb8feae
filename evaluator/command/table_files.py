"""CSV and TSV files, read into numbered columns; a wrong file is a `FileError`."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from evaluator.file_error import FileError, quoted, shown, text_of
from evaluator.types import Bools, Ints

# Few enough to stay in the processor's cache, which halves the time of blocks of 20,000.
ROWS_AT_ONCE = 1000
DELIMITERS = (",", "\t", ";")
# What Excel reads, and some programs write, above the names of the columns.
DIVIDER = re.compile(r"""\A"?sep=([,;\t])"?(?=[\r\n])""", re.IGNORECASE)
ALSO_CALLED = {"worker": "labeler", "rater": "labeler", "annotator": "labeler"}
NEVER_BLANK = {
    "scene": "the id of a scene",
    "query_object": "the id of a query object",
    "system": "the name of a system",
    "item": "the id of an item",
    "labeler": "the name of a labeler",
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    names : list of str
        The distinct cells in sorted order, without white space around them, in Unicode's form NFC.
    codes : ndarray of int64, shape (rows,)
        Place in `names` of the cell of each row.
    """

    names: list[str]
    codes: Ints

    def cell(self, row: int) -> str:
        """Return the text of one row."""
        return self.names[int(self.codes[row])]


@dataclass(frozen=True)
class Table:
    """Columns of a file, and the line on which each row starts.

    Attributes
    ----------
    path : Path
        The file.
    columns : mapping of str to Column
        By name.
    lines : ndarray of int64, shape (rows,)
        Line of each row, counted from 1.
    """

    path: Path
    columns: Mapping[str, Column]
    lines: Ints

    def __getitem__(self, name: str) -> Column:
        """Return a column."""
        return self.columns[name]

    def __contains__(self, name: str) -> bool:
        """Whether the file has this optional column."""
        return name in self.columns

    def problem(self, row: int, column: str, problem: str) -> FileError:
        """Return the error about one cell."""
        return FileError(self.path, problem, line=int(self.lines[row]), column=column)

    def refuse(self, wrong: Bools, column: str, expected: str) -> None:
        """Raise the error about the first row marked in `wrong`, shape (rows,), if there is one."""
        if wrong.any():
            row = int(wrong.argmax())
            found = quoted(self[column].cell(row))
            raise self.problem(row, column, f"found {found}, expected {expected}")

    def numbers(self, column: str, values: Mapping[str, int], expected: str) -> Ints:
        """Return for each row the number that `values` gives to its cell; other cells are refused.

        A decimal comma, as Excel writes it in much of Europe, is looked up as a point.
        """
        keys = (name.casefold().replace(",", ".") for name in self[column].names)
        per_name = np.array([values.get(key, _NO_VALUE) for key in keys], np.int64)
        found = per_name[self[column].codes]
        self.refuse(found == _NO_VALUE, column, expected)
        return found

    def refuse_repeats(self, keys: Sequence[str], what: str) -> None:
        """Raise the error about the first row whose cells in the columns `keys` stood in an earlier row."""
        number = row_keys([self[key] for key in keys])
        order = np.argsort(number, kind="stable")
        again = np.flatnonzero(number[order][1:] == number[order][:-1])
        if len(again):
            first = again[np.argmin(order[again + 1])]
            row, earlier = int(order[first + 1]), int(order[first])
            cells = ", ".join(f"{key} {quoted(self[key].cell(row))}" for key in keys)
            raise self.problem(row, keys[-1], f"{what}: {cells} stands on line {self.lines[earlier]} already")


_NO_VALUE = np.iinfo(np.int64).min


class TableFile:
    """A CSV or TSV file whose first line names its columns.

    Parameters
    ----------
    path : Path
        UTF-8 text; fields are divided by commas, tabs or semicolons, whichever the first line has most of,
        or by what a line like "sep=;" above it tells. Upper and lower case make no difference in the names of
        columns; `ALSO_CALLED` lists further names. Empty columns at the end need no name.

    Raises
    ------
    FileError
        If the file cannot be read, is empty, is no text, or names a column twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        text = text_of(path)
        told, names = DIVIDER.match(text), re.search(r"\S[^\r\n]*", text)
        first = names.group() if names else ""
        self._delimiter = told.group(1) if told else max(DELIMITERS, key=first.count)
        self._text = DIVIDER.sub("", text, count=1)
        line, header = next(self._rows(), (0, []))
        self.header = _plain_names(header)
        if not self.header:
            raise FileError(path, "is empty, expected a first line with the names of the columns")
        twice = next((name for name in self.header if self.header.count(name) > 1), None)
        if twice is not None:
            raise FileError(path, "two columns have this name", line=line, column=shown(twice) or "''")

    def read(self, *names: str, optional: Sequence[str] = (), may_be_empty: bool = False) -> Table:
        """Return the named columns; those in `optional` may be missing, the others may not.

        Cells of the columns in `NEVER_BLANK` may not be empty.
        """
        missing = [name for name in names if name not in self.header]
        if missing:
            found = shown(", ".join(self.header), most=200)
            noun = "column" if len(missing) == 1 else "columns"
            raise FileError(self.path, f"has no {noun} {', '.join(missing)}; its columns are {found}")
        wanted = [name for name in (*names, *optional) if name in self.header]
        columns, lines = self._columns([self.header.index(name) for name in wanted])
        if not len(lines) and not may_be_empty:
            raise FileError(self.path, "has no rows below the names of the columns")
        table = Table(self.path, dict(zip(wanted, columns, strict=True)), lines)
        for name in (name for name in wanted if name in NEVER_BLANK):
            table.refuse(_blank(table[name]), name, NEVER_BLANK[name])
        return table

    def _columns(self, places: list[int]) -> tuple[list[Column], Ints]:
        """Return the columns at `places`, never holding more than a block of rows as objects."""
        numbers = [_numbering() for _ in places]
        codes: list[list[Ints]] = [[] for _ in places]
        lines: list[Ints] = []
        rows = islice(self._rows(), 1, None)
        while block := list(islice(rows, ROWS_AT_ONCE)):
            self._refuse_ragged(block)
            lines.append(np.fromiter((line for line, _ in block), np.int64, len(block)))
            for place, number, parts in zip(places, numbers, codes, strict=True):
                cells = [row[place] for _, row in block]
                parts.append(np.fromiter(map(number.__getitem__, cells), np.int64, len(block)))
        columns = [_column(list(number), parts) for number, parts in zip(numbers, codes, strict=True)]
        return columns, _joined(lines)

    def _refuse_ragged(self, block: list[tuple[int, list[str]]]) -> None:
        width = len(self.header)
        for line, row in block:
            if len(row) != width and (len(row) < width or "".join(row[width:]).strip()):
                problem = f"found {len(row)} fields, expected {width} as in the first line"
                raise FileError(self.path, problem, line=line)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is not blank with the line on which it starts."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                if any(row):
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            problem = f"its quotes or its length are wrong ({error})"
            raise FileError(self.path, problem, line=line) from None


def row_keys(columns: Sequence[Column]) -> Ints:
    """Return a number for each row, the same for rows that are equal in all these columns."""
    keys, size = columns[0].codes, len(columns[0].names)
    for column in columns[1:]:
        if size * len(column.names) >= 2**62:
            distinct, keys = np.unique(keys, return_inverse=True)
            size = len(distinct)
        keys, size = keys * len(column.names) + column.codes, size * len(column.names)
    return keys


def _plain_names(header: Sequence[str]) -> list[str]:
    names = [_plain(cell).lower() for cell in header]
    while names and not names[-1]:
        names.pop()
    return [name if ALSO_CALLED.get(name, name) in names else ALSO_CALLED.get(name, name) for name in names]


def _plain(cell: str) -> str:
    """Return a cell so that what looks the same is the same."""
    return unicodedata.normalize("NFC", cell.strip())


def _blank(column: Column) -> Bools:
    return np.array([not name for name in column.names], np.bool_)[column.codes]


def _numbering() -> dict[str, int]:
    """Return a dict that gives each new key the next number."""
    numbering: defaultdict[str, int] = defaultdict()
    numbering.default_factory = numbering.__len__
    return numbering


def _column(cells: list[str], parts: list[Ints]) -> Column:
    """Return the column with its cells stripped and in sorted order, whatever the order of the rows."""
    stripped = [_plain(cell) for cell in cells]
    names = sorted(set(stripped))
    place = {name: index for index, name in enumerate(names)}
    return Column(names, np.array([place[cell] for cell in stripped], np.int64)[_joined(parts)])


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
