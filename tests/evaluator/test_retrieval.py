"""P@1, recall@k and shared labels on packed codes, against counting by hand."""

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluationError
from evaluator.retrieval import precision_at_1, recall_at_k, shared_label_precision

Codes = np.ndarray[Any, np.dtype[np.uint8]]
Sets = list[set[int]]


@pytest.fixture(params=["faiss", "numpy"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to find the nearest codes; without faiss numpy takes over."""
    if request.param == "numpy":
        monkeypatch.setitem(sys.modules, "faiss", None)
    return str(request.param)


def random_world(seed: int) -> tuple[Codes, Sets, Codes, Sets]:
    """Codes of few different values, so that most distances tie; some labels are nowhere in the corpus."""
    rng = np.random.default_rng(seed)
    width, values = int(rng.choice([1, 2, 9, 32])), int(rng.choice([2, 4, 256]))
    queries, size = int(rng.integers(1, 12)), int(rng.integers(1, 90))
    query_labels = [set(rng.integers(0, 9, rng.integers(0, 3)).tolist()) for _ in range(queries)]
    labels = [set(rng.integers(0, 8, rng.integers(0, 4)).tolist()) for _ in range(size)]
    return (
        rng.integers(0, values, (queries, width), np.uint8),
        query_labels,
        rng.integers(0, values, (size, width), np.uint8),
        labels,
    )


def places(query: Codes, wanted: set[int], codes: Codes, labels: Sets, k: int) -> tuple[int, int, int, int]:
    """Return (right nearer than place k, tied for it, right among the tied, places left for the tied)."""
    distances = [sum(int(a ^ b).bit_count() for a, b in zip(query, code, strict=True)) for code in codes]
    last = sorted(distances)[min(k, len(distances)) - 1]
    right = [bool(wanted & found) for found in labels]
    nearer = sum(distance < last for distance in distances)
    right_nearer = sum(r for r, distance in zip(right, distances, strict=True) if distance < last)
    tied_right = [r for r, distance in zip(right, distances, strict=True) if distance == last]
    return right_nearer, len(tied_right), sum(tied_right), min(k - nearer, len(tied_right))


def chance(nearer: int, tied: int, right: int, free: int) -> Fraction:
    if nearer:
        return Fraction(1)
    return 1 - Fraction(math.comb(tied - right, free), math.comb(tied, free))


@pytest.mark.parametrize("seed", range(200))
def test_figures_equal_counting_by_hand(engine: str, seed: int) -> None:
    queries, wanted, codes, labels = random_world(seed)
    k = int(np.random.default_rng(seed).integers(1, 8))
    first = precision_at_1(queries, wanted, codes, labels)
    recall = recall_at_k(queries, wanted, codes, labels, k=k)
    shared = shared_label_precision(queries, wanted, codes, labels, ks=[k])[k]
    for result, depth in ((first, 1), (recall, k)):
        found = [
            places(query, want, codes, labels, depth) for query, want in zip(queries, wanted, strict=True)
        ]
        chances = [chance(*numbers) for numbers in found]
        assert result.hits == pytest.approx([float(number) for number in chances], abs=1e-12)
        assert result.expected == pytest.approx(float(sum(chances) / len(chances)), abs=1e-12)
        best = [bool(nearer or (right and free)) for nearer, tied, right, free in found]
        worst = [bool(nearer or free > tied - right) for nearer, tied, right, free in found]
        assert (result.best, result.worst) == (sum(best) / len(best), sum(worst) / len(worst))
        assert result.absent == sum(not any(want & label for label in labels) for want in wanted)
    mean = [Fraction(nearer) + Fraction(free * right, tied) for nearer, tied, right, free in found]
    assert shared.value == pytest.approx(float(sum(mean) / len(mean) / k), abs=1e-12)


def test_a_tie_of_thousands_is_counted_to_the_end(engine: str) -> None:
    codes = np.zeros((3000, 8), np.uint8)
    result = precision_at_1([[0] * 8], [7], codes, np.arange(3000) % 1000)
    assert (result.expected, result.best, result.worst) == (3 / 3000, 1, 0)


def test_one_of_several_right_products_is_enough(engine: str) -> None:
    corpus = [[0], [15]], ["coat", "hat"]
    assert precision_at_1([[1]], [{"coat", "scarf"}], *corpus).expected == 1
    assert precision_at_1([[1]], [["hat", "scarf"]], *corpus).expected == 0
    assert precision_at_1([[1]], np.array([{"coat"}], dtype=object), *corpus).expected == 1


def test_all_codes_of_a_product_are_right(engine: str) -> None:
    result = precision_at_1([[0]], ["coat"], [[1], [2], [4]], ["coat", "hat", "coat"])
    assert result.expected == pytest.approx(2 / 3)


def test_a_query_without_its_product_in_the_corpus_is_a_miss_and_is_counted(engine: str) -> None:
    result = precision_at_1([[0], [0], [0]], [{1}, {2}, set()], [[0]], [1])
    assert (result.expected, result.n, result.absent) == (1 / 3, 3, 2)
    nothing = precision_at_1([[0], [0]], [1, 2], [], [])
    assert (nothing.expected, nothing.best, nothing.absent) == (0, 0, 2)


def test_a_distractor_is_never_right(engine: str) -> None:
    alone = precision_at_1([[3]], [1], [[0]], [1])
    crowded = precision_at_1([[3]], [1], [[0]], [1], distractors=[[3], [0]])
    assert (alone.expected, crowded.expected) == (1, 0)
    assert recall_at_k([[3]], [1], [[0]], [1], distractors=[[3], [0]], k=2).expected == 1 / 2


def test_distractors_with_the_code_of_a_right_product_are_listed() -> None:
    result = precision_at_1([[0]], [1], [[5], [6]], [1, 2], distractors=[[6], [5], [7], [5]])
    assert result.duplicates.tolist() == [1, 3]
    assert precision_at_1([[0]], [1], [[5], [6]], [1, 2]).duplicates.tolist() == []


def test_without_queries_every_share_is_undefined(engine: str) -> None:
    result = precision_at_1([], [], [[0]], [1])
    assert math.isnan(result.expected)
    assert math.isnan(result.best)
    assert (result.n, result.absent, result.interval.reason) == (0, 0, "no queries")
    assert shared_label_precision([], [], [[0]], [1])[5].reason == "no queries"


def test_more_places_than_codes_take_them_all(engine: str) -> None:
    assert recall_at_k([[0]], ["hat"], [[9], [1]], ["hat", "coat"], k=50).expected == 1
    assert shared_label_precision([[0]], ["hat"], [[9], [1]], ["hat", "coat"], ks=[4])[4].value == 1 / 4


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe 1998, table I, second case: 15 of 148.
    queries = np.where(np.arange(148) < 15, 0, 255).astype(np.uint8)[:, None]
    interval = precision_at_1(queries, [1] * 148, [[0]], [1], distractors=[[255]]).interval
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)


def test_precision_of_shared_labels_has_an_interval_at_every_depth() -> None:
    rng = np.random.default_rng(0)
    codes, labels = rng.integers(0, 256, (300, 4), np.uint8), rng.integers(0, 4, 300)
    found = shared_label_precision(codes[:100], labels[:100], codes[100:], labels[100:])
    assert list(found) == [5, 10]
    assert all(share.low < share.value < share.high and share.n == 100 for share in found.values())


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Codes, list[int], Codes, list[int]]:
    codes = st.lists(st.sampled_from([0, 1, 3, 7]), min_size=1, max_size=30)
    queries, corpus = draw(codes), draw(codes)
    products = st.lists(st.integers(0, 5), min_size=30, max_size=30)
    return (
        np.array(queries, np.uint8)[:, None],
        draw(products)[: len(queries)],
        np.array(corpus, np.uint8)[:, None],
        draw(products)[: len(corpus)],
    )


def figures(world: tuple[Codes, Sequence[object], Codes, Sequence[object]]) -> list[float]:
    first, third = precision_at_1(*world), recall_at_k(*world, k=3)  # type: ignore[arg-type]
    shared = shared_label_precision(*world, ks=[2])[2]  # type: ignore[arg-type]
    shares = [number for share in (first, third) for number in (share.expected, share.best, share.worst)]
    return [*shares, first.interval.low, shared.value, shared.low, shared.high]


@given(worlds(), st.randoms(use_true_random=False))
def test_order_and_names_change_no_digit(
    world: tuple[Codes, list[int], Codes, list[int]], random: Any
) -> None:
    queries, wanted, codes, products = world
    asked, rows = list(range(len(queries))), list(range(len(codes)))
    random.shuffle(asked)
    random.shuffle(rows)
    named = [f"product {9 - product}" for product in products]
    other = (
        queries[asked],
        [f"product {9 - wanted[row]}" for row in asked],
        codes[rows],
        [named[r] for r in rows],
    )
    assert np.array_equal(figures(world), figures(other), equal_nan=True)


@given(worlds())
def test_recall_at_1_is_precision_at_1_and_recall_never_falls(
    world: tuple[Codes, list[int], Codes, list[int]],
) -> None:
    recalls = [recall_at_k(*world, k=k).expected for k in (1, 2, 5, 30)]
    assert recalls[0] == precision_at_1(*world).expected
    assert all(deeper >= less - 1e-12 for less, deeper in pairwise(recalls))


@given(worlds())
def test_queries_asked_twice_change_nothing(world: tuple[Codes, list[int], Codes, list[int]]) -> None:
    queries, wanted, *corpus = world
    twice = precision_at_1(np.vstack([queries, queries]), wanted * 2, *corpus)  # type: ignore[arg-type]
    assert twice.expected == pytest.approx(precision_at_1(*world).expected, abs=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0, 256]], [1], [[0, 0]], [1]), r"query_codes\[0, 1\]: 256 is outside 0 to 255"),
        (([[0, 0]], [1], [[0]], [1]), "corpus_codes: expected codes of 2 bytes, found 1"),
        (([[0.5]], [1], [[0]], [1]), r"query_codes\[0, 0\]: 0.5 is not a whole number"),
        (([[0]], [1, 2], [[0]], [1]), "query_products: expected one id for each of 1 rows"),
        (([[0]], [{1}, {2}], [[0]], [1]), "query_products: expected one set for each of 1 codes, found 2"),
        (([[0], [0]], [{1}, 2], [[0]], [1]), r"query_products\[1\]: expected a set like the others, found 2"),
        (([[0]], [1], [[0]], ["1"]), "corpus_products: words on one side and numbers on the other"),
        (([[0], [0, 0]], [1, 2], [[0]], [1]), "query_codes: expected numbers in a regular array"),
        ((np.zeros(4, np.uint8), [1], [[0]], [1]), "query_codes: expected one row of bytes"),
    ],
)
def test_dishonest_input_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        precision_at_1(*arguments)


def test_dishonest_distractors_and_depths_are_refused() -> None:
    with pytest.raises(EvaluationError, match="distractors: expected codes of 1 bytes, found 2"):
        precision_at_1([[0]], [1], [[0]], [1], distractors=[[0, 0]])
    with pytest.raises(EvaluationError, match="k: 0 is not a whole number of at least 1"):
        recall_at_k([[0]], [1], [[0]], [1], k=0)
    with pytest.raises(EvaluationError, match=r"ks\[0\]: 0 is outside"):
        shared_label_precision([[0]], [1], [[0]], [1], ks=[0])
