"""How the simulated pools did on identical items, against what was planted; the paper's table 9."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluator.agreement import alpha_interval, consistency, count_values
from evaluator.intervals import cluster_bootstrap
from evaluator.types import Estimate
from labelapp.home.planted_labelers import POOLS, PlantedPool
from labelapp.home.planted_truth import PlantedTruth
from labelapp.home.simulation import POOLS_PROJECT
from labelapp.tasks.models import Label
from labelapp.tasks.types.relevance.payload import product_ids

GRADES = 5
DRAWS = 2000


@dataclass(frozen=True)
class PoolFigures:
    """One row of table 9, with what was aimed at."""

    pool: PlantedPool
    labels: int
    pairs: int
    consistency: Estimate
    accuracy: Estimate
    alpha: Estimate
    per_hour: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "pool": self.pool.slug,
            "labels": self.labels,
            "pairs": self.pairs,
            "consistency": self.consistency.as_dict() | {"aimed_at": self.pool.consistency},
            "accuracy": self.accuracy.as_dict() | {"aimed_at": self.pool.accuracy},
            "alpha": self.alpha.as_dict(),
            "candidates_per_active_hour": round(self.per_hour, 1),
        }


@dataclass(frozen=True)
class _Graded:
    pair: str
    grade: int
    truth: int


def pool_figures(truth: PlantedTruth) -> list[PoolFigures]:
    """Measure every pool that has answered the items which all pools are asked."""
    found = (_figures(pool, truth) for pool in POOLS)
    return [figures for figures in found if figures is not None]


def _figures(pool: PlantedPool, truth: PlantedTruth) -> PoolFigures | None:
    labels = Label.objects.filter(slot__project__slug=POOLS_PROJECT, pool__slug=pool.slug, is_surplus=False)
    labels = labels.select_related("task")
    graded = [one for label in labels for one in _graded(label, truth)]
    if not graded:
        return None
    number: dict[str, int] = {}
    items = [number.setdefault(one.pair, len(number)) for one in graded]
    counts = count_values(items, [one.grade for one in graded], n_values=GRADES)
    right, all_of = defaultdict[int, int](int), defaultdict[int, int](int)
    for item, one in zip(items, graded, strict=True):
        right[item] += one.grade == one.truth
        all_of[item] += 1
    seconds = sum(label.seconds for label in labels)
    return PoolFigures(
        pool,
        labels=len(graded),
        pairs=len(all_of),
        consistency=consistency(counts, draws=DRAWS),
        accuracy=cluster_bootstrap([right[item] for item in all_of], list(all_of.values()), draws=DRAWS),
        alpha=alpha_interval(counts, level="ordinal", draws=DRAWS),
        per_hour=len(graded) / seconds * 3600,
    )


def _graded(label: Label, truth: PlantedTruth) -> Iterator[_Graded]:
    payload = label.task.payload
    scene, box = payload["scene"]["id"], payload["box"]
    for product in product_ids(payload):
        grade = label.answer["grades"][truth.public_ids[product]]
        yield _Graded(truth.pair(scene, box, product), grade, truth.grade(scene, box, product))
