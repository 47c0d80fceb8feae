"""Freezing systems: detector, embedder, corpus and restriction rule."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import CorpusSnapshot, ModelVersion, System
from labelapp.evaluations.names import check_new_slug
from labelapp.evaluations.sight import FLOOR
from labelapp.people.audit import record
from labelapp.people.models import User
from model_hooks.retrieval.restriction_text import parse

RESTRICTABLE = ("category", "gender")


@dataclass(frozen=True)
class SystemPlan:
    """What a system is to be; without a threshold the detector's own stands."""

    slug: str
    detector: ModelVersion
    embedder: ModelVersion
    corpus: CorpusSnapshot
    name: str = ""
    restrict: Collection[str] = ()
    where: str = ""
    threshold: float | None = None


@transaction.atomic
def create_system(plan: SystemPlan, *, by: User | None) -> System:
    """Freeze a system; a restriction that cannot be read raises `RestrictionError`."""
    check_new_slug("system", plan.slug, taken=System.objects.filter(slug=plan.slug).exists())
    parse(plan.where)
    system = System.objects.create(
        slug=plan.slug,
        name=plan.name or plan.slug,
        detector=plan.detector,
        embedder=plan.embedder,
        corpus=plan.corpus,
        threshold=_threshold(plan),
        restrict_category="category" in plan.restrict,
        restrict_gender="gender" in plan.restrict,
        where=plan.where.strip(),
        created_by=by,
    )
    record(by, "created system", system.slug, detector=str(plan.detector), embedder=str(plan.embedder))
    return system


def _threshold(plan: SystemPlan) -> float:
    chosen = plan.detector.manifest["threshold"] if plan.threshold is None else plan.threshold
    if not FLOOR <= chosen <= 1:
        raise EvaluationsError(
            f"The threshold is {chosen:g}; choose {FLOOR:g} to 1, for weaker detections are not kept."
        )
    return float(chosen)
