"""The 48 nasty files of ../shared/data/badimages: which are taken, and why the others are not."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labelapp.catalog.importing import PictureFolder, run_import
from labelapp.catalog.models import ImportBatch, Scene

pytestmark = [pytest.mark.real, pytest.mark.django_db]

ONLY = "only JPEG, PNG, WebP, GIF or TIFF pictures are taken."
LIMIT = "at most 64 megapixels are taken."
NO_PICTURE = "This is not a picture in one of the formats that are taken: JPEG, PNG, WebP, GIF or TIFF."
CUT_JPEG = "The JPEG picture is cut off: its file ends before the last pixel."
CUT_PNG = "The PNG picture is cut off: its file ends before the last pixel."
OUTCOMES = {
    "UPPER.JPEG": "JPEG 318 x 480",
    "gif_animated.gif": "GIF 100 x 100",
    "gif_animated_small.gif": "GIF 120 x 120",
    "gif_decompression_bomb.gif": f"The picture says it has 4,365 megapixels; {LIMIT}",
    "gif_no_palette.gif": "GIF 1 x 1",
    "html_named.jpg": f"This is an HTML page; {ONLY}",
    "ico_decompression_bomb.ico": f"This is a Windows icon; {ONLY}",
    "jpeg_bad_exif.jpg": "JPEG 500 x 500",
    "jpeg_bad_mpo_header.jpg": "JPEG 640 x 480",
    # Flipped bits change colours; the decoder still yields every pixel.
    "jpeg_bit_flips.jpg": "JPEG 318 x 480",
    "jpeg_cmyk.jpg": "JPEG 100 x 100",
    "jpeg_cut_in_half.jpg": CUT_JPEG,
    "jpeg_exif_gps_private.jpg": "JPEG 8 x 8",
    "jpeg_exif_invalid.jpg": "JPEG 200 x 200",
    "jpeg_exif_landscape_3.jpg": "JPEG 1800 x 1200",
    "jpeg_exif_orientation_6.jpg": "JPEG 128 x 128",
    "jpeg_exif_portrait_6.jpg": "JPEG 1200 x 1800",
    "jpeg_huge_solid.jpg": "JPEG 9000 x 6000",
    "jpeg_named.png": "JPEG 318 x 480",
    "jpeg_orientation_mirrored.jpg": "JPEG 480 x 318",
    "jpeg_progressive_gray.jpg": "JPEG 318 x 480",
    "jpeg_truncated.jpg": CUT_JPEG,
    "jpeg_truncated_app14.jpg": "JPEG 100 x 100",
    "jpeg_with_html_tail.jpg": "JPEG 318 x 480",
    "naïve name \N{EN DASH} ünïcode & (1).jpg": "JPEG 318 x 480",
    "pgm_16bit.pgm": f"This is a PPM, PGM or PBM picture; {ONLY}",
    "png_16bit_gray.png": "PNG 256 x 64",
    "png_1x1.png": "PNG 1 x 1",
    "png_4000x1.png": "PNG 4000 x 1",
    "png_all_transparent.png": "PNG 64 x 64",
    "png_bad_checksum.png": NO_PICTURE,
    "png_bomb_bilevel.png": f"The picture says it has 900 megapixels; {LIMIT}",
    "png_broken_chunk.png": "The PNG picture is damaged: its header cannot be read.",
    "png_gray_transparent.png": "PNG 64 x 64",
    "png_header_lies.png": f"The picture says it has 10,000 megapixels; {LIMIT}",
    "png_named.jpg": "PNG 318 x 480",
    "png_palette_16.png": "PNG 128 x 128",
    "png_truncated.png": CUT_PNG,
    "script_inside.svg": f"This is an SVG drawing; {ONLY}",
    "text_named.jpg": NO_PICTURE,
    "tiff_16bit_rgb.tiff": "TIFF 100 x 40",
    # One bad fax code word; libtiff reports it and yields every pixel.
    "tiff_fuzz_crash.tif": "TIFF 218 x 84",
    "tiff_lab_colors.tif": "TIFF 128 x 128",
    "tiff_multipage.tiff": "TIFF 10 x 10",
    "webp_animated.webp": "WEBP 120 x 120",
    "webp_plain.webp": "WEBP 128 x 128",
    "webp_small_frame.webp": "WEBP 82 x 82",
    "zero_bytes.jpg": "The file is empty.",
}
# Runs the import as a user does, then says what the process had at most in memory. Not by getrusage: its
# maximum outlives exec, and then it is that of the test process with its nets.
MEASURED = """
import pathlib, re, sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
status = pathlib.Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024)
"""


@pytest.fixture
def listing(shared_data: Path, tmp_path: Path) -> Path:
    """A CSV file that names all 48."""
    path = tmp_path / "scenes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file"])
        writer.writerows([name] for name in OUTCOMES)
    return path


def test_every_file_is_listed(shared_data: Path) -> None:
    with (shared_data / "badimages" / "expectations.csv").open(encoding="utf-8", newline="") as file:
        assert {row["file"] for row in csv.DictReader(file)} == set(OUTCOMES)


def test_a_file_is_taken_exactly_when_it_decodes_completely_within_the_limits(
    shared_data: Path, listing: Path
) -> None:
    batch = ImportBatch.objects.create(
        kind="scenes", source="bad", file_name="scenes.csv", options={"domain": "fashion"}
    )
    run_import(batch, listing, pictures=PictureFolder(shared_data / "badimages"))
    outcomes = {
        scene.external_id: f"{scene.image.format} {scene.image.width} x {scene.image.height}"
        for scene in Scene.objects.select_related("image")
    } | {rejected.row["file"]: rejected.reason for rejected in batch.rejected_rows.all()}
    assert outcomes == OUTCOMES
    assert (batch.rows_seen, batch.created, batch.rejected) == (48, 34, 14)


@pytest.mark.django_db(transaction=True)
def test_importing_all_of_them_takes_less_than_600_mb(
    shared_data: Path, listing: Path, program_env: dict[str, str], tmp_path: Path
) -> None:
    folder = str(shared_data / "badimages")
    command = [sys.executable, "-c", MEASURED, "import_scenes", str(listing), "--images", folder]
    done = subprocess.run(
        [*command, "--source", "bad", "--domain", "fashion"],
        env={**os.environ, **program_env, "MEDIA_ROOT": str(tmp_path / "media")},
        capture_output=True,
        text=True,
        check=True,
    )
    summary, megabytes = done.stdout.strip().splitlines()
    assert summary == "Finished. 48 rows: 34 created, 0 updated, 0 unchanged, 14 rejected"
    assert int(megabytes) < 600
