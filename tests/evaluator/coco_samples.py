"""Small COCO data to measure detectors on, and what pycocotools says of them."""

import copy
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from evaluator.types import Floats

Record = dict[str, Any]
Truth = dict[str, list[Record]]


def truth_of(boxes: list[tuple[int, int, list[float]]], **more: Any) -> Truth:
    """Ground truth of (image id, category id, x y w h); images and categories are those that occur."""
    return {
        "images": [{"id": image} for image in sorted({image for image, _, _ in boxes})],
        "categories": [{"id": category} for category in sorted({category for _, category, _ in boxes})],
        "annotations": [
            {"id": number, "image_id": image, "category_id": category, "bbox": box, **more}
            for number, (image, category, box) in enumerate(boxes, start=1)
        ],
    }


def found_of(boxes: list[tuple[int, int, float, list[float]]]) -> list[Record]:
    """Detections of (image id, category id, score, x y w h)."""
    return [
        {"image_id": image, "category_id": category, "score": score, "bbox": box}
        for image, category, score, box in boxes
    ]


def random_data(seed: int, *, ties: bool = False, unequal: bool = False) -> tuple[Truth, list[Record]]:
    """Images without boxes, categories on one side only, crowds, all sizes, IoU exactly at thresholds.

    With `ties` the scores are few, and every detection has its place in the list as id. With `unequal` no two
    overlaps are the same, except by chance.
    """
    generator = np.random.default_rng(seed)
    images, categories = int(generator.integers(1, 9)), int(generator.integers(1, 6))
    boxes = [
        (int(generator.integers(1, images + 1)), int(generator.integers(1, categories + 1)), box)
        for box in _boxes(generator, int(generator.integers(0, 30)))
    ]
    truth = truth_of(boxes)
    truth["images"] = [{"id": number} for number in range(1, images + 1)]
    truth["categories"] = [{"id": number} for number in range(1, categories + 1)]
    for annotation in truth["annotations"]:
        area = annotation["bbox"][2] * annotation["bbox"][3]
        annotation["area"] = float(area * generator.choice([1.0, 0.7]))
        annotation["iscrowd"] = int(generator.random() < 0.1)
    guesses = [_moved(generator, box, categories) for box in boxes for _ in range(generator.integers(0, 4))]
    guesses += [
        (image, category, box)
        for image, category, box in zip(
            generator.integers(1, images + 1, 9).tolist(),
            generator.integers(1, categories + 1, 9).tolist(),
            _boxes(generator, 9),
            strict=True,
        )
    ]
    if unequal:
        guesses = [(*guess[:2], (np.array(guess[2]) + generator.random(4)).tolist()) for guess in guesses]
    scores = generator.integers(1, 6, len(guesses)) / 8 if ties else generator.random(len(guesses))
    found = found_of(
        [(*guess[:2], score, guess[2]) for guess, score in zip(guesses, scores.tolist(), strict=True)]
    )
    if ties:
        found = [{**detection, "id": number} for number, detection in enumerate(found, start=1)]
    return truth, found


def shuffled(seed: int, truth: Truth, found: list[Record]) -> tuple[Truth, list[Record]]:
    """The same data in another order of every list."""
    generator = np.random.default_rng(seed)
    mixed = {
        key: [records[place] for place in generator.permutation(len(records))]
        for key, records in truth.items()
    }
    return mixed, [found[place] for place in generator.permutation(len(found))]


def pycocotools_run(truth: Truth, found: list[Record], depths: tuple[int, int, int]) -> COCOeval:
    """What pycocotools computes with these three numbers of detections."""
    peer = COCO()
    peer.dataset = copy.deepcopy(truth)
    peer.createIndex()
    run = COCOeval(peer, peer.loadRes(copy.deepcopy(found)), "bbox")
    run.params.maxDets = list(depths)
    run.evaluate()
    run.accumulate()
    run.summarize()
    return run


def defined_mean(values: Floats) -> float:
    """Mean without pycocotools' -1, nan where nothing is left."""
    defined = values[values > -1]
    return float(defined.mean()) if defined.size else float("nan")


def _boxes(generator: np.random.Generator, count: int) -> list[list[float]]:
    corner = generator.integers(0, 60, (count, 2)) * 4
    size = generator.choice([8, 16, 32, 40, 96, 120], (count, 2))
    boxes: list[list[float]] = np.hstack([corner, size]).astype(float).tolist()
    return boxes


def _moved(
    generator: np.random.Generator, truth: tuple[int, int, list[float]], categories: int
) -> tuple[int, int, list[float]]:
    image, category, box = truth
    moved = (np.array(box) + generator.choice([0, 0, 0, 4, -4], 4)).tolist()
    other = int(generator.integers(1, categories + 1))
    return image, category if generator.random() < 0.8 else other, moved
