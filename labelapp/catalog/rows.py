"""Rows of CSV, JSONL and Parquet files, one after the other, at constant memory."""

import csv
import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from labelapp.catalog.errors import ImportRefused, RowRefused

FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1_000_000
LONGEST_HEADER = 65_536


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and its line (CSV and JSONL, where it ends) or number (Parquet) in the file."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_rows(path: Path, *, name: str = "") -> Iterator[Row]:
    """Yield the rows; one that cannot be read comes with its `problem`. Raises `ImportRefused`."""
    suffix = Path(name or path.name).suffix.lower()
    if suffix in {".csv", ".tsv"}:
        return _csv_rows(path)
    if suffix in {".jsonl", ".ndjson"}:
        return _json_rows(path)
    if suffix == ".parquet":
        return _parquet_rows(path)
    raise ImportRefused(f"{name or path.name} does not end in one of {', '.join(FORMATS)}.")


def read_headings(path: Path, *, name: str = "") -> list[str]:
    """Return the columns that the file has; in JSONL, those of its first 100 rows."""
    suffix = Path(name or path.name).suffix.lower()
    if suffix in {".csv", ".tsv"}:
        with path.open("rb") as file:
            return _csv_header(file)[0]
    if suffix == ".parquet":
        return list(_parquet(path).schema_arrow.names)
    rows = itertools.islice(read_rows(path, name=name), 100)
    return list(dict.fromkeys(key for row in rows for key in row.values))


def count_rows(path: Path, *, name: str = "") -> int:
    """Return about how many rows there are, for progress bars."""
    suffix = Path(name or path.name).suffix.lower()
    if suffix == ".parquet":
        return int(_parquet(path).metadata.num_rows)
    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(0, lines - (suffix in {".csv", ".tsv"}))


def _csv_header(file: BinaryIO) -> tuple[list[str], str]:
    raw = file.readline(LONGEST_HEADER)
    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused("The file is not UTF-8 text; save it as CSV in UTF-8.") from None
    if "\0" in line:
        raise ImportRefused("The file is not plain text in UTF-8; save it as CSV in UTF-8.")
    delimiter = max(DELIMITERS, key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not any(names):
        raise ImportRefused("The file is empty; its first line must name the columns.")
    if doubled:
        raise ImportRefused(
            f"The column {doubled[0]!r} stands twice in the first line; rename one of the two."
        )
    return names, delimiter


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        names, delimiter = _csv_header(file)
    # Undecodable bytes become lone surrogates, so that one bad row does not end the file.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        reader = csv.reader(_short_lines(lines), delimiter=delimiter)
        next(reader)
        while True:
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(reader.line_num, problem=f"The row cannot be read as CSV: {error}.")
                continue
            if fields:
                yield _csv_row(reader.line_num, names, fields)


def _short_lines(lines: TextIO) -> Iterator[str]:
    """Cut lines into pieces of bounded length; the CSV reader then refuses the field, not the memory."""
    while line := lines.readline(LONGEST_LINE):
        yield line


def _csv_row(line: int, names: list[str], fields: list[str]) -> Row:
    values = {name: value for name, value in zip(names, fields, strict=False) if name}
    if len(fields) != len(names):
        problem = f"The row has {len(fields)} fields, but the first line names {len(names)} columns."
        return Row(line, _readable(values), problem)
    return _checked(line, values)


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for line in itertools.count(1):
            raw = file.readline(LONGEST_LINE)
            if not raw:
                return
            if not raw.endswith(b"\n") and len(raw) == LONGEST_LINE:
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield Row(line, problem=f"The line is longer than {LONGEST_LINE:,} bytes.")
            elif raw.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _json_row(line, raw)


def _json_row(line: int, raw: bytes) -> Row:
    try:
        values = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Row(line, problem="The line is not valid JSON in UTF-8.")
    if not isinstance(values, dict):
        return Row(line, problem='The line is not a JSON object such as {"file": "a.jpg"}.')
    return _checked(line, values)


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _parquet(path: Path) -> Any:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise ImportRefused(f"The file is not readable as Parquet: {str(error)[:200]}") from None


def _parquet_rows(path: Path) -> Iterator[Row]:
    from pyarrow import ArrowException

    file = _parquet(path)
    number = 0
    try:
        for batch in file.iter_batches(batch_size=500):
            for values in batch.to_pylist():
                number += 1
                yield _checked(number, values)
    except (ArrowException, OSError) as error:
        raise ImportRefused(f"The Parquet file is damaged after row {number}: {str(error)[:200]}") from None
    finally:
        file.close()


def _checked(line: int, values: dict[str, Any]) -> Row:
    try:
        return Row(line, {_storable(key): _storable(value) for key, value in values.items()})
    except (RowRefused, RecursionError) as error:
        problem = str(error) if isinstance(error, RowRefused) else "The row is nested too deeply."
        return Row(line, _readable(values), problem)


def _storable(value: Any) -> Any:
    """Return the value as PostgreSQL's JSON takes it; raises `RowRefused` for text it cannot hold."""
    if isinstance(value, str):
        if "\0" in value:
            raise RowRefused("The row holds a NUL character; remove it.")
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise RowRefused("The row holds bytes that are not UTF-8; save the file in UTF-8.")
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return value if value is None or isinstance(value, int) else str(value)


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    """Show a row that cannot be stored as it is."""
    return {_shown(key): _shown(value) for key, value in itertools.islice(values.items(), 50)}


def _shown(value: object) -> str:
    words = value if isinstance(value, str) else "(nested)" if isinstance(value, dict | list) else str(value)
    return words[:300].replace("\0", "\ufffd").encode("utf-8", "replace").decode()
