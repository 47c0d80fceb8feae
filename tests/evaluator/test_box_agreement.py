import math
from random import Random

import numpy as np
import pytest

from evaluator.agreement import BoxAgreement, box_agreement
from evaluator.errors import EvaluationError

SQUARE, BESIDE, FAR = [0, 0, 10, 10], [20, 0, 30, 10], [90, 90, 99, 99]
NONE: list[list[float]] = []


def counts(result: BoxAgreement) -> tuple[int, int, int, int]:
    return len(result.pairs), result.missed, result.extra, result.swapped


def test_equal_boxes_agree_in_full() -> None:
    result = box_agreement([SQUARE, FAR], [FAR, SQUARE], ["hat", "shoe"], ["shoe", "hat"])
    assert (result.precision, result.recall, result.f1, result.mean_iou) == (1, 1, 1, 1)
    assert result.pairs.tolist() == [[0, 1], [1, 0]]


def test_two_empty_sets_agree() -> None:
    result = box_agreement(NONE, NONE, [], [])
    assert (result.precision, result.recall, result.f1) == (1, 1, 1)
    assert math.isnan(result.mean_iou)
    assert counts(result) == (0, 0, 0, 0)


def test_one_empty_set_leaves_its_own_share_undefined() -> None:
    nothing_drawn = box_agreement([SQUARE], NONE, ["hat"], [])
    assert math.isnan(nothing_drawn.precision)
    assert (nothing_drawn.recall, nothing_drawn.f1) == (0, 0)
    assert counts(nothing_drawn) == (0, 1, 0, 0)
    nothing_there = box_agreement(NONE, [SQUARE], [], ["hat"])
    assert math.isnan(nothing_there.recall)
    assert (nothing_there.precision, nothing_there.f1) == (0, 0)
    assert counts(nothing_there) == (0, 0, 1, 0)


def test_the_same_place_with_another_name_is_swapped_and_neither_missed_nor_extra() -> None:
    result = box_agreement([SQUARE, BESIDE], [SQUARE, FAR], ["hat", "bag"], ["shoe", "bag"])
    assert counts(result) == (0, 1, 1, 1)
    assert result.swaps.tolist() == [[0, 0]]


def test_a_box_that_has_a_partner_is_not_swapped_as_well() -> None:
    result = box_agreement([SQUARE], [SQUARE, SQUARE], ["hat"], ["shoe", "hat"])
    assert counts(result) == (1, 0, 1, 0)
    assert result.pairs.tolist() == [[0, 1]]


def test_overlap_at_the_bound_counts_and_below_it_does_not() -> None:
    half = [0, 0, 10, 5]
    assert counts(box_agreement([SQUARE], [half], ["hat"], ["hat"], iou=0.5)) == (1, 0, 0, 0)
    assert counts(box_agreement([SQUARE], [half], ["hat"], ["hat"], iou=0.51)) == (0, 1, 1, 0)


def test_the_largest_total_wins_over_the_best_single_pair() -> None:
    ours, theirs = [[0, 0, 10, 10], [3, 0, 13, 10]], [[2, 0, 12, 10], [6, 0, 16, 10]]
    # The best single pair (second with first, 0.818) would leave 0.25; the other way gives 0.667 + 0.538.
    result = box_agreement(ours, theirs, [0, 0], [0, 0], iou=0.5)
    assert result.pairs.tolist() == [[0, 0], [1, 1]]
    assert result.mean_iou == pytest.approx((8 / 12 + 7 / 13) / 2)


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_boxes_and_the_names_of_categories_change_no_digit(seed: int) -> None:
    generator, random = np.random.default_rng(seed), Random(seed)
    corner = generator.integers(0, 4, size=(8, 2))
    boxes = np.hstack([corner, corner + 6])
    names = generator.integers(0, 2, size=8)
    order = random.sample(range(8), 8)
    plain = box_agreement(boxes[:4], boxes[4:], names[:4], names[4:])
    shuffled, other = boxes[4:][np.argsort(order[4:])], names[4:][np.argsort(order[4:])]
    again = box_agreement(boxes[:4], shuffled, [f"n{9 - n}" for n in names[:4]], [f"n{9 - n}" for n in other])
    figures = ("precision", "recall", "f1", "mean_iou", "missed", "extra", "swapped")
    assert [repr(getattr(again, figure)) for figure in figures] == [
        repr(getattr(plain, figure)) for figure in figures
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "names", "iou", "message"),
    [
        ([[0, 0, 5]], NONE, ["hat"], 0.5, "boxes_a: expected 4 numbers for each box"),
        ([SQUARE], [[9, 0, 5, 5]], ["hat"], 0.5, r"boxes_b\[0, 2\]: 5 ends before it begins at 9"),
        ([SQUARE], NONE, [], 0.5, "categories_a: expected one id for each of 1 rows"),
        ([SQUARE], NONE, ["hat"], 0.0, "iou: 0.0 is not above 0 and at most 1"),
        ([SQUARE], NONE, ["hat"], math.nan, "iou: nan is not a finite number"),
    ],
)
def test_dishonest_boxes_are_refused(
    ours: list[list[float]], theirs: list[list[float]], names: list[str], iou: float, message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        box_agreement(ours, theirs, names, ["hat"] * len(theirs), iou=iou)
