"""Where pictures come from: folders and archives that nothing leads out of."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelapp.catalog.errors import CatalogError, ImportRefused
from labelapp.catalog.importing import PictureArchive, PictureFolder
from labelapp.catalog.importing.sources import open_archive, safe_name
from tests.factories import sha


def archive(files: dict[str, bytes], *, packing: int = zipfile.ZIP_STORED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return out


def test_a_folder_gives_its_files_and_those_of_its_folders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").write_bytes(b"abc")
    folder = PictureFolder(tmp_path)
    assert folder.read("sub/a.png") == folder.read("sub\\a.png") == b"abc"
    assert folder.digest("sub/a.png") == sha("abc")


@pytest.mark.parametrize(
    "name", ["../a.png", "sub/../../a.png", "/etc/passwd", "C:\\a.png", "..", ".", "", "a\0b", "\\\\host\\a"]
)
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.png").write_bytes(b"secret")
    with pytest.raises(CatalogError):
        PictureFolder(tmp_path / "in").read(name)
    with pytest.raises(CatalogError):
        PictureArchive(archive({"../a.png": b"secret", "/etc/passwd": b"secret"})).read(name)


def test_links_and_pipes_are_not_followed_out_or_waited_for(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.png").write_bytes(b"secret")
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "a.png")
    os.mkfifo(tmp_path / "in" / "pipe.png")
    folder = PictureFolder(tmp_path / "in")
    with pytest.raises(CatalogError, match="lies outside the folder"):
        folder.read("link.png")
    with pytest.raises(CatalogError, match="There is no file"):
        folder.read("pipe.png")
    with pytest.raises(CatalogError, match="cannot be opened"):
        folder.read("x" * 300 + ".png")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, settings: object) -> None:
    settings.IMAGE_MAX_BYTES = 1000  # type: ignore[attr-defined]  # pytest-django's settings
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(CatalogError, match=r"953\.7 MB"):
        PictureFolder(tmp_path).read("huge.png")
    with pytest.raises(CatalogError, match="at most 0 MB"):
        PictureArchive(archive({"a.png": os.urandom(2000)})).read("a.png")


def test_an_archive_gives_files_by_path_or_by_their_only_name() -> None:
    pictures = PictureArchive(archive({"photos/a.png": b"abc", "photos/b.png": b"1", "more/b.png": b"2"}))
    assert pictures.read("photos/a.png") == pictures.read("a.png") == b"abc"
    assert pictures.digest("a.png") == sha("abc")
    assert pictures.read("more/b.png") == b"2"
    with pytest.raises(CatalogError, match=r"There is no file 'b\.png' in the archive"):
        pictures.read("b.png")


def test_a_zip_bomb_is_refused_before_anything_is_unpacked() -> None:
    bomb = archive({f"{number}.png": bytes(5 * 2**20) for number in range(3)}, packing=zipfile.ZIP_DEFLATED)
    with pytest.raises(ImportRefused, match="which no pictures do"):
        open_archive(bomb)


def test_an_entry_that_lies_about_its_size_is_set_aside() -> None:
    data = bytearray(archive({"a.png": bytes(3000)}, packing=zipfile.ZIP_DEFLATED).getvalue())
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(CatalogError, match="damaged in the archive"):
        PictureArchive(io.BytesIO(bytes(data))).read("a.png")


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(archive({"a.png": b"abc"}).getvalue())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ImportRefused, match="is encrypted"):
        open_archive(io.BytesIO(bytes(data)))


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(ImportRefused, match="not a readable zip archive"):
        open_archive(io.BytesIO(b"just words"))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="There is no folder"):
        PictureFolder(tmp_path / "nowhere")


@given(st.text(max_size=40))
def test_a_safe_name_stays_inside(name: str) -> None:
    try:
        safe = safe_name(name)
    except CatalogError:
        return
    inside = os.path.normpath(f"/root/pictures/{safe}")
    assert inside.startswith("/root/pictures/")
