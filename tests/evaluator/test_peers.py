"""The same figures from ir_measures on random data, and from trec_eval's own test files."""

from pathlib import Path

import ir_measures
import numpy as np
import pytest
from ir_measures import Judged, P

from evaluator.relevance import precision_at_k, relevance_at_5

Judgements = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]
QREL = {4: 2, 3: 1, 2: 0, 1: 0, 0: 0}


def as_trec(grades: list[list[int]]) -> tuple[Judgements, Run]:
    """Qrels and run of a grade array; every query has one more judged product, which nobody retrieved."""
    qrels: Judgements = {}
    run: Run = {}
    for query, row in enumerate(grades):
        candidates = [(rank, grade) for rank, grade in enumerate(row) if grade != -2]
        run[f"q{query}"] = {f"p{rank}": 5.0 - rank for rank, _ in candidates}
        judged = {f"p{rank}": QREL[grade] for rank, grade in candidates if grade >= 0}
        qrels[f"q{query}"] = {**judged, "never retrieved": 2}
    return qrels, {query: found for query, found in run.items() if found}


@pytest.mark.parametrize("seed", range(200))
def test_precision_and_judged_share_equal_ir_measures(seed: int) -> None:
    generator = np.random.default_rng(seed)
    grades = generator.integers(-2, 5, size=(generator.integers(1, 40), 5))
    grades[0] = [4, 3, 1, -1, -2]
    result = relevance_at_5(grades, generator.integers(0, 10, size=len(grades)))
    qrels, run = as_trec(grades.tolist())
    peer = ir_measures.calc_aggregate([P(rel=1) @ 5, P(rel=2) @ 5], qrels, run)
    assert result.similar.value == pytest.approx(peer[P(rel=1) @ 5], abs=1e-12)
    assert result.extremely_similar.value == pytest.approx(peer[P(rel=2) @ 5], abs=1e-12)
    found = {query: qrels[query] for query in run}
    judged = ir_measures.calc_aggregate([Judged @ 5], found, run)
    assert result.judged_at_5 == pytest.approx(judged[Judged @ 5], abs=1e-12)


def top_five(qrels_file: Path, run_file: Path) -> list[list[int]]:
    """Grades of the top five of every topic in the qrels, ranked as trec_eval ranks."""
    qrels: Judgements = {}
    run: dict[str, list[tuple[float, str]]] = {}
    for line in qrels_file.read_text().splitlines():
        topic, _, document, relevance = line.split()
        qrels.setdefault(topic, {})[document] = int(relevance)
    for line in run_file.read_text().splitlines():
        topic, _, document, _, score = line.split()[:5]
        run.setdefault(topic, []).append((float(score), document))
    grades = []
    for topic, judged in sorted(qrels.items()):
        best = sorted(run.get(topic, []), reverse=True)[:5]
        row = [(4 if judged[document] else 1) if document in judged else -1 for _, document in best]
        grades.append(row + [-2] * (5 - len(row)))
    return grades


@pytest.mark.real
@pytest.mark.parametrize(
    ("run", "output"),
    [("results.test.txt", "out.test.aq.txt"), ("results.trunc.txt", "out.test.aqc.txt")],
    ids=["every topic answered", "a topic without results counts as zero"],
)
def test_p_5_equals_what_trec_eval_prints_for_its_own_test_files(
    known_answers: Path, run: str, output: str
) -> None:
    folder = known_answers / "trec_eval"
    printed = dict(
        line.split()[1:] for line in (folder / output).read_text().splitlines() if line.startswith("P_5 ")
    )
    grades = top_five(folder / "qrels.test.txt", folder / run)
    assert precision_at_k(grades, min_grade=3).value == pytest.approx(float(printed.pop("all")), abs=5.1e-5)
    for row, (_, value) in zip(grades, sorted(printed.items()), strict=True):
        assert precision_at_k([row], min_grade=3).value == pytest.approx(float(value), abs=5.1e-5)
