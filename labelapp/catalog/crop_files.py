"""Crops as files: cut from the original when first asked for, then kept in the storage."""

from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from labelapp.catalog.crops import PixelBox, crop_hash, whole_pixels
from labelapp.catalog.images import as_jpeg, crop, load_original, reduced
from labelapp.catalog.models import Image
from model_hooks.protocols import Box

LARGEST_SIDE = 640
QUALITY = 92
END_OF_JPEG = b"\xff\xd9"


def crop_file(image: Image, box: PixelBox) -> bytes:
    """Return the crop as JPEG: the very pixels of the box, reduced only beyond 640, never enlarged."""
    inside = whole_pixels(Box(*box), image.width, image.height)
    digest = crop_hash(image.sha256, inside)
    name = f"crops/{digest[:2]}/{digest}.jpg"
    kept = _kept(name)
    if kept is not None:
        return kept
    data = as_jpeg(reduced(crop(load_original(image), inside), LARGEST_SIDE), quality=QUALITY)
    _keep(name, data)
    return data


def _keep(name: str, data: bytes) -> None:
    """Store the crop under its one name, over what a killed process left there."""
    with suppress(FileNotFoundError):  # another process did the same and was quicker
        default_storage.delete(name)
        stored = default_storage.save(name, ContentFile(data))
        if stored != name:
            default_storage.delete(stored)


def _kept(name: str) -> bytes | None:
    """Return the kept file if it is whole; a killed process may have left part of one."""
    try:
        with default_storage.open(name) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        return None
    return data if data.endswith(END_OF_JPEG) else None
