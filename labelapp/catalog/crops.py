"""Boxes in whole pixels, and the identity of a crop."""

import hashlib
import math

from model_hooks.protocols import Box

PixelBox = tuple[int, int, int, int]


def whole_pixels(box: Box, width: int, height: int) -> PixelBox:
    """Return `x, y, w, h` of the smallest whole-pixel box around `box` within a `width` x `height` picture.

    At least one pixel wide and high, even where the box lies outside.
    """
    left = min(max(math.floor(box.x), 0), width - 1)
    top = min(max(math.floor(box.y), 0), height - 1)
    right = min(max(math.ceil(box.x + box.w), left + 1), width)
    bottom = min(max(math.ceil(box.y + box.h), top + 1), height)
    return left, top, right - left, bottom - top


def crop_hash(image_sha256: str, box: PixelBox) -> str:
    """Return the SHA-256 that stands for these pixels of this picture."""
    x, y, w, h = box
    return hashlib.sha256(f"{image_sha256}:{x},{y},{w},{h}".encode("ascii")).hexdigest()
