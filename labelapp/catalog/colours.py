"""Pixels of any mode to plain 8-bit RGB: transparency on white, 16 bits scaled, colour profiles applied."""

import io
import math
from functools import lru_cache

import PIL.Image
from PIL import ImageCms

# Rows of a large picture that are converted and reduced at a time.
BAND = 256
WHITE = (255, 255, 255)
RESIZABLE = {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"}
# What a profile calls the colours that it describes, per Pillow mode.
PROFILE_SPACES = {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY"}
LARGEST_PROFILE = 4 * 2**20


def shrink(picture: PIL.Image.Image, largest: int | None) -> PIL.Image.Image:
    """Bring the picture to a mode that can be resized, and to the largest side if there is one."""
    white = _white_value(picture)
    if largest is None or max(picture.size) <= largest:
        return _to_eight_bits(picture, white)
    factor = max(picture.size) // (2 * largest)
    plain = _reduced_in_bands(picture, factor, white) if factor > 1 else _to_eight_bits(picture, white)
    scale = largest / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return plain.resize(size, PIL.Image.Resampling.LANCZOS)


def _reduced_in_bands(picture: PIL.Image.Image, factor: int, white: float) -> PIL.Image.Image:
    """Average `factor` x `factor` pixels into one, band by band, so that no second large copy is made."""
    size = -(-picture.width // factor), -(-picture.height // factor)
    height = factor * max(1, BAND // factor)
    result = None
    for top in range(0, picture.height, height):
        band = picture.crop((0, top, picture.width, min(top + height, picture.height)))
        small = _to_eight_bits(band, white).reduce(factor)
        result = result or PIL.Image.new(small.mode, size)
        result.paste(small, (0, top // factor))
    reduced = result or picture
    reduced.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    return reduced


def flatten(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Return plain RGB in sRGB, on white; the metadata stay behind."""
    profile = picture.info.get("icc_profile")
    if picture.mode in {"LA", "RGBA"}:
        alpha = picture.getchannel("A")
        opaque = picture.convert(picture.mode.removesuffix("A"))
        opaque.info.pop("transparency", None)
        flat = PIL.Image.new("RGB", picture.size, WHITE)
        flat.paste(_to_srgb(opaque, profile), mask=alpha)
        return flat
    return _to_srgb(picture, profile)


def _to_eight_bits(picture: PIL.Image.Image, white: float) -> PIL.Image.Image:
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _from_deep(picture, white)
    if "transparency" in picture.info and picture.mode in {"1", "L", "P", "RGB"}:
        return picture.convert("RGBA")
    if picture.mode in RESIZABLE:
        return picture
    if picture.mode in {"PA", "RGBa", "La"}:
        return picture.convert("LA" if picture.mode == "La" else "RGBA")
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _from_deep(picture: PIL.Image.Image, white: float) -> PIL.Image.Image:
    """Scale 16-bit, 32-bit and floating-point gray to 8 bits; Pillow's own conversion would clip."""
    import numpy as np

    values = np.asarray(picture)
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=white, neginf=0.0)
    gray = PIL.Image.fromarray(np.clip(finite * (255.0 / white) + 0.5, 0, 255).astype(np.uint8))
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        gray.putalpha(PIL.Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    gray.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    return gray


def _white_value(picture: PIL.Image.Image) -> float:
    """Guess which value means white: fixed for 16 bits, else the next usual one above the maximum."""
    if picture.mode not in {"I", "F"}:
        return 65535.0
    largest = picture.getextrema()[1]
    if isinstance(largest, tuple) or not math.isfinite(largest):
        return 1.0
    usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    return next((scale for scale in usual if largest <= scale), largest)


def _to_srgb(picture: PIL.Image.Image, profile: object) -> PIL.Image.Image:
    if picture.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        turned = ImageCms.profileToProfile(picture, lab, _srgb(), outputMode="RGB")
        return _bare(turned or picture)
    if isinstance(profile, bytes) and 0 < len(profile) <= LARGEST_PROFILE:
        space = _space_to_convert(profile)
        if space is not None and space == PROFILE_SPACES.get(picture.mode):
            return _through_profile(picture, profile)
    return _bare(picture.convert("RGB"))


def _through_profile(picture: PIL.Image.Image, profile: bytes) -> PIL.Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        turned = None  # a broken profile says nothing about the colours
    return _bare(turned or picture.convert("RGB"))


@lru_cache(maxsize=64)
def _space_to_convert(profile: bytes) -> str | None:
    """The colour space of a profile that changes colours; None for sRGB and for broken ones."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(opened).lower():
            return None
        return str(opened.profile.xcolor_space).strip()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _bare(picture: PIL.Image.Image) -> PIL.Image.Image:
    picture.info = {}
    return picture
