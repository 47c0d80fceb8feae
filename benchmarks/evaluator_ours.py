"""What the evaluator's benchmark measures: each function prepares a call, and how to read its result.

Each imports what it calls, so that the memory of a row holds nothing of another.
"""

from typing import Any

import numpy as np

from benchmarks.evaluator_worker import Figures, Prepared
from benchmarks.evaluator_worlds import DRAWS, FOUND, TOP, TRUTH, VALUES, load


def alpha() -> Prepared:
    from evaluator.agreement import count_values, krippendorff_alpha

    world = load("labels")

    def call() -> float:
        counts = count_values(world["item"], world["label"], n_values=VALUES)
        return float(krippendorff_alpha(counts, level="ordinal"))

    return call, lambda value: {"alpha": value}


def majority_vote() -> Prepared:
    from evaluator.consensus import majority

    world = load("labels")
    columns = world["item"], world["labeler"], world["label"]
    clear, truth = world["clear"], world["truth"]
    return (
        lambda: majority(*columns, n_values=VALUES).label,
        lambda label: {"accuracy without ties": float((label == truth)[clear].mean())},
    )


def dawid_skene_rounds() -> Prepared:
    from evaluator.consensus import dawid_skene

    world = load("labels")
    columns = world["item"], world["labeler"], world["label"]
    return (
        lambda: dawid_skene(*columns, n_values=VALUES, max_iterations=10, tolerance=0),
        lambda found: {
            "accuracy": float((found.posterior.argmax(axis=1) == world["truth"]).mean()),
            "rounds": found.iterations,
        },
    )


def boxes() -> Prepared:
    from evaluator.detection import coco_scores

    def figures(scores: Any) -> Figures:
        names = ("ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large")
        return {name: getattr(scores, name) for name in names}

    return lambda: coco_scores(TRUTH, FOUND), figures


def relevance() -> Prepared:
    from evaluator.relevance import ndcg_at_k, precision_at_k

    grades = load("grades")["grades"]

    def call() -> Any:
        return precision_at_k(grades, k=TOP, min_grade=3), ndcg_at_k(grades[:, :TOP], ideal_grades=grades)

    return call, lambda found: {"P@5": found[0].value, "nDCG@5": found[1].value}


def sign_flips() -> Prepared:
    from evaluator.significance import sign_flip_test

    difference = load("clusters")["difference"]
    return lambda: sign_flip_test(difference, draws=DRAWS), lambda p: {"p": p}


def bootstrap() -> Prepared:
    from evaluator.intervals import cluster_bootstrap

    world = load("clusters")
    return (
        lambda: cluster_bootstrap(world["hits"], world["slots"], draws=DRAWS),
        lambda found: {"value": found.value, "low": found.low, "high": found.high},
    )


def first_place() -> Prepared:
    from evaluator.retrieval import precision_at_1

    world = load("codes")
    codes, products = world["products"], np.arange(len(world["products"]))

    def call() -> Any:
        return precision_at_1(world["queries"], products, codes, products, distractors=world["distractors"])

    return call, lambda found: {"P@1": found.expected, "best": found.best, "worst": found.worst}


ROWS = {
    "alpha": alpha,
    "majority": majority_vote,
    "dawid-skene": dawid_skene_rounds,
    "coco": boxes,
    "relevance": relevance,
    "sign-flips": sign_flips,
    "bootstrap": bootstrap,
    "retrieval": first_place,
}
