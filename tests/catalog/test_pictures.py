"""What is taken as a picture, and what its pixels come out as."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageCms

from labelapp.catalog.errors import ImageRefused
from labelapp.catalog.images import difference_hash, prepare
from labelapp.catalog.pictures import decode, fitted
from tests.factories import picture_bytes


def saved(picture: Picture.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def gradient(width: int = 40, height: int = 30) -> Picture.Image:
    return Picture.linear_gradient("L").resize((width, height)).convert("RGB")


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_the_five_formats_are_taken_by_their_content(kind: str) -> None:
    ready = prepare(saved(gradient(), kind))
    assert (ready.format, ready.width, ready.height) == (kind, 40, 30)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_a_file_that_is_cut_in_half_is_refused(kind: str) -> None:
    noise = Picture.effect_noise((64, 64), 80).convert("RGB")
    data = saved(noise, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))
    with pytest.raises(ImageRefused, match=r"cut off|damaged"):
        prepare(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"<!DOCTYPE html><p>hello", "This is an HTML page"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing"),
        (b"%PDF-1.7 ...", "This is a PDF document"),
        (b"\0\0\1\0\1\0", "This is a Windows icon"),
        (b"P6 1 1 255 abc", "This is a PPM, PGM or PBM picture"),
        (b"\0\0\0\x18ftypheic", "This is a HEIC, AVIF or video file"),
        (b"just words", "This is not a picture in one of the formats"),
        (b"\x89PNG\r\n\x1a\nrubbish", "The PNG picture is damaged: its header cannot be read."),
        (b"RIFF\0\0\0\0WEBPVP8 ", "The WebP picture is damaged: its header cannot be read."),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(data: bytes, reason: str) -> None:
    with pytest.raises(ImageRefused) as refused:
        prepare(data)
    assert reason in str(refused.value)


def test_what_pillow_could_open_beyond_the_five_formats_is_refused() -> None:
    for kind in ("BMP", "ICO", "PPM", "TGA", "PCX", "DDS", "ICNS"):
        with pytest.raises(ImageRefused, match="JPEG, PNG, WebP, GIF or TIFF"):
            prepare(saved(gradient(64, 64), kind))


@pytest.mark.parametrize(
    ("width", "height", "says"),
    [
        (8001, 8000, "8,001 x 8,000 pixels"),
        (10_000, 9_500, "95 megapixels"),
        (100_000, 100_000, "10,000 megapixels"),
    ],
)
def test_more_than_64_megapixels_are_refused_before_they_are_decoded(
    width: int, height: int, says: str
) -> None:
    with pytest.raises(ImageRefused, match=f"{says}.*at most 64 megapixels"):
        prepare(png_that_claims(width, height))


def test_more_than_64_mb_are_refused(settings: Any) -> None:
    settings.IMAGE_MAX_BYTES = 2**20
    with pytest.raises(ImageRefused, match=r"The file has 1\.5 MB; at most 1 MB are taken"):
        prepare(b"\xff\xd8\xff" + bytes(3 * 2**19 - 3))


def test_a_tiff_with_monstrous_tiles_is_refused() -> None:
    tags = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 277: 1, 322: 60_000, 323: 60_000, 324: 8, 325: 64}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0)
    with pytest.raises(ImageRefused, match="its tiles are 60,000 x 60,000 pixels"):
        prepare(data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(orientation: int) -> None:
    upright = Picture.new("RGB", (60, 30), "white")
    upright.paste("red", (0, 0, 20, 10))
    undo = {
        1: None,
        2: Picture.Transpose.FLIP_LEFT_RIGHT,
        3: Picture.Transpose.ROTATE_180,
        4: Picture.Transpose.FLIP_TOP_BOTTOM,
        5: Picture.Transpose.TRANSPOSE,
        6: Picture.Transpose.ROTATE_90,
        7: Picture.Transpose.TRANSVERSE,
        8: Picture.Transpose.ROTATE_270,
    }[orientation]
    stored = upright.transpose(undo) if undo is not None else upright
    exif = Picture.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "JPEG", "WEBP", "TIFF"):
        decoded = decode(saved(stored, kind, exif=exif))
        assert (decoded.width, decoded.height) == decoded.pixels.size == (60, 30), kind
        red, green, blue = np.asarray(decoded.pixels, dtype=int)[5, 10]
        assert red - green > 150, kind
        assert red - blue > 150, kind


def test_transparent_pixels_become_white() -> None:
    clear = Picture.new("RGBA", (8, 8), (200, 0, 0, 0))
    palette = Picture.new("P", (8, 8), 0)
    palette.putpalette([200, 0, 0])
    for data in (
        saved(clear, "PNG"),
        saved(clear, "WEBP", lossless=True),
        saved(palette, "PNG", transparency=0),
        saved(palette, "GIF", transparency=0),
        saved(Picture.new("L", (8, 8), 7), "PNG", transparency=7),
        saved(Picture.new("LA", (8, 8), (7, 0)), "PNG"),
        saved(Picture.new("RGB", (8, 8), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
        saved(Picture.new("I;16", (8, 8), 700), "PNG", transparency=700),
    ):
        assert decode(data).pixels.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "value", "kind", "gray"),
    [
        ("I;16", 0, "PNG", 0),
        ("I;16", 257 * 100, "PNG", 100),
        ("I;16", 65535, "TIFF", 255),
        ("I", 200, "TIFF", 200),
        ("I", 65535, "TIFF", 255),
        ("F", 0.5, "TIFF", 128),
        ("F", 77.0, "TIFF", 77),
        ("1", 1, "PNG", 255),
        ("1", 1, "TIFF", 255),
    ],
)
def test_deep_and_shallow_grays_are_scaled_to_eight_bits(
    mode: str, value: float, kind: str, gray: int
) -> None:
    assert decode(saved(Picture.new(mode, (4, 4), value), kind)).pixels.getpixel((0, 0)) == (gray,) * 3


def test_a_deep_picture_is_reduced_in_bands_as_it_is_in_one_piece() -> None:
    ramp = np.tile(np.linspace(0, 65535, 700, dtype=np.uint16)[:, None], (1, 500))
    pixels = decode(saved(Picture.fromarray(ramp), "PNG"), largest=70).pixels
    assert pixels.size == (50, 70)
    assert np.allclose(np.asarray(pixels)[:, 25, 0], np.linspace(1.3, 253.7, 70), atol=2)


def test_cmyk_and_lab_colours_come_out_as_rgb() -> None:
    cyan = decode(saved(Picture.new("CMYK", (8, 8), (255, 0, 0, 0)), "JPEG")).pixels.getpixel((4, 4))
    assert isinstance(cyan, tuple)
    assert cyan[0] < 60
    assert cyan[2] > 150
    lab = ImageCms.profileToProfile(
        Picture.new("RGB", (8, 8), (200, 40, 40)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    red = np.asarray(decode(saved(lab, "TIFF")).pixels)[4, 4]
    assert np.allclose(red, (200, 40, 40), atol=4)


def test_a_broken_colour_profile_is_ignored() -> None:
    data = saved(Picture.new("RGB", (8, 8), (10, 200, 30)), "PNG", icc_profile=b"no profile at all")
    assert decode(data).pixels.getpixel((0, 0)) == (10, 200, 30)


def test_only_the_first_frame_counts() -> None:
    frames = [Picture.new("RGB", (16, 16), color) for color in ("red", "blue")]
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        red, _, blue = np.asarray(decode(data).pixels, dtype=int)[8, 8]
        assert red - blue > 220, kind


def test_renditions_are_reduced_never_enlarged_and_bare_of_metadata() -> None:
    exif = Picture.Exif()
    exif[0x010F] = "Camera of a private person"
    large = prepare(saved(gradient(3300, 1100), "JPEG", exif=exif))
    sizes = [Picture.open(io.BytesIO(data)).size for data in (large.display, large.thumbnail)]
    assert (large.width, large.height, sizes) == (3300, 1100, [(1600, 533), (320, 107)])
    assert not Picture.open(io.BytesIO(large.display)).getexif()
    small = prepare(picture_bytes(size=(20, 10)))
    assert Picture.open(io.BytesIO(small.display)).size == (20, 10)
    assert small.thumbnail is small.display


def test_an_extreme_shape_keeps_at_least_one_pixel() -> None:
    ready = prepare(saved(Picture.new("RGB", (4000, 1)), "PNG"))
    assert Picture.open(io.BytesIO(ready.thumbnail)).size == (320, 1)


def test_the_difference_hash_knows_a_picture_again() -> None:
    waves = np.sin(np.arange(300) / 23)[None, :] * np.cos(np.arange(200) / 31)[:, None]
    picture = Picture.fromarray(((waves + 1) * 127).astype(np.uint8)).convert("RGB")
    first, again = (
        prepare(saved(copy, "JPEG")).perceptual_hash for copy in (picture, picture.resize((150, 100)))
    )
    assert (first ^ again).bit_count() <= 4
    assert -(2**63) <= first < 2**63


def test_the_difference_hash_of_a_rising_gradient_has_all_bits_set() -> None:
    rising = Picture.fromarray(np.tile(np.arange(0, 252, 28, dtype=np.uint8), (9, 1)))
    assert difference_hash(rising) == -1


@given(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), st.integers(1, 5000))
def test_fitting_keeps_the_shape_and_never_enlarges(size: tuple[int, int], largest: int) -> None:
    width, height = fitted(size, largest)
    assert 1 <= width <= size[0]
    assert 1 <= height <= size[1]
    assert max(width, height) <= largest


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF"]), st.integers(0, 400))
def test_whatever_the_bytes_they_are_taken_or_refused_in_words(noise: bytes, kind: str, at: int) -> None:
    data = bytearray(saved(gradient(), kind))
    data[at : at + len(noise)] = noise
    reason = ""
    try:
        prepare(bytes(data))
    except ImageRefused as refused:
        reason = str(refused)
    assert not reason or reason.endswith(".")
