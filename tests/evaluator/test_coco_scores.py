import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.detection import coco_scores, matching
from evaluator.errors import EvaluationError
from tests.evaluator.coco_samples import (
    Record,
    Truth,
    defined_mean,
    found_of,
    pycocotools_run,
    random_data,
    shuffled,
    truth_of,
)

SQUARE = [0.0, 0.0, 50.0, 50.0]
TRUTH = truth_of([(1, 7, SQUARE), (2, 7, SQUARE), (2, 8, [60.0, 0.0, 50.0, 50.0])])
FOUND = found_of([(1, 7, 0.9, SQUARE), (2, 7, 0.8, SQUARE)])


def peer_figures(truth: Truth, found: list[Record], depth: int) -> tuple[list[float], list[float]]:
    """The twelve figures at `depth`, and AP by category, of pycocotools."""
    run = pycocotools_run(truth, found, (1, min(10, depth), depth))
    precision = run.eval["precision"][..., 2]
    stats = [defined_mean(precision[..., 0]), *np.where(run.stats[1:] == -1, math.nan, run.stats[1:])]
    return stats, [defined_mean(precision[:, :, place, 0]) for place in range(precision.shape[2])]


@pytest.mark.parametrize("seed", range(200))
def test_every_figure_equals_pycocotools(seed: int) -> None:
    truth, found = random_data(seed)
    stats, per_category = peer_figures(truth, found, 100)
    scores = coco_scores(*shuffled(seed, truth, found))
    assert scores.stats == pytest.approx(stats, abs=1e-9, nan_ok=True)
    assert list(scores.per_category.values()) == pytest.approx(per_category, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("depth", [2, 12, 300])
@pytest.mark.parametrize("seed", range(20))
def test_another_depth_holds_for_the_first_figure_too(seed: int, depth: int) -> None:
    truth, found = random_data(seed)
    stats, _ = peer_figures(truth, found, depth)
    scores = coco_scores(truth, found, max_detections=depth)
    assert scores.stats == pytest.approx(stats, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("seed", range(200))
def test_with_equal_scores_it_equals_pycocotools_on_the_file_in_order_of_id(seed: int) -> None:
    truth, found = random_data(seed, ties=True)
    stats, per_category = peer_figures(truth, found, 100)
    scores = coco_scores(*shuffled(seed, truth, found))
    assert scores.stats == pytest.approx(stats, abs=1e-9, nan_ok=True)
    assert list(scores.per_category.values()) == pytest.approx(per_category, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("seed", range(200))
def test_with_equal_scores_and_no_ids_it_equals_pycocotools_on_the_file_as_it_stands(seed: int) -> None:
    truth, found = random_data(seed, ties=True)
    mixed = shuffled(seed, {}, found)[1]
    nameless = [{key: detection[key] for key in detection if key != "id"} for detection in mixed]
    stats, per_category = peer_figures(truth, nameless, 100)
    scores = coco_scores(truth, nameless)
    assert scores.stats == pytest.approx(stats, abs=1e-9, nan_ok=True)
    assert list(scores.per_category.values()) == pytest.approx(per_category, abs=1e-9, nan_ok=True)


def test_pairs_looked_at_in_small_blocks_give_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, found = random_data(7, ties=True)
    whole = coco_scores(truth, found)
    monkeypatch.setattr(matching, "PAIRS_AT_ONCE", 3)
    assert repr(coco_scores(truth, found)) == repr(whole)


@pytest.mark.real
def test_the_official_fake_results_give_the_published_figures(known_answers: Path) -> None:
    folder = known_answers / "coco_official_100"
    expected = json.loads((folder / "expected.json").read_text())
    scores = coco_scores(folder / "gt.json", str(folder / "detections.json"))
    assert scores.stats == pytest.approx(expected["stats"], abs=1e-6)
    published = [0.505, 0.697, 0.573, 0.586, 0.519, 0.501, 0.387, 0.594, 0.595, 0.640, 0.566, 0.564]
    assert scores.stats == pytest.approx(published, abs=5.1e-4)
    assert (scores.images, scores.detections) == (expected["n_img"], expected["n_dt"])
    assert scores.objects == expected["n_gt"] - 9


def test_a_perfect_detector_scores_one_and_an_unseen_size_is_undefined() -> None:
    scores = coco_scores(TRUTH, [*FOUND, *found_of([(2, 8, 0.1, [60.0, 0.0, 50.0, 50.0])])])
    assert (scores.ap, scores.ap_medium, scores.ar1) == (1, 1, 1)
    assert math.isnan(scores.ap_small)
    assert math.isnan(scores.ar_large)


def test_a_category_that_is_never_found_counts_as_zero() -> None:
    assert dict(coco_scores(TRUTH, FOUND).per_category) == {7: 1.0, 8: 0.0}
    assert coco_scores(TRUTH, FOUND).ap == 0.5


def test_what_is_found_in_a_category_without_ground_truth_is_free_and_is_counted() -> None:
    truth = {**TRUTH, "categories": [*TRUTH["categories"], {"id": 3}]}
    scores = coco_scores(truth, [*FOUND, *found_of([(1, 3, 1.0, SQUARE), (2, 3, 1.0, SQUARE)])])
    assert scores.ap == coco_scores(TRUTH, FOUND).ap
    assert math.isnan(scores.per_category[3])
    assert (scores.without_ground_truth, scores.detections_without_ground_truth) == ((3,), 2)


def test_a_crowd_is_neither_to_be_found_nor_an_error_to_find() -> None:
    truth = {**TRUTH, "annotations": [*TRUTH["annotations"]]}
    truth["annotations"].append(
        {"id": 9, "image_id": 1, "category_id": 7, "bbox": [100, 0, 300, 300], "iscrowd": 1, "area": 90000}
    )
    inside = found_of([(1, 7, 1.0, [110.0 + 9 * step, 10.0, 40.0, 40.0]) for step in range(3)])
    with_crowd, without = coco_scores(truth, [*FOUND, *inside]), coco_scores(TRUTH, FOUND)
    assert (with_crowd.ap, with_crowd.ar, with_crowd.objects) == (without.ap, without.ar, without.objects)


def test_an_annotation_with_id_zero_can_be_found() -> None:
    truth = truth_of([(1, 7, SQUARE)])
    truth["annotations"][0]["id"] = 0
    assert coco_scores(truth, FOUND[:1]).ap == 1


def test_ids_may_be_words_and_equal_names_mean_equal_figures() -> None:
    truth, found = random_data(5)
    named = {
        "images": [{"id": f"i{image['id']:03}"} for image in truth["images"]],
        "categories": [{"id": f"c{category['id']:03}"} for category in truth["categories"]],
        "annotations": [_named(annotation) for annotation in truth["annotations"]],
    }
    scores = coco_scores(named, [_named(detection) for detection in found])
    assert repr(scores.stats) == repr(coco_scores(truth, found).stats)


def _named(record: Record) -> Record:
    return {**record, "image_id": f"i{record['image_id']:03}", "category_id": f"c{record['category_id']:03}"}


def test_nothing_to_find_is_undefined_and_nothing_found_is_zero() -> None:
    nothing: Truth = {"images": [], "categories": [], "annotations": []}
    assert np.isnan(coco_scores(nothing, []).stats).all()
    assert coco_scores(TRUTH, []).ap == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_id": 5}, r"detections.image_id\[1\]: 5 is not known"),
        ({"image_id": []}, r"detections.image_id\[1\]: \[\] is not known"),
        ({"category_id": 9}, r"detections.category_id\[1\]: 9 is not known"),
        ({"score": math.nan}, r"detections.score\[1\]: nan is not a finite number"),
        ({"bbox": [0, 0, -1, 5]}, r"detections.bbox width\[1\]: -1 is below 0"),
        ({"bbox": [0, 0, 1, -5]}, r"detections.bbox height\[1\]: -5 is below 0"),
        ({"bbox": [0, math.inf, 1, 5]}, r"detections.bbox\[1, 1\]: inf is not a finite number"),
        ({"bbox": [0, 0, 1]}, r"detections.bbox\[1\]: expected four numbers"),
        ({"bbox": "none"}, r"detections.bbox\[1\]: expected four numbers"),
        ({"bbox": [0, 0, 1, {}]}, r"detections.bbox\[1\]: expected four numbers"),
    ],
)
def test_dishonest_detections_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        coco_scores(TRUTH, [FOUND[0], {**FOUND[1], **change}])


@pytest.mark.parametrize("key", ["image_id", "category_id", "bbox", "score"])
def test_a_missing_key_is_named_with_its_place(key: str) -> None:
    broken = {name: value for name, value in FOUND[1].items() if name != key}
    with pytest.raises(EvaluationError, match=rf"detections\[1\]: has no key '{key}'"):
        coco_scores(TRUTH, [FOUND[0], broken])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"iscrowd": 2}, r"ground_truth.annotations.iscrowd\[1\]: 2 is outside 0 to 1"),
        ({"area": -3}, r"ground_truth.annotations.area\[1\]: -3 is below 0"),
        ({"category_id": 99}, r"ground_truth.annotations.category_id\[1\]: 99 is not known"),
        ({"id": None}, r"ground_truth.annotations.id: ids of one kind only"),
        ({"id": [1]}, r"ground_truth.annotations.id: ids of one kind only"),
    ],
)
def test_a_dishonest_ground_truth_is_refused(change: dict[str, Any], message: str) -> None:
    first, second, *rest = TRUTH["annotations"]
    with pytest.raises(EvaluationError, match=message):
        coco_scores({**TRUTH, "annotations": [first, {**second, **change}, *rest]}, FOUND)


def test_lists_that_are_missing_or_hold_an_id_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="ground_truth: has no key 'images'"):
        coco_scores({"annotations": [], "categories": []}, [])
    with pytest.raises(EvaluationError, match=r"ground_truth.images.id\[2\]: 1 is there twice"):
        coco_scores({**TRUTH, "images": [{"id": 1}, {"id": 2}, {"id": 1}]}, FOUND)
    with pytest.raises(EvaluationError, match=r"ground_truth.images.id: ids of one kind only"):
        coco_scores({**TRUTH, "images": [{"id": 1}, {"id": "2"}]}, FOUND)
    with pytest.raises(EvaluationError, match="detections: expected a list of detections, found dict"):
        coco_scores(TRUTH, {"annotations": []})  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match=r"detections\[0\]: has no key 'image_id'"):
        coco_scores(TRUTH, ["image_id"])  # type: ignore[list-item]
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(EvaluationError, match="ground_truth: cannot read the JSON file"):
        coco_scores(tmp_path / "broken.json", FOUND)
    with pytest.raises(EvaluationError, match="detections: cannot read the JSON file"):
        coco_scores(TRUTH, tmp_path / "absent.json")
