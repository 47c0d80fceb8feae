"""What a detector did wrong, error by error."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluator import checks
from evaluator.detection.data import DetectionData, Detections, GroundTruth, chosen, read
from evaluator.detection.matching import Outcome, Pairs, outcome, overlapping
from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

CAUSES = ("duplicate", "badly_placed", "swapped", "background")
DUPLICATE, BADLY_PLACED, SWAPPED, BACKGROUND = range(4)
NEAR = 0.1


@dataclass(frozen=True)
class DetectionErrors:
    """Positions of the errors in the lists that were given, ascending; `errors` defines each kind.

    Attributes
    ----------
    missed : ndarray of int64
        Positions in `ground_truth["annotations"]`.
    swapped, badly_placed, duplicate, background : ndarray of int64
        Positions in `detections`.
    partner : mapping of int to int
        Detection to the annotation that explains the error; none for background.
    """

    missed: Ints
    swapped: Ints
    badly_placed: Ints
    duplicate: Ints
    background: Ints
    partner: Mapping[int, int]

    @property
    def counts(self) -> dict[str, int]:
        """How many errors there are of each kind."""
        return {kind: len(getattr(self, kind)) for kind in ("missed", *CAUSES)}


@dataclass(frozen=True)
class Diagnosis:
    """Per detection the place of its error in `CAUSES`, or -1; and the object that explains it, or -1."""

    cause: Ints
    partner: Ints

    def counts(self) -> dict[str, int]:
        """How many errors have each cause."""
        return {kind: int((self.cause == place).sum()) for place, kind in enumerate(CAUSES)}


def errors(
    ground_truth: GroundTruth,
    detections: Detections,
    *,
    threshold: float = -math.inf,
    iou: float = 0.5,
    near: float = NEAR,
) -> DetectionErrors:
    """Return each error of a detector with its kind.

    Parameters
    ----------
    ground_truth, detections : COCO mapping and list of results, or paths of their JSON files
        As `detection.data.read` describes them.
    threshold : float
        Detections below this score are left out.
    iou : float
        Least intersection over union of a hit, above 0 to 1; hits are those of COCO.
    near : float
        Least intersection over union of a box that is not background; above 0, at most `iou`.

    Returns
    -------
    DetectionErrors
        For a detection that is no hit, the first that holds of: `badly_placed`, its best overlap with an
        object of its own category is at least `near` but below `iou`; `swapped`, an object of another
        category overlaps by at least `iou`; `duplicate`, one of its own does, and a surer detection has it;
        `badly_placed` again, an object of another category is `near`; `background`, none is. `missed`:
        objects not found that explain neither a swapped detection nor a badly placed one of their own
        category. Crowds are no objects, and a detection that falls to one is no error.

    Notes
    -----
    Bolya et al. 2020, "TIDE: A General Toolbox for Identifying Object Detection Errors", with its bounds of
    0.5 and 0.1 and in the order of its program; what it calls both wrong counts as badly placed here.

    Examples
    --------
    A found object with a second box on it, a jacket taken for a shirt (8 for 7), an object nobody saw:

    >>> truth = {"images": [{"id": 1}], "categories": [{"id": 7}, {"id": 8}], "annotations": [
    ...     {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
    ...     {"image_id": 1, "category_id": 8, "bbox": [90, 0, 50, 50]},
    ...     {"image_id": 1, "category_id": 8, "bbox": [0, 300, 50, 50]}]}
    >>> found = [{"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.9},
    ...          {"image_id": 1, "category_id": 7, "bbox": [5, 0, 50, 50], "score": 0.8},
    ...          {"image_id": 1, "category_id": 7, "bbox": [90, 0, 50, 50], "score": 0.7}]
    >>> errors(truth, found).counts
    {'missed': 1, 'duplicate': 1, 'badly_placed': 0, 'swapped': 1, 'background': 0}
    """
    hit_bound, near_bound = checks.share("iou", iou), checks.share("near", near)
    if near_bound > hit_bound:
        raise EvaluationError("near", f"{near} is above iou, {iou}")
    data = above(read(ground_truth, detections), threshold)
    result = outcome(data, hit_bound)
    found = diagnose(data, result, iou=hit_bound, near=near_bound)
    explained = found.partner >= 0
    partners = zip(
        data.found.row[explained].tolist(), data.truth.row[found.partner[explained]].tolist(), strict=True
    )
    return DetectionErrors(
        missed=np.sort(data.truth.row[_missed(data, result, found)]),
        **{kind: np.sort(data.found.row[found.cause == place]) for place, kind in enumerate(CAUSES)},
        partner=dict(sorted(partners)),
    )


def above(data: DetectionData, threshold: float) -> DetectionData:
    """Return the data without detections below `threshold`."""
    if math.isnan(threshold):
        raise EvaluationError("threshold", "nan is no score")
    kept = chosen(data.found, data.found.score >= threshold)
    return DetectionData(data.image_ids, data.category_ids, data.truth, kept)


def diagnose(data: DetectionData, result: Outcome, *, iou: float, near: float = NEAR) -> Diagnosis:
    """Return the cause of each error among the detections; `errors` defines the causes."""
    images = (data.found.image, data.truth.image)
    pairs = overlapping(data.found.boxes, data.truth.boxes, images, least=near)
    counted = ~data.truth.crowd[pairs.truth]
    same = data.found.category[pairs.found] == data.truth.category[pairs.truth]
    own, own_object = _best(pairs, counted & same, len(data.found))
    other, other_object = _best(pairs, counted & ~same, len(data.found))
    kinds = [
        ((own >= near) & (own < iou), BADLY_PLACED, own_object),
        (other >= iou, SWAPPED, other_object),
        (own >= iou, DUPLICATE, own_object),
        (other >= near, BADLY_PLACED, other_object),
    ]
    holds = [result.error & condition for condition, _, _ in kinds]
    cause = np.select(holds, [kind for _, kind, _ in kinds], np.where(result.error, BACKGROUND, -1))
    partner = np.select(holds, [explaining for _, _, explaining in kinds], -1)
    return Diagnosis(cause, partner)


def _best(pairs: Pairs, allowed: Bools, count: int) -> tuple[Floats, Ints]:
    """Return each detection's largest overlap among the allowed pairs, and with what; 0 and -1 for none."""
    found, truth, overlap = pairs.found[allowed], pairs.truth[allowed], pairs.overlap[allowed]
    order = np.lexsort((truth, -overlap, found))
    detection, first = np.unique(found[order], return_index=True)
    largest, partner = np.zeros(count), np.full(count, -1)
    largest[detection], partner[detection] = overlap[order][first], truth[order][first]
    return largest, partner


def _missed(data: DetectionData, result: Outcome, found: Diagnosis) -> Bools:
    """Return the objects that were not found and that no swapped or badly placed detection explains."""
    open_objects = ~data.truth.crowd
    open_objects[result.matched[result.hit]] = False
    own = data.found.category == np.append(data.truth.category, -1)[found.partner]
    near = (found.cause == SWAPPED) | ((found.cause == BADLY_PLACED) & own)
    open_objects[found.partner[near]] = False
    return open_objects
