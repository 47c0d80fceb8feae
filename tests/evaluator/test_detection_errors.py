import copy
import math

import pytest

from evaluator.detection import errors, precision_recall_at
from evaluator.errors import EvaluationError
from tests.evaluator.coco_samples import Record, found_of, random_data, shuffled, truth_of

SHIRT, JACKET = 7, 8
TRUTH = truth_of(
    [
        (1, SHIRT, [0, 0, 100, 100]),
        (1, JACKET, [300, 0, 100, 100]),
        (1, SHIRT, [0, 300, 100, 100]),
        (2, JACKET, [0, 0, 100, 100]),
    ]
)


def kinds(detection: tuple[int, int, float, list[float]]) -> set[str]:
    """The kinds of error of one more detection beside a perfect one of the first shirt."""
    perfect = (1, SHIRT, 0.9, [0.0, 0.0, 100.0, 100.0])
    result = errors(TRUTH, found_of([perfect, detection]))
    return {
        kind for kind in ("swapped", "badly_placed", "duplicate", "background") if getattr(result, kind).size
    }


@pytest.mark.parametrize(
    ("category", "box", "kind"),
    [
        (SHIRT, [0, 0, 100, 90], "duplicate"),
        (JACKET, [0, 300, 100, 90], "swapped"),
        (JACKET, [0, 0, 100, 90], "swapped"),
        (SHIRT, [0, 300, 100, 40], "badly_placed"),
        (JACKET, [0, 300, 100, 40], "badly_placed"),
        (SHIRT, [600, 600, 50, 50], "background"),
        (SHIRT, [0, 300, 100, 10], "badly_placed"),
        (SHIRT, [0, 300, 100, 9], "background"),
    ],
)
def test_each_kind_of_error_is_told_by_overlap_and_category(
    category: int, box: list[float], kind: str
) -> None:
    assert kinds((1, category, 0.5, box)) == {kind}


def test_positions_lead_to_the_records_that_were_given() -> None:
    found = found_of(
        [
            (2, SHIRT, 0.3, [0, 0, 100, 90]),
            (1, SHIRT, 0.5, [0, 0, 100, 90]),
            (1, SHIRT, 0.9, [0, 0, 100, 100]),
            (1, JACKET, 0.1, [600, 600, 9, 9]),
            (1, JACKET, 0.2, [300, 0, 100, 30]),
        ]
    )
    result = errors(TRUTH, found)
    assert result.counts == {"missed": 1, "duplicate": 1, "badly_placed": 1, "swapped": 1, "background": 1}
    assert (result.swapped.tolist(), result.duplicate.tolist()) == ([0], [1])
    assert (result.background.tolist(), result.badly_placed.tolist()) == ([3], [4])
    assert result.missed.tolist() == [2]
    assert result.partner == {0: 3, 1: 0, 4: 1}


def test_a_wrong_detection_in_another_image_explains_nothing() -> None:
    result = errors(TRUTH, found_of([(2, SHIRT, 0.9, [0, 300, 100, 100])]))
    assert result.counts == {"missed": 4, "duplicate": 0, "badly_placed": 0, "swapped": 0, "background": 1}


def test_detections_below_the_threshold_are_left_out() -> None:
    found = found_of([(1, SHIRT, 0.4, [600, 600, 9, 9]), (1, SHIRT, 0.5, [600, 600, 9, 9])])
    assert errors(TRUTH, found, threshold=0.5).background.tolist() == [1]


def test_a_crowd_is_never_missed_and_never_explains() -> None:
    truth = copy.deepcopy(TRUTH)
    for annotation in truth["annotations"]:
        annotation["iscrowd"] = 1
    found = found_of([(1, SHIRT, 0.9, [0, 0, 50, 50]), (2, SHIRT, 0.9, [0, 0, 100, 100])])
    result = errors(truth, found)
    assert result.counts == {"missed": 0, "duplicate": 0, "badly_placed": 0, "swapped": 0, "background": 1}


def test_without_boxes_there_are_no_errors_but_missed_ones() -> None:
    assert errors(TRUTH, []).missed.tolist() == [0, 1, 2, 3]
    nothing = {"images": TRUTH["images"], "categories": TRUTH["categories"], "annotations": []}
    assert errors(nothing, found_of([(1, SHIRT, 0.9, [0, 0, 9, 9])])).counts["background"] == 1


def tide_of(truth: dict[str, list[Record]], found: list[Record]) -> dict[str, int]:
    """Counts of the errors in plain loops over the definitions."""
    counts = dict.fromkeys(("missed", "duplicate", "badly_placed", "swapped", "background"), 0)
    for image in truth["images"]:
        objects = [
            one for one in truth["annotations"] if one["image_id"] == image["id"] and not one["iscrowd"]
        ]
        crowds = [one for one in truth["annotations"] if one["image_id"] == image["id"] and one["iscrowd"]]
        taken: set[int] = set()
        near: set[int] = set()
        wrong = []
        for one in sorted(
            (one for one in found if one["image_id"] == image["id"]), key=lambda one: -float(one["score"])
        ):
            free = [
                (iou(one, other), other["id"])
                for other in objects
                if other["category_id"] == one["category_id"] and other["id"] not in taken
            ]
            if free and max(free)[0] >= 0.5:
                taken.add(max(free)[1])
            elif not any(
                other["category_id"] == one["category_id"] and inside(one, other) >= 0.5 for other in crowds
            ):
                wrong.append(one)
        for one in wrong:
            own = max(
                [(iou(one, other), other["id"]) for other in objects if same(one, other)], default=(0.0, 0)
            )
            rest = max(
                [(iou(one, other), other["id"]) for other in objects if not same(one, other)],
                default=(0.0, 0),
            )
            if 0.1 <= own[0] < 0.5:
                counts["badly_placed"] += 1
                near.add(own[1])
            elif rest[0] >= 0.5:
                counts["swapped"] += 1
                near.add(rest[1])
            elif own[0] >= 0.5:
                counts["duplicate"] += 1
            else:
                counts["badly_placed" if rest[0] >= 0.1 else "background"] += 1
        counts["missed"] += sum(one["id"] not in taken | near for one in objects)
    return counts


def same(one: Record, other: Record) -> bool:
    return bool(one["category_id"] == other["category_id"])


def shared(one: Record, other: Record) -> float:
    (x, y, w, h), (x2, y2, w2, h2) = one["bbox"], other["bbox"]
    return float(max(min(x + w, x2 + w2) - max(x, x2), 0) * max(min(y + h, y2 + h2) - max(y, y2), 0))


def inside(one: Record, other: Record) -> float:
    return float(shared(one, other) / (one["bbox"][2] * one["bbox"][3]))


def iou(one: Record, other: Record) -> float:
    both = shared(one, other)
    return float(both / (one["bbox"][2] * one["bbox"][3] + other["bbox"][2] * other["bbox"][3] - both))


@pytest.mark.parametrize("seed", range(100))
def test_counts_equal_those_of_plain_loops_over_the_definitions(seed: int) -> None:
    truth, found = random_data(seed, unequal=True)
    result = errors(*shuffled(seed, truth, found))
    assert result.counts == tide_of(truth, found)
    at = precision_recall_at(truth, found, threshold=-math.inf)
    assert at.false_positives == {kind: count for kind, count in result.counts.items() if kind != "missed"}


def test_dishonest_bounds_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"near: 0.6 is above iou, 0.5"):
        errors(TRUTH, [], near=0.6)
    with pytest.raises(EvaluationError, match="near: 0 is not above 0"):
        errors(TRUTH, [], near=0)
