from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from evaluator.boxes import iou
from evaluator.consensus import merge_boxes
from evaluator.errors import EvaluationError
from evaluator.types import Floats, Ints

HAT = [10.0, 10, 30, 30]
SHOE = [100.0, 10, 140, 30]


def moved(box: list[float], by: float) -> list[float]:
    return [box[0] + by, box[1], box[2] + by, box[3]]


def test_boxes_that_a_quorum_drew_are_merged_to_their_mean() -> None:
    drawn = [HAT, moved(HAT, 2), moved(HAT, 4), SHOE, moved(SHOE, 1), moved(HAT, 300)]
    merged = merge_boxes(drawn, [1, 1, 1, 2, 2, 1], [0, 1, 2, 0, 2, 1], n_labelers=3, quorum=0.5)
    assert merged.boxes.tolist() == [moved(HAT, 2), moved(SHOE, 0.5)]
    assert merged.categories.tolist() == [1, 2]
    assert merged.votes.tolist() == [3, 2]
    assert merged.member_of.tolist() == [0, 0, 0, 1, 1, -1]
    assert merged.mean_iou == pytest.approx([(18 / 22 + 1 + 18 / 22) / 3, 39.5 / 40.5])


def test_boxes_of_differing_category_never_join() -> None:
    merged = merge_boxes([HAT, HAT], [1, 2], [0, 1], n_labelers=2, quorum=0.5)
    assert merged.boxes.tolist() == [HAT, HAT]
    assert merged.votes.tolist() == [1, 1]
    assert merge_boxes([HAT, HAT], [1, 2], [0, 1], n_labelers=2, quorum=1).boxes.shape == (0, 4)


def test_one_labeler_has_one_box_and_one_vote_in_a_group() -> None:
    merged = merge_boxes(
        [HAT, HAT, HAT, moved(HAT, 3)], [1] * 4, ["a", "a", "b", "c"], n_labelers=3, quorum=0.6
    )
    assert merged.votes.tolist() == [3]
    assert sorted(merged.member_of.tolist()) == [-1, 0, 0, 0]


def test_the_nearest_boxes_pair_up_where_two_things_overlap() -> None:
    left, right = HAT, moved(HAT, 5)
    merged = merge_boxes(
        [left, right, moved(left, 1), moved(right, 1)], [1] * 4, [0, 0, 1, 1], n_labelers=2, quorum=1
    )
    assert merged.member_of.tolist() == [0, 1, 0, 1]


def test_a_chain_of_boxes_does_not_join_what_lies_apart() -> None:
    chain = [moved(HAT, 6 * step) for step in range(4)]
    merged = merge_boxes(chain, [1] * 4, range(4), n_labelers=4, quorum=0.5)
    assert merged.votes.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("quorum", "n_labelers", "needed"), [(0.7, 10, 7), (0.5, 5, 3), (1, 4, 4), (0.001, 5, 1), (0.6, 5, 3)]
)
def test_the_quorum_is_rounded_up_and_a_whole_number_is_left_alone(
    quorum: float, n_labelers: int, needed: int
) -> None:
    for drawn in range(1, n_labelers + 1):
        merged = merge_boxes([HAT] * drawn, [1] * drawn, range(drawn), n_labelers=n_labelers, quorum=quorum)
        assert len(merged.boxes) == (drawn >= needed)


def test_nothing_drawn_is_nothing_merged() -> None:
    merged = merge_boxes([], [], [], n_labelers=3, quorum=0.5)
    assert (merged.boxes.shape, merged.mean_iou.shape, merged.member_of.shape) == ((0, 4), (0,), (0,))


def test_a_box_without_area_stays_alone() -> None:
    point = [5.0, 5, 5, 5]
    merged = merge_boxes([point, point], [1, 1], [0, 1], n_labelers=2, quorum=0.5)
    assert merged.votes.tolist() == [1, 1]
    assert merged.mean_iou.tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(200))
def test_without_labelers_in_common_it_is_scipy_s_average_linkage(seed: int) -> None:
    generator = np.random.default_rng(seed)
    low = generator.uniform(0, 15, size=(12, 2))
    boxes = np.hstack([low, low + generator.uniform(8, 20, size=(12, 2))])
    merged = merge_boxes(boxes, np.zeros(12), range(12), n_labelers=12, iou=0.4, quorum=1 / 12)
    away = 1 - iou(boxes, boxes)
    np.fill_diagonal(away, 0)
    peer = fcluster(linkage(squareform(away, checks=False), "average"), 0.6, criterion="distance")
    assert ((peer[:, None] == peer) == (merged.member_of[:, None] == merged.member_of)).all()
    assert merged.votes.sum() == 12


@st.composite
def drawings(draw: st.DrawFn) -> tuple[Floats, Ints, Ints]:
    """Boxes on a coarse grid, so that many are equal, with categories and labelers."""
    count = draw(st.integers(1, 12))
    low = draw(hnp.arrays(np.int64, (count, 2), elements=st.integers(0, 3)))
    size = draw(hnp.arrays(np.int64, (count, 2), elements=st.integers(3, 5)))
    category = draw(hnp.arrays(np.int64, count, elements=st.integers(0, 1)))
    labeler = draw(hnp.arrays(np.int64, count, elements=st.integers(0, 3)))
    return np.hstack([low, low + size]).astype(float), category, labeler


@given(drawings(), st.randoms(), st.permutations(range(4)))
@settings(max_examples=200, deadline=None)
def test_neither_row_order_nor_labeler_names_change_a_digit(
    drawn: tuple[Floats, Ints, Ints], random: Random, names: list[int]
) -> None:
    boxes, category, labeler = drawn
    order = list(range(len(boxes)))
    random.shuffle(order)
    plain = merge_boxes(boxes, category, labeler, n_labelers=4, quorum=0.5)
    other = merge_boxes(
        boxes[order], category[order], np.array(names)[labeler[order]], n_labelers=4, quorum=0.5
    )
    for field in ("boxes", "categories", "votes", "mean_iou"):
        assert getattr(other, field).tolist() == getattr(plain, field).tolist()


@given(drawings())
@settings(max_examples=100, deadline=None)
def test_groups_keep_their_promises(drawn: tuple[Floats, Ints, Ints]) -> None:
    boxes, category, labeler = drawn
    merged = merge_boxes(boxes, category, labeler, n_labelers=4, quorum=0.5)
    for number, (box, kind, votes) in enumerate(
        zip(merged.boxes, merged.categories, merged.votes, strict=True)
    ):
        members = np.flatnonzero(merged.member_of == number)
        assert len(members) == len(set(labeler[members])) == votes >= 2
        assert set(category[members]) == {kind}
        assert box == pytest.approx(boxes[members].mean(axis=0))
        assert merged.mean_iou[number] == pytest.approx(iou(boxes[members], box[None]).mean())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"boxes": [[0, 0, 1, 1], [5, 0, 4, 1]]}, r"boxes\[1, 2\]: 4 ends before it begins at 5"),
        ({"boxes": [[0, 0, 1]] * 2}, "boxes: expected 4 numbers"),
        ({"categories": [1]}, "categories: has length 1, but boxes has length 2"),
        ({"categories": [1, -1]}, r"categories\[1\]: -1"),
        ({"labelers": [1]}, "labelers: expected one id for each of 2 rows"),
        ({"n_labelers": 1}, "n_labelers: is 1, but 2 labelers drew boxes"),
        ({"iou": 0}, "iou: 0 is not above 0"),
        ({"quorum": 1.5}, "quorum: 1.5 is not above 0 and at most 1"),
        ({"quorum": float("nan")}, "quorum: nan"),
    ],
)
def test_dishonest_drawings_are_refused(changed: dict[str, object], message: str) -> None:
    honest = {
        "boxes": [HAT, HAT],
        "categories": [1, 1],
        "labelers": ["a", "b"],
        "n_labelers": 2,
        "quorum": 0.5,
    }
    with pytest.raises(EvaluationError, match=message):
        merge_boxes(**{**honest, **changed})  # type: ignore[arg-type]
