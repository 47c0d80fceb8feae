"""The pictures of a few rows: fingerprinted, and the new ones checked and stored, two at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

from labelapp.catalog.errors import CatalogError, ImageRefused
from labelapp.catalog.images import lacks_files, remove_surplus, restore, stored
from labelapp.catalog.importing.sources import NoPictures, PictureSource
from labelapp.catalog.models import Image

# Decoding leaves the interpreter lock; more threads would only hold more pictures in memory.
THREADS = 2


class Stopped(Exception):  # noqa: N818  # no error: somebody asked for it
    """The import was asked to stop; the rows at hand are left for the next start."""


@dataclass(slots=True)
class Collected:
    """What became of the pictures: a hash per name, a reason per refused name, rows not saved yet."""

    hashes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    fresh: list[Image] = field(default_factory=list)


class PictureIntake:
    """Takes pictures from one source; used by one import, closed with it."""

    def __init__(self, source: PictureSource | None, *, stopping: Callable[[], bool]) -> None:
        self._source = source or NoPictures()
        self._stopping = stopping
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pictures")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def collect(self, names: Iterable[str]) -> Collected:
        """Fingerprint the files, and store those whose bytes no row or no file has; saves no row."""
        found = Collected()
        wanted = list(dict.fromkeys(names))
        for name, digest in zip(wanted, self._threads.map(self._digest, wanted), strict=True):
            self._note(found, name, digest)
        known = {row.sha256: row for row in Image.objects.filter(sha256__in=found.hashes.values())}
        fresh = {digest: name for name, digest in found.hashes.items() if digest not in known}
        for digest, taken in zip(fresh, self._threads.map(self._take, fresh.values()), strict=True):
            self._note_taken(found, digest, taken)
        names = {digest: name for name, digest in found.hashes.items()}
        whole = [(known[digest], name) for digest, name in names.items() if digest in known]
        for (row, _), refused in zip(whole, self._threads.map(self._mend, whole), strict=True):
            if refused:
                self._note_taken(found, row.sha256, refused)
        return found

    def _note(self, found: Collected, name: str, digest: str | CatalogError) -> None:
        if isinstance(digest, CatalogError):
            found.reasons[name] = str(digest)
        else:
            found.hashes[name] = digest

    def _note_taken(self, found: Collected, digest: str, taken: Image | CatalogError) -> None:
        names = [name for name, its in found.hashes.items() if its == digest]
        if isinstance(taken, Image) and taken.sha256 != digest:
            taken = ImageRefused("The file changed while it was read; import it again.")
        if isinstance(taken, Image):
            found.fresh.append(taken)
            return
        for name in names:
            del found.hashes[name]
            found.reasons[name] = str(taken)

    def _digest(self, name: str) -> str | CatalogError:
        self._stop_if_asked()
        try:
            return self._source.digest(name)
        except CatalogError as refused:
            return refused

    def _take(self, name: str) -> Image | CatalogError:
        self._stop_if_asked()
        try:
            return stored(self._source.read(name))
        except CatalogError as refused:
            return refused

    def _mend(self, known: tuple[Image, str]) -> CatalogError | None:
        """Bring back the files of a known picture that have gone from the storage."""
        self._stop_if_asked()
        row, name = known
        try:
            if lacks_files(row):
                restore(row, self._source.read(name))
        except CatalogError as refused:
            return refused
        return None

    def _stop_if_asked(self) -> None:
        if self._stopping():
            raise Stopped


def save_images(found: Collected) -> dict[str, Image]:
    """Save the new rows, in one order for all processes, and return the row of every hash."""
    Image.objects.bulk_create(sorted(found.fresh, key=lambda row: row.sha256), ignore_conflicts=True)
    rows = {row.sha256: row for row in Image.objects.filter(sha256__in=set(found.hashes.values()))}
    for row in found.fresh:
        remove_surplus(row, rows[row.sha256])
    return rows
