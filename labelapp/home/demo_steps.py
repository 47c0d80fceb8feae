"""From a drawn shop to a comparison of two systems, step by step; what is there already is left alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.corpora import CorpusQuery, freeze_corpus
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.model_versions import register_model
from labelapp.evaluations.models import CorpusSnapshot, EvaluationRun, ModelVersion, System
from labelapp.evaluations.names import project_named
from labelapp.evaluations.runs import resume_run, start_run
from labelapp.evaluations.scene_sets import SceneQuery, freeze_scenes
from labelapp.evaluations.systems import SystemPlan, create_system
from labelapp.home.children import ROOT

MODELS = ROOT / "model_hooks" / "models"
PROJECT = "relevance"
PLAIN, RESTRICTED = "plain", "restricted"
NAMESPACE = uuid.UUID("6ffb3a05-53a5-5d0c-9d9d-58fd1a6f2f5e")


@dataclass(frozen=True)
class Prepared:
    """What a run needs."""

    scene_set: SceneSet
    corpus: CorpusSnapshot
    detector: ModelVersion
    embedder: ModelVersion


def register_models(root: Path) -> tuple[ModelVersion, ModelVersion]:
    """Register the newest detector and embedder of a folder NAME/VERSION; raises `EvaluationsError`."""
    folders = sorted(path.parent for path in root.glob("[!.]*/[!.]*/model.json"))
    models = [register_model(folder, by=None).model for folder in folders]
    found = {model.kind: model for model in models}
    missing = [kind for kind in ModelVersion.Kind.values if kind not in found]
    if missing:
        raise EvaluationsError(
            f"There is no {' and no '.join(missing)} in {root}. Train them as the README says, or register"
            " your own: manage.py register_model DIR"
        )
    return found["detector"], found["embedder"]


def freeze(source: str, models: tuple[ModelVersion, ModelVersion], *, scenes: int, seed: int) -> Prepared:
    """Freeze scenes and corpus of a source, under the source's name."""
    scene_set = SceneSet.objects.filter(slug=source).first() or freeze_scenes(
        source, SceneQuery(source=source, limit=scenes), seed=seed, by=None
    )
    corpus = CorpusSnapshot.objects.filter(slug=source).first() or freeze_corpus(
        source, CorpusQuery(source=source), by=None
    )
    return Prepared(scene_set, corpus, *models)


def two_systems(ready: Prepared) -> list[System]:
    """Make a system that searches everything and one that keeps to the predicted category."""
    known = System.objects.filter(corpus=ready.corpus, detector=ready.detector, embedder=ready.embedder)
    return [
        known.filter(slug__startswith=slug).first() or _system(slug, ready) for slug in (PLAIN, RESTRICTED)
    ]


def start(ready: Prepared, systems: Sequence[System]) -> EvaluationRun:
    """Start the run, or go on with the one of this name that was stopped or has failures."""
    name = " ".join([ready.scene_set.slug, *(system.slug for system in systems)])
    project = project_named(PROJECT)
    public_id = uuid.uuid5(NAMESPACE, name)
    run = start_run(systems, scene_set=ready.scene_set, project=project, by=None, public_id=public_id)
    if run.state in {EvaluationRun.State.CANCELLED, EvaluationRun.State.FAILED} or run.failed_chunks:
        return resume_run(run, by=None)
    return run


def _system(slug: str, ready: Prepared) -> System:
    """Make a system; where the name is another one's, the corpus is added to it."""
    taken = System.objects.filter(slug=slug).exists()
    plan = SystemPlan(
        slug=f"{slug}-{ready.corpus.slug}"[:60] if taken else slug,
        name="Restricted to the category" if slug == RESTRICTED else "Plain",
        detector=ready.detector,
        embedder=ready.embedder,
        corpus=ready.corpus,
        restrict={"category"} if slug == RESTRICTED else (),
    )
    return create_system(plan, by=None)
