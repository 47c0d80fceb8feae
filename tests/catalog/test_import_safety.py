"""Imports that are stopped, crash or run twice at once."""

import threading
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from labelapp.catalog import images
from labelapp.catalog.importing import Watch
from labelapp.catalog.models import Image, ImportBatch, Product
from tests.catalog.folder import Folder, counts
from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db


class StopAfter(Watch):
    """Asks the import to stop after some rows."""

    def __init__(self, rows: int) -> None:
        self.left = rows

    def advance(self, rows: int) -> None:
        self.left -= rows

    def stopping(self) -> bool:
        return self.left <= 0


def test_a_stopped_import_goes_on_where_it_was(folder: Folder) -> None:
    names = [f"{number}.png" for number in range(120)]
    folder.pictures(*names)
    path = folder.rows(*[{"file": name} for name in names])
    stopped = folder.run(path, watch=StopAfter(50), domain="fashion")
    assert stopped.state == ImportBatch.State.STOPPED
    assert counts(stopped) == (50, 0, 0, 0)
    assert counts(folder.run(path, domain="fashion")) == (70, 0, 50, 0)


def test_files_left_by_a_crash_before_the_row_are_used_again(folder: Folder, monkeypatch: Any) -> None:
    folder.pictures("a.png")
    path = folder.rows({"file": "a.png"})
    with monkeypatch.context() as patched:
        patched.setattr("labelapp.catalog.importing.pictured.save_images", _crash)
        with pytest.raises(RuntimeError):
            folder.run(path, domain="fashion")
    assert Image.objects.count() == 0
    assert ImportBatch.objects.get().error.startswith("Unexpected: RuntimeError")
    assert counts(folder.run(path, domain="fashion")) == (1, 0, 0, 0)
    shards = default_storage.listdir("originals")[0]
    assert sum(len(default_storage.listdir(f"originals/{shard}")[1]) for shard in shards) == 1


def _crash(*_: object) -> None:
    raise RuntimeError("killed")


def test_half_a_file_left_by_a_crash_is_written_again() -> None:
    data = picture_bytes(9, size=(500, 400))
    row = images.stored(data)
    for name in (row.storage_name, row.display_name, row.thumbnail_name):
        with default_storage.open(name, "wb") as file:
            file.write(b"half")
    taken = images.take_image(data)
    with default_storage.open(taken.storage_name) as file:
        assert file.read() == data
    assert images.load_original(taken).size == (500, 400)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_make_each_thing_once(folder: Folder) -> None:
    names = [f"{number}.png" for number in range(110)]
    folder.pictures(*names)
    path = folder.rows(*[{"file": name} for name in names])
    done: list[ImportBatch] = []

    def work() -> None:
        try:
            done.append(folder.run(path, domain="fashion"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 3
    assert sum(batch.created for batch in done) == Product.objects.count() == Image.objects.count() == 110
    assert sum(batch.unchanged for batch in done) == 220
    for image in Image.objects.all():
        assert default_storage.exists(image.storage_name)
        assert default_storage.exists(image.display_name)
        assert default_storage.exists(image.thumbnail_name)
