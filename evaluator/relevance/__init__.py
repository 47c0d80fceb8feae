"""E2E Relevance@5: precision of the candidates of query objects, and two systems against each other.

`grades` is always an integer array (query objects, k), best candidate first: 4 Extremely Similar, 3
Similar, 2 Marginally Similar, 1 Not Similar, 0 Did Not Load, -1 unjudged, -2 no candidate. Scenes are the
clusters: what is resampled or swapped is a whole scene. Source: "Shop The Look" (KDD 2020), section 4.
"""

from evaluator.relevance.comparison import compare, scene_differences
from evaluator.relevance.gains import GainBreakdown, Link, chain_gains, gain_breakdown, relative_gain
from evaluator.relevance.judged_runs import RankedGrades, qrels_of, ranked_grades
from evaluator.relevance.planning import QueryPlan, plan_queries
from evaluator.relevance.precision import precision_at_k, relevance_at_5
from evaluator.relevance.ranking import ndcg_at_k, reciprocal_rank
from evaluator.relevance.trec import read_qrels, read_run, write_qrels, write_run

__all__ = [
    "GainBreakdown",
    "Link",
    "QueryPlan",
    "RankedGrades",
    "chain_gains",
    "compare",
    "gain_breakdown",
    "ndcg_at_k",
    "plan_queries",
    "precision_at_k",
    "qrels_of",
    "ranked_grades",
    "read_qrels",
    "read_run",
    "reciprocal_rank",
    "relative_gain",
    "relevance_at_5",
    "scene_differences",
    "write_qrels",
    "write_run",
]
