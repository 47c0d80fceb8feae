import math
from typing import Any

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from ir_measures import RR, P, nDCG

from evaluator.errors import EvaluationError
from evaluator.intervals import cluster_bootstrap
from evaluator.relevance import ndcg_at_k, precision_at_k, reciprocal_rank
from evaluator.relevance.endless import endless_estimate
from evaluator.types import Ints

Rated = tuple[Ints, Ints]
LEVEL = {4: 3, 3: 2, 2: 1, 1: 0, 0: 0}


def as_trec(grades: Ints, ideal: Ints) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """Qrels and run of rows of grades; what `ideal` holds beyond the row was judged and not retrieved."""
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for query, (row, judged) in enumerate(zip(grades.tolist(), ideal.tolist(), strict=True)):
        pairs = [(f"p{place}", grade) for place, grade in enumerate(judged) if grade >= 0]
        qrels[f"q{query}"] = {product: LEVEL[grade] for product, grade in pairs}
        run[f"q{query}"] = {f"p{place}": -float(place) for place, grade in enumerate(row) if grade != -2}
    return qrels, run


@pytest.mark.parametrize("seed", range(200))
def test_ndcg_reciprocal_rank_and_precision_equal_ir_measures(seed: int) -> None:
    generator = np.random.default_rng(seed)
    ideal = generator.integers(-2, 5, size=(generator.integers(1, 30), 12))
    ideal[0] = [4, 3, 1, -1, 0, 0, 2, 2, 1, -2, -2, -2]
    depth = int(generator.integers(1, 9))
    grades = ideal[:, :8]
    qrels, run = as_trec(grades, ideal)
    measures = [nDCG @ depth, nDCG @ 5, RR(rel=2), RR(rel=3) @ depth, P(rel=2) @ depth]
    peer = ir_measures.calc_aggregate(measures, qrels, run)
    ours = [
        ndcg_at_k(_packed(grades), ideal_grades=ideal, k=depth),
        ndcg_at_k(_packed(grades), ideal_grades=ideal),
        reciprocal_rank(_packed(grades)),
        reciprocal_rank(_packed(grades), min_grade=4, k=depth),
        precision_at_k(_packed(grades), k=depth, min_grade=3),
    ]
    assert [estimate.value for estimate in ours] == pytest.approx(
        [peer[measure] for measure in measures], abs=1e-12
    )


def _packed(grades: Ints) -> Ints:
    """Rows with their missing candidates moved to the end: a run has no gaps."""
    order = np.argsort(grades == -2, axis=1, kind="stable")
    return np.take_along_axis(grades, order, axis=1)


def test_the_worked_example_of_the_measures_own_paper() -> None:
    # Jarvelin and Kekalainen 2002, figure 1: gains 3, 2, 3, 0, 0, 1, 2, 2, 3, 0 discounted by log2(rank + 1).
    ranked = [4, 3, 4, 1, 1, 2, 3, 3, 4, 1]
    gained = 3 + 2 / math.log2(3) + 3 / 2
    best = 3 + 3 / math.log2(3) + 3 / 2 + 2 / math.log2(5) + 2 / math.log2(6)
    assert ndcg_at_k([ranked], ideal_grades=[ranked]).value == pytest.approx(gained / best)


def test_the_best_order_is_worth_1_and_the_rest_less() -> None:
    judged = [[4, 3, 3, 2, 1, 1]]
    assert ndcg_at_k([[4, 3, 3, 2, 1]], ideal_grades=judged).value == 1
    assert ndcg_at_k([[3, 4, 3, 2, 1]], ideal_grades=judged).value < 1
    assert ndcg_at_k([[1, 1]], ideal_grades=judged).value == 0


def test_rows_of_judged_grades_may_be_of_any_length_and_order() -> None:
    grades = [[4, 1], [3, 3], [1, 1]]
    ragged = ndcg_at_k(grades, ideal_grades=[[1, 4, 4], [3, 3], []])
    padded = ndcg_at_k(grades, ideal_grades=[[4, 4, 1], [3, -2, 3], [-1, -2, 0]])
    assert ragged == padded
    assert ragged.value == pytest.approx((3 / (3 + 3 / math.log2(3)) + 1 + 0) / 3)


def test_unjudged_and_missing_candidates_are_worth_nothing_and_keep_their_place() -> None:
    assert ndcg_at_k([[-1, 4]], ideal_grades=[[4]]).value == pytest.approx(1 / math.log2(3))
    assert ndcg_at_k([[4, -2]], ideal_grades=[[4]]).value == 1


def test_a_query_object_without_anything_relevant_counts_0_and_alone_is_undefined() -> None:
    assert ndcg_at_k([[4], [1]], ideal_grades=[[4], [1]]).value == 0.5
    alone = ndcg_at_k([[1], [0]], ideal_grades=[[1], [0]])
    assert math.isnan(alone.value)
    assert alone.reason == "nothing of worth was ever judged"


def test_gains_of_ones_own_can_be_given() -> None:
    steep = ndcg_at_k([[3, 4]], ideal_grades=[[3, 4]], gains=(0, 0, 1, 3, 7)).value
    assert steep == pytest.approx((3 + 7 / math.log2(3)) / (7 + 3 / math.log2(3)))


@pytest.mark.parametrize(
    ("rows", "value"),
    [([[1, 1, 3]], 1 / 3), ([[3, 4, 1]], 1), ([[1, 2, 0]], 0), ([[-1, 3], [4, -2]], 0.75)],
)
def test_the_reciprocal_rank_is_that_of_the_first_hit(rows: list[list[int]], value: float) -> None:
    assert reciprocal_rank(rows).value == pytest.approx(value)


def test_grade_and_depth_of_the_first_hit_can_be_chosen() -> None:
    assert reciprocal_rank([[3, 3, 4]], min_grade=4).value == pytest.approx(1 / 3)
    assert reciprocal_rank([[3, 3, 4]], min_grade=4, k=2).value == 0


def test_nothing_to_rank_is_undefined_with_a_reason() -> None:
    for estimate in (reciprocal_rank([]), ndcg_at_k([], ideal_grades=[])):
        assert math.isnan(estimate.value)
        assert "no query objects" in estimate.reason


def test_the_unjudged_hits_nothing() -> None:
    assert reciprocal_rank([[-1, -2]]).value == 0
    assert ndcg_at_k([[-1, -2]], ideal_grades=[[4]]).value == 0


def test_scenes_are_drawn_whole_and_one_alone_has_no_interval() -> None:
    rows = [[4, 1]] * 20 + [[1, 4]] * 20
    alone = reciprocal_rank(rows)
    together = reciprocal_rank(rows, clusters=[index // 5 for index in range(40)])
    assert (alone.n, together.n) == (40, 40)
    assert together.value == alone.value == pytest.approx(0.75)
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert math.isnan(reciprocal_rank(rows, clusters=["hall"] * 40).low)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"ideal_grades": [[4]]}, "ideal_grades: has length 1, but grades has length 2"),
        ({"ideal_grades": [[4], [3]]}, r"ideal_grades\[1\]: these gain less than the ranking itself"),
        ({"ideal_grades": [[4], [5]]}, r"ideal_grades\[1, 0\]: 5 is outside -2 to 4"),
        ({"ideal_grades": np.zeros(3)}, r"ideal_grades: expected 2 dimension\(s\)"),
        (
            {"ideal_grades": [[4], [4]], "gains": (0, 1)},
            "gains: expected one for each grade of 0 to 4, found 2",
        ),
        ({"ideal_grades": [[4], [4]], "gains": (0, 0, 0, 0, -1)}, r"gains\[4\]: -1 is below 0"),
        ({"ideal_grades": [[4], [4]], "k": 0}, "k: 0 is not a whole number of at least 1"),
        ({"ideal_grades": [[4], [4]], "clusters": ["hall"]}, "clusters: expected one id for each of 2 rows"),
    ],
)
def test_dishonest_input_is_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(EvaluationError, match=problem):
        ndcg_at_k([[4], [4]], **options)


@st.composite
def rated(draw: st.DrawFn) -> Rated:
    """Grades (query objects, 7) and the scene of each row."""
    count = draw(st.integers(1, 9))
    grades = draw(hnp.arrays(np.int64, (count, 7), elements=st.integers(-2, 4)))
    return grades, draw(hnp.arrays(np.int64, count, elements=st.integers(0, 3)))


@given(rated(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_row_order_scene_names_and_order_of_judgements_change_no_digit(data: Rated, random: Any) -> None:
    grades, scenes = data
    order = list(range(len(grades)))
    random.shuffle(order)
    names = [f"s{9 - scene}" for scene in scenes[order]]
    turned = ndcg_at_k(grades[order], ideal_grades=grades[order, ::-1], clusters=names)
    assert repr(turned) == repr(ndcg_at_k(grades, ideal_grades=grades, clusters=scenes))
    assert repr(reciprocal_rank(grades[order], clusters=names)) == repr(
        reciprocal_rank(grades, clusters=scenes)
    )


@given(rated())
@settings(max_examples=60, deadline=None)
def test_data_taken_twice_and_scenes_split_leave_the_value(data: Rated) -> None:
    grades, scenes = data
    once = ndcg_at_k(grades, ideal_grades=grades, clusters=scenes).value
    twice = np.vstack([grades, grades])
    assert ndcg_at_k(twice, ideal_grades=twice).value == pytest.approx(once, nan_ok=True)
    assert repr(ndcg_at_k(grades, ideal_grades=grades).value) == repr(once)


@pytest.mark.parametrize("shape", [(2, 3), (0.3, 3)], ids=["even", "skewed"])
def test_the_interval_of_many_scenes_is_that_of_endless_draws(shape: tuple[float, float]) -> None:
    generator = np.random.default_rng(11)
    slots = 5 * generator.geometric(0.3, size=2100).astype(np.float64)
    hits = generator.binomial(slots.astype(int), generator.beta(*shape, size=2100)).astype(np.float64)
    limit = endless_estimate(hits.sum() / slots.sum(), hits, slots, level=0.95)
    drawn = cluster_bootstrap(hits, slots, draws=20_000)
    width = limit.high - limit.low
    assert [limit.low, limit.high] == pytest.approx([drawn.low, drawn.high], abs=0.02 * width)


def test_many_query_objects_are_not_drawn_and_say_so() -> None:
    rows = np.random.default_rng(12).integers(0, 5, size=(2100, 5))
    for estimate in (precision_at_k(rows, min_grade=3), ndcg_at_k(rows, ideal_grades=rows)):
        assert "endless draws" in estimate.method
        assert 0 < estimate.low < estimate.value < estimate.high < 1
        assert estimate.n == 2100
    assert repr(precision_at_k(rows[::-1], min_grade=3)) == repr(precision_at_k(rows, min_grade=3))
    assert repr(ndcg_at_k(rows[::-1], ideal_grades=rows[::-1])) == repr(ndcg_at_k(rows, ideal_grades=rows))


def test_many_query_objects_that_are_all_alike_leave_room_for_others() -> None:
    estimate = precision_at_k([[1] * 5] * 2100, min_grade=3)
    assert estimate.low == 0
    assert 0 < estimate.high < 0.01
