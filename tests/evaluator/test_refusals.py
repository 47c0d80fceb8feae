"""What every function refuses alike: ids that are none or mean two things, counts and seeds that are none."""

import math
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from evaluator import EvaluationError
from evaluator.agreement import (
    alpha_interval,
    box_agreement,
    consistency,
    count_values,
    krippendorff_alpha,
    labeler_consistency,
)
from evaluator.boxes import from_xywh
from evaluator.consensus import dawid_skene, majority, merge_boxes
from evaluator.detection import coco_scores
from evaluator.intervals import cluster_bootstrap, ppi_mean
from evaluator.preference import bradley_terry
from evaluator.relevance import compare, gain_breakdown, ndcg_at_k, plan_queries, precision_at_k
from evaluator.relevance import relevance_at_5 as relevance
from evaluator.retrieval import precision_at_1, shared_label_precision
from evaluator.significance import benjamini_hochberg, holm

GOOD, BAD, BOX = [4] * 5, [1] * 5, [[0, 0, 9, 9]]
BIG = 2**62
GAP: Any = ["a", math.nan, "b"]
MIXED: Any = [1, "1"]


def test_ids_of_any_size_and_kind_stay_apart() -> None:
    assert relevance([GOOD] * 3, [2**63, 2**63 + 1, -1]).scenes == 3
    assert relevance([GOOD] * 2, np.array([2**63, 2**63 + 1], dtype=np.uint64)).scenes == 2
    assert relevance([GOOD] * 2, np.array([UUID(int=1), UUID(int=2)])).scenes == 2
    labels = labeler_consistency([1, 1], [1, 2], np.array([2**53 - 1, 2**53]))
    assert labels.share.tolist() == [0, 0]


def test_ids_of_two_integer_types_meet_where_they_are_equal_and_nowhere_else() -> None:
    ours, theirs = np.array([BIG, BIG + 1], dtype=np.uint64), np.array([BIG, BIG + 1])
    assert compare([GOOD] * 2, [GOOD] * 2, ours, theirs, draws=50).scenes == 2
    assert compare([GOOD] * 2, [GOOD] * 2, [2**64, 1], [2**64, 1], draws=50).scenes == 2
    assert precision_at_1([[0]], ours[:1], [[0]], theirs[1:]).absent == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: relevance([GOOD] * 3, GAP), r"scenes\[1\]: nan is no id"),
        (lambda: relevance([GOOD] * 2, np.array(["a", None])), r"scenes\[1\]: None is no id"),
        (
            lambda: relevance([GOOD] * 2, np.array(["a", 1], dtype=object)),
            r"scenes\[1\]: 1 is not of the kind",
        ),
        (lambda: labeler_consistency(MIXED, [1, 2], [0, 0]), r"items\[1\]: '1' is not of the kind of 1"),
        (lambda: compare([GOOD], [BAD], [1], ["1"]), "scenes_b: words on one side and numbers on the other"),
        (lambda: box_agreement(BOX, BOX, [1], ["1"]), "categories_b: words on one side"),
        (
            lambda: ppi_mean([1], [1], [1], clusters_labeled=["a"], clusters_unlabeled=[1]),
            "clusters_unlabeled",
        ),
        (
            lambda: count_values([0, 2**31], [0, 0], n_values=2),
            r"items\[1\]: 2,147,483,649 x 2 cells are too",
        ),
        (lambda: majority([2**31], [0], [0], n_values=2), r"items\[0\]: "),
        (lambda: dawid_skene([0], [2**31], [0], n_values=2), r"labelers\[0\]: "),
        (lambda: count_values([0], [0], n_values=2, n_items=2**40), "n_items: "),
        (lambda: labeler_consistency([1], [1], np.array([2**53 + 1])), r"values\[0\]: .* is outside 0 to"),
    ],
)
def test_an_id_that_is_none_or_another_kind_is_named(call: Callable[[], object], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        call()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: precision_at_k([GOOD], min_grade=3, k=math.nan), "k: "),  # type: ignore[arg-type]
        (lambda: precision_at_k([GOOD], min_grade=3, k="a"), "k: "),  # type: ignore[arg-type]
        (lambda: precision_at_k([["4", "3"]], min_grade=3), "grades: expected numbers"),
        (lambda: count_values([0], [0], n_values=None), "n_values: "),  # type: ignore[arg-type]
        (lambda: coco_scores({}, [], max_detections=math.nan), "max_detections: "),  # type: ignore[arg-type]
        (lambda: merge_boxes(BOX, [0], [0], n_labelers=math.nan, quorum=1), "n_labelers: "),  # type: ignore[arg-type]
        (lambda: alpha_interval([[1, 1], [2, 0]], seed=-1), "seed: -1 is not a whole number of at least 0"),
        (lambda: compare([GOOD] * 3, [BAD] * 3, range(3), range(3), seed=-1), "seed: -1"),
        (lambda: cluster_bootstrap([0, 0], [0, 0], level=2), "level: 2"),
        (lambda: box_agreement(BOX, BOX, [1], [1], iou="x"), "iou: "),  # type: ignore[arg-type]
        (lambda: holm(["a"]), "p: expected numbers"),
        (lambda: benjamini_hochberg([[0.1], [0.1, 0.2]]), "p: expected numbers"),
        (lambda: ndcg_at_k([GOOD], ideal_grades=[4, 3]), "ideal_grades: expected the grades of each"),
        (lambda: shared_label_precision([[0]], ["a"], [[0]], ["a"], ks=[0]), r"ks\[0\]"),
        (lambda: from_xywh([[1, 2, 3, 4], [1, 2, -3, 4]]), r"boxes\[1, 2\]: a side of -3 is below 0"),
        (lambda: dawid_skene([0, 2], [0, 0], [0, 1], n_values=2, golden=[0, -1]), "golden: has length 2"),
        (lambda: dawid_skene([0, 1], [0, 1], [0, 1], n_values=2, pools=["a"]), "pools: has length 1"),
    ],
)
def test_a_number_that_is_none_is_refused_under_its_name(call: Callable[[], object], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        call()


def test_no_certainty_is_claimed_where_nothing_can_vary() -> None:
    alone = cluster_bootstrap([1, 2], [1, 1], strata=["a", "b"])
    assert (alone.value, alone.bounded) == (1.5, False)
    assert "one cluster only" in alone.reason
    for wins in ([[[0, 3], [2, 0]]] * 2, [[[0, 3], [2, 0]]]):
        result = bradley_terry(wins)
        assert np.isnan(result.intervals).all()
        assert result.reason
    assert consistency([[2]] * 20).low == consistency([[2, 0]] * 20).low < 1


def test_odd_but_honest_input_has_an_answer() -> None:
    assert math.isnan(krippendorff_alpha([], values=[1, 2]))
    assert plan_queries([0.1, 0.2], effect=1e-200).n == math.inf
    assert dict(gain_breakdown([("model", 0.5, "P@5", "Home")])) == {"model": 1.0}
    assert "there is no gain" in gain_breakdown([("model", 0.0, "P@5", "Home")]).reason
    empty = compare([], [GOOD], [], ["hall"])
    assert (empty.wins, empty.ties, empty.losses) == (0, 0, 0)
