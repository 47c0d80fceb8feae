"""What came out of the demo, as figures, and whether every part of it really ran."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from labelapp.catalog.models import ImportBatch, Product, Scene, ScenePair
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import EvaluationRun, Judgement
from labelapp.evaluations.reports import Report, relevance_report, report_as_json
from labelapp.home.demo_shop import ShopSize
from labelapp.home.planted_figures import PoolFigures, pool_figures
from labelapp.home.planted_labelers import IN_HOUSE
from labelapp.home.planted_truth import PlantedTruth
from labelapp.tasks.models import Label, Slot

JUDGED_AT_LEAST = 0.95
"""Share of candidates; what stays is tied."""
DRIFT = 0.03
"""What the drift may shift the in-house team's accuracy by, in expectation."""
ERRORS = 5
"""Standard errors that chance may add: beyond them lies one simulation in a million."""
FAULT = "planted_fault"
State = EvaluationRun.State


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    holds: bool
    detail: str


def within(pairs: int) -> float:
    """Return how far from the planted accuracy the team may be on so many pairs.

    A pair's share of right answers lies between 0 and 1, so its variance is at most p (1 - p).
    """
    p = IN_HOUSE.accuracy
    return DRIFT + ERRORS * math.sqrt(p * (1 - p) / pairs)


@dataclass(frozen=True)
class DemoFigures:
    """Everything that a run of the demo shows."""

    size: ShopSize
    run: EvaluationRun
    report: Report
    pools: list[PoolFigures]
    faults: Counter[str]

    def checks(self) -> list[Check]:
        """Say of every part whether it ran."""
        return [*self._of_loading(), *self._of_running(), *self._of_judging()]

    def as_json(self) -> dict[str, Any]:
        return {
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "shop": self.size.source,
            "products": self.size.products,
            "scenes": self.size.scenes,
            "comparison": report_as_json(self.report),
            "pools": [pool.as_dict() for pool in self.pools],
            "pairs_by_planted_fault": dict(sorted(self.faults.items())),
            "checks": [{"name": one.name, "holds": one.holds, "detail": one.detail} for one in self.checks()],
        }

    def _of_loading(self) -> list[Check]:
        rejected = sum(ImportBatch.objects.drawn().values_list("rejected", flat=True))
        products = Product.objects.filter(source=self.size.source).count()
        scenes = Scene.objects.filter(source=self.size.source).count()
        pairs = sum(self.faults.values())
        return [
            Check("products", products == self.size.products, f"{products:,} of {self.size.products:,}"),
            Check("scenes", scenes == self.size.scenes, f"{scenes:,} of {self.size.scenes:,}"),
            Check("rows", not rejected, f"{rejected:,} rejected"),
            Check("pairs", pairs > 0 and len(self.faults) > 1, f"{pairs:,}, {len(self.faults)} sorts"),
        ]

    def _of_running(self) -> list[Check]:
        run = self.run
        found = {row.system.slug: row.result.query_objects for row in self.report.rows}
        looked_at = ", ".join(f"{slug} {count:,}" for slug, count in found.items())
        is_over = run.state == EvaluationRun.State.FINISHED and not run.failed_chunks
        return [
            Check("run", is_over, f"{run.state}, {run.failed_chunks} failed blocks of scenes"),
            Check("query objects", len(found) == 2 and all(found.values()), looked_at),
        ]

    def _of_judging(self) -> list[Check]:
        judged = min(row.result.judged_at_5 for row in self.report.rows)
        plain, restricted = (row.result.similar.value for row in self.report.rows)
        in_the_way = Label.objects.filter(slot__project=self.run.project, labeler__is_simulated=True).count()
        free = self.run.project.slots.filter(state=Slot.State.OPEN).count()
        return [
            Check("simulated judgements", judged >= JUDGED_AT_LEAST, f"{100 * judged:.1f} % judged"),
            Check("work left for people", free > 0 and not in_the_way, f"{free:,} tasks open"),
            Check("restriction", restricted >= plain, f"{100 * restricted:.1f} % after {100 * plain:.1f} %"),
            self._of_pools(),
        ]

    def _of_pools(self) -> Check:
        found = {figures.pool.slug: figures for figures in self.pools}
        team = found.get(IN_HOUSE.slug)
        if team is None or len(found) < 3:
            return Check("pools", holds=False, detail=f"{len(found)} of 3 answered")
        others = [figures.accuracy.value for slug, figures in found.items() if slug != IN_HOUSE.slug]
        near = abs(team.accuracy.value - IN_HOUSE.accuracy) <= within(team.pairs)
        ahead = team.accuracy.value > max(others)
        shares = ", ".join(f"{slug} {100 * one.accuracy.value:.1f} %" for slug, one in found.items())
        bound = f"{100 * IN_HOUSE.accuracy:.1f} % within {100 * within(team.pairs):.1f}"
        return Check("pools", holds=near and ahead, detail=f"accuracy {shares}; the first planted at {bound}")


def _compares_the_two(run: EvaluationRun) -> bool:
    return [system.restrict_category for system in run.ordered_systems()] == [False, True]


def demo_figures(size: ShopSize) -> DemoFigures:
    """Gather the figures of the newest run over a drawn shop; raises `EvaluationsError`."""
    runs = EvaluationRun.objects.filter(scene_set__query__source=size.source, state=State.FINISHED)
    run = next((run for run in runs.order_by("-created_at") if _compares_the_two(run)), None)
    truth = PlantedTruth.of(size.source)
    if run is None or truth is None:
        raise EvaluationsError(
            f"No run of a plain and a restricted system over {size.source} is finished; start one:"
            " manage.py prepare_demo --simulate"
        )
    report = relevance_report(
        run.ordered_systems(), scene_set=run.scene_set, origin=Judgement.Origin.SIMULATED.value
    )
    pairs = ScenePair.objects.filter(source=size.source).values_list("annotations", flat=True)
    faults = Counter(notes[FAULT] or "sound" for notes in pairs)
    return DemoFigures(size, run, report, pool_figures(truth), faults)
