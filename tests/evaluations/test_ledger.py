"""The ledger's statements, one by one."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from labelapp.evaluations import ledger, work
from labelapp.evaluations.finishing import finish_owner
from labelapp.evaluations.models import EvaluationRun, WorkChunk
from labelapp.evaluations.runs import cancel_run, resume_run
from tests.evaluations.records import make_scene_set, make_system
from tests.factories import make_project, make_scene

State = WorkChunk.State


@pytest.fixture
def run(db: None, settings: Settings) -> EvaluationRun:
    """A run of three chunks; nobody will find pictures in it."""
    settings.CHUNK_SCENES = 2
    scenes = [make_scene() for _ in range(5)]
    scene_set = make_scene_set(scenes)
    run = EvaluationRun.objects.create(scene_set=scene_set, project=make_project())
    system = make_system()
    run.run_systems.create(system=system, position=0)
    ledger.cut_run(run, system.pk, [scene.pk for scene in scenes])
    return run


@pytest.fixture
def chunk(run: EvaluationRun) -> WorkChunk:
    """The run's first chunk, leased."""
    return leased(run.chunks.earliest("position"))


def leased(chunk: WorkChunk) -> WorkChunk:
    taken = ledger.lease(chunk.pk)
    assert taken is not None
    return taken


def silent(chunk: WorkChunk) -> None:
    """Let a chunk's lease be over."""
    WorkChunk.objects.filter(pk=chunk.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def state_of(chunk: WorkChunk) -> str:
    return WorkChunk.objects.values_list("state", flat=True).get(pk=chunk.pk)


def test_scenes_are_cut_into_chunks_of_the_set_size(run: EvaluationRun) -> None:
    assert [len(chunk.item_ids) for chunk in run.chunks.all()] == [2, 2, 1]


def test_cutting_twice_adds_nothing(run: EvaluationRun) -> None:
    system = run.ordered_systems()[0]
    ledger.cut_run(run, system.pk, list(run.scene_set.members.values_list("scene_id", flat=True)))
    assert run.chunks.count() == 3


def test_a_leased_chunk_is_nobody_elses(chunk: WorkChunk) -> None:
    assert ledger.lease(chunk.pk) is None


def test_a_chunk_that_is_gone_is_nobodys(db: None) -> None:
    assert ledger.lease(1) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_chunk(run: EvaluationRun) -> None:
    chunk = run.chunks.earliest("position")
    barrier, got = threading.Barrier(8), list[bool]()

    def take() -> None:
        barrier.wait()
        got.append(ledger.lease(chunk.pk) is not None)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(got) == {True: 1, False: 7}


def test_renewing_moves_the_end_of_the_lease(chunk: WorkChunk) -> None:
    silent(chunk)
    ledger.renew(chunk)
    assert ledger.end_leases() == 0


def test_a_lease_that_ended_goes_to_the_next_worker(chunk: WorkChunk) -> None:
    silent(chunk)
    assert ledger.end_leases() == 1
    assert leased(chunk).attempts == 2


def test_whoever_lost_the_lease_cannot_finish(chunk: WorkChunk) -> None:
    silent(chunk)
    ledger.end_leases()
    second = leased(chunk)
    for verb in (ledger.renew, ledger.finish):
        with pytest.raises(ledger.LeaseLost):
            verb(chunk)
    ledger.finish(second)
    assert state_of(chunk) == State.DONE


def test_failing_too_late_does_not_take_the_chunk_from_its_holder(chunk: WorkChunk) -> None:
    silent(chunk)
    ledger.end_leases()
    leased(chunk)
    ledger.fail(chunk, "too late")
    assert state_of(chunk) == State.LEASED


def test_workers_falling_silent_three_times_set_a_chunk_aside(chunk: WorkChunk) -> None:
    for _ in range(2):
        silent(chunk)
        ledger.end_leases()
        leased(chunk)
    silent(chunk)
    ledger.end_leases()
    chunk.refresh_from_db()
    assert chunk.state == State.FAILED
    assert "fell silent 3 times" in chunk.error


def test_a_failed_attempt_waits_before_the_next(chunk: WorkChunk) -> None:
    ledger.fail(chunk, "The picture is cut off.")
    chunk.refresh_from_db()
    assert (chunk.state, chunk.error) == (State.PENDING, "The picture is cut off.")
    assert chunk.pk not in ledger.due_chunks()


def test_the_third_failure_sets_a_chunk_aside(chunk: WorkChunk) -> None:
    for _ in range(2):
        ledger.fail(chunk, "no")
        chunk = leased(chunk)
    ledger.fail(chunk, "no")
    assert state_of(chunk) == State.FAILED
    assert ledger.lease(chunk.pk) is None


def test_every_chunk_is_sent_once_until_its_pause_is_over(run: EvaluationRun) -> None:
    assert list(ledger.due_chunks()) == list(run.chunks.values_list("pk", flat=True))
    assert ledger.due_chunks() == {}


def test_the_pause_doubles_with_each_hint(run: EvaluationRun, settings: Settings) -> None:
    settings.CHUNK_HINT_SECONDS = 10
    pauses = []
    for _ in range(5):
        run.chunks.update(due_at=timezone.now() - dt.timedelta(days=1))
        sent_at = timezone.now()
        ledger.due_chunks()
        pauses.append(round((run.chunks.earliest("pk").due_at - sent_at).total_seconds() / 10))
    assert pauses == [1, 2, 4, 8, 8]


def test_so_many_chunks_are_told_of_and_no_more_until_one_of_them_is_taken(run: EvaluationRun) -> None:
    told = list(ledger.due_chunks(limit=2))
    assert len(told) == 2
    assert ledger.due_chunks(limit=2) == {}
    leased(run.chunks.get(pk=told[0]))
    assert len(ledger.due_chunks(limit=2)) == 1


def test_a_chunk_whose_hint_was_lost_makes_room_when_its_pause_is_over(run: EvaluationRun) -> None:
    told = set(ledger.due_chunks(limit=2))
    run.chunks.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert len(told | set(ledger.due_chunks(limit=3))) == 3


def test_a_chunk_that_waits_after_a_failure_takes_no_room(run: EvaluationRun, chunk: WorkChunk) -> None:
    ledger.fail(chunk, "The picture is cut off.")
    assert len(ledger.due_chunks(limit=2)) == 2


def test_a_cancelled_run_takes_the_chunk_from_its_worker(run: EvaluationRun, chunk: WorkChunk) -> None:
    cancel_run(run, by=None)
    with pytest.raises(ledger.LeaseLost):
        ledger.renew(chunk)
    assert set(run.chunks.values_list("state", flat=True)) == {State.CANCELLED}
    assert ledger.due_chunks() == {}


def test_resuming_opens_what_was_called_off_and_leaves_what_is_done(
    run: EvaluationRun, chunk: WorkChunk
) -> None:
    ledger.finish(chunk)
    cancel_run(run, by=None)
    assert resume_run(run, by=None).state == EvaluationRun.State.RUNNING
    assert Counter(run.chunks.values_list("state", flat=True)) == {State.DONE: 1, State.PENDING: 2}


def test_resuming_a_run_without_failures_changes_nothing(run: EvaluationRun) -> None:
    for chunk in run.chunks.all():
        ledger.finish(leased(chunk))
    finish_owner(run.pk, None)
    assert resume_run(run, by=None).state == EvaluationRun.State.FINISHED


def test_a_run_whose_last_message_was_lost_is_found_by_the_sweeper(run: EvaluationRun) -> None:
    assert work.unfinished() == ([], [])
    for chunk in run.chunks.all():
        ledger.finish(leased(chunk))
    assert work.unfinished() == ([run.pk], [])
    finish_owner(run.pk, None)
    assert work.unfinished() == ([], [])


@pytest.mark.parametrize(
    "changes", [{"state": "leased"}, {"lease_until": "2026-01-01T00:00Z"}, {"run": None, "system": None}]
)
def test_the_database_refuses_a_chunk_whose_fields_contradict_each_other(
    run: EvaluationRun, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        run.chunks.update(**changes)
