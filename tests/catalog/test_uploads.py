"""Imports by upload: the form, the job, and what happens when a worker dies."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labelapp.catalog import uploads
from labelapp.catalog.jobs import import_upload, sweep_imports
from labelapp.catalog.models import Image, ImportBatch, Product, Scene, ScenePair
from labelapp.home.children import Child
from labelapp.home.processes import wait_until
from labelapp.people.models import AuditEvent
from tests import personas
from tests.factories import make_product, make_scene, picture_bytes

pytestmark = pytest.mark.django_db
State = ImportBatch.State


@pytest.fixture
def engineer() -> Client:
    client = Client()
    client.force_login(personas.max_())
    return client


@pytest.fixture
def sent(monkeypatch: Any) -> list[int]:
    """The imports that workers were told of, instead of a broker."""
    told: list[int] = []
    monkeypatch.setattr(uploads, "send", told.append)
    return told


def listing(*rows: dict[str, str]) -> SimpleUploadedFile:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("rows.csv", out.getvalue().encode())


def pictures(*names: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, picture_bytes(name))  # type: ignore[arg-type]  # any seed does
    return SimpleUploadedFile("pictures.zip", out.getvalue())


def data(**fields: Any) -> dict[str, Any]:
    rows = listing({"file": "a.png", "type": "Boot"}, {"file": "missing.png", "type": ""})
    defaults = {"kind": "products", "source": "shop", "domain": "fashion", "rows": rows}
    return defaults | {"pictures": pictures("a.png")} | fields


def post(engineer: Client, **fields: Any) -> Any:
    return engineer.post(reverse("import_create"), data(**fields))


def test_an_upload_is_queued_and_a_worker_imports_it(
    engineer: Client, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = post(engineer, category_map=SimpleUploadedFile("map.csv", b"value,category\nboot,shoes\n"))
    batch = ImportBatch.objects.get()
    assert response.url == reverse("import_detail", args=[batch.public_id])
    assert (batch.state, batch.rows_expected, sent) == (State.QUEUED, 2, [batch.pk])
    import_upload(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.rejected) == (State.FINISHED, 1, 1)
    assert batch.rejected_rows.get().reason == "There is no file 'missing.png' in the archive of pictures."
    product = Product.objects.select_related("category").get()
    assert product.category is not None
    assert product.category.slug == "shoes"
    assert default_storage.listdir(f"imports/{batch.public_id}") == ([], [])
    assert AuditEvent.objects.filter(verb="import_started", actor__username="max").exists()


def test_a_second_message_for_an_import_does_nothing(engineer: Client, sent: list[int]) -> None:
    post(engineer)
    batch = ImportBatch.objects.get()
    import_upload(batch.pk)
    ended = ImportBatch.objects.get().finished_at
    import_upload(batch.pk)
    assert ImportBatch.objects.get().finished_at == ended


def test_pairs_come_without_pictures(engineer: Client, sent: list[int]) -> None:
    scene, product = make_scene(source="rooms"), make_product(source="shop")
    rows = listing({"scene": scene.external_id, "product": product.external_id})
    post(engineer, kind="pairs", rows=rows, pictures="", scene_source="rooms")
    import_upload(ImportBatch.objects.get().pk)
    assert ScenePair.objects.get().scene == scene


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rows": ""}, "This field is required."),
        ({"rows": SimpleUploadedFile("rows.xlsx", b"PK")}, "rows.xlsx does not end in one of .csv"),
        ({"rows": SimpleUploadedFile("rows.csv", b"title\nx\n")}, "has no column `file`"),
        ({"rows": SimpleUploadedFile("rows.parquet", b"no")}, "not readable as Parquet"),
        ({"rows": SimpleUploadedFile("rows.csv", b"\xff\xfe")}, "not UTF-8"),
        ({"pictures": ""}, "Products and scenes need their pictures"),
        ({"pictures": SimpleUploadedFile("p.zip", b"no zip")}, "not a readable zip archive"),
        ({"category_map": SimpleUploadedFile("m.csv", b"a,b\n")}, "needs the columns value and category"),
        ({"category_map": SimpleUploadedFile("m.csv", b"value,category\nx,y\n")}, "which is no category"),
        ({"category_map": SimpleUploadedFile("m.csv", b"value,category\n\xff,y\n")}, "It is CSV in UTF-8"),
        ({"source": "a/b"}, "Use letters, digits"),
        ({"source": ""}, "This field is required."),
        ({"domain": "food"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_once(
    engineer: Client, sent: list[int], change: dict[str, Any], reason: str
) -> None:
    for value in change.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    response = post(engineer, **change)
    assert response.status_code == 422
    assert reason in response.content.decode().replace("&#x27;", "'")
    assert not ImportBatch.objects.exists()
    assert sent == []


def test_an_upload_that_is_too_large_is_refused(engineer: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("labelapp.catalog.forms.LARGEST_PICTURES", 10)
    response = post(engineer)
    assert response.status_code == 422
    assert "Use the import command for larger ones" in response.content.decode()


def test_without_a_broker_the_import_waits_and_the_sweeper_sends_it_later(
    engineer: Client, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    no_broker = mock.patch.object(current_app, "send_task", side_effect=ConnectionError("no broker"))
    with no_broker, django_capture_on_commit_callbacks(execute=True):
        assert post(engineer).status_code == 302
    batch = ImportBatch.objects.get()
    assert batch.state == State.QUEUED
    told: list[int] = []
    monkeypatch.setattr(uploads, "send", told.append)
    sweep_imports()
    assert told == []
    ImportBatch.objects.update(heard_at=timezone.now() - dt.timedelta(minutes=1))
    sweep_imports()
    assert told == [batch.pk]


def test_an_import_whose_worker_died_is_taken_up_again(engineer: Client, sent: list[int]) -> None:
    post(engineer)
    batch = ImportBatch.objects.get()
    ImportBatch.objects.update(state=State.RUNNING, heard_at=timezone.now() - dt.timedelta(minutes=4))
    sweep_imports()
    batch.refresh_from_db()
    assert (batch.state, sent) == (State.QUEUED, [batch.pk])
    import_upload(batch.pk)
    assert ImportBatch.objects.get().state == State.FINISHED


def test_an_import_by_a_command_that_died_says_so(sent: list[int]) -> None:
    batch = ImportBatch.objects.create(kind="products", source="s", file_name="f.csv")
    sweep_imports()
    batch.refresh_from_db()
    assert batch.state == State.RUNNING
    ImportBatch.objects.update(heard_at=timezone.now() - dt.timedelta(minutes=4))
    sweep_imports()
    batch.refresh_from_db()
    assert (batch.state, sent) == (State.STOPPED, [])
    assert "start it again" in batch.error


def test_stop_and_go_on(engineer: Client, sent: list[int]) -> None:
    names = [f"{number}.png" for number in range(60)]
    post(
        engineer, kind="scenes", rows=listing(*[{"file": name} for name in names]), pictures=pictures(*names)
    )
    batch = ImportBatch.objects.get()
    stop, go_on = (reverse(verb, args=[batch.public_id]) for verb in ("import_stop", "import_go_on"))
    engineer.post(stop)
    import_upload(batch.pk)
    assert ImportBatch.objects.get().state == State.STOPPED
    assert Scene.objects.count() == 0
    assert "Go on" in engineer.get(reverse("import_detail", args=[batch.public_id])).content.decode()
    engineer.post(go_on)
    ask_after_fifty = mock.patch.object(uploads.AskedInDatabase, "advance", _asks_to_stop)
    with ask_after_fifty:
        import_upload(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (State.STOPPED, 50)
    engineer.post(go_on)
    import_upload(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.unchanged) == (State.FINISHED, 10, 50)
    engineer.post(go_on)
    assert ImportBatch.objects.get().state == State.FINISHED


def _asks_to_stop(watch: uploads.AskedInDatabase, rows: int) -> None:
    """Press Stop while the first rows are done, then look as the watch does."""
    ImportBatch.objects.update(stop_asked_at=timezone.now())
    watch.look()


def test_files_that_vanished_from_the_storage_fail_with_a_sentence(sent: list[int]) -> None:
    rows = default_storage.save("imports/x/rows", ContentFile(b"file\na.png\n"))
    fields = {"kind": "products", "source": "s", "file_name": "rows.csv", "state": State.QUEUED}
    batch = ImportBatch.objects.create(rows_upload=rows, pictures_upload="imports/x/gone", **fields)
    import_upload(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (
        State.FAILED,
        "The uploaded pictures are not in the storage any more; upload again.",
    )


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_imports_what_a_page_sends(
    engineer: Client, program_env: dict[str, str], start_worker: Callable[[], Child], media: Any
) -> None:
    program_env["MEDIA_ROOT"] = str(media)
    start_worker()
    post(engineer)
    wait_until(lambda: ImportBatch.objects.get().state == State.FINISHED, seconds=60)
    assert Product.objects.count() == Image.objects.count() == 1
