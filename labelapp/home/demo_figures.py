"""What came out of the demo, as figures, and whether every part of it really ran."""

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
NEAR = 0.08
"""How far the in-house team may be from what was planted."""
FAULT = "planted_fault"


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    holds: bool
    detail: str


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
        near = abs(team.accuracy.value - IN_HOUSE.accuracy) <= NEAR
        ahead = team.accuracy.value > max(others)
        shares = ", ".join(f"{slug} {100 * one.accuracy.value:.1f} %" for slug, one in found.items())
        return Check("pools", holds=near and ahead, detail=f"accuracy {shares}")


def demo_figures(size: ShopSize) -> DemoFigures:
    """Gather the figures of the newest run over a drawn shop; raises `EvaluationsError`."""
    runs = EvaluationRun.objects.filter(scene_set__query__source=size.source)
    run = runs.order_by("-created_at").first()
    truth = PlantedTruth.of(size.source)
    if run is None or truth is None:
        raise EvaluationsError(
            f"There is no run over {size.source} yet; start one: manage.py prepare_demo --simulate"
        )
    report = relevance_report(
        run.ordered_systems(), scene_set=run.scene_set, origin=Judgement.Origin.SIMULATED.value
    )
    pairs = ScenePair.objects.filter(source=size.source).values_list("annotations", flat=True)
    faults = Counter(notes[FAULT] or "sound" for notes in pairs)
    return DemoFigures(size, run, report, pool_figures(truth), faults)
