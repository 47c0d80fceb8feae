"""Where an import finds its pictures: a folder or a zip archive. No name leads out of either."""

import hashlib
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from django.conf import settings

from labelapp.catalog.errors import ImportRefused, RowRefused
from labelapp.catalog.images import read_limited
from labelapp.catalog.pictures import too_many_bytes

MOST_ENTRIES = 200_000
# Pictures do not shrink in a zip; an archive that grows this much when unpacked holds something else.
MOST_GROWTH = 200
LARGEST_CONTENT = 64 * 2**30


class PictureSource(Protocol):
    """Files by name; raises a `CatalogError` for a name that leads nowhere or to too much."""

    def digest(self, name: str) -> str:
        """Return the SHA-256 of the file's bytes."""
        ...

    def read(self, name: str) -> bytes:
        """Return the file's bytes."""
        ...


class NoPictures:
    """For imports whose rows bring no pictures."""

    def digest(self, name: str) -> str:
        raise RowRefused(f"The file {name!r} cannot be taken: no folder or archive of pictures was given.")

    def read(self, name: str) -> bytes:
        raise RowRefused(f"The file {name!r} cannot be taken: no folder or archive of pictures was given.")


class PictureFolder:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise ImportRefused(f"There is no folder {root}. Give the folder that holds the pictures.")
        self._root = root.resolve()

    def digest(self, name: str) -> str:
        with self._path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read(self, name: str) -> bytes:
        with self._path(name).open("rb") as file:
            return read_limited(file)

    def _path(self, name: str) -> Path:
        relative = safe_name(name)
        try:
            path = (self._root / relative).resolve()
            if not path.is_relative_to(self._root):
                raise RowRefused(f"The file {name!r} lies outside the folder of pictures.")
            if not path.is_file():
                raise RowRefused(f"There is no file {name!r} in the folder of pictures.")
            _refuse_by_size(path.stat().st_size)
        except OSError as error:
            raise RowRefused(f"The file {name!r} cannot be opened: {error.strerror}.") from None
        return path


class PictureArchive:
    """A zip archive; its entries are read in place, never unpacked."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = open_archive(file)
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        shorts = Counter(PurePosixPath(entry.filename).name for entry in entries)
        # People zip a folder or what is in it; the name alone is enough where it is the only one.
        self._entries = {
            short: entry for entry in entries if shorts[short := PurePosixPath(entry.filename).name] == 1
        } | {entry.filename: entry for entry in entries}

    def digest(self, name: str) -> str:
        return hashlib.sha256(self.read(name)).hexdigest()

    def read(self, name: str) -> bytes:
        entry = self._entries.get(safe_name(name))
        if entry is None:
            raise RowRefused(f"There is no file {name!r} in the archive of pictures.")
        _refuse_by_size(entry.file_size)
        try:
            with self._zip.open(entry) as file:
                return read_limited(file)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise RowRefused(f"The file {name!r} is damaged in the archive: {error}.") from None


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip archive, or raise `ImportRefused` where it is none, is encrypted or is a bomb."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(f"The pictures are not a readable zip archive: {error}.") from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ImportRefused(f"The archive has {len(entries):,} files; at most {MOST_ENTRIES:,} are taken.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ImportRefused("The archive is encrypted; make one without a password.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > LARGEST_CONTENT or unpacked > MOST_GROWTH * packed + 2**20:
        raise ImportRefused(
            f"The archive would unpack from {packed:,} to {unpacked:,} bytes, which no pictures do."
            " Zip the picture files only."
        )
    return archive


def safe_name(name: str) -> str:
    """Return the relative name, or raise `RowRefused` where it is absolute, climbs up or names nothing."""
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":"
    if "\0" in name or drive or path.is_absolute() or ".." in path.parts or not path.name:
        raise RowRefused(f"The file {name!r} is not a name inside the folder of pictures.")
    return str(path)


def _refuse_by_size(size: int) -> None:
    if size > settings.IMAGE_MAX_BYTES:
        raise RowRefused(too_many_bytes(size))
