"""A folder of pictures and lists, and imports of it."""

import csv
from pathlib import Path
from typing import Any

from labelapp.catalog.importing import PictureFolder, Watch, run_import
from labelapp.catalog.models import ImportBatch
from tests.factories import picture_bytes


class Folder:
    """Pictures and listings of one test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pictures(self, *names: str) -> None:
        for name in names:
            target = self.path / "pictures" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(picture_bytes(name))  # type: ignore[arg-type]  # any seed does

    def rows(self, *rows: dict[str, Any], name: str = "rows.csv") -> Path:
        with (self.path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
        return self.path / name

    def run(
        self, path: Path, kind: str = "products", watch: Watch | None = None, **options: Any
    ) -> ImportBatch:
        (self.path / "pictures").mkdir(exist_ok=True)
        batch = ImportBatch.objects.create(kind=kind, source="shop", file_name=path.name, options=options)
        pictures = PictureFolder(self.path / "pictures")
        return run_import(batch, path, pictures=pictures, watch=watch)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.created, batch.updated, batch.unchanged, batch.rejected


def reasons(batch: ImportBatch) -> dict[int, str]:
    return {rejected.line: rejected.reason for rejected in batch.rejected_rows.all()}
