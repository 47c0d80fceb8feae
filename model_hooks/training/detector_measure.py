"""Measures a detector of a model folder on drawn scenes, or on any pictures with boxes in COCO's form.

Figures are those of `evaluator.detection`: mean average precision, and precision and recall at the threshold
of the model's manifest.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from evaluator.detection import coco_scores, precision_recall_at
from evaluator.errors import EvaluationError
from model_hooks.errors import ModelHookError, ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.protocols import Detector
from model_hooks.registry import load_detector, read_manifest
from model_hooks.threads import keep_freed_memory, use_one_thread
from model_hooks.training.cards import shortened, shown_command, with_measures
from model_hooks.training.shop_files import TRUTH, described, read_lines

LOWEST_SCORE = 0.02
"""Detections below it change no figure that matters, and cost time."""
AT_ONCE = 32

Record = dict[str, Any]


@dataclass(frozen=True)
class TestSet:
    """Pictures and what is to be found in them; COCO's form, and where each picture lies."""

    ground_truth: Mapping[str, list[Record]]
    paths: Mapping[Any, Path]

    __test__ = False  # Its name is no reason for pytest to collect it.


@dataclass(frozen=True)
class Figures:
    """How well a detector does.

    Attributes
    ----------
    map50, map
        Mean average precision at IoU 0.5, and over 0.5 to 0.95.
    precision, recall, f1
        Of all categories together at `threshold`, IoU 0.5.
    ap50
        Category to average precision at IoU 0.5; only those with something to find.
    objects
        Category to how many there are.
    images_per_second
        Of detection, with the pictures' scaling and without their reading.
    """

    map50: float
    map: float
    precision: float
    recall: float
    f1: float
    threshold: float
    ap50: Mapping[str, float]
    objects: Mapping[str, int]
    images: int
    images_per_second: float


def scene_set(folder: Path) -> TestSet:
    """Read the scenes of a folder that the drawn shop has written."""
    images, annotations, paths = [], [], {}
    for number, line in enumerate(read_lines(folder / TRUTH)):
        paths[number] = folder / line["file"]
        images.append({"id": number})
        annotations += [
            {"image_id": number, "category_id": item["category"], "bbox": item["box"]}
            for item in line["objects"]
        ]
    return _test_set(images, annotations, paths)


def coco_set(annotations: Path, images: Path, known: Sequence[str]) -> TestSet:
    """Read COCO annotations; a category counts by its supercategory or name, whichever is in `known`.

    Other categories are left out, so that nothing is said of what the model has never heard of.
    """
    try:
        content = json.loads(annotations.read_bytes())
        slugs = {
            one["id"]: next((word for word in (one.get("supercategory"), one["name"]) if word in known), None)
            for one in content["categories"]
        }
        rows = [
            {"image_id": row["image_id"], "category_id": slugs[row["category_id"]], "bbox": row["bbox"]}
            for row in content["annotations"]
            if slugs[row["category_id"]] is not None and not row.get("iscrowd")
        ]
        paths = {image["id"]: images / image["file_name"] for image in content["images"]}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelUseError(f"{annotations} cannot be read as COCO annotations ({error!r}).") from error
    return _test_set([{"id": number} for number in paths], rows, paths)


def _test_set(images: list[Record], annotations: list[Record], paths: Mapping[Any, Path]) -> TestSet:
    names = sorted({row["category_id"] for row in annotations})
    categories = [{"id": name} for name in names]
    return TestSet({"images": images, "annotations": annotations, "categories": categories}, paths)


def find_all(
    detector: Detector, manifest: ModelManifest, test_set: TestSet, *, threshold: float = LOWEST_SCORE
) -> tuple[list[Record], float]:
    """Run a detector over all pictures; return COCO results by category slug, and the seconds it took.

    What the model maps to no category is left out.
    """
    results: list[Record] = []
    seconds = 0.0
    for numbers, pictures in _opened(test_set.paths):
        begun = time.perf_counter()
        found = detector.detect(pictures, threshold=threshold)
        seconds += time.perf_counter() - begun
        for number, detections in zip(numbers, found, strict=True):
            for one in detections:
                slug = manifest.category(one.label)
                box = [one.box.x, one.box.y, one.box.w, one.box.h]
                if slug is not None:
                    row = {"image_id": number, "category_id": slug, "bbox": box, "score": one.score}
                    results.append(row)
    return results, seconds


def with_categories(test_set: TestSet, results: Sequence[Record]) -> dict[str, list[Record]]:
    """Return the ground truth with every category that was found, since a false find must have a name too."""
    names = {one["id"] for one in test_set.ground_truth["categories"]}
    names |= {row["category_id"] for row in results}
    return {**test_set.ground_truth, "categories": [{"id": name} for name in sorted(names)]}


def figures_of(test_set: TestSet, results: Sequence[Record], *, threshold: float, seconds: float) -> Figures:
    """Return the figures of detections as `find_all` gives them."""
    truth = with_categories(test_set, results)
    scores = coco_scores(truth, results)
    rates = precision_recall_at(truth, results, threshold=threshold).micro
    ap50, objects = {}, {}
    for category in (one["id"] for one in test_set.ground_truth["categories"]):
        mine = [row for row in truth["annotations"] if row["category_id"] == category]
        found = [row for row in results if row["category_id"] == category]
        alone = {**truth, "annotations": mine, "categories": [{"id": category}]}
        ap50[category], objects[category] = coco_scores(alone, found).ap50, len(mine)
    speed = len(test_set.paths) / seconds if seconds else math.nan
    return Figures(
        *(scores.ap50, scores.ap, rates.precision, rates.recall, rates.f1),
        *(threshold, ap50, objects, len(test_set.paths), round(speed, 1)),
    )


def as_text(figures: Figures) -> str:
    """Return the figures for a person to read."""
    count = sum(figures.objects.values())
    rates = f"precision {figures.precision:.3f}, recall {figures.recall:.3f}, F1 {figures.f1:.3f}"
    lines = [
        f"{figures.images} pictures, {count} objects, {figures.images_per_second:.0f} pictures/s",
        f"mAP50 {figures.map50:.3f}   mAP {figures.map:.3f}",
        f"at threshold {figures.threshold:.3f}: {rates}",
        *(f"  {name:<14} AP50 {ap:.3f}  of {figures.objects[name]}" for name, ap in figures.ap50.items()),
    ]
    return "\n".join(lines) + "\n"


def _opened(paths: Mapping[Any, Path]) -> Iterator[tuple[list[Any], list[Image.Image]]]:
    """Yield the pictures, some at a time, with their ids."""
    from tqdm import tqdm

    numbers = list(paths)
    for start in tqdm(range(0, len(numbers), AT_ONCE), desc="detecting", mininterval=2):
        some = numbers[start : start + AT_ONCE]
        pictures = []
        for number in some:
            try:
                with Image.open(paths[number]) as picture:
                    pictures.append(picture.convert("RGB"))
            except OSError as error:
                raise ModelUseError(f"{paths[number]} cannot be read ({error}); restore it.") from error
        yield some, pictures


def main(arguments: Sequence[str] | None = None) -> str:
    """Run the command and return its text; `detector.main` turns errors into an exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(
        prog="python -m model_hooks.training.detector measure", description=__doc__
    )
    parser.add_argument("model", type=Path, metavar="MODEL_DIR", help="a model folder NAME/VERSION")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="scenes of the drawn shop")
    parser.add_argument("--coco", type=Path, metavar="ANNOTATIONS", help="COCO annotations instead")
    parser.add_argument("--images", type=Path, metavar="DIR", help="where the pictures of --coco lie")
    parser.add_argument("--device", default="auto", help="cpu, cuda, cuda:N or auto")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument("--card", action="store_true", help="write them into the model's card.md too")
    options = parser.parse_args(given)
    if (options.data is None) == (options.coco is None) or (options.coco is None) != (options.images is None):
        parser.error("give either --data, or --coco together with --images")
    try:
        text = _measured(options)
    except EvaluationError as error:
        raise ModelHookError(str(error)) from error
    if options.card:
        data = shortened(options.coco) if options.data is None else f"the {described(options.data)}"
        command = shown_command("model_hooks.training.detector measure", given)
        with_measures(options.model, data, command=command, figures=text)
    return text


def _measured(options: argparse.Namespace) -> str:
    use_one_thread()
    keep_freed_memory()
    manifest = read_manifest(options.model)
    known = sorted({slug for slug in manifest.labels.values() if slug is not None})
    if options.data is not None:
        test_set = scene_set(options.data)
    else:
        test_set = coco_set(options.coco, options.images, known)
    detector = load_detector(options.model, options.device)
    results, seconds = find_all(detector, manifest, test_set)
    figures = figures_of(test_set, results, threshold=manifest.threshold or 0.0, seconds=seconds)
    if options.json is not None:
        named = {"model": f"{manifest.name}/{manifest.version}", "digest": manifest.digest, **asdict(figures)}
        options.json.write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")
    return as_text(figures)
