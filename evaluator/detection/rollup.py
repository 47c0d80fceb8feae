"""Fine labels taken together to coarse ones, before boxes are matched."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evaluator import checks
from evaluator.detection.data import Columns, Found, Record, Truth, column, distinct, loaded
from evaluator.detection.matching import overlapping, turns
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Ints

ARGUMENT = "annotations"


def roll_up(
    annotations: Sequence[Record] | str | os.PathLike[str],
    parents: Mapping[Any, Any],
    *,
    iou: float = 0.5,
) -> list[dict[str, Any]]:
    """Return the annotations or detections with coarse categories, and without the doubles this makes.

    Parameters
    ----------
    annotations : sequence of mappings, or path of a JSON file
        The `annotations` of a COCO ground truth, or COCO results: detections if they have a score.
    parents : mapping of category id to category id
        Coarse category of every category that occurs; one step, not followed further. A category that stays
        stands for itself.
    iou : float
        Detections of one coarse category that overlap by at least this are doubles; above 0 to 1.

    Returns
    -------
    list of dict
        Copies with another `category_id`, in the given order. Of detections that are doubles the surest is
        left (of equal score the larger box), as in non-maximum suppression by class. Of ground truth boxes
        that are equal the one of the lowest id is left; a crowd is not equal to an object.

    Raises
    ------
    EvaluationError
        A category without a parent, some records with a score and some without, and whatever
        `detection.data.read` refuses.

    Notes
    -----
    docs/evaluation.md. Rolled up after matching instead, a detection of a sibling would stay an error.
    Without the removal, one object found as two siblings would be one hit and one error. Roll up both sides,
    and give the coarse categories as `categories` of the ground truth.

    Examples
    --------
    One garment, found as blouse (1) and as shirt (2), is one top (10):

    >>> found = [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 50], "score": 0.6},
    ...          {"image_id": 1, "category_id": 2, "bbox": [2, 0, 50, 50], "score": 0.7}]
    >>> [(one["category_id"], one["score"]) for one in roll_up(found, {1: 10, 2: 10})]
    [(10, 0.7)]
    """
    least = checks.share("iou", iou)
    given: Sequence[Record] = loaded(ARGUMENT, annotations, Sequence, "a list of annotations or detections")
    fine = column(ARGUMENT, given, "category_id")
    records = [
        {**record, "category_id": _parent(name, place, parents)}
        for place, (record, name) in enumerate(zip(given, fine, strict=True))
    ]
    columns = Columns(
        distinct(f"{ARGUMENT}.image_id", column(ARGUMENT, records, "image_id")),
        distinct("parents", column(ARGUMENT, records, "category_id")),
        ties="id",
    )
    side: Found | Truth
    if any("score" in record for record in records):
        side = columns.found(ARGUMENT, records)
        single = _surest(side, side.image * len(columns.categories) + side.category, least)
    else:
        side = columns.truth(ARGUMENT, records)
        single = _unequal(side)
    return [records[place] for place in np.sort(side.row[single]).tolist()]


def _parent(name: Any, place: int, parents: Mapping[Any, Any]) -> Any:
    try:
        return parents[name]
    except (KeyError, TypeError):
        raise EvaluationError(f"{ARGUMENT}.category_id", f"{name!r} has no parent", (place,)) from None


def _surest(found: Found, group: Ints, least: float) -> Bools:
    """Return which detections no surer one of their group overlaps that is itself left."""
    pairs = overlapping(found.boxes, found.boxes, (group, group), least=least)
    after = pairs.truth > pairs.found
    surer, weaker = pairs.found[after], pairs.truth[after]
    left = np.ones(len(found), dtype=np.bool_)
    for rows in turns(surer, group):
        left[weaker[rows][left[surer[rows]]]] = False
    return left


def _unequal(truth: Truth) -> Bools:
    keys = np.column_stack([truth.image, truth.category, truth.crowd, truth.boxes])
    left = np.zeros(len(truth), dtype=np.bool_)
    left[np.unique(keys, axis=0, return_index=True)[1]] = True
    return left
