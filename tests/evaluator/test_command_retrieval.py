from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.retrieval import precision_at_1, recall_at_k
from tests.evaluator.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk("retrieval", tmp_path, capsys)


@pytest.fixture
def queries(desk: Desk) -> str:
    return desk.arrays("queries.npz", codes=np.array([[0], [255], [15]], np.uint8), products=["a", "b", "c"])


@pytest.fixture
def corpus(desk: Desk) -> str:
    return desk.arrays("corpus.npz", codes=np.array([[0], [254], [0]], np.uint8), products=["a", "b", "d"])


def test_the_figures_are_those_of_the_package(desk: Desk, queries: str, corpus: str) -> None:
    distractors = desk.arrays("distractors.npz", codes=np.array([[253], [254]], np.uint8))
    given: Any = ([[0], [255], [15]], ["a", "b", "c"], [[0], [254], [0]], ["a", "b", "d"])
    figures = desk.figures(queries, corpus, distractors, "--k", "3")
    first = precision_at_1(*given, distractors=[[253], [254]])
    assert figures["precision_at_1"]["expected"] == first.expected == pytest.approx((1 / 2 + 1 / 3) / 3)
    assert figures["precision_at_1"]["interval"] == first.interval.as_dict()
    assert figures["precision_at_1"]["absent"] == 1
    assert figures["precision_at_1"]["duplicates"] == [1]
    (third,) = figures["recall_at_k"]
    assert (third["k"], third["expected"]) == (
        3,
        recall_at_k(*given, distractors=[[253], [254]], k=3).expected,
    )


def test_the_text_has_percent_interval_n_and_both_ends_of_ties(desk: Desk, queries: str, corpus: str) -> None:
    printed = desk.text(queries, corpus)
    assert "3 queries in 3 codes of 8 bits, 0 distractors\n" in printed
    assert "  P@1         50.0 % (12.5 to 87.5), n = 3 queries  worst  33.3 %, best  66.7 %\n" in printed


def test_codes_alone_have_their_products_in_a_text_beside_them(desk: Desk, queries: str, corpus: str) -> None:
    np.save(desk.folder / "apart.npy", np.array([[0], [254], [0]], np.uint8))
    path = str(desk.folder / "apart.npy")
    assert desk.refusal(queries, path) == (
        "apart.npy: expected its products in a file apart.txt beside it, found none"
    )
    desk.file("apart.txt", "a\nb\tx\r\nd\n")
    apart, together = (desk.figures(queries, each) for each in (path, corpus))
    assert apart | {"files": []} == together | {"files": []}
    desk.file("apart.txt", "a\nb\n")
    assert desk.refusal(queries, path) == "apart.txt: holds the products of 2 codes, expected those of 3"


def test_several_right_products_stand_on_a_second_axis(desk: Desk, corpus: str) -> None:
    queries = desk.arrays("q.npz", codes=np.array([[0]], np.uint8), products=[["a", "d"]])
    assert desk.figures(queries, corpus)["precision_at_1"]["worst"] == 1


def test_whole_numbers_and_bits_are_taken_as_they_are(desk: Desk) -> None:
    bits = np.array([[True] * 8, [False] * 8])
    queries = desk.arrays("q.npz", codes=bits, products=[1, 2])
    corpus = desk.arrays("c.npz", codes=np.packbits(bits, axis=1), products=["1", "2"])
    assert desk.figures(queries, corpus)["precision_at_1"]["worst"] == 1


def test_no_queries_are_undefined(desk: Desk, corpus: str) -> None:
    queries = desk.arrays("q.npz", codes=np.empty((0, 1), np.uint8), products=np.empty(0, "U1"))
    figures = desk.figures(queries, corpus)
    assert figures["precision_at_1"]["expected"] is None
    assert figures["undefined"]["precision_at_1.expected"] == "no queries"
    assert "  P@1        undefined: no queries\n" in desk.text(queries, corpus)


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        (
            {"codes": np.zeros((1, 1))},
            "expected codes as packed bits, uint8 of shape (codes, bytes), found float64",
        ),
        (
            {"codes": np.zeros(3, np.uint8)},
            "expected codes as packed bits, uint8 of shape (codes, bytes), found uint8",
        ),
        ({"x": [1]}, "there is no array 'codes' in it, expected codes and products; found x"),
        ({"codes": np.zeros((2, 1), np.uint8)}, "there is no array 'products' in it"),
        (
            {"codes": np.zeros((2, 1), np.uint8), "products": ["a"]},
            "holds the products of 1 codes, expected those of 2",
        ),
        (
            {"codes": np.zeros((1, 1), np.uint8), "products": [0.5]},
            "expected products as text or whole numbers",
        ),
        (
            {"codes": np.zeros((1, 1), np.uint8), "products": "a"},
            "expected products as text or whole numbers",
        ),
        (
            {"codes": np.zeros((1, 1), np.uint8), "products": [b"\xff"]},
            "expected products as text, found bytes",
        ),
        (
            {"codes": np.zeros((1, 1), np.uint8), "products": np.array([{"a"}])},
            "holds Python objects; save the prod",
        ),
    ],
)
def test_wrong_arrays_are_refused(desk: Desk, corpus: str, arrays: dict[str, Any], complaint: str) -> None:
    assert desk.refusal(desk.arrays("q.npz", **arrays), corpus).startswith(f"q.npz: {complaint}")


def test_wrong_files_are_refused(desk: Desk, queries: str, corpus: str) -> None:
    assert desk.refusal(queries) == "FILE: expected queries, corpus and perhaps distractors, found 1"
    assert desk.refusal(queries, desk.file("a.npz", "junk")) == (
        "a.npz: is no .npz or .npy file of numpy, or is damaged"
    )
    wide = desk.arrays("wide.npz", codes=np.zeros((1, 2), np.uint8), products=["a"])
    assert desk.refusal(queries, wide).startswith("wide.npz: corpus_codes")
    assert desk.refusal(queries, corpus, "--k", "0").startswith("--k: 0 is not")
    empty = desk.arrays("empty.npz", codes=np.empty((0, 1), np.uint8), products=np.empty(0, "U1"))
    assert desk.refusal(queries, empty) == "empty.npz: holds no codes, expected those to search"


def test_unpacked_codes_are_refused_wherever_they_stand(desk: Desk, queries: str, corpus: str) -> None:
    unpacked = desk.arrays("bits.npz", codes=np.eye(8, dtype=np.uint8), products=list("abcdefgh"))
    for files in ([unpacked, corpus], [queries, unpacked], [queries, corpus, unpacked]):
        assert desk.refusal(*files) == (
            "bits.npz: holds 8 bytes per code, only 0 and 1, beside packed codes of 1; see numpy.packbits"
        )


def test_ids_that_never_match_are_remarked(desk: Desk, queries: str, corpus: str) -> None:
    remark = "  No query has its product in the corpus: 'a' here, '7' there; are these the same ids?\n"
    others = desk.arrays("others.npz", codes=np.zeros((2, 1), np.uint8), products=[7, 8])
    assert remark in desk.text(queries, others)
    assert "No query" not in desk.text(queries, corpus)
