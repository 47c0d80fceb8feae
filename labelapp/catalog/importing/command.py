"""What the three import commands have in common: arguments, progress bar, Ctrl-C, the last line."""

import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from labelapp.catalog.categories import read_translations
from labelapp.catalog.errors import CatalogError
from labelapp.catalog.importing.run import Watch, run_import
from labelapp.catalog.importing.sources import PictureFolder, PictureSource
from labelapp.catalog.models import Domain, ImportBatch
from labelapp.catalog.rows import count_rows
from labelapp.people import audit

REASONS_SHOWN = 10


class BarWatch(Watch):
    """A progress bar on stderr; the first signal stops the import after the rows at hand."""

    def __init__(self, total: int, name: str = "") -> None:
        self._bar = tqdm(total=total, desc=name or None, unit="row", file=sys.stderr, dynamic_ncols=True)
        self.signal = 0

    def __enter__(self) -> "BarWatch":
        self._before = {number: signal.signal(number, self._stop) for number in STOP_SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def advance(self, rows: int) -> None:
        self._bar.update(rows)

    def stopping(self) -> bool:
        return bool(self.signal)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.signal:
            raise KeyboardInterrupt  # asked twice: at once, without the last line
        self.signal = number


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ImportCommand(BaseCommand):
    """Imports one file; exits with 0 when all rows were seen, 1 for a file that is none, 130 on Ctrl-C."""

    kind: ClassVar[ImportBatch.Kind]
    pictures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, JSONL or Parquet")
        parser.add_argument(
            "--source", required=True, help="where the rows come from; ids are unique per source"
        )
        if self.pictures:
            parser.add_argument("--images", type=Path, required=True, help="the folder of the pictures")
            parser.add_argument("--domain", choices=Domain.values, help="for rows that name none")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            batch = self._batch(path, options)
            pictures: PictureSource | None = PictureFolder(options["images"]) if self.pictures else None
            with BarWatch(batch.rows_expected or 0) as watch:
                run_import(batch, path, pictures=pictures, watch=watch)
        except CatalogError as refused:
            raise CommandError(str(refused)) from refused
        self._report(batch)
        if watch.signal:
            sys.exit(128 + watch.signal)

    def chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options that the batch keeps."""
        chosen = {"domain": options.get("domain") or ""}
        if options.get("map_categories"):
            chosen["translations"] = read_translations(options["map_categories"])
        return chosen

    def _batch(self, path: Path, options: dict[str, Any]) -> ImportBatch:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        batch = ImportBatch.objects.create(
            kind=self.kind,
            source=options["source"],
            file_name=path.name,
            options=self.chosen(options),
            rows_expected=count_rows(path),
        )
        audit.record(
            None, "import_started", f"import {batch.public_id}", kind=batch.kind, source=batch.source
        )
        return batch

    def _report(self, batch: ImportBatch) -> None:
        shown = batch.rejected_rows.all()[:REASONS_SHOWN]
        for row in shown:
            self.stderr.write(f"line {row.line}: {row.reason}")
        if batch.rejected > len(shown):
            self.stderr.write(
                f"... and {batch.rejected - len(shown)} more, on the page of import {batch.public_id}"
            )
        if batch.unmapped:
            words = ", ".join(f"{word} ({count})" for word, count in list(batch.unmapped.items())[:20])
            self.stderr.write(f"{len(batch.unmapped)} words mean no category: {words}")
        self.stdout.write(summary(batch))


def summary(batch: ImportBatch) -> str:
    """Return the last line of an import."""
    verb = "Stopped; start it again to go on." if batch.state == ImportBatch.State.STOPPED else "Finished."
    return (
        f"{verb} {batch.rows_seen:,} rows: {batch.created:,} created, {batch.updated:,} updated,"
        f" {batch.unchanged:,} unchanged, {batch.rejected:,} rejected"
    )
