"""The card of a model: what it holds, and how a measurement gets into it."""

from pathlib import Path

import pytest

from model_hooks.errors import ModelFolderError
from model_hooks.registry import read_manifest
from model_hooks.training.cards import CARD, shown_command, with_measures, write_card
from tests.model_hooks.folders import write_embedder


def test_a_card_tells_what_how_and_how_well(tmp_path: Path) -> None:
    folder = tmp_path / "finder" / "1"
    folder.mkdir(parents=True)
    write_card(folder, "Finds.", made={"seed": 3}, figures={"mAP50": 0.51234}, notes=["Of drawings."])
    lines = (folder / CARD).read_text().splitlines()
    assert lines[0] == "# finder/1"
    assert {"Finds.", "| seed | 3 |", "| mAP50 | 0.512 |", "- Of drawings."} <= set(lines)


def test_a_measurement_is_added_to_a_finished_folder_and_replaces_only_its_like(tmp_path: Path) -> None:
    folder = write_embedder(tmp_path)
    before = read_manifest(folder)
    for data, figures in (("a", "old"), ("b", "other"), ("a", "new")):
        with_measures(folder, data, command="python -m x", figures=figures)
    card = (folder / CARD).read_text()
    assert card.startswith(
        "# A net of random numbers\n\n## Measured on a\n\n`python -m x`\n\n```\nnew\n```\n"
    )
    assert card.count("## ") == 2
    assert "other" in card
    after = read_manifest(folder)
    assert after.digest != before.digest
    assert (after.dimension, after.input, after.heads) == (before.dimension, before.input, before.heads)


def test_a_damaged_folder_gets_no_measurement(tmp_path: Path) -> None:
    folder = write_embedder(tmp_path)
    (folder / CARD).write_text("changed")
    with pytest.raises(ModelFolderError, match="SHA-256"):
        with_measures(folder, "a", command="x", figures="y")
    assert (folder / CARD).read_text() == "changed"


def test_a_command_names_no_folder_of_this_machine() -> None:
    shown = shown_command("model_hooks.x measure", ["/home/ada/models/finder/1", "--data", "my shop"])
    assert shown == "python -m model_hooks.x measure finder/1 --data 'my shop'"
