"""The catalog in a real browser: an import watched to its end, a list narrowed down while typing."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from labelapp.catalog import uploads
from labelapp.catalog.models import ImportBatch
from tests import personas
from tests.e2e.conftest import NewContext
from tests.factories import make_product, picture_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The imports that workers were told of; the test plays the worker."""
    told: list[int] = []
    monkeypatch.setattr(uploads, "send", told.append)
    return told


@pytest.fixture
def engineers_page(new_context_as: NewContext, live_server: Any, told: list[int]) -> Page:
    return new_context_as(personas.max_(), live_server.url, base_url=live_server.url).new_page()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A list of three products, and an archive with two of the pictures."""
    rows, pictures = tmp_path / "products.csv", tmp_path / "pictures.zip"
    with rows.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(
            [["file", "title"], ["a.png", "Red chair"], ["b.png", "Blue sofa"], ["c.png", "Gone"]]
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for seed, name in enumerate(("a.png", "b.png")):
            archive.writestr(name, picture_bytes(seed))
    pictures.write_bytes(content.getvalue())
    return rows, pictures


def test_an_import_by_page_is_watched_to_its_end_without_a_reload(
    engineers_page: Page, files: tuple[Path, Path], told: list[int], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    page = engineers_page
    page.goto("/catalog/imports/new/")
    page.get_by_label("Source", exact=True).fill("shop")
    page.get_by_label("List").set_input_files(files[0])
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Products and scenes need their pictures")).to_be_visible()
    page.get_by_label("List").set_input_files(files[0])
    page.get_by_label("Pictures").set_input_files(files[1])
    page.get_by_label("Domain").select_option("home_decor")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Waiting", exact=True)).to_be_visible()
    uploads.run_upload(told[0])
    expect(page.get_by_text("Finished", exact=True)).to_be_visible()
    expect(page.get_by_text("There is no file 'c.png' in the archive of pictures.")).to_be_visible()
    page.get_by_role("link", name="Show the products").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.locator("picture-frame[lost]")).to_have_count(0)
    assert ImportBatch.objects.get().state == ImportBatch.State.FINISHED


def test_a_list_is_narrowed_down_while_one_types(engineers_page: Page) -> None:
    make_product(title="Red chair")
    make_product(title="Blue sofa")
    page = engineers_page
    page.goto("/catalog/products/")
    page.get_by_label("Search").press_sequentially("sofa")
    expect(page.get_by_role("link", name="Red chair")).to_have_count(0)
    expect(page.get_by_role("link", name="Blue sofa")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=sofa"))
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_label("Domain").select_option("Fashion")
    expect(page.get_by_text("No product is like that")).to_be_visible()
    page.get_by_role("link", name="All products").click()
    expect(page.get_by_role("link", name="Red chair")).to_be_visible()
