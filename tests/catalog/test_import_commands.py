"""The import commands as a user runs them, Ctrl-C included."""

import csv
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from labelapp.catalog.models import Category, Image, ImportBatch, Product
from tests.factories import picture_bytes

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def environment(program_env: dict[str, str], media: Path) -> dict[str, str]:
    return {**os.environ, **program_env, "MEDIA_ROOT": str(media)}


def garments(folder: Path, count: int) -> list[str]:
    """Make so many pictures and their list; return the arguments that import them."""
    pictures = folder / "pictures"
    pictures.mkdir()
    with (folder / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "type"])
        for number in range(count):
            (pictures / f"{number}.png").write_bytes(picture_bytes(number, size=(64, 48)))
            writer.writerow([f"{number}.png", "Boot" if number % 2 else "Sock"])
    options = ["--images", str(pictures), "--source", "shop", "--domain", "fashion"]
    return ["import_products", str(folder / "rows.csv"), *options]


def manage(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MANAGE), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_last_line_counts_the_rows_and_the_unmapped_words_are_listed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    arguments = garments(tmp_path, 5)
    (tmp_path / "map.csv").write_text("value,category\nboot,shoes\n")
    (tmp_path / "pictures" / "4.png").unlink()
    done = manage([*arguments, "--map-categories", str(tmp_path / "map.csv")], environment)
    assert done.returncode == 0
    assert done.stdout == "Finished. 5 rows: 4 created, 0 updated, 0 unchanged, 1 rejected\n"
    assert "line 6: There is no file '4.png' in the folder of pictures." in done.stderr
    assert "1 words mean no category: Sock (3)" in done.stderr
    assert Product.objects.filter(category__slug="shoes").count() == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["import_products", "no.csv", "--images", ".", "--source", "s"], "There is no file no.csv."),
        (["import_products", "{rows}", "--images", "/nowhere", "--source", "s"], "no folder /nowhere"),
        (
            ["import_products", "{rows}", "--images", ".", "--source", "s", "--map-categories", "no.csv"],
            "The category map cannot be read",
        ),
        (["import_pairs", "{rows}", "--source", "s"], "no column `scene`"),
        (["import_taxonomy", "{rows}"], "is not `ID - Top > Sub`"),
    ],
)
def test_what_cannot_be_imported_ends_with_one_sentence(
    tmp_path: Path, environment: dict[str, str], arguments: list[str], reason: str
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("file\na.png\n")
    done = manage([argument.replace("{rows}", str(rows)) for argument in arguments], environment)
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def wait_for_progress(bar: IO[bytes]) -> None:
    """Read the progress bar until it has counted a row; how many it counts at once is its own affair."""
    shown = b""
    while not re.search(rb" [1-9]\d*/\d+ \[", shown):
        read = bar.read1()  # type: ignore[attr-defined]  # a buffered reader
        assert read, f"the import ended before that: {shown.decode()}"
        shown += read


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_in_mid_import_and_a_second_start_lose_nothing(
    tmp_path: Path, environment: dict[str, str], stop: signal.Signals, code: int
) -> None:
    arguments = garments(tmp_path, 1500)
    command = [sys.executable, str(MANAGE), *arguments]
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stderr is not None
        assert running.stdout is not None
        wait_for_progress(running.stderr)
        running.send_signal(stop)
        running.stderr.read()
        last = running.stdout.read().decode()
    assert running.returncode == code
    assert last.startswith("Stopped; start it again to go on.")
    there = Product.objects.count()
    assert 0 < there < 1500
    assert ImportBatch.objects.get().state == ImportBatch.State.STOPPED
    again = manage(arguments, environment)
    assert again.stdout.startswith(
        f"Finished. 1,500 rows: {1500 - there:,} created, 0 updated, {there:,} unchan"
    )
    assert Product.objects.count() == Image.objects.count() == 1500


def test_a_killed_import_goes_on_as_well(tmp_path: Path, environment: dict[str, str]) -> None:
    arguments = garments(tmp_path, 600)
    command = [sys.executable, str(MANAGE), *arguments]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        wait_for_progress(running.stderr)
        running.kill()
        running.stderr.read()
    done = manage(arguments, environment)
    assert done.stdout.startswith("Finished. 600 rows")
    assert Product.objects.count() == Image.objects.count() == 600


def test_loading_categories_and_the_taxonomy_can_be_repeated(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    taxonomy = tmp_path / "taxonomy.txt"
    taxonomy.write_text("# version\n443 - Furniture > Chairs\n9990 - Furniture > Chairs > Thrones\n")
    for _ in range(2):
        assert "24 of them coarse" in manage(["load_categories"], environment).stdout
        assert manage(["import_taxonomy", str(taxonomy)], environment).stdout.startswith("2 categories")
    assert Category.objects.get(google_id=9990).coarse_id == 443
