"""Queries and corpus of a retrieval measurement: boxes found, matched to truth, cut out and embedded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image as Picture

from evaluator import boxes
from model_hooks.adapters.pictures import in_batches, squeezed
from model_hooks.adapters.tiny.trimming import product_box
from model_hooks.codes import binarize
from model_hooks.protocols import AttributePredictor, Detector, Embedder
from model_hooks.registry import load_detector, read_manifest
from model_hooks.training.crops import Box, Scene, World, opened

Codes = NDArray[np.uint8]
Floats = NDArray[np.float32]
LEAST_OVERLAP = 0.5
THUMBNAIL = 8


@dataclass(frozen=True)
class Finder:
    """A detector with what its manifest says: the operating threshold and the category of each label."""

    detector: Detector
    threshold: float
    categories: Mapping[str, str | None]

    @classmethod
    def load(cls, folder: Path, device: str) -> "Finder":
        """Load a detector's folder."""
        manifest = read_manifest(folder)
        return cls(load_detector(folder, device), manifest.threshold or 0.0, manifest.labels)


@dataclass(frozen=True)
class Queries:
    """What is searched for: one row per crop, and how many objects were never found."""

    codes: Codes
    thumbnails: Floats
    products: list[str]
    categories: list[str]
    """As predicted."""
    true_categories: list[str]
    crops: list[tuple[Path, Box]]
    """The scene's picture and the box that was searched with."""
    missed: int


@dataclass(frozen=True)
class Corpus:
    """What is searched in: one row per product."""

    codes: Codes
    thumbnails: tuple[Floats, Floats]
    """Of whole pictures, and of pictures whose plain ground is cut away."""
    categories: NDArray[np.str_]
    ids: NDArray[np.str_]


def corpus_of(embedder: Embedder, world: World) -> Corpus:
    """Embed the catalog pictures."""
    codes, whole, trimmed = [], [], []
    for batch in parts(world.products, 64):
        pictures = [opened(product.path) for product in batch]
        codes.append(_codes(embedder, pictures))
        whole.append(_thumbnails(pictures))
        trimmed.append(_thumbnails([cut(picture, product_box(picture)) for picture in pictures]))
    categories = np.array([product.words["category"] for product in world.products])
    ids = np.array([product.id for product in world.products])
    thumbnails = np.concatenate(whole), np.concatenate(trimmed)
    return Corpus(np.concatenate(codes), thumbnails, categories, ids)


def parts(things: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Cut a sequence into parts of at most `size`."""
    return list(in_batches(things, size))


def queries_of(embedder: Embedder, finder: Finder | None, world: World) -> Queries:
    """Find the objects of all scenes, and embed what was found."""
    codes: list[Codes] = [np.empty((0, -(-embedder.dimension // 8)), np.uint8)]
    thumbnails = [np.empty((0, THUMBNAIL**2 * 3), np.float32)]
    products: list[str] = []
    said: list[str] = []
    true: list[str] = []
    cut_from: list[tuple[Path, Box]] = []
    missed = 0
    for scene in world.scenes:
        picture = opened(scene.path)
        wanted, where, categories = _boxes(finder, scene, picture)
        missed += len(scene.objects) - len(wanted)
        crops = [cut(picture, box) for box in where]
        vectors = embedder.embed(crops)
        codes.append(binarize(vectors, embedder.bit_thresholds))
        thumbnails.append(_thumbnails(crops))
        if categories is None:
            categories = _said_categories(embedder, vectors)
        said += categories
        products += [scene.objects[place].product for place in wanted]
        true += [scene.objects[place].category for place in wanted]
        cut_from += [(scene.path, box) for box in where]
    return Queries(np.concatenate(codes), np.concatenate(thumbnails), products, said, true, cut_from, missed)


def _boxes(
    finder: Finder | None, scene: Scene, picture: Picture
) -> tuple[list[int], list[Box], list[str] | None]:
    """Return the places of the objects that were found, a box for each, and the detector's categories."""
    if finder is None:
        return list(range(len(scene.objects))), [each.box for each in scene.objects], None
    found = finder.detector.detect([picture], threshold=finder.threshold)[0]
    where: list[Box] = [(each.box.x, each.box.y, each.box.w, each.box.h) for each in found]
    overlaps = boxes.iou(
        boxes.from_xywh([list(each.box) for each in scene.objects]), boxes.from_xywh([list(b) for b in where])
    )
    objects, detections = boxes.pairs(overlaps, least=LEAST_OVERLAP)
    said = [finder.categories.get(found[place].label) or "" for place in detections]
    return objects.tolist(), [where[place] for place in detections], said


def _said_categories(embedder: Embedder, vectors: Floats) -> list[str]:
    if not isinstance(embedder, AttributePredictor):
        return [""] * len(vectors)
    return [each.get("category", "") for each in embedder.attributes_of(vectors)]


def cut(picture: Picture, box: Box) -> Picture:
    """Cut a box out of a picture, in whole pixels."""
    x, y, w, h = box
    left, top = max(int(x), 0), max(int(y), 0)
    right, bottom = min(round(x + w), picture.width), min(round(y + h), picture.height)
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _codes(embedder: Embedder, pictures: Sequence[Picture]) -> Codes:
    return binarize(embedder.embed(pictures), embedder.bit_thresholds)


def _thumbnails(pictures: Sequence[Picture]) -> Floats:
    return squeezed(pictures, THUMBNAIL).reshape(len(pictures), THUMBNAIL**2 * 3).astype(np.float32)
