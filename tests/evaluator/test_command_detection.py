import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.command.line import main
from evaluator.detection import best_f1_threshold, coco_scores, errors, precision_recall_at
from tests.evaluator.desk import Desk

TRUTH: dict[str, Any] = {
    "images": [{"id": 1}, {"id": 2}],
    "categories": [{"id": 7, "name": "lamp"}, {"id": 8, "name": "sofa"}, {"id": 9}],
    "annotations": [
        {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50]},
        {"image_id": 2, "category_id": 7, "bbox": [0, 0, 50, 50]},
        {"image_id": 2, "category_id": 8, "bbox": [90, 0, 50, 50]},
    ],
}
FOUND: list[dict[str, Any]] = [
    {"image_id": 1, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.9},
    {"image_id": 2, "category_id": 7, "bbox": [90, 0, 50, 50], "score": 0.8},
    {"image_id": 2, "category_id": 7, "bbox": [0, 0, 50, 50], "score": 0.7},
    {"image_id": 1, "category_id": 9, "bbox": [200, 0, 50, 50], "score": 0.1},
]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk("detection", tmp_path, capsys)


@pytest.fixture
def files(desk: Desk) -> list[str]:
    return [desk.json_file("truth.json", TRUTH), desk.json_file("found.json", FOUND)]


def test_the_figures_are_those_of_the_package(desk: Desk, files: list[str]) -> None:
    figures = desk.figures(*files)
    assert figures["coco"]["ap"] == coco_scores(TRUTH, FOUND).ap
    assert figures["coco"]["ap_small"] is None
    assert figures["undefined"]["coco.ap_small"] == "no object to find"
    assert figures["best_f1"]["score"] == best_f1_threshold(TRUTH, FOUND).score == 0.7
    micro = precision_recall_at(TRUTH, FOUND, threshold=0.7).micro
    assert figures["at_threshold"]["micro"]["precision"] == micro.precision == 2 / 3
    assert figures["errors"]["swapped"] == errors(TRUTH, FOUND, threshold=0.7).swapped.tolist() == [1]


def test_the_text_names_categories_and_causes(desk: Desk, files: list[str]) -> None:
    printed = desk.text(*files)
    assert "3 objects and 4 detections in 2 images\n" in printed
    assert "  AP leaves out 1 detection without any object of the same category (1 category).\n" in printed
    assert "At score 0.7 and up, IoU 0.5 and up\n" in printed
    assert "wrong  not found  AP\n" in printed
    assert "\n  - is undefined: nothing found, or no object to find.\n" in printed
    assert "\n  missed        0  objects that nothing came near\n" in printed
    assert "  Score       0.7\n" in printed
    assert "\n  lamp                 66.7 %" in printed
    assert "\n  swapped       1  on an object of another category\n" in printed


def test_a_score_of_ones_own_is_used_instead_of_the_best(desk: Desk, files: list[str]) -> None:
    assert desk.figures(*files, "--threshold", "0.85")["at_threshold"]["micro"]["recall"] == 1 / 3
    assert desk.figures(*files, "--iou", "0.9")["at_threshold"]["iou"] == 0.9
    assert desk.refusal(*files, "--threshold", "nan") == "--threshold: nan is not a finite number"
    assert desk.refusal(*files, "--iou", "0") == "--iou: 0 is not above 0 and at most 1"
    assert "  No detection has this score: they go from 0.1 to 0.9.\n" in desk.text(
        *files, "--threshold", "50"
    )


def test_boxes_in_shares_of_the_image_hit_nothing_and_are_recognised(desk: Desk, files: list[str]) -> None:
    shares = [each | {"bbox": [share / 500 for share in each["bbox"]]} for each in FOUND]
    path = desk.json_file("shares.json", shares)
    figures, printed = desk.figures(files[0], path), desk.text(files[0], path)
    assert (figures["best_f1"]["f1"], figures["at_threshold"]["micro"]["f1"]) == (0, 0)
    assert "  No detection hits an object at any score, so none is better than another.\n" in printed
    assert "  No detection is larger than 1 x 1 pixel: expected pixels, not shares of the image.\n" in printed
    assert desk.figures(files[0], path, "--threshold", "0.1")["at_threshold"]["micro"]["f1"] == 0


def test_nothing_found_is_undefined_with_reasons(desk: Desk, files: list[str]) -> None:
    nothing = desk.json_file("nothing.json", [])
    figures = desk.figures(files[0], nothing)
    assert figures["coco"]["ap"] == 0
    assert (figures["at_threshold"], figures["errors"]) == (None, None)
    assert figures["undefined"]["best_f1.score"] == "nothing was found"
    assert figures["undefined"]["at_threshold"] == "nothing was found"
    assert "  Score      undefined: nothing was found\n" in desk.text(files[0], nothing)


def test_nothing_to_find_is_undefined_along_the_whole_curve(desk: Desk, files: list[str]) -> None:
    nothing = desk.json_file("nothing.json", TRUTH | {"annotations": []})
    figures = desk.figures(nothing, files[1])
    assert figures["coco"]["ap"] is None
    assert figures["best_f1"]["curve"]["recall"] == [None] * 4
    assert figures["undefined"]["best_f1.curve.recall"] == "there is nothing to find"
    assert desk.text(nothing, files[1]).count("undefined: no object to find") == 6


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "found.json, line 1: is not JSON: Expecting value at character 1"),
        (
            '[{"image_id": 1},\n {"image_id" 2}]',
            "found.json, line 2: is not JSON: Expecting ':' delimiter at ",
        ),
        ("[" * 100_000, "found.json: is not JSON of this kind: it is nested too deeply"),
        (f"[{'1' * 19}]", "found.json: holds a number of 19 digits, expected at most 18"),
        ("{}", "found.json: detections: expected a list of detections, found dict"),
        ("[1]", "found.json: detections[0]: has no key"),
        (
            '[{"image_id": 1, "category_id": 7, "bbox": [0, 0, 1], "score": 1}]',
            "found.json: detections[0]: bbox: expected four numbers",
        ),
        (
            '[{"image_id": 3, "category_id": 7, "bbox": [0, 0, 1, 1], "score": 1}]',
            "found.json: detections[0]: image_id: 3 is not known",
        ),
        (
            '{"annotations": []}',
            "found.json: holds an object with annotations, expected a list; give the list itself",
        ),
        (
            "{}\n{}",
            "found.json, line 2: is not JSON: Extra data at character 1; one object per line? put them into",
        ),
        (
            '[{"image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1], "score": "0.9"}]',
            "found.json: detections[0]: score: '0.9' is text, expected a number without quotes",
        ),
    ],
)
def test_wrong_detections_are_refused(desk: Desk, files: list[str], content: str, complaint: str) -> None:
    assert desk.refusal(files[0], desk.file("found.json", content)).startswith(complaint)


@pytest.mark.parametrize("key", sorted(TRUTH))
def test_a_missing_part_of_the_ground_truth_is_named(desk: Desk, files: list[str], key: str) -> None:
    path = desk.json_file("truth.json", {name: part for name, part in TRUTH.items() if name != key})
    assert desk.refusal(path, files[1]) == f"truth.json: ground_truth: has no key {key!r}"


def test_a_wrong_record_of_the_ground_truth_is_named(desk: Desk, files: list[str]) -> None:
    wrong = [*TRUTH["annotations"], {"image_id": 1, "category_id": 77, "bbox": [0, 0, 1, 1]}]
    path = desk.json_file("truth.json", TRUTH | {"annotations": wrong})
    assert desk.refusal(path, files[1]) == "truth.json: annotations[3]: category_id: 77 is not known"


def test_two_files_are_needed(desk: Desk, files: list[str]) -> None:
    assert desk.refusal(files[0]) == "FILE: expected ground truth and detections, found 1 files"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_json_whatever_makes_a_fault(data: st.DataObject) -> None:
    junk: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, -1, 0, 1e308, 10**17, "x", [], [1], {}, [1, 2, 3, "x"], float("nan")]
    )
    record = data.draw(
        st.sampled_from([*TRUTH["annotations"], *TRUTH["images"], *TRUTH["categories"], *FOUND])
    )
    key = data.draw(st.sampled_from(sorted(record)))
    changed = record | {key: data.draw(junk)}
    truth = {name: [changed if one is record else one for one in part] for name, part in TRUTH.items()}
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("truth.json", "found.json")]
        files[0].write_text(json.dumps(truth))
        files[1].write_text(json.dumps([changed if one is record else one for one in FOUND]))
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as complaint:
            status = main(["detection", *map(str, files)])
    assert status in {0, 2}, complaint.getvalue()


@pytest.mark.real
def test_the_official_results_of_coco_come_out(desk: Desk, known_answers: Path) -> None:
    folder = known_answers / "coco_official_100"
    figures = desk.figures(str(folder / "gt.json"), str(folder / "detections.json"))["coco"]
    assert [round(figures[name], 3) for name in ("ap", "ap50", "ap75")] == [0.505, 0.697, 0.573]
