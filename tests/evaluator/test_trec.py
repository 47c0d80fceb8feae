import math
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, P, nDCG

from evaluator.errors import EvaluationError
from evaluator.relevance import (
    ndcg_at_k,
    precision_at_k,
    qrels_of,
    ranked_grades,
    read_qrels,
    read_run,
    reciprocal_rank,
    write_qrels,
    write_run,
)
from evaluator.types import Estimate

QRELS = {"lamp": {"p1": 2, "p2": 0}, "chair": {"p1": 1}}
RUN = {"lamp": {"p2": 0.5, "p1": 0.25}, "chair": {"p3": -1.0}}

ids = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=6)


def books(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    return st.dictionaries(ids, st.dictionaries(ids, values, min_size=1, max_size=5), max_size=5)


@given(books(st.integers(0, 2)))
@settings(max_examples=60, deadline=None)
def test_written_judgements_are_read_as_they_were(qrels: dict[str, dict[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        write_qrels(Path(folder, "q.txt"), qrels)
        assert read_qrels(Path(folder, "q.txt")) == qrels


@given(books(st.floats(allow_nan=False, allow_infinity=False)))
@settings(max_examples=60, deadline=None)
def test_written_results_are_read_to_the_last_digit(run: dict[str, dict[str, float]]) -> None:
    with TemporaryDirectory() as folder:
        write_run(Path(folder, "r.txt"), run, tag="V2")
        assert read_run(Path(folder, "r.txt")) == run


def test_the_files_look_as_trec_wants_them(tmp_path: Path) -> None:
    write_qrels(tmp_path / "q.txt", QRELS)
    write_run(tmp_path / "r.txt", RUN, tag="V2")
    assert (tmp_path / "q.txt").read_text() == "lamp 0 p1 2\nlamp 0 p2 0\nchair 0 p1 1\n"
    assert (tmp_path / "r.txt").read_text() == (
        "lamp Q0 p2 1 0.5 V2\nlamp Q0 p1 2 0.25 V2\nchair Q0 p3 1 -1.0 V2\n"
    )


def test_ir_measures_reads_what_is_written(tmp_path: Path) -> None:
    write_qrels(tmp_path / "q.txt", QRELS)
    write_run(tmp_path / "r.txt", RUN)
    peer: Any = ir_measures
    judged = peer.read_trec_qrels(str(tmp_path / "q.txt"))
    assert [tuple(pair)[:3] for pair in judged] == [("lamp", "p1", 2), ("lamp", "p2", 0), ("chair", "p1", 1)]
    found = peer.read_trec_run(str(tmp_path / "r.txt"))
    assert {(pair.query_id, pair.doc_id): pair.score for pair in found} == {
        (query, product): score for query, scores in RUN.items() for product, score in scores.items()
    }


def test_judgements_can_be_streamed(tmp_path: Path) -> None:
    write_qrels(tmp_path / "q.txt", ((query, {"p": 1}) for query in ("a", "b")))
    assert read_qrels(tmp_path / "q.txt") == {"a": {"p": 1}, "b": {"p": 1}}
    with pytest.raises(EvaluationError, match="qrels: query 'a' comes twice"):
        write_qrels(tmp_path / "q.txt", [("a", {"p": 1}), ("a", {"q": 1})])


def test_grades_become_levels_and_unjudged_pairs_are_absent(tmp_path: Path) -> None:
    qrels = qrels_of([1] * 7, list("abcdefg"), [4, 3, 2, 1, 0, -1, -2])
    assert qrels == {"1": {"a": 2, "b": 1, "c": 0, "d": 0, "e": 0}}
    write_qrels(tmp_path / "q.txt", {"1": {"a": 2, "z": -1}})
    assert read_qrels(tmp_path / "q.txt") == {"1": {"a": 2}}


def test_a_level_below_0_says_unjudged_and_keeps_its_query(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("lamp 0 p1 -1\n")
    assert read_qrels(tmp_path / "q.txt") == {"lamp": {}}


def test_a_byte_order_mark_tabs_and_blank_lines_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_bytes(b"\xef\xbb\xbflamp\t0\tp1\t2\r\n\r\n")
    assert read_qrels(tmp_path / "q.txt") == {"lamp": {"p1": 2}}


@pytest.mark.parametrize(
    ("read", "content", "problem"),
    [
        (read_qrels, "a 0 p 1\na 0 p\n", "f.txt, line 2: found 3 columns, expected query 0 product level"),
        (read_qrels, "a 0 p 1 x\n", "f.txt, line 1: found 5 columns, expected query 0 product level"),
        (read_qrels, "a 0 p good\n", "f.txt, line 1: found level 'good', expected a whole number"),
        (read_qrels, "a 0 p 1\n\na 0 p 1\n", "f.txt, line 3: product 'p' of query 'a' stood on an earlier"),
        (read_qrels, b"a 0 \xff 1\n", "f.txt: is not UTF-8 text"),
        (
            read_run,
            "a Q0 p 1 0.5\n",
            "f.txt, line 1: found 5 columns, expected query Q0 product rank score tag",
        ),
        (read_run, "a Q0 p 1 high V2\n", "f.txt, line 1: found score 'high', expected a finite number"),
        (read_run, "a Q0 p 1 nan V2\n", "f.txt, line 1: found score 'nan', expected a finite number"),
        (read_run, "a Q0 p 1 1 V2\na Q0 p 2 1 V2\n", "f.txt, line 2: product 'p' of query 'a' stood"),
    ],
)
def test_a_wrong_line_is_named(
    tmp_path: Path, read: Callable[[Path], object], content: str | bytes, problem: str
) -> None:
    file = tmp_path / "f.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EvaluationError, match=re.escape(problem)):
        read(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.txt: cannot be read"):
        read_run(tmp_path / "none.txt")


@pytest.mark.parametrize("name", ["", "two words", "tab\t", "line\n", "nb\xa0sp", "\ufeffmark", "zero\0"])
def test_ids_that_columns_cannot_hold_are_refused_and_leave_the_old_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "f.txt"
    file.write_text("old")
    with pytest.raises(EvaluationError, match="is no id that a column can hold"):
        write_qrels(file, {"a": {"fine": 1, name: 1}})
    with pytest.raises(EvaluationError, match="is no id that a column can hold"):
        write_run(file, {name: {"fine": 1.0}})
    with pytest.raises(EvaluationError, match="tag"):
        write_run(file, RUN, tag=name)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_levels_and_scores_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    levels: Any
    for levels in ({"p": 1.5}, {"p": math.nan}):
        with pytest.raises(EvaluationError, match=r"query 'a', product 'p': level .+ is no whole number"):
            write_qrels(tmp_path / "f.txt", {"a": levels})
    with pytest.raises(EvaluationError, match="query 'a', product 'p': score inf is not finite"):
        write_run(tmp_path / "f.txt", {"a": {"p": math.inf}})


def test_pairs_that_come_twice_and_unknown_grades_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"products\[1\]: p was judged for a before"):
        qrels_of(["a", "a"], ["p", "p"], [4, 1])
    with pytest.raises(EvaluationError, match=r"grades\[0\]: 5"):
        qrels_of(["a"], ["p"], [5])
    with pytest.raises(EvaluationError, match="query 'a' has level 3, which is no grade"):
        ranked_grades({}, {"a": {"p": 3}})


def test_rows_are_ranked_by_score_then_by_the_last_id_and_no_query_vanishes() -> None:
    run = {"b": {"p1": 1.0, "p3": 1.0, "p2": 2.0}, "unjudged": {"p": 1.0}}
    found = ranked_grades(run, {"b": {"p3": 2, "p9": 1, "p1": 0}, "a": {"p": 1}}, k=3)
    assert found.queries == ("a", "b", "unjudged")
    assert found.grades.tolist() == [[-2, -2, -2], [-1, 4, 1], [-1, -2, -2]]
    assert found.ideal_grades.tolist() == [[3, -2, -2], [4, 3, 1], [-2, -2, -2]]
    assert ranked_grades(run, {}, k=None).grades.shape == (2, 3)
    assert ranked_grades({}, {}).grades.shape == (0, 5)


@pytest.mark.parametrize("seed", range(200))
def test_files_of_random_results_give_the_figures_of_ir_measures(seed: int, tmp_path: Path) -> None:
    generator = np.random.default_rng(seed)
    products = [f"p{place}" for place in range(12)]
    run = {}
    for query in range(generator.integers(1, 9)):
        shown = generator.permutation(products)[: generator.integers(0, 9)]
        # Few distinct scores, so that many results tie.
        run[f"q{query}"] = {str(product): float(generator.integers(0, 3)) for product in shown}
    pairs = [(query, product) for query in (*run, "unanswered") for product in products]
    grades = generator.integers(-1, 5, size=len(pairs))
    grades[[query == "unanswered" for query, _ in pairs]] = 4
    queries, judged = zip(*pairs, strict=True)
    write_qrels(tmp_path / "q.txt", qrels_of(queries, judged, grades))
    write_run(tmp_path / "r.txt", run)
    qrels, found = read_qrels(tmp_path / "q.txt"), read_run(tmp_path / "r.txt")
    rows = ranked_grades(found, qrels, k=8)
    peer = ir_measures.calc_aggregate([P(rel=1) @ 5, P(rel=2) @ 5, nDCG @ 5, RR], qrels, found)
    ours = {
        P(rel=1) @ 5: precision_at_k(rows.grades, min_grade=3),
        P(rel=2) @ 5: precision_at_k(rows.grades, min_grade=4),
        nDCG @ 5: ndcg_at_k(rows.grades, ideal_grades=rows.ideal_grades, gains=(0, 0, 0, 1, 2)),
        RR: reciprocal_rank(rows.grades),
    }
    for measure, estimate in ours.items():
        assert estimate.value == pytest.approx(peer[measure], abs=1e-12)


LEVELS_AS_GRADES = {level: level for level in range(5)}


@pytest.mark.real
@pytest.mark.parametrize(
    ("output", "qrels", "run", "least", "depth"),
    [
        ("out.test.aq.txt", "qrels.test.txt", "results.test.txt", 1, None),
        ("out.test.aqc.txt", "qrels.test.txt", "results.trunc.txt", 1, None),
        ("out.test.aqcM.txt", "qrels.test.txt", "results.trunc.txt", 1, 100),
        ("out.test.aql.txt", "qrels.rel_level.txt", "results.test.txt", 2, None),
    ],
    ids=["-q", "-c with a topic without results", "-c -M100", "-l2 with graded judgements"],
)
def test_every_p_ndcg_cut_and_recip_rank_that_trec_eval_prints_for_its_own_files(
    known_answers: Path, output: str, qrels: str, run: str, least: int, depth: int | None
) -> None:
    folder = known_answers / "trec_eval"
    rows = ranked_grades(
        read_run(folder / run), read_qrels(folder / qrels), k=depth, grade_of=LEVELS_AS_GRADES
    )
    printed = [line.split() for line in (folder / output).read_text().splitlines()]
    compared = 0
    for name, topic, value in printed:
        places = slice(None) if topic == "all" else [rows.queries.index(topic)] if topic.isdigit() else []
        ours = _measured(name, rows.grades[places], rows.ideal_grades[places], least)
        if ours is not None:
            assert ours.value == pytest.approx(float(value), abs=5.1e-5), (name, topic)
            compared += 1
    assert compared >= 40


def _measured(name: str, grades: Any, ideal: Any, least: int) -> Estimate | None:
    """Return our figure for a line of trec_eval's output; None for one that we do not compute."""
    if name == "recip_rank":
        return reciprocal_rank(grades, min_grade=least)
    measure, _, cut = name.rpartition("_")
    if measure == "P":
        return precision_at_k(grades, k=int(cut), min_grade=least)
    if measure == "ndcg_cut":
        return ndcg_at_k(grades, ideal_grades=ideal, k=int(cut), gains=(0, 1, 2, 3, 4))
    return None
