import json
import math
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from evaluator.detection import best_f1_threshold, voc_ap
from evaluator.errors import EvaluationError
from tests.evaluator import padilla
from tests.evaluator.coco_samples import Record, Truth, found_of, random_data, shuffled, truth_of

SQUARE = [0.0, 0.0, 50.0, 50.0]


@pytest.mark.parametrize(
    ("iou", "every", "eleven"),
    [(0.1, 0.3371980676, 1 / 3), (0.3, 0.2456866805, 0.2683982684), (0.5, 1 / 45, 1 / 33), (0.75, 0, 0)],
)
def test_the_sample_of_padilla_gives_the_published_figures(iou: float, every: float, eleven: float) -> None:
    truth, found = padilla.truth(), padilla.found()
    assert voc_ap(truth, found, iou=iou, inclusive_pixels=True) == pytest.approx(every, abs=1e-9)
    assert voc_ap(truth, found, iou=iou, points=11, inclusive_pixels=True) == pytest.approx(eleven, abs=1e-9)


def test_without_the_inclusive_pixel_the_sample_gives_another_figure() -> None:
    assert voc_ap(padilla.truth(), padilla.found(), iou=0.3) == pytest.approx(0.2253968254, abs=1e-9)
    assert voc_ap(padilla.truth(), padilla.found(), iou=0.3, points=11) == pytest.approx(0.2683982684)


def lines(folder: Path) -> list[tuple[int, list[float]]]:
    """Image and numbers of each line `class [score] x y w h`."""
    return [
        (int(file.stem), [float(number) for number in line.split()[1:]])
        for file in sorted(folder.glob("*.txt"))
        for line in file.read_text().splitlines()
        if line.strip()
    ]


@pytest.mark.real
@pytest.mark.parametrize("bound", [0.1, 0.3, 0.5, 0.75])
def test_the_files_of_padilla_give_every_expected_figure(known_answers: Path, bound: float) -> None:
    folder = known_answers / "voc_padilla"
    truth = truth_of([(image, 1, box) for image, box in lines(folder / "groundtruths")])
    found = found_of([(image, 1, row[0], row[1:]) for image, row in lines(folder / "detections")])
    expected = json.loads((folder / "expected.json").read_text())[f"iou{bound:g}"]
    for points, name in (("all", "every"), (11, "eleven")):
        ap = voc_ap(truth, found, iou=bound, points=points, inclusive_pixels=True)  # type: ignore[arg-type]
        assert ap == pytest.approx(expected[name], abs=1e-9)
    for record in (*truth["annotations"], *found):
        record["bbox"][2:] = [side + 1 for side in record["bbox"][2:]]
    best = best_f1_threshold(truth, found, iou=bound)
    assert [best.f1, best.score, best.precision, best.recall] == pytest.approx(
        [expected[name] for name in ("best_f1", "thr", "P", "R")], abs=1e-6
    )


def plain_voc(truth: Truth, found: list[Record], iou: float, points: Literal["all", 11]) -> float:
    """The rule of VOC's development kit in plain loops, for continuous boxes and distinct scores."""
    figures = []
    for category in sorted({record["category_id"] for record in truth["annotations"]}):
        objects = [record for record in truth["annotations"] if record["category_id"] == category]
        easy = sum(1 - record["iscrowd"] for record in objects)
        if not easy:
            continue
        taken: set[int] = set()
        hits, rates = 0, []
        counted = 0
        for detection in sorted(found, key=lambda record: -float(record["score"])):
            if detection["category_id"] != category:
                continue
            candidates = [one for one in objects if one["image_id"] == detection["image_id"]]
            best = max(candidates, key=lambda one: plain_iou(one["bbox"], detection["bbox"]), default=None)
            is_near = best is not None and plain_iou(best["bbox"], detection["bbox"]) >= iou
            if is_near and best is not None and best["iscrowd"]:
                continue
            counted += 1
            if is_near and best is not None and best["id"] not in taken:
                taken.add(best["id"])
                hits += 1
            rates.append((hits, hits / counted))
        figures.append(plain_average(rates, easy, points))
    return sum(figures) / len(figures) if figures else math.nan


def plain_average(rates: list[tuple[int, float]], objects: int, points: Literal["all", 11]) -> float:
    def best_from(recall: float) -> float:
        return max((precision for hits, precision in rates if hits / objects >= recall), default=0.0)

    if points == "all":
        return sum(best_from(hits / objects) for hits in range(1, objects + 1)) / objects
    return sum(best_from(recall) for recall in np.linspace(0, 1, 11)) / 11


def plain_iou(first: list[float], second: list[float]) -> float:
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


@pytest.mark.parametrize("points", ["all", 11])
@pytest.mark.parametrize("seed", range(100))
def test_the_figure_equals_that_of_plain_loops(seed: int, points: Literal["all", 11]) -> None:
    truth, found = random_data(seed, unequal=True)
    expected = plain_voc(truth, found, 0.4, points)
    assert voc_ap(*shuffled(seed, truth, found), iou=0.4, points=points) == pytest.approx(
        expected, abs=1e-12, nan_ok=True
    )


def test_a_second_box_on_an_object_is_an_error_even_where_another_object_is_free() -> None:
    truth = truth_of([(1, 7, [0, 0, 50, 50]), (1, 7, [20, 0, 50, 50])])
    found = found_of([(1, 7, 0.9, [2, 0, 50, 50]), (1, 7, 0.8, [6, 0, 50, 50])])
    assert voc_ap(truth, found, iou=0.4) == 0.5


@pytest.mark.parametrize(("hits", "points"), [(2, 3), (3, 3), (4, 5), (6, 6), (7, 7), (10, 11)])
def test_eleven_points_round_as_in_the_published_figures(hits: int, points: int) -> None:
    truth = truth_of([(image, 7, SQUARE) for image in range(10)])
    found = found_of([(image, 7, 0.9, SQUARE) for image in range(hits)])
    assert voc_ap(truth, found, iou=0.5, points=11) == pytest.approx(points / 11, abs=1e-12)


def test_a_difficult_object_counts_on_neither_side() -> None:
    truth = truth_of([(1, 7, SQUARE), (1, 7, [90.0, 0.0, 50.0, 50.0])])
    truth["annotations"][1]["iscrowd"] = 1
    found = found_of([(1, 7, 0.9, [90, 0, 50, 50]), (1, 7, 0.8, [90, 0, 50, 40]), (1, 7, 0.7, SQUARE)])
    assert voc_ap(truth, found, iou=0.5) == 1


def test_equal_scores_follow_in_order_of_image_id_whatever_the_order_of_the_file() -> None:
    truth = truth_of([(1, 7, SQUARE), (2, 7, SQUARE)])
    found = found_of([(2, 7, 0.9, [200, 0, 50, 50]), (1, 7, 0.9, SQUARE)])
    assert voc_ap(truth, found, iou=0.5) == voc_ap(truth, found[::-1], iou=0.5) == 0.5


def test_nothing_to_find_is_undefined_and_nothing_found_is_zero() -> None:
    assert math.isnan(voc_ap({"images": [], "categories": [], "annotations": []}, [], iou=0.5))
    assert voc_ap(truth_of([(1, 7, SQUARE)]), [], iou=0.5) == 0
    assert voc_ap(truth_of([(1, 7, SQUARE)]), [], iou=0.5, points=11) == 0


def test_other_bounds_and_points_are_refused() -> None:
    truth = truth_of([(1, 7, SQUARE)])
    with pytest.raises(EvaluationError, match="iou: 0 is not above 0 and at most 1"):
        voc_ap(truth, [], iou=0)
    with pytest.raises(EvaluationError, match="points: 7 is neither 'all' nor 11"):
        voc_ap(truth, [], iou=0.5, points=7)  # type: ignore[arg-type]
