"""Files that have gone from the storage come back when their picture is given again."""

import pytest
from django.core.files.storage import default_storage

from labelapp.catalog.images import take_image
from labelapp.catalog.models import Image
from tests.catalog.folder import Folder, counts
from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db


def bytes_of(name: str) -> bytes:
    with default_storage.open(name) as file:
        data: bytes = file.read()
    return data


def test_the_same_import_brings_lost_files_back(folder: Folder) -> None:
    folder.pictures("a.png", "b.png")
    path = folder.rows({"file": "a.png"}, {"file": "b.png"})
    folder.run(path, domain="fashion")
    rows = list(Image.objects.all())
    names = {name for row in rows for name in (row.storage_name, row.display_name, row.thumbnail_name)}
    before = {name: bytes_of(name) for name in names}
    default_storage.delete(rows[0].storage_name)
    default_storage.delete(rows[1].display_name)
    assert counts(folder.run(path, domain="fashion")) == (0, 0, 2, 0)
    assert {name: bytes_of(name) for name in names} == before
    assert take_image(before[rows[0].storage_name]) == rows[0]


def test_a_picture_sent_again_brings_its_lost_file_back() -> None:
    data = picture_bytes(7)
    row = take_image(data)
    default_storage.delete(row.storage_name)
    assert take_image(data) == row
    assert bytes_of(row.storage_name) == data
