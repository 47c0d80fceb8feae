"""Imports that come by a web page: the files wait in the storage, a worker runs the import."""

import datetime as dt
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.importing import PictureArchive, Watch, run_import
from labelapp.catalog.importing.sources import PictureSource
from labelapp.catalog.models import ImportBatch
from labelapp.people import audit
from labelapp.people.models import User

log = logging.getLogger(__name__)
# A message is sent again when the import has waited for so long; the broker may have lost it.
PATIENCE = dt.timedelta(seconds=30)


@dataclass(slots=True)
class Upload:
    """What a page sends: rows, pictures, and how to read them."""

    kind: str
    source: str
    rows: "File[bytes]"
    pictures: "File[bytes] | None" = None
    rows_expected: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


def start_upload(upload: Upload, *, by: User) -> ImportBatch:
    """Keep the files and queue the import."""
    batch = ImportBatch(
        kind=upload.kind,
        source=upload.source,
        file_name=str(upload.rows.name)[-300:],
        options=upload.options,
        rows_expected=upload.rows_expected,
        state=ImportBatch.State.QUEUED,
        started_by=by,
    )
    folder = f"imports/{batch.public_id}"
    batch.rows_upload = default_storage.save(f"{folder}/rows", upload.rows)
    if upload.pictures:
        batch.pictures_upload = default_storage.save(f"{folder}/pictures", upload.pictures)
    with transaction.atomic():
        batch.save()
        audit.record(by, "import_started", f"import {batch.public_id}", kind=batch.kind, source=batch.source)
        _send_on_commit(batch)
    return batch


def go_on(batch: ImportBatch, *, by: User) -> bool:
    """Queue an import again that was stopped or failed; False if it cannot go on."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if not batch.can_go_on:
            return False
        batch.state, batch.heard_at = ImportBatch.State.QUEUED, timezone.now()
        batch.save(update_fields=["state", "heard_at"])
        audit.record(by, "import_continued", f"import {batch.public_id}")
        _send_on_commit(batch)
    return True


def ask_to_stop(batch: ImportBatch, *, by: User) -> None:
    """Stop a waiting import at once and a running one after the rows at hand."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.QUEUED)
    if not waiting.update(state=ImportBatch.State.STOPPED, finished_at=timezone.now()):
        running = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.RUNNING)
        running.update(stop_asked_at=timezone.now())
    audit.record(by, "import_stopped", f"import {batch.public_id}")


class AskedInDatabase(Watch):
    """Stops an import when somebody asked for it on its page."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._asked = False

    def advance(self, rows: int) -> None:
        self.look()

    def look(self) -> None:
        """Ask the database; between two looks the threads that take pictures ask only us."""
        asked = ImportBatch.objects.filter(pk=self._batch.pk).exclude(stop_asked_at=None)
        self._asked = asked.exists()

    def stopping(self) -> bool:
        return self._asked


def run_upload(batch_id: int) -> None:
    """Run a queued import; a second message for it does nothing."""
    queued = ImportBatch.objects.filter(pk=batch_id, state=ImportBatch.State.QUEUED)
    if not queued.update(state=ImportBatch.State.RUNNING, heard_at=timezone.now()):
        return
    batch = ImportBatch.objects.get(pk=batch_id)
    try:
        with _local(batch.rows_upload) as path, _archive(batch) as pictures:
            run_import(batch, path, pictures=pictures, watch=AskedInDatabase(batch))
    except ImportRefused as refused:
        batch.state, batch.error = ImportBatch.State.FAILED, str(refused)
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "error", "finished_at"])
    if batch.state == ImportBatch.State.FINISHED:
        _forget_files(batch)


def sweep() -> None:
    """Queue again what a dead worker left, close what a dead command left, and repeat lost messages."""
    silent = ImportBatch.objects.silent()
    silent.exclude(rows_upload="").update(state=ImportBatch.State.QUEUED, heard_at=timezone.now() - PATIENCE)
    silent.filter(rows_upload="").update(
        state=ImportBatch.State.STOPPED,
        error="The command ended without a word; start it again, and it goes on.",
        finished_at=timezone.now(),
    )
    late = timezone.now() - PATIENCE
    for batch in ImportBatch.objects.filter(state=ImportBatch.State.QUEUED, heard_at__lte=late):
        send(batch.pk)


def send(batch_id: int) -> None:
    """Tell the workers. Without a broker the sweeper tells them later."""
    try:
        current_app.send_task("labelapp.catalog.jobs.import_upload", args=[batch_id], queue="default")
    except Exception as error:  # whatever the broker's library raises
        log.warning("The broker did not take import %s (%s); it is sent again later.", batch_id, error)


def _send_on_commit(batch: ImportBatch) -> None:
    transaction.on_commit(partial(send, batch.pk), robust=True)


@contextmanager
def _local(name: str) -> Iterator[Path]:
    """Give a stored file as a local one; readers of rows want to seek and to begin again."""
    with tempfile.NamedTemporaryFile(prefix="rows-") as copy:
        try:
            with default_storage.open(name) as file:
                shutil.copyfileobj(file, copy)
        except FileNotFoundError:
            raise ImportRefused(
                "The uploaded file is not in the storage any more; upload it again."
            ) from None
        copy.flush()
        yield Path(copy.name)


@contextmanager
def _archive(batch: ImportBatch) -> Iterator[PictureSource | None]:
    if not batch.pictures_upload:
        yield None
        return
    try:
        file = default_storage.open(batch.pictures_upload)
    except FileNotFoundError:
        raise ImportRefused("The uploaded pictures are not in the storage any more; upload again.") from None
    with file:
        yield PictureArchive(file)


def _forget_files(batch: ImportBatch) -> None:
    for name in (batch.rows_upload, batch.pictures_upload):
        if name:
            default_storage.delete(name)
    batch.rows_upload = batch.pictures_upload = ""
    batch.save(update_fields=["rows_upload", "pictures_upload"])
