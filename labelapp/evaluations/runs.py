"""Evaluation runs: started, called off, taken up again, finished."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from labelapp.catalog.models import SceneSet
from labelapp.evaluations import ledger
from labelapp.evaluations.corpus_index import ready_index
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.hints import send_due_on_commit
from labelapp.evaluations.models import EvaluationRun, RunSystem, System, WorkChunk
from labelapp.evaluations.pairs import queue_pairs
from labelapp.people.audit import record
from labelapp.people.models import User
from labelapp.tasks.models import Project

State = EvaluationRun.State
TASK_TYPE = "relevance"


@transaction.atomic
def start_run(
    systems: Sequence[System],
    *,
    scene_set: SceneSet,
    project: Project,
    by: User | None,
    public_id: uuid.UUID | None = None,
) -> EvaluationRun:
    """Cut the work of all systems over the scene set; workers take it from there.

    Asked again with the same public id and the same plan, it returns the run that is there.
    """
    _check(systems, project)
    plan = {"scene_set": scene_set, "project": project, "created_by": by}
    run, is_new = EvaluationRun.objects.get_or_create(public_id=public_id or uuid.uuid4(), defaults=plan)
    if not is_new:
        _check_is_same(run, systems, plan)
        return run
    scene_ids = list(scene_set.members.order_by("position").values_list("scene_id", flat=True))
    for position, system in enumerate(systems):
        RunSystem.objects.create(run=run, system=system, position=position)
        ledger.cut_run(run, system.pk, scene_ids)
    names = [system.slug for system in systems]
    send_due_on_commit()
    record(by, "started run", run.public_id, systems=names, scenes=scene_set.slug, project=project.slug)
    return run


def _check(systems: Sequence[System], project: Project) -> None:
    if not systems or len({system.pk for system in systems}) < len(systems):
        raise EvaluationsError("A run needs one or more systems, each named once.")
    if project.task_type != TASK_TYPE:
        raise EvaluationsError(
            f"Project {project.slug!r} asks {project.task_type} questions; "
            f"candidates are judged in a project of the type {TASK_TYPE}."
        )
    if not project.guide.versions.published().exists():
        raise EvaluationsError(
            f"The guide of project {project.slug!r} has no published version; publish one."
        )
    for system in systems:
        ready_index(system.corpus, system.embedder)


def _check_is_same(run: EvaluationRun, systems: Sequence[System], plan: Mapping[str, object]) -> None:
    found = {name: getattr(run, name) for name in plan}
    if found != plan or run.ordered_systems() != list(systems):
        raise EvaluationsError(f"This form has started {run} already; open it anew to start another.")


@transaction.atomic
def cancel_run(run: EvaluationRun, *, by: User | None) -> EvaluationRun:
    """Call off what is not done; results that are there stay, and resuming goes on from them."""
    run = _locked(run)
    if run.state == State.RUNNING:
        ledger.cancel(run.chunks.all())
        run.state = State.CANCELLED
        run.save(update_fields=["state"])
        record(by, "cancelled run", run.public_id)
    return run


@transaction.atomic
def resume_run(run: EvaluationRun, *, by: User | None) -> EvaluationRun:
    """Try again what failed or was called off."""
    run = _locked(run)
    if ledger.reopen(run.chunks.all()) or run.state in {State.CANCELLED, State.FAILED}:
        run.state, run.finished_at, run.failed_chunks = State.RUNNING, None, 0
        run.error, run.finish_attempts = "", 0
        run.save(update_fields=["state", "finished_at", "failed_chunks", "error", "finish_attempts"])
        send_due_on_commit()
        record(by, "resumed run", run.public_id)
    return run


@transaction.atomic
def finish_run(run_id: int) -> None:
    """Queue the pairs that nobody has judged once all chunks are through; repeatable without effect."""
    runs = EvaluationRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, state=State.RUNNING)
    run = runs.first()
    if run is None or ledger.has_open(run.chunks.all()):
        return
    queue_pairs(run)
    run.state, run.finished_at = State.FINISHED, timezone.now()
    run.failed_chunks = run.chunks.filter(state=WorkChunk.State.FAILED).count()
    run.error, run.finish_attempts = "", 0
    run.save(update_fields=["state", "finished_at", "failed_chunks", "error", "finish_attempts"])


def _locked(run: EvaluationRun) -> EvaluationRun:
    return EvaluationRun.objects.select_for_update().get(pk=run.pk)
