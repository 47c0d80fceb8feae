import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.detection import Rates, best_f1_threshold, coco_scores, precision_recall_at
from evaluator.errors import EvaluationError
from tests.evaluator import padilla
from tests.evaluator.coco_samples import (
    Record,
    Truth,
    found_of,
    pycocotools_run,
    random_data,
    shuffled,
    truth_of,
)

SQUARE, ASIDE, FAR = [0.0, 0.0, 50.0, 50.0], [90.0, 0.0, 50.0, 50.0], [400.0, 0.0, 50.0, 50.0]
TRUTH = truth_of([(1, 7, SQUARE), (1, 7, ASIDE), (2, 8, SQUARE)])


@pytest.mark.parametrize(
    ("longer", "iou", "score", "hits", "kept"),
    [(1, 0.1, 0.45, 8, 16), (1, 0.3, 0.48, 6, 14), (0, 0.3, 0.48, 6, 14), (1, 0.5, 0.91, 1, 3)],
)
def test_the_sample_of_padilla_has_its_best_f1_where_it_is_expected(
    longer: float, iou: float, score: float, hits: int, kept: int
) -> None:
    best = best_f1_threshold(padilla.truth(longer=longer), padilla.found(longer=longer), iou=iou)
    assert (best.score, best.n) == (score, 15)
    assert (best.precision, best.recall) == (hits / kept, hits / 15)
    assert best.f1 == pytest.approx(2 * hits / (kept + 15))


def test_among_scores_of_equal_f1_the_highest_is_taken() -> None:
    assert best_f1_threshold(padilla.truth(), padilla.found(), iou=0.75).score == 0.95
    found = found_of([(1, 7, 0.9, SQUARE), (1, 7, 0.6, FAR), (1, 7, 0.6, FAR), (1, 7, 0.5, ASIDE)])
    best = best_f1_threshold(truth_of([(1, 7, SQUARE), (1, 7, ASIDE)]), found)
    assert best.curve.f1.tolist() == [2 / 3, 2 / 5, 2 / 3]
    assert best.score == 0.9


def test_detections_of_equal_score_stay_or_go_together() -> None:
    found = found_of([(1, 7, 0.9, SQUARE), (1, 7, 0.9, FAR), (2, 8, 0.9, FAR), (1, 7, 0.2, ASIDE)])
    best = best_f1_threshold(TRUTH, found)
    assert best.curve.score.tolist() == [0.9, 0.2]
    assert best.curve.precision.tolist() == [1 / 3, 1 / 2]


def test_precision_is_the_plain_one_and_not_the_envelope() -> None:
    found = found_of([(1, 7, 0.9, FAR), (1, 7, 0.8, SQUARE), (1, 7, 0.7, ASIDE), (2, 8, 0.6, FAR)])
    best = best_f1_threshold(TRUTH, found)
    assert best.curve.precision.tolist() == [0, 1 / 2, 2 / 3, 1 / 2]
    assert (best.score, best.precision) == (0.7, 2 / 3)


def test_a_crowd_is_ignored_on_both_sides() -> None:
    truth = truth_of([(1, 7, SQUARE), (1, 7, [100, 100, 300, 300])])
    truth["annotations"][1]["iscrowd"] = 1
    found = found_of([(1, 7, 0.9, [150, 150, 50, 50]), (1, 7, 0.8, [250, 250, 50, 50]), (1, 7, 0.5, SQUARE)])
    best = best_f1_threshold(truth, found)
    assert (best.score, best.f1, best.n) == (0.5, 1, 1)
    assert best.curve.score.tolist() == [0.5]
    assert precision_recall_at(truth, found, threshold=0).micro == Rates(1, 1, 1, 1, 0, 0)


def test_nothing_to_find_and_nothing_found_are_undefined_with_a_reason() -> None:
    nothing: Truth = {"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": []}
    for result, reason in [
        (best_f1_threshold(nothing, found_of([(1, 7, 0.5, SQUARE)])), "there is nothing to find"),
        (best_f1_threshold(TRUTH, []), "nothing was found"),
    ]:
        assert np.isnan([result.score, result.f1, result.precision, result.recall]).all()
        assert (result.reason, result.interval.reason) == (reason, reason)
    rates = precision_recall_at(nothing, [], threshold=0)
    assert np.isnan([rates.micro.precision, rates.micro.recall, rates.micro.f1, rates.macro.f1]).all()


def test_the_interval_holds_f1_and_shrinks_with_more_images() -> None:
    few = best_f1_threshold(*several(20))
    many = best_f1_threshold(*several(320))
    for best in (few, many):
        assert best.interval.value == pytest.approx(best.f1)
        assert 0 <= best.interval.low < best.f1 < best.interval.high <= 1
    assert many.interval.high - many.interval.low < (few.interval.high - few.interval.low) / 2


def several(images: int) -> tuple[Truth, list[Record]]:
    truth = truth_of([(image, 7, SQUARE) for image in range(images)])
    boxes = [SQUARE if image % 4 else FAR for image in range(images)]
    return truth, found_of([(image, 7, 0.5, box) for image, box in enumerate(boxes)])


@pytest.mark.parametrize("seed", range(200))
def test_the_curve_equals_the_raw_counts_of_pycocotools(seed: int) -> None:
    truth, found = random_data(seed)
    best = best_f1_threshold(*shuffled(seed, truth, found))
    run = pycocotools_run(truth, found, (1, 10, 1000))
    images = [image for image in run.evalImgs if image and image["aRng"] == run.params.areaRng[0]]
    scores = np.concatenate([np.empty(0), *(image["dtScores"] for image in images)])
    hit, ignored = (
        np.concatenate([np.empty(0, bool), *(image[name][0] > 0 for image in images)])
        for name in ("dtMatches", "dtIgnore")
    )
    objects = sum(int((image["gtIgnore"] == 0).sum()) for image in images)
    assert best.n == objects
    curve = best.curve
    assert curve.score.tolist() == sorted(scores[~ignored].tolist(), reverse=True)
    for place, score in enumerate(curve.score):
        kept = (scores >= score) & ~ignored
        hits = (kept & hit).sum()
        assert curve.precision[place] == hits / kept.sum()
        assert curve.f1[place] == 2 * hits / (kept.sum() + objects)
    if objects:
        assert best.f1 == curve.f1.max()
        assert best.score == curve.score[curve.f1 == curve.f1.max()].max()


@pytest.mark.parametrize("seed", range(50))
def test_the_rates_at_the_best_threshold_are_those_of_the_threshold(seed: int) -> None:
    truth, found = random_data(seed, ties=True)
    best = best_f1_threshold(truth, found)
    if math.isnan(best.score):
        return
    result = precision_recall_at(truth, found, threshold=best.score)
    assert (result.micro.f1, result.micro.precision, result.micro.recall) == (
        best.f1,
        best.precision,
        best.recall,
    )
    parts = result.per_category.values()
    assert result.micro.true_positives == sum(rates.true_positives for rates in parts)
    assert result.micro.false_positives == sum(result.false_positives.values())
    assert result.micro.true_positives + result.micro.false_negatives == best.n
    assert result.macro.recall == pytest.approx(
        np.nanmean([rates.recall for rates in parts if not math.isnan(rates.recall)])
    )


def test_macro_is_over_categories_with_ground_truth_and_micro_over_all_counts() -> None:
    truth = {**TRUTH, "categories": [{"id": 7}, {"id": 8}, {"id": 9}]}
    found = found_of([(1, 7, 0.9, SQUARE), (1, 7, 0.9, FAR), (1, 9, 0.9, FAR)])
    result = precision_recall_at(truth, found, threshold=0.5)
    assert result.per_category[7] == Rates(1 / 2, 1 / 2, 1 / 2, 1, 1, 1)
    assert result.micro == Rates(1 / 3, 1 / 3, 1 / 3, 1, 2, 2)
    assert (result.macro.precision, result.macro.recall, result.macro.f1) == (1 / 2, 1 / 4, 1 / 4)
    assert (result.macro.false_positives, result.macro.false_negatives) == (1, 2)
    assert math.isnan(result.per_category[8].precision)
    assert result.per_category[8].f1 == 0
    assert math.isnan(result.per_category[9].recall)


def test_detections_at_the_threshold_are_kept() -> None:
    found = found_of([(1, 7, 0.5, SQUARE), (1, 7, 0.4999, ASIDE)])
    assert precision_recall_at(TRUTH, found, threshold=0.5).micro.true_positives == 1


def test_dishonest_bounds_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"iou: 1.5 is not above 0 and at most 1"):
        best_f1_threshold(TRUTH, [], iou=1.5)
    with pytest.raises(EvaluationError, match="threshold: nan is no score"):
        precision_recall_at(TRUTH, [], threshold=math.nan)
    with pytest.raises(EvaluationError, match=r"detections.score\[0\]: nan"):
        best_f1_threshold(TRUTH, found_of([(1, 7, math.nan, SQUARE)]))


@st.composite
def detectors(draw: st.DrawFn) -> tuple[Truth, list[Record]]:
    """Boxes of few places and sizes, so that overlaps, boxes and scores are often equal."""
    box = st.tuples(*[st.sampled_from([0, 10, 20])] * 2, *[st.sampled_from([10, 20, 40])] * 2).map(list)
    place = (st.integers(1, 3), st.integers(1, 2))
    truth = truth_of(draw(st.lists(st.tuples(*place, box), min_size=1, max_size=8)))
    truth["images"], truth["categories"] = [{"id": 1}, {"id": 2}, {"id": 3}], [{"id": 1}, {"id": 2}]
    for annotation in truth["annotations"]:
        annotation["iscrowd"] = int(draw(st.integers(0, 5)) == 0)
    score = st.sampled_from([0.25, 0.5, 0.75])
    return truth, found_of(draw(st.lists(st.tuples(*place, score, box), max_size=10)))


@given(detectors(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_neither_the_order_of_records_nor_any_name_changes_a_digit(
    data: tuple[Truth, list[Record]], random: Random
) -> None:
    truth, found = data
    images, categories, numbers = [3, 1, 2], [2, 1], list(range(1, len(truth["annotations"]) + 1))
    for names in (images, categories, numbers):
        random.shuffle(names)

    def renamed(record: Record) -> Record:
        other = {
            "image_id": f"picture {images[record['image_id'] - 1]}",
            "category_id": 10 * categories[record["category_id"] - 1],
        }
        return {**record, **other}

    other: Truth = {
        "images": [{"id": f"picture {number}"} for number in images],
        "categories": [{"id": 10 * number} for number in categories],
        "annotations": [
            {**renamed(one), "id": number} for one, number in zip(truth["annotations"], numbers, strict=True)
        ],
    }
    others = [renamed(detection) for detection in found]
    for records in (*other.values(), others):
        random.shuffle(records)
    assert repr(best_f1_threshold(other, others)) == repr(best_f1_threshold(truth, found))
    one = precision_recall_at(truth, found, threshold=0.5)
    another = precision_recall_at(other, others, threshold=0.5)
    assert (one.micro, one.false_positives) == (another.micro, another.false_positives) or math.isnan(
        one.micro.f1
    )


@given(detectors())
@settings(max_examples=60, deadline=None)
def test_images_taken_twice_leave_threshold_and_rates_unchanged(data: tuple[Truth, list[Record]]) -> None:
    truth, found = data

    def again(records: list[Record], key: str) -> list[Record]:
        return records + [{**record, key: record[key] + 100} for record in records]

    twice = {
        **truth,
        "images": again(truth["images"], "id"),
        "annotations": again(truth["annotations"], "image_id"),
    }
    once, doubled = best_f1_threshold(truth, found), best_f1_threshold(twice, again(found, "image_id"))
    assert repr(doubled.curve) == repr(once.curve)
    assert (doubled.n, doubled.reason) == (2 * once.n, once.reason)


@given(detectors())
@settings(max_examples=60, deadline=None)
def test_scores_on_another_scale_move_the_threshold_and_nothing_else(
    data: tuple[Truth, list[Record]],
) -> None:
    truth, found = data
    logits = [{**detection, "score": 40 * detection["score"] - 30} for detection in found]
    plain, scaled = best_f1_threshold(truth, found), best_f1_threshold(truth, logits)
    assert repr(scaled.score) == repr(40 * plain.score - 30)
    assert repr([scaled.f1, scaled.precision, scaled.recall]) == repr(
        [plain.f1, plain.precision, plain.recall]
    )


@given(detectors())
@settings(max_examples=60, deadline=None)
def test_a_detector_that_repeats_the_ground_truth_is_perfect(data: tuple[Truth, list[Record]]) -> None:
    truth, _ = data
    objects = [one for one in truth["annotations"] if not one["iscrowd"]]
    perfect = [
        {"score": 0.5, **{key: one[key] for key in ("image_id", "category_id", "bbox")}} for one in objects
    ]
    best = best_f1_threshold({**truth, "annotations": objects}, perfect)
    assert not objects or (best.f1, best.score) == (1, 0.5)
    assert not objects or coco_scores({**truth, "annotations": objects}, perfect).ap == 1
