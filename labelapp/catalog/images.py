"""Pictures in: checked, stored by content, rendered once. Pictures out: upright RGB pixels for the models."""

import hashlib
import io
from dataclasses import dataclass
from typing import IO

import PIL.Image
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from labelapp.catalog.crops import PixelBox
from labelapp.catalog.errors import ImageRefused
from labelapp.catalog.models import Image
from labelapp.catalog.pictures import decode, fitted, too_many_bytes

DISPLAY_SIDE = 1600
THUMBNAIL_SIDE = 320
QUALITY = 85
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "TIFF": "tif"}

__all__ = ["ImageRefused", "crop", "load_original", "read_limited", "stored", "take_image"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a picture after one decode, with its two renditions as JPEG bytes."""

    sha256: str
    width: int
    height: int
    format: str
    perceptual_hash: int
    display: bytes
    thumbnail: bytes


def take_image(data: bytes) -> Image:
    """Return the row of this picture, made and stored if it is new; raises `ImageRefused`."""
    known = Image.objects.filter(sha256=hashlib.sha256(data).hexdigest()).first()
    if known:
        if lacks_files(known):
            restore(known, data)
        return known
    row = stored(data)
    with transaction.atomic():
        Image.objects.bulk_create([row], ignore_conflicts=True)
    taken = Image.objects.get(sha256=row.sha256)
    remove_surplus(row, taken)
    return taken


def stored(data: bytes) -> Image:
    """Check, render and store a picture, and return its row unsaved; touches no database.

    Files come first and the row second, so a row never points to nothing. What a crash in between leaves
    behind is found and reused by the next try.
    """
    ready = prepare(data)
    shard = f"{ready.sha256[:2]}/{ready.sha256}"
    original = store_whole(f"originals/{shard}.{EXTENSIONS[ready.format]}", data)
    display = store_whole(f"display/{shard}.jpg", ready.display)
    small = ready.thumbnail is ready.display
    thumbnail = display if small else store_whole(f"thumbnails/{shard}.jpg", ready.thumbnail)
    return Image(
        sha256=ready.sha256,
        width=ready.width,
        height=ready.height,
        format=ready.format,
        bytes=len(data),
        storage_name=original,
        display_name=display,
        thumbnail_name=thumbnail,
        perceptual_hash=ready.perceptual_hash,
    )


def lacks_files(image: Image) -> bool:
    names = {image.storage_name, image.display_name, image.thumbnail_name}
    return not all(default_storage.exists(name) for name in names)


def restore(image: Image, data: bytes) -> None:
    """Store again, under the names of the row, the files of a picture that have gone."""
    ready = prepare(data)
    if ready.sha256 != image.sha256:
        raise ImageRefused("The file changed while it was read; import it again.")
    files = {
        image.thumbnail_name: ready.thumbnail,
        image.display_name: ready.display,
        image.storage_name: data,
    }
    for name, content in files.items():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))


def prepare(data: bytes) -> Prepared:
    """Decode once and render both sizes; raises `ImageRefused`."""
    decoded = decode(data, largest=DISPLAY_SIDE)
    display = as_jpeg(decoded.pixels)
    small = reduced(decoded.pixels, THUMBNAIL_SIDE)
    return Prepared(
        sha256=hashlib.sha256(data).hexdigest(),
        width=decoded.width,
        height=decoded.height,
        format=decoded.format,
        perceptual_hash=difference_hash(small),
        display=display,
        thumbnail=display if small is decoded.pixels else as_jpeg(small),
    )


def store_whole(name: str, data: bytes) -> str:
    """Store bytes under a name made of their content, and return the name they got.

    A file of another length is what a killed process left, or what another one is writing at this moment. It
    is left alone: the storage then picks a second name, under which the bytes are whole in any case.
    """
    if default_storage.exists(name) and default_storage.size(name) == len(data):
        return name
    return default_storage.save(name, ContentFile(data))


def remove_surplus(mine: Image, kept: Image) -> None:
    """Remove the copies that lost a race for the row."""
    for field in ("storage_name", "display_name", "thumbnail_name"):
        name = getattr(mine, field)
        if name not in {kept.storage_name, kept.display_name, kept.thumbnail_name}:
            default_storage.delete(name)


def read_limited(file: IO[bytes]) -> bytes:
    """Read a file of at most the allowed size; raises `ImageRefused` beyond it."""
    data = file.read(settings.IMAGE_MAX_BYTES + 1)
    if len(data) > settings.IMAGE_MAX_BYTES:
        raise ImageRefused(too_many_bytes(len(data)))
    return data


def load_original(image: Image) -> PIL.Image.Image:
    """Return the upright RGB pixels of the original."""
    with default_storage.open(image.storage_name) as file:
        return decode(file.read()).pixels


def crop(picture: PIL.Image.Image, box: PixelBox) -> PIL.Image.Image:
    """Cut the whole-pixel box `x, y, w, h` out of an upright picture."""
    x, y, w, h = box
    return picture.crop((x, y, x + w, y + h))


def as_jpeg(picture: PIL.Image.Image, *, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling="4:4:4" if quality > QUALITY else "4:2:0")
    return out.getvalue()


def difference_hash(picture: PIL.Image.Image) -> int:
    """Return the 64-bit dHash as a signed integer: is each of 8 x 8 gray cells darker than the next one?"""
    cells = picture.convert("L").resize((9, 8), PIL.Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (cells[row * 9 + column] < cells[row * 9 + column + 1])
    return bits - (1 << 64) if bits >> 63 else bits


def reduced(picture: PIL.Image.Image, largest: int) -> PIL.Image.Image:
    if max(picture.size) <= largest:
        return picture
    return picture.resize(fitted(picture.size, largest), PIL.Image.Resampling.LANCZOS, reducing_gap=2.0)
