"""Sheets of pictures of a small drawn shop."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model_hooks.registry import load_embedder
from model_hooks.training.contact_sheets import COLUMNS, GAP, GROUND, LINE, PLACES, TILE, main, top_5
from model_hooks.training.crops import read_world
from model_hooks.training.retrieval_queries import Finder
from tests.model_hooks.folders import write_embedder
from tests.model_hooks.training.test_embedder import CATEGORIES, Seer, write_toy_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_shop(tmp_path_factory.mktemp("sheets") / "shop", 12, 6, seed=2)


def filled(sheet: Image.Image, columns: int) -> int:
    """How many places of a sheet hold a picture."""
    pixels, count = np.asarray(sheet.convert("RGB"), int), 0
    for y in range(GAP, sheet.height - TILE, TILE + LINE + GAP):
        for x in range(GAP, GAP + columns * (TILE + GAP) - 1, TILE + GAP):
            count += bool(np.abs(pixels[y : y + TILE, x : x + TILE] - GROUND).max() > 30)
    return count


def test_a_shop_with_fewer_pictures_than_asked_is_shown_whole(shop: Path, tmp_path: Path) -> None:
    assert main([str(shop), "--out", str(tmp_path / "sheets")]) == 0
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["drawn_pictures.jpg"]
    with Image.open(tmp_path / "sheets" / "drawn_pictures.jpg") as sheet:
        assert filled(sheet, COLUMNS) == 12 + 6


def test_a_search_shows_what_was_found_and_the_nearest_of_its_category(shop: Path, tmp_path: Path) -> None:
    world = read_world(shop)
    finder = Finder(Seer(world.scenes), 0.4, {name: name for name in CATEGORIES})
    sheet = top_5(world, finder, load_embedder(write_embedder(tmp_path), "cpu"), seed=0)
    counts = {name: sum(p.words["category"] == name for p in world.products) for name in CATEGORIES}
    # The seer misses the first object of all; the sheet has room for the eleven others.
    found = [each.category for scene in world.scenes for each in scene.objects][1:]
    assert filled(sheet, 2 * (1 + PLACES)) == sum(1 + min(counts[name], PLACES) for name in found)


def test_one_net_alone_is_refused(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(shop), "--out", str(tmp_path), "--embedder", str(tmp_path)])
    assert "both a detector and an embedder, or neither" in capsys.readouterr().err


def test_a_folder_that_is_no_shop_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--out", str(tmp_path / "sheets")]) == 1
    assert "no folder of the drawn shop" in capsys.readouterr().err
