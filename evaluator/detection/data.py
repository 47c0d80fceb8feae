"""Ground truth and detections in the form of COCO: read, checked, and turned into arrays.

Boxes keep the (x, y, w, h) of the files here, not the corners of `evaluator.boxes`: areas and overlaps then
round as they do in pycocotools, and a pair exactly at a threshold falls on the same side.
"""

import json
import os
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

from evaluator import checks
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

Record = Mapping[str, Any]
GroundTruth = Mapping[str, Any] | str | os.PathLike[str]
Detections = Sequence[Record] | str | os.PathLike[str]
Ties = Literal["size", "id", "place"]

ANNOTATIONS, DETECTIONS = "ground_truth.annotations", "detections"


@dataclass(frozen=True)
class Boxes:
    """Boxes of one side, sorted by image and category; every array has as many rows.

    Attributes
    ----------
    row : ndarray of int64
        Position in the list that was given.
    image, category : ndarray of int64
        Positions in `DetectionData.image_ids` and `DetectionData.category_ids`.
    boxes : ndarray of float64, shape (boxes, 4)
        x, y, w, h in pixels.
    """

    row: Ints
    image: Ints
    category: Ints
    boxes: Floats

    def __len__(self) -> int:
        """How many boxes there are."""
        return len(self.row)


@dataclass(frozen=True)
class Truth(Boxes):
    """Ground truth; within image and category in the order that `read` says.

    Attributes
    ----------
    area : ndarray of float64
        Square pixels, as annotated, otherwise w x h.
    crowd : ndarray of bool
        Boxes to ignore: neither to be found nor an error to find.
    """

    area: Floats
    crowd: Bools


@dataclass(frozen=True)
class Found(Boxes):
    """Detections; within image and category highest score first, equals in the order that `read` says.

    Attributes
    ----------
    score : ndarray of float64
        Any finite numbers, higher is surer.
    """

    score: Floats


@dataclass(frozen=True)
class DetectionData:
    """Both sides, with the ids that their positions stand for, ascending."""

    image_ids: Sequence[Any]
    category_ids: Sequence[Any]
    truth: Truth
    found: Found

    def group(self, side: Boxes) -> Ints:
        """Return one ascending number per image and category for each box."""
        return side.image * len(self.category_ids) + side.category


Side = TypeVar("Side", bound=Boxes)


def chosen(side: Side, rows: Bools | Ints) -> Side:
    """Return some boxes of a side, in the order of `rows`."""
    return replace(side, **{field.name: getattr(side, field.name)[rows] for field in fields(side)})


def read(ground_truth: GroundTruth, detections: Detections, *, ties: Ties = "size") -> DetectionData:
    """Return both sides as arrays after checking them.

    Parameters
    ----------
    ground_truth : mapping or path of a JSON file
        COCO: `images` (id), `categories` (id), `annotations` (image_id, category_id, bbox as x, y, w, h;
        optionally id, area, iscrowd).
    detections : sequence of mappings or path of a JSON file
        COCO results: image_id, category_id, bbox, score; optionally id.
    ties : {"size", "id", "place"}
        How equals are ordered: by area, largest first, then by x, y, w, h, so that neither a name nor a place
        can change a figure; by id where every record of the side has one, otherwise by size; by id, otherwise
        by place in the list, as in pycocotools.

    Raises
    ------
    EvaluationError
        A missing key, an unknown or repeated id, a box that is not four finite numbers with w, h >= 0, a
        score that is not finite. Names the argument and the first offending position.
    """
    truth = loaded("ground_truth", ground_truth, Mapping, "a mapping with images, annotations and categories")
    found = loaded(DETECTIONS, detections, Sequence, "a list of detections")
    image_ids, category_ids = _ids(truth, "images"), _ids(truth, "categories")
    columns = Columns(image_ids, category_ids, ties=ties)
    return DetectionData(
        list(image_ids),
        list(category_ids),
        columns.truth(ANNOTATIONS, _list(truth, "annotations")),
        columns.found(DETECTIONS, found),
    )


def loaded(argument: str, source: Any, kind: type, expected: str) -> Any:
    """Return `source`, or what its JSON file holds, after checking that it is of a kind."""
    content = source
    if isinstance(source, str | os.PathLike):
        try:
            content = json.loads(Path(source).read_bytes())
        except (OSError, ValueError) as error:
            raise EvaluationError(argument, f"cannot read the JSON file {source} ({error})") from error
    if not isinstance(content, kind) or isinstance(content, str):
        raise EvaluationError(argument, f"expected {expected}, found {type(content).__name__}")
    return content


def column(argument: str, records: Sequence[Record], key: str) -> list[Any]:
    """Return the value of `key` in each record."""
    try:
        return [record[key] for record in records]
    except (KeyError, TypeError):
        lacking = (not isinstance(record, Mapping) or key not in record for record in records)
        raise EvaluationError(argument, f"has no key {key!r}", (list(lacking).index(True),)) from None


def distinct(argument: str, names: Sequence[Any]) -> Mapping[Any, int]:
    """Return the distinct ids, ascending, each with its position."""
    try:
        return {name: place for place, name in enumerate(sorted(set(names)))}
    except TypeError as error:
        raise EvaluationError(argument, f"ids of one kind only, please ({error})") from error


def positions(argument: str, records: Sequence[Record], key: str, known: Mapping[Any, int]) -> Ints:
    """Return the position of each record's id among the known ones."""
    names = column(argument, records, key)
    try:
        return np.fromiter(map(known.__getitem__, names), np.int64, len(names))
    except (KeyError, TypeError):
        place = [isinstance(name, Hashable) and name in known for name in names].index(False)
        raise EvaluationError(f"{argument}.{key}", f"{names[place]!r} is not known", (place,)) from None


def boxes_of(argument: str, records: Sequence[Record]) -> Floats:
    """Return checked x, y, w, h rows, shape (records, 4)."""
    name, given = f"{argument}.bbox", column(argument, records, "bbox")
    try:
        rows = np.asarray(given, dtype=np.float64).reshape(len(given), 4)
    except (TypeError, ValueError):
        place = list(map(_four_numbers, given)).index(False)
        problem = f"expected four numbers x, y, w, h, found {given[place]!r}"
        raise EvaluationError(name, problem, (place,)) from None
    checks.floats(name, rows, ndim=2)
    checks.floats(f"{name} width", rows[:, 2], low=0)
    checks.floats(f"{name} height", rows[:, 3], low=0)
    return rows


def _four_numbers(box: Any) -> bool:
    try:
        return np.asarray(box, dtype=np.float64).shape == (4,)
    except (TypeError, ValueError):
        return False


@dataclass(frozen=True)
class Columns:
    """Turns records into arrays, with positions for the ids of images and categories."""

    images: Mapping[Any, int]
    categories: Mapping[Any, int]
    ties: Ties

    def truth(self, argument: str, records: Sequence[Record]) -> Truth:
        """Return ground truth, sorted as `Truth` says."""
        boxes = self._boxes(argument, records)
        area = [
            record["area"] if "area" in record else box[2] * box[3]
            for record, box in zip(records, boxes.boxes, strict=True)
        ]
        crowd = [record.get("iscrowd", 0) for record in records]
        truth = Truth(
            **vars(boxes),
            area=checks.floats(f"{argument}.area", area, low=0),
            crowd=checks.integers(f"{argument}.iscrowd", crowd, low=0, high=1) == 1,
        )
        return chosen(truth, self._order(argument, records, boxes, np.zeros(len(records))))

    def found(self, argument: str, records: Sequence[Record]) -> Found:
        """Return detections, sorted as `Found` says."""
        boxes = self._boxes(argument, records)
        score = checks.floats(f"{argument}.score", column(argument, records, "score"))
        return chosen(Found(**vars(boxes), score=score), self._order(argument, records, boxes, -score))

    def _boxes(self, argument: str, records: Sequence[Record]) -> Boxes:
        return Boxes(
            np.arange(len(records)),
            positions(argument, records, "image_id", self.images),
            positions(argument, records, "category_id", self.categories),
            boxes_of(argument, records),
        )

    def _order(self, argument: str, records: Sequence[Record], boxes: Boxes, first: Floats) -> Ints:
        x, y, w, h = boxes.boxes.T
        identity = self._identity(argument, records)
        return np.lexsort((h, w, y, x, -w * h, identity, first, boxes.category, boxes.image))

    def _identity(self, argument: str, records: Sequence[Record]) -> Ints:
        if self.ties != "size" and all("id" in record for record in records):
            names = [record["id"] for record in records]
            place = distinct(f"{argument}.id", names)
            return np.fromiter(map(place.__getitem__, names), np.int64, len(names))
        return np.arange(len(records)) * (self.ties == "place")


def _list(truth: Mapping[str, Any], key: str) -> Sequence[Record]:
    if key not in truth:
        raise EvaluationError("ground_truth", f"has no key {key!r}")
    records: Sequence[Record] = loaded(f"ground_truth.{key}", truth[key], Sequence, "a list")
    return records


def _ids(truth: Mapping[str, Any], key: str) -> Mapping[Any, int]:
    argument = f"ground_truth.{key}"
    names = column(argument, _list(truth, key), "id")
    known = distinct(f"{argument}.id", names)
    if len(known) < len(names):
        first: dict[Any, int] = {}
        place = next(place for place, name in enumerate(names) if first.setdefault(name, place) < place)
        raise EvaluationError(f"{argument}.id", f"{names[place]!r} is there twice", (place,))
    return known
