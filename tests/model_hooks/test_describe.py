from pathlib import Path
from typing import Any

import pytest
import transformers

from model_hooks.describe import main
from model_hooks.registry import load_detector, load_embedder, read_manifest
from tests.model_hooks.folders import drawn_pictures

SIZES = ((64, 48), (48, 64))
SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
}


@pytest.fixture
def detector_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "yolos" / "1"
    config = transformers.YolosConfig(
        **SMALL,
        image_size=[32, 32],
        patch_size=8,
        num_detection_tokens=4,
        id2label={0: "N/A", 1: "chair", 2: "N/A", 3: "person"},
    )
    transformers.YolosForObjectDetection(config).save_pretrained(folder)
    size = {"shortest_edge": 32, "longest_edge": 64}
    transformers.YolosImageProcessorPil(size=size).save_pretrained(folder)
    return folder


def test_a_saved_detector_becomes_a_model_folder_with_its_labels(
    detector_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "labels.csv"
    mapping.write_text("label,category\nchair,chairs\nN/A,\n")
    assert main([str(detector_folder), "--map", str(mapping), "--threshold", "0.4"]) == 0
    assert "Without a category: person" in capsys.readouterr().out
    manifest = read_manifest(detector_folder)
    assert manifest.model_labels == ("N/A", "chair", "person")
    assert manifest.labels == {"chair": "chairs", "N/A": None}
    assert manifest.threshold == 0.4
    load_detector(detector_folder, "cpu").detect(drawn_pictures(SIZES[:1]), threshold=0.0)


def test_a_saved_embedder_needs_nothing_further(tmp_path: Path) -> None:
    folder = tmp_path / "dinov2" / "1"
    config = transformers.Dinov2Config(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14
    )
    transformers.Dinov2Model(config).save_pretrained(folder)
    transformers.BitImageProcessorPil(
        size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}
    ).save_pretrained(folder)
    assert main([str(folder)]) == 0
    assert load_embedder(folder, "cpu").embed(drawn_pictures(SIZES)).shape == (2, 16)


def test_what_is_wrong_is_said_in_one_line(
    detector_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "labels.csv"
    wrong.write_text("name,slug\n")
    assert main([str(detector_folder), "--map", str(wrong)]) == 1
    assert "needs the columns label and category" in capsys.readouterr().err
    assert main([str(detector_folder)]) == 0
    assert main([str(detector_folder)]) == 1
    assert "never changes" in capsys.readouterr().err
