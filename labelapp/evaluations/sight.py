"""What a system sees in scenes: objects with their crops' codes, from the store or from the models."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import PIL.Image

from labelapp.catalog.crops import PixelBox, crop_hash, whole_pixels
from labelapp.catalog.images import crop, load_original
from labelapp.catalog.models import Image
from labelapp.evaluations import loaded_models
from labelapp.evaluations.feature_store import Code, Found, codes_of, detections_of, keep
from labelapp.evaluations.models import ModelVersion, System
from labelapp.evaluations.picture_batches import batches
from model_hooks.codes import binarize
from model_hooks.protocols import Box, Detection, GenderPredictor

# Detections are stored down to this score, so that systems with other thresholds share them.
FLOOR = 0.05
DETECTIONS_AT_MOST = 100
# Nobody can judge what is smaller than this on a side.
SIDE_AT_LEAST = 8
PICTURES_AT_ONCE = 16
CROPS_AT_ONCE = 32

Crops = Mapping[str, tuple[PIL.Image.Image, PixelBox]]


@dataclass(frozen=True, slots=True)
class SeenObject:
    """A box above the system's threshold whose label is one of our categories."""

    box: PixelBox
    label: str
    category: str
    score: float
    crop_hash: str


@dataclass
class Sight:
    """Objects by image id, best first; their codes by crop hash; how many had no category of ours."""

    objects: dict[int, list[SeenObject]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    left_out: int = 0


def recall(images: Sequence[Image], system: System) -> Sight:
    """Return what the store knows of the pictures, without asking a model."""
    sight = Sight()
    known = detections_of(images, system.detector)
    for image in images:
        if image.pk in known:
            _recognise(image, known[image.pk], system, sight)
    sight.codes |= codes_of(_hashes(sight.objects.values()), system.embedder)
    return sight


def see(images: Sequence[Image], system: System, *, after_batch: Callable[[], None]) -> Sight:
    """Look at pictures; only those with something unknown are opened, each once.

    `after_batch` is called after every call of a model, so that a slow one does not cost the lease.
    """
    sight = recall(images, system)
    unknown = [image for image in images if not is_complete(image, sight)]
    for batch in batches(unknown, lambda image: image.width * image.height, size=PICTURES_AT_ONCE):
        _look(batch, system, sight, after_batch=after_batch)
    return sight


def embed(
    crops: Crops, model: ModelVersion, *, after_batch: Callable[[], None]
) -> Iterator[tuple[str, Code]]:
    """Embed parts of pictures; each is cut out only when its turn comes."""
    embedder = loaded_models.embedder(model)
    for batch in batches(crops.items(), lambda item: item[1][1][2] * item[1][1][3], size=CROPS_AT_ONCE):
        vectors = embedder.embed([crop(picture, box) for _, (picture, box) in batch])
        bits = binarize(vectors, embedder.bit_thresholds)
        genders: list[str | None] = [None] * len(batch)
        if isinstance(embedder, GenderPredictor):
            genders = embedder.genders_of(vectors)
        for (key, _), code, gender in zip(batch, bits, genders, strict=True):
            yield key, Code(code.tobytes(), gender)
        after_batch()


def _look(batch: Sequence[Image], system: System, sight: Sight, *, after_batch: Callable[[], None]) -> None:
    pictures = {image.pk: load_original(image) for image in batch}
    new = [image for image in batch if image.pk not in sight.objects]
    found = _detect([pictures[image.pk] for image in new], system.detector)
    after_batch()
    detections = dict(zip((image.pk for image in new), found, strict=True))
    for image in new:
        _recognise(image, detections[image.pk], system, sight)
    sight.codes |= codes_of(_hashes(sight.objects[pk] for pk in detections), system.embedder)
    wanted = {
        seen.crop_hash: (pictures[image.pk], seen.box)
        for image in batch
        for seen in sight.objects[image.pk]
        if seen.crop_hash not in sight.codes
    }
    codes = dict(embed(wanted, system.embedder, after_batch=after_batch))
    sight.codes |= codes
    keep(detections, codes, detector=system.detector, embedder=system.embedder)


def _detect(pictures: Sequence[PIL.Image.Image], model: ModelVersion) -> list[Found]:
    if not pictures:
        return []
    found = loaded_models.detector(model).detect(pictures, threshold=FLOOR)
    return [[_as_json(detection) for detection in best[:DETECTIONS_AT_MOST]] for best in found]


def _as_json(detection: Detection) -> dict[str, object]:
    box = detection.box
    numbers = {"x": box.x, "y": box.y, "w": box.w, "h": box.h, "score": detection.score}
    return {**{name: float(value) for name, value in numbers.items()}, "label": detection.label}


def _recognise(image: Image, found: Found, system: System, sight: Sight) -> None:
    """Keep what is above the threshold, large enough, and of a category that the shop has."""
    categories = system.detector.manifest["labels"]
    objects = sight.objects[image.pk] = []
    for one in found:
        box = whole_pixels(Box(one["x"], one["y"], one["w"], one["h"]), image.width, image.height)
        if one["score"] < system.threshold or min(box[2:]) < SIDE_AT_LEAST:
            continue
        category = categories.get(one["label"])
        if category is None:
            sight.left_out += 1
            continue
        key = crop_hash(image.sha256, box)
        objects.append(SeenObject(box, one["label"], category, one["score"], key))


def is_complete(image: Image, sight: Sight) -> bool:
    """Whether nothing about the picture is left to a model."""
    objects = sight.objects.get(image.pk)
    return objects is not None and all(seen.crop_hash in sight.codes for seen in objects)


def _hashes(objects: Iterable[Iterable[SeenObject]]) -> set[str]:
    return {seen.crop_hash for of_image in objects for seen in of_image}
