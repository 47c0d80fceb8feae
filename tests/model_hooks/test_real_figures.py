"""The two real nets must reach the figures that were published with their weights."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from evaluator.detection import coco_scores
from model_hooks.codes import binarize, hamming
from model_hooks.convert import convert_mobilenet_v2, convert_yolox_nano
from model_hooks.protocols import Embedder
from model_hooks.registry import load_detector, load_embedder

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def embedder(shared_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    archive = shared_weights / "mobilenet_v2_imagenet.npz"
    return load_embedder(convert_mobilenet_v2(archive, tmp_path_factory.mktemp("models")), "cpu")


@pytest.fixture(scope="module")
def garments(shared_data: Path, embedder: Embedder) -> tuple[list[dict[str, str]], NDArray[np.float32]]:
    """Every second garment and its vector, the whole picture squeezed to the net's square; that is enough."""
    with (shared_data / "products" / "products.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))[::2]
    pictures = [Image.open(shared_data / "products" / "images" / row["file"]) for row in rows]
    return rows, embedder.embed(pictures)


def test_yolox_nano_reaches_its_average_precision_on_coco(
    shared_data: Path, shared_weights: Path, tmp_path: Path
) -> None:
    detector = load_detector(convert_yolox_nano(shared_weights / "yolox_nano_coco.npz", tmp_path), "cpu")
    truth = json.loads((shared_data / "coco" / "annotations.json").read_text())
    numbers = {category["name"]: category["id"] for category in truth["categories"]}
    pictures = [Image.open(shared_data / "coco" / "images" / image["file_name"]) for image in truth["images"]]
    results = [
        {
            "image_id": image["id"],
            "category_id": numbers[each.label],
            "bbox": [each.box.x, each.box.y, each.box.w, each.box.h],
            "score": each.score,
        }
        for image, found in zip(truth["images"], detector.detect(pictures, threshold=0.001), strict=True)
        for each in found
    ]
    scores = coco_scores(truth, results)
    assert scores.ap50 == pytest.approx(0.47, abs=0.02)
    assert scores.ap == pytest.approx(0.29, abs=0.02)


def _share_with_nearest_alike(distances: NDArray[np.float64], values: list[str]) -> float:
    """Share of rows whose nearest other row has the same value; ties count in expectation."""
    np.fill_diagonal(distances, np.inf)
    nearest = distances == distances.min(axis=1, keepdims=True)
    alike = np.array(values)[:, None] == np.array(values)[None]
    return float(((nearest & alike).sum(axis=1) / nearest.sum(axis=1)).mean())


def test_the_nearest_garment_is_of_the_same_kind_as_often_as_published(
    garments: tuple[list[dict[str, str]], NDArray[np.float32]],
) -> None:
    rows, vectors = garments
    distances = 1 - (vectors @ vectors.T).astype(np.float64)
    assert _share_with_nearest_alike(distances, [row["label"] for row in rows]) == pytest.approx(
        0.55, abs=0.05
    )
    assert _share_with_nearest_alike(distances, [row["coarse"] for row in rows]) == pytest.approx(
        0.73, abs=0.03
    )


def test_codes_lose_little_of_that(
    garments: tuple[list[dict[str, str]], NDArray[np.float32]], embedder: Embedder
) -> None:
    rows, vectors = garments
    codes = binarize(vectors, embedder.bit_thresholds)
    assert codes.shape[1] * 8 == 512
    distances = np.concatenate([hamming(part, codes) for part in np.array_split(codes, 40)]).astype(
        np.float64
    )
    assert _share_with_nearest_alike(distances, [row["coarse"] for row in rows]) == pytest.approx(
        0.68, abs=0.03
    )
