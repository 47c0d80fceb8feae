"""Seeded data of the evaluator's benchmark, written once as files from which both sides read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parents[1] / ".local" / "bench-evaluator"
TRUTH, FOUND = FOLDER / "truth.json", FOLDER / "found.json"
ITEMS, LABELERS, PER_ITEM, VALUES = 100_000, 200, 10, 4
IMAGES, PER_IMAGE, CATEGORIES = 5_000, 20, 80
QUERIES, DEPTH, TOP = 10_000, 100, 5
CLUSTERS, DRAWS = 10_000, 10_000
PRODUCTS, DISTRACTORS, BYTES = 5_000, 100_000, 32

Arrays = dict[str, NDArray[Any]]


def write_all() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in (("labels", labels), ("grades", grades), ("clusters", clusters), ("codes", codes)):
        columns: dict[str, Any] = make(np.random.default_rng(1))
        np.savez(FOLDER / f"{name}.npz", **columns)
    write_boxes(np.random.default_rng(1))


def load(name: str) -> Arrays:
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


def labels(rng: np.random.Generator) -> Arrays:
    """A million labels in random order by labelers who are right 35 to 85 % of the time, or one value off."""
    truth = rng.integers(0, VALUES, ITEMS)
    item = rng.permutation(np.repeat(np.arange(ITEMS), PER_ITEM))
    each = LABELERS // PER_ITEM
    labeler = np.empty(len(item), np.int64)
    labeler[np.argsort(item, kind="stable")] = np.tile(np.arange(PER_ITEM) * each, ITEMS) + rng.integers(
        0, each, len(item)
    )
    right = rng.random(len(item)) < rng.uniform(0.35, 0.85, LABELERS)[labeler]
    wrong = truth[item] + np.where(rng.random(len(item)) < 0.6, 1, rng.integers(1, VALUES, len(item)))
    label = np.where(right, truth[item], wrong % VALUES)
    counts = np.bincount(item * VALUES + label, minlength=ITEMS * VALUES).reshape(ITEMS, VALUES)
    clear = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return {"item": item, "labeler": labeler, "label": label, "truth": truth, "clear": clear}


def grades(rng: np.random.Generator) -> Arrays:
    return {"grades": rng.choice(5, (QUERIES, DEPTH), p=[0.01, 0.49, 0.2, 0.2, 0.1])}


def clusters(rng: np.random.Generator) -> Arrays:
    """Scenes of one to six query objects, and a difference for each."""
    slots = 5 * rng.integers(1, 7, CLUSTERS)
    hits = rng.binomial(slots, rng.beta(2, 3, CLUSTERS))
    return {"hits": hits, "slots": slots, "difference": rng.normal(0.02, 1, CLUSTERS)}


def codes(rng: np.random.Generator) -> Arrays:
    """Queries are codes of products with 35 % of the bits flipped."""
    products = rng.integers(0, 256, (PRODUCTS, BYTES), np.uint8)
    flips = np.packbits(rng.random((PRODUCTS, 8 * BYTES)) < 0.35, axis=1)
    distractors = rng.integers(0, 256, (DISTRACTORS, BYTES), np.uint8)
    return {"queries": products ^ flips, "products": products, "distractors": distractors}


def write_boxes(rng: np.random.Generator) -> None:
    """Seven objects in a picture of 640 x 480; as many detections near them, the others anywhere."""
    image = np.repeat(np.arange(IMAGES), 7)
    box, category = anywhere(len(image), rng), rng.integers(0, CATEGORIES, len(image))
    crowd = rng.random(len(image)) < 0.01
    sides = np.exp(rng.normal(0, 0.15, (len(box), 2))) * box[:, 2:]
    near = np.hstack([box[:, :2] + rng.normal(0, 0.1, sides.shape) * sides, sides])
    called = np.where(rng.random(len(image)) < 0.8, category, rng.integers(0, CATEGORIES, len(image)))
    rest = IMAGES * (PER_IMAGE - 7)
    found_box = np.vstack([near, anywhere(rest, rng)]).round(2)
    found_category = np.concatenate([called, rng.integers(0, CATEGORIES, rest)])
    found_image = np.concatenate([image, np.repeat(np.arange(IMAGES), PER_IMAGE - 7)])
    score = np.concatenate([rng.beta(4, 2, len(near)), rng.beta(2, 4, rest)])
    truth = {
        "images": [{"id": number, "width": 640, "height": 480} for number in range(IMAGES)],
        "categories": [{"id": number, "name": f"category {number}"} for number in range(CATEGORIES)],
        "annotations": [
            {
                **record,
                "id": number + 1,
                "iscrowd": int(crowd[number]),
                "area": record["bbox"][2] * record["bbox"][3],
            }
            for number, record in enumerate(records(image, category, box.round(2)))
        ],
    }
    found = records(found_image, found_category, found_box)
    TRUTH.write_text(json.dumps(truth))
    FOUND.write_text(json.dumps([{**one, "score": s} for one, s in zip(found, score.tolist(), strict=True)]))


def anywhere(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    sides = np.exp(rng.uniform(np.log(10), np.log(250), (count, 2)))
    return np.hstack([rng.random((count, 2)) * (np.array([640, 480]) - sides), sides])


def records(
    image: NDArray[np.int64], category: NDArray[np.int64], box: NDArray[np.float64]
) -> list[dict[str, Any]]:
    rows = zip(image.tolist(), category.tolist(), box.tolist(), strict=True)
    return [{"image_id": one, "category_id": other, "bbox": sides} for one, other, sides in rows]
