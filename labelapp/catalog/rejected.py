"""Rejected rows as CSV, for mending and importing again."""

import csv
from collections.abc import Iterator
from typing import Any

from labelapp.catalog.models import ImportBatch

# A spreadsheet would run a cell that begins like this as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rejected_as_csv(batch: ImportBatch) -> Iterator[str]:
    """Yield the lines of a CSV file: line, reason and the row's own columns."""
    rows = batch.rejected_rows.order_by("line")
    names = _names(batch)
    writer = csv.writer(_Echo())
    yield writer.writerow(["line", "reason", *map(harmless, names)])
    for row in rows.iterator(chunk_size=500):
        yield writer.writerow(
            [row.line, harmless(row.reason), *(harmless(row.row.get(name, "")) for name in names)]
        )


def harmless(value: object) -> str:
    """Return the text as a spreadsheet shows it instead of running it."""
    words = str(value)
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words


def _names(batch: ImportBatch) -> list[str]:
    """Return the columns that the rejected rows have; the database keeps no order within a row."""
    names: dict[str, None] = {}
    for row in batch.rejected_rows.order_by("line").values_list("row", flat=True).iterator(chunk_size=500):
        names.update(dict.fromkeys(list(row)[:50]))
        if len(names) > 200:
            break
    return list(names)


class _Echo:
    """A file that hands back what is written, so that the writer's lines can be streamed."""

    def write(self, line: str) -> Any:
        return line
