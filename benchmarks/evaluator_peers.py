"""The peers, prepared as in `evaluator_ours`; runs in the environment of benchmarks/peers.py."""

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.evaluator_worker import Figures, Prepared
from benchmarks.evaluator_worlds import DRAWS, FOUND, ITEMS, TOP, TRUTH, VALUES, load


def alpha() -> Prepared:
    krippendorff = import_module("krippendorff")
    world = load("labels")
    counts = np.bincount(world["item"] * VALUES + world["label"]).reshape(ITEMS, VALUES)
    options = {"value_domain": np.arange(VALUES), "level_of_measurement": "ordinal"}
    return lambda: krippendorff.alpha(value_counts=counts, **options), lambda value: {"alpha": float(value)}


def majority_vote() -> Prepared:
    crowdkit, world = import_module("crowdkit.aggregation"), load("labels")
    table, clear, truth = crowd_table(world), world["clear"], world["truth"]
    return (
        lambda: crowdkit.MajorityVote().fit_predict(table),
        lambda found: {
            "accuracy without ties": float((found.sort_index().to_numpy() == truth)[clear].mean())
        },
    )


def dawid_skene_rounds() -> Prepared:
    crowdkit, world = import_module("crowdkit.aggregation"), load("labels")
    table = crowd_table(world)

    def figures(model: Any) -> Figures:
        right = model.labels_.sort_index().to_numpy() == world["truth"]
        return {"accuracy": float(right.mean()), "rounds": len(model.loss_history_)}

    return lambda: crowdkit.DawidSkene(n_iter=10, tol=-np.inf).fit(table), figures


def crowd_table(world: dict[str, Any]) -> Any:
    columns = {"task": world["item"], "worker": world["labeler"], "label": world["label"]}
    return import_module("pandas").DataFrame(columns)


def boxes() -> Prepared:
    truth, evaluation = import_module("pycocotools.coco"), import_module("pycocotools.cocoeval")

    def call() -> Any:
        known = truth.COCO(str(TRUTH))
        scores = evaluation.COCOeval(known, known.loadRes(str(FOUND)), "bbox")
        scores.evaluate()
        scores.accumulate()
        scores.summarize()
        return scores.stats

    names = ("ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large")
    return call, lambda stats: dict(zip(names, stats[:6].tolist(), strict=True))


def relevance() -> Prepared:
    ir_measures: Any = import_module("ir_measures")
    worth = np.maximum(load("grades")["grades"] - 1, 0).tolist()
    qrels = {
        f"q{query}": {f"d{rank}": rel for rank, rel in enumerate(row)} for query, row in enumerate(worth)
    }
    run = {query: {name: -float(rank) for rank, name in enumerate(row)} for query, row in qrels.items()}
    precision, gain = ir_measures.P(rel=2) @ TOP, ir_measures.nDCG @ TOP
    return (
        lambda: ir_measures.calc_aggregate([precision, gain], qrels, run),
        lambda found: {"P@5": found[precision], "nDCG@5": found[gain]},
    )


def bootstrap() -> Prepared:
    stats, world = import_module("scipy.stats"), load("clusters")
    options = {"paired": True, "vectorized": True, "method": "percentile", "n_resamples": DRAWS, "batch": 200}

    def ratio(hits: Any, slots: Any, axis: int) -> Any:
        return hits.sum(axis=axis) / slots.sum(axis=axis)

    def call() -> Any:
        return stats.bootstrap((world["hits"], world["slots"]), ratio, rng=0, **options).confidence_interval

    return call, lambda found: {"low": float(found.low), "high": float(found.high)}


def first_place() -> Prepared:
    faiss, world = import_module("faiss"), load("codes")
    corpus = np.vstack([world["products"], world["distractors"]])

    def call() -> Any:
        index = faiss.IndexBinaryFlat(8 * corpus.shape[1])
        index.add(corpus)
        return index.search(world["queries"], 1)[1][:, 0]

    return call, lambda row: {"P@1 as the index happens to order": float((row == np.arange(len(row))).mean())}


ROWS = {
    "alpha": alpha,
    "majority": majority_vote,
    "dawid-skene": dawid_skene_rounds,
    "coco": boxes,
    "relevance": relevance,
    "bootstrap": bootstrap,
    "retrieval": first_place,
}
