"""The same figures from ir_measures on random data."""

import ir_measures
import numpy as np
import pytest
from ir_measures import Judged, P

from evaluator.relevance import relevance_at_5

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
