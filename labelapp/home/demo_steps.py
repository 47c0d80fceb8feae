"""From a drawn shop to a comparison of two systems, step by step; what is there already is left alone."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
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
from labelapp.tasks.models import Project
from labelapp.tasks.projects import ProjectPlan, create_project

MODELS = ROOT / "model_hooks" / "models"
PROJECT, OWN_PROJECT = "relevance", "relevance-drawn"
LONGEST_NAME = 54
PLAIN, RESTRICTED = "plain", "restricted"
State = EvaluationRun.State
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
    found_there = (path.parent for path in root.glob("[!.]*/[!.]*/model.json"))
    folders = sorted(found_there, key=_by_version)
    models = [register_model(folder, by=None).model for folder in folders]
    found = {model.kind: model for model in models}
    missing = [kind for kind in ModelVersion.Kind.values if kind not in found]
    if missing:
        raise EvaluationsError(
            f"There is no {' and no '.join(missing)} in {root}. Train them as docs/drawn_shop.md says, or"
            " register your own: manage.py register_model DIR"
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
    return [_system(slug, ready) for slug in (PLAIN, RESTRICTED)]


def start(ready: Prepared, systems: Sequence[System]) -> EvaluationRun:
    """Start the run, or go on with the one of this name that failed; one that was called off stays so."""
    name = " ".join([ready.scene_set.slug, *(system.slug for system in systems)])
    public_id = uuid.uuid5(NAMESPACE, name)
    known = EvaluationRun.objects.filter(public_id=public_id).first()
    project = known.project if known else _project()
    run = start_run(systems, scene_set=ready.scene_set, project=project, by=None, public_id=public_id)
    if run.state == State.FAILED or (run.state == State.FINISHED and run.failed_chunks):
        return resume_run(run, by=None)
    return run


def _project() -> Project:
    """Return where the run asks its questions: never among tasks of somebody's own."""
    usual = project_named(PROJECT)
    ours = EvaluationRun.objects.filter(project=usual, scene_set__query__source__startswith="drawn-")
    if ours.exists() or not usual.tasks.exists():
        return usual
    pools = dict(usual.project_pools.filter(pool__is_simulated=False).values_list("pool__slug", "overlap"))
    plan = ProjectPlan(OWN_PROJECT, "Relevance in the drawn shop", usual.task_type, pools)
    return create_project(plan, by=None)[0]


def _system(slug: str, ready: Prepared) -> System:
    """Return the system of this name, or of the first longer name that is free or its own."""
    for name in _names(slug, ready):
        found = System.objects.filter(slug=name).first()
        if found is None:
            return _create(name, ready, restricted=slug == RESTRICTED)
        if _is_meant(found, ready, restricted=slug == RESTRICTED):
            return found
    raise AssertionError("The names never end.")


def _names(slug: str, ready: Prepared) -> Iterator[str]:
    yield slug
    versions = f"d{ready.detector.version}-e{ready.embedder.version}"
    longer = re.sub(r"[^A-Za-z0-9_-]", "_", f"{slug}-{ready.corpus.slug}-{versions}")[:LONGEST_NAME]
    yield longer
    yield from (f"{longer}-{number}" for number in count(2))


def _is_meant(system: System, ready: Prepared, *, restricted: bool) -> bool:
    parts = (system.detector, system.embedder, system.corpus)
    rules = (system.restrict_category, system.restrict_gender, system.where)
    return parts == (ready.detector, ready.embedder, ready.corpus) and rules == (restricted, False, "")


def _create(slug: str, ready: Prepared, *, restricted: bool) -> System:
    plan = SystemPlan(
        slug=slug,
        name="Restricted to the category" if restricted else "Plain",
        detector=ready.detector,
        embedder=ready.embedder,
        corpus=ready.corpus,
        restrict={"category"} if restricted else (),
    )
    return create_system(plan, by=None)


def _by_version(folder: Path) -> list[tuple[int, str]]:
    """Order versions as people count: 10 comes after 9."""
    parts = re.findall(r"\d+|\D+", f"{folder.parent.name}/{folder.name}")
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
