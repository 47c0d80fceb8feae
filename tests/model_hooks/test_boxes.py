import math

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model_hooks.adapters.boxes import CellReader, as_detections, decode_cells, suppress

CORNERS = arrays.arrays(np.float32, (12, 2), elements=st.integers(0, 8).map(float))


def _iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return float(shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared))


@given(CORNERS, arrays.arrays(np.float32, 12, elements=st.sampled_from([0.25, 0.5, 0.75])), st.data())
def test_suppression_keeps_what_no_better_kept_box_of_its_class_overlaps(
    corners: NDArray[np.float32], scores: NDArray[np.float32], data: st.DataObject
) -> None:
    boxes = np.concatenate([corners, corners + np.array([3, 4], np.float32)], axis=1)
    classes = data.draw(arrays.arrays(np.intp, 12, elements=st.integers(0, 1)))
    expected: list[int] = []
    for index in sorted(range(12), key=lambda index: -scores[index]):
        rivals = [kept for kept in expected if classes[kept] == classes[index]]
        if all(_iou(boxes[kept], boxes[index]) <= 0.65 for kept in rivals):
            expected.append(index)
    assert suppress(boxes, scores, classes, iou=0.65).tolist() == expected


def test_suppression_of_nothing_is_nothing() -> None:
    empty = np.empty((0, 4), np.float32)
    assert suppress(empty, empty[:, 0], np.empty(0, np.intp), iou=0.65).size == 0


def test_a_cell_decodes_as_the_layer_table_says() -> None:
    cells = np.full((64 + 16 + 4, 7), -20, np.float32)
    cells[64 + 4 * 2 + 3] = [0.5, 0.25, math.log(2), math.log(1.5), 2, 1, 3]
    boxes, scores, classes = decode_cells(cells, 64, threshold=0.1)
    centre_x, centre_y = (0.5 + 3) * 16, (0.25 + 2) * 16
    assert np.allclose(boxes, [[centre_x - 16, centre_y - 12, centre_x + 16, centre_y + 12]])
    assert np.allclose(scores, 1 / (1 + math.exp(-2)) / (1 + math.exp(-3)))
    assert classes.tolist() == [1]


def test_scores_that_are_probabilities_already_are_left_alone() -> None:
    cells = np.zeros((84, 6), np.float32)
    cells[0, 4:] = [0.5, 0.8]
    _, scores, _ = decode_cells(cells, 64, threshold=0.3, sigmoid=False)
    assert np.allclose(scores, [0.4])


def test_a_score_at_the_threshold_is_kept() -> None:
    cells = np.zeros((84, 6), np.float32)
    cells[0, 4:] = [1, 0.5]
    assert decode_cells(cells, 64, threshold=0.5, sigmoid=False)[1].size == 1


def test_an_enormous_box_overflows_nothing() -> None:
    cells = np.full((84, 6), 500, np.float32)
    found = CellReader(["chair"], 64).read(cells, size=(10, 10), factor=(6.4, 6.4), threshold=0.5)
    assert all(each.box.x >= 0 and each.box.x + each.box.w <= 10 for each in found)


def test_boxes_are_scaled_back_and_clipped_to_the_picture() -> None:
    boxes = np.array([[-10, 10, 50, 30], [300, 10, 400, 30]], np.float32)
    found = as_detections(
        boxes, np.array([0.9, 0.8], np.float32), labels=["chair", "sofa"], size=(100, 40), factor=(2.0, 0.5)
    )
    assert [(each.box.x, each.box.y, each.box.w, each.box.h, each.label) for each in found] == [
        (0, 20, 25, 20, "chair")
    ]
