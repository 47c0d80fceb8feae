"""Bytes to pixels, under limits: what is in the file decides, never its name."""

import contextlib
import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import NoReturn

import PIL.Image
from django.conf import settings
from PIL import UnidentifiedImageError
from PIL.Image import Transpose
from PIL.TiffImagePlugin import TiffImageFile

from labelapp.catalog.colours import flatten, shrink
from labelapp.catalog.errors import ImageRefused

# As Pillow calls them, and as people do; MPO is what cameras make of several JPEGs in one file.
FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "TIFF": "TIFF", "MPO": "JPEG"}
OPENED = ["JPEG", "PNG", "WEBP", "GIF", "TIFF"]
ALLOWED = "JPEG, PNG, WebP, GIF or TIFF"
ORIENTATION = 0x0112
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
SIGNATURES = [
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
]
STRANGERS = [
    (b"%PDF", "a PDF document"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG document"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"BM", "a BMP picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    *[(b"P%d" % kind, "a PPM, PGM or PBM picture") for kind in range(1, 7)],
]
BOMBS = (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning)
# Of pictures above this many pixels one at a time is decoded in a process, whatever the number of threads.
BIG = 16_000_000
SIDEWAYS = {Transpose.TRANSPOSE, Transpose.TRANSVERSE, Transpose.ROTATE_90, Transpose.ROTATE_270}
_one_big_at_a_time = threading.Lock()
_header_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Upright RGB pixels, perhaps reduced, and the size of the upright original."""

    pixels: PIL.Image.Image
    width: int
    height: int
    format: str


def decode(data: bytes, *, largest: int | None = None) -> Decoded:
    """Decode all of `data`; with `largest`, the pixels come reduced to that largest side."""
    _refuse_by_bytes(data)
    opened = _open(data)
    _refuse_by_pixels(opened)
    size = opened.size
    with _room_for(size):
        if largest:
            # Scaled inverse transform of JPEG: every byte is still read, so a cut file is still found.
            opened.draft(opened.mode, fitted(size, largest))
        _load(opened)
        turn = _turn(opened)
        if opened.format == "TIFF":
            size = opened.size  # Pillow turns TIFF upright by itself
        # Reduced before it is turned, so that a large picture is held in memory only once.
        pixels = flatten(shrink(opened, largest))
    if turn is not None:
        pixels = pixels.transpose(turn)
    if turn in SIDEWAYS:
        size = size[1], size[0]
    return Decoded(pixels, *size, format="JPEG" if opened.format == "MPO" else str(opened.format))


def fitted(size: tuple[int, int], largest: int) -> tuple[int, int]:
    """The size with the same shape whose largest side is at most `largest`; never larger than given."""
    scale = min(1.0, largest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _refuse_by_bytes(data: bytes) -> None:
    if not data:
        raise ImageRefused("The file is empty.")
    if len(data) > settings.IMAGE_MAX_BYTES:
        raise ImageRefused(too_many_bytes(len(data)))


def too_many_bytes(count: int) -> str:
    limit = settings.IMAGE_MAX_BYTES // 2**20
    return f"The file has {count / 2**20:.1f} MB; at most {limit} MB are taken."


def _refuse_by_pixels(opened: PIL.Image.Image) -> None:
    width, height = opened.size
    if width * height > settings.IMAGE_MAX_PIXELS:
        _refuse_as_too_large(f"The picture says it is {width:,} x {height:,} pixels large")
    if isinstance(opened, TiffImageFile):
        tags = opened.tag_v2
        tile_width, tile_height = tags.get(322, 0), tags.get(323, 0)
        if tile_width * tile_height > settings.IMAGE_MAX_PIXELS:
            _refuse_as_too_large(
                f"The TIFF picture says its tiles are {tile_width:,} x {tile_height:,} pixels"
            )


def _refuse_as_too_large(what: str) -> NoReturn:
    raise ImageRefused(f"{what}; at most {settings.IMAGE_MAX_PIXELS // 1_000_000} megapixels are taken.")


def _refuse_bomb(error: Exception) -> NoReturn:
    """Refuse what Pillow itself refuses to open; its message holds the number of pixels."""
    count = re.search(r"\((\d+) pixels\)", str(error))
    share = f"{int(count[1]) / 1_000_000:,.0f} megapixels" if count else "too many pixels"
    _refuse_as_too_large(f"The picture says it has {share}")


def _open(data: bytes) -> PIL.Image.Image:
    try:
        with _quiet():
            return PIL.Image.open(io.BytesIO(data), formats=OPENED)
    except BOMBS as error:
        _refuse_bomb(error)
    except UnidentifiedImageError:
        raise ImageRefused(_why_unknown(data)) from None
    except Exception as error:  # a hostile header can make a parser fail in any way
        raise ImageRefused(_why_unknown(data)) from error


def _why_unknown(data: bytes) -> str:
    """Say what an unreadable file seems to be."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return f"The {name} picture is damaged: its header cannot be read."
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "The WebP picture is damaged: its header cannot be read."
    if data[4:8] == b"ftyp":
        return f"This is a HEIC, AVIF or video file; only {ALLOWED} pictures are taken."
    for signature, name in STRANGERS:
        if start.lower().startswith(signature.lower()):
            return f"This is {name}; only {ALLOWED} pictures are taken."
    return f"This is not a picture in one of the formats that are taken: {ALLOWED}."


def _load(opened: PIL.Image.Image) -> None:
    """Decode to the last pixel; `LOAD_TRUNCATED_IMAGES` stays off, so a cut file raises."""
    name = FORMATS[str(opened.format)]
    try:
        with _quiet() if opened.format == "TIFF" else nullcontext():
            opened.load()
    except BOMBS as error:
        _refuse_bomb(error)
    except Exception as error:  # whatever a decoder raises, the file did not decode
        if "truncated" in str(error).lower():
            raise ImageRefused(
                f"The {name} picture is cut off: its file ends before the last pixel."
            ) from None
        raise ImageRefused(f"The {name} picture is damaged: it does not decode completely.") from error


def _turn(opened: PIL.Image.Image) -> Transpose | None:
    """Return how the picture has to be turned to stand upright; unreadable EXIF says nothing."""
    try:
        with _quiet():
            return TURNS.get(opened.getexif().get(ORIENTATION, 1))
    except Exception:  # metadata never decides whether a picture is taken
        return None


def _room_for(size: tuple[int, int]) -> AbstractContextManager[object]:
    return _one_big_at_a_time if size[0] * size[1] > BIG else nullcontext()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata out of the logs; its bomb warning becomes an error.

    Filters of warnings belong to the whole process, hence the lock; only headers are read under it.
    """
    with _header_reading, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
        yield
