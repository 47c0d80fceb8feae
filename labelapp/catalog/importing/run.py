"""One import from its first row to its last, or to the moment it is asked to stop."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from labelapp.catalog.columns import headings
from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.importing.outcome import Headings, Outcome
from labelapp.catalog.importing.pairs import PairImporter
from labelapp.catalog.importing.pictured import PicturedImporter
from labelapp.catalog.importing.pictures import PictureIntake, Stopped
from labelapp.catalog.importing.sources import PictureSource
from labelapp.catalog.models import ImportBatch, RejectedRow
from labelapp.catalog.rows import Row, read_headings, read_rows

# Rows that are committed together; a stop throws away the work on fewer than this.
TOGETHER = 50
COUNTS = ["rows_seen", "created", "updated", "unchanged", "rejected"]
Importer = PicturedImporter | PairImporter


class Table(Protocol):
    """Rows from anywhere, under headings; read once, one after the other."""

    def headings(self) -> list[str]:
        """Return the columns."""
        ...

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        ...


@dataclass(frozen=True)
class TableFile:
    """A CSV, JSONL or Parquet file; an upload's own name says which it is."""

    path: Path
    name: str

    def headings(self) -> list[str]:
        return read_headings(self.path, name=self.name)

    def rows(self) -> Iterator[Row]:
        return read_rows(self.path, name=self.name)


class Watch:
    """Whoever watches an import: hears of the rows that are done, and is asked whether to stop."""

    def advance(self, rows: int) -> None:
        """Hear that so many more rows are done."""

    def stopping(self) -> bool:
        """Say whether the import is to stop."""
        return False


def run_import(
    batch: ImportBatch,
    table: Path | Table,
    *,
    pictures: PictureSource | None = None,
    watch: Watch | None = None,
) -> ImportBatch:
    """Import a file, or rows that come from elsewhere; the batch says how it went.

    Raises `ImportRefused` for a file that is no such import.

    The rows are committed fifty at a time. Stopped, killed or started twice: the next start compares what is
    there and adds the rest.
    """
    watch = watch or Watch()
    _begin(batch)
    try:
        _work(batch, TableFile(table, batch.file_name) if isinstance(table, Path) else table, pictures, watch)
    except Stopped:
        return _end(batch, ImportBatch.State.STOPPED)
    except ImportRefused as refused:
        _end(batch, ImportBatch.State.FAILED, error=str(refused))
        raise
    except Exception as error:
        _end(batch, ImportBatch.State.FAILED, error=f"Unexpected: {error!r}"[:1000])
        raise
    return _end(batch, ImportBatch.State.FINISHED)


def _begin(batch: ImportBatch) -> None:
    """Start counting from zero; what an earlier start of this batch wrote will count as unchanged."""
    batch.rejected_rows.all().delete()
    for name in COUNTS:
        setattr(batch, name, 0)
    batch.state, batch.error, batch.unmapped = ImportBatch.State.RUNNING, "", {}
    batch.heard_at, batch.stop_asked_at, batch.finished_at = timezone.now(), None, None
    batch.save()


def _work(batch: ImportBatch, table: Table, pictures: PictureSource | None, watch: Watch) -> None:
    with PictureIntake(pictures, stopping=watch.stopping) as intake:
        importer = _importer(batch, table, intake)
        for rows in _together(table.rows()):
            if watch.stopping():
                raise Stopped
            _take(batch, importer, rows)
            watch.advance(len(rows))


def _importer(batch: ImportBatch, table: Table, intake: PictureIntake) -> Importer:
    served = Headings(headings(batch.kind, table.headings()))
    if batch.kind == ImportBatch.Kind.PAIRS:
        return PairImporter(batch, served)
    return PicturedImporter(batch, intake, served)


def _together(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(itertools.islice(rows, TOGETHER)):
        yield some


def _take(batch: ImportBatch, importer: Importer, rows: list[Row]) -> None:
    prepared: Any = importer.prepare(rows)
    with transaction.atomic():
        _one_at_a_time(batch)
        outcome = importer.write(prepared)
        _count(batch, importer, outcome, seen=len(rows))


def _one_at_a_time(batch: ImportBatch) -> None:
    """Let two imports of one source write by turns, so that neither inserts what the other just did."""
    with connection.cursor() as cursor:
        key = f"import {batch.kind} {batch.source}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _count(batch: ImportBatch, importer: Importer, outcome: Outcome, *, seen: int) -> None:
    RejectedRow.objects.bulk_create(
        RejectedRow(batch=batch, line=row.line, reason=reason[:500], row=_excerpt(row))
        for row, reason in outcome.rejected
    )
    batch.rows_seen += seen
    batch.created += outcome.created
    batch.updated += outcome.updated
    batch.unchanged += outcome.unchanged
    batch.rejected += len(outcome.rejected)
    if isinstance(importer, PicturedImporter) and importer.categories:
        batch.unmapped = dict(Counter(importer.categories.unmapped).most_common())
    batch.heard_at = timezone.now()
    batch.save(update_fields=[*COUNTS, "unmapped", "heard_at"])


def _excerpt(row: Row) -> dict[str, str]:
    values = itertools.islice(row.values.items(), 50)
    return {key[:100]: "" if value is None else str(value)[:300] for key, value in values}


def _end(batch: ImportBatch, state: ImportBatch.State, *, error: str = "") -> ImportBatch:
    batch.state, batch.error, batch.finished_at = state, error, timezone.now()
    batch.save(update_fields=["state", "error", "finished_at"])
    return batch
