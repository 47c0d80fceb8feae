"""Runs that lose their worker, their broker or their database in the middle, and what is left of them."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import Error, connection

from labelapp.evaluations.models import EvaluationRun, Feature, QueuedPair, SceneDetections, WorkChunk
from labelapp.evaluations.runs import start_run
from labelapp.home import processes
from labelapp.home.children import Child
from labelapp.home.embedded_postgres import EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from labelapp.tasks.models import Task
from tests.evaluations.world import World, embedded, make_world, results, work_all

pytestmark = pytest.mark.faults

State = WorkChunk.State
DEADLINE = 90.0


def new_world() -> World:
    return embedded(make_world(settings.MODEL_ROOT, scenes=20, products=12, size=(240, 180)))


def start(world: World) -> EvaluationRun:
    return start_run(world.systems, scene_set=world.scene_set, project=world.project, by=None)


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds; a database that is away does not fulfil it."""

    def holds() -> bool:
        with suppress(Error):
            return condition()
        connection.close()
        return False

    assert processes.wait_until(holds, seconds=DEADLINE)


def is_under_way(run: EvaluationRun) -> bool:
    """Some chunks are done, one is in somebody's hands, and most wait."""
    states = list(run.chunks.values_list("state", flat=True))
    return states.count(State.DONE) >= 3 and State.LEASED in states and states.count(State.PENDING) >= 3


def wait_for_the_end(run: EvaluationRun) -> None:
    runs = EvaluationRun.objects.filter(pk=run.pk, state=EvaluationRun.State.FINISHED)
    wait_for(runs.exists)


def check_nothing_is_lost_or_doubled(run: EvaluationRun, world: World) -> None:
    """Compare with the same run, undisturbed, its features computed anew."""
    run.refresh_from_db()
    assert run.failed_chunks == 0
    assert set(run.chunks.values_list("state", flat=True)) == {State.DONE}
    asked = QueuedPair.objects.count()
    assert asked == sum(len(task.payload["products"]) for task in Task.objects.all()) > 0
    crops = run.query_objects.values("crop_hash")
    Feature.objects.filter(key__in=crops).delete()
    SceneDetections.objects.all().delete()
    undisturbed = start(world)
    work_all()
    assert results(run) == results(undisturbed) != {}
    assert QueuedPair.objects.count() == asked, "the second run must find every pair asked already"


def test_a_worker_killed_in_mid_run_loses_nothing(
    transactional_db: None, world_env: dict[str, str], start_worker: Callable[[], Child]
) -> None:
    world = new_world()
    first = start_worker()
    run = start(world)
    wait_for(lambda: is_under_way(run))
    first.kill()
    assert run.chunks.exclude(state=State.DONE).exists(), "it must have had work left"
    second = start_worker()
    wait_for_the_end(run)
    second.stop()
    check_nothing_is_lost_or_doubled(run, world)


def test_a_broker_stopped_in_mid_run_loses_nothing(
    transactional_db: None,
    world_env: dict[str, str],
    redis_server: EmbeddedRedis,
    start_worker: Callable[[], Child],
) -> None:
    world = new_world()
    worker = start_worker()
    run = start(world)
    wait_for(lambda: is_under_way(run))
    redis_server.kill()
    assert run.chunks.filter(state=State.PENDING).exists(), "hints must have been lost"
    redis_server.start()
    wait_for_the_end(run)
    assert worker.exit_status() is None
    worker.stop()
    check_nothing_is_lost_or_doubled(run, world)


def test_a_run_started_without_a_broker_begins_when_one_comes(
    transactional_db: None,
    world_env: dict[str, str],
    redis_server: EmbeddedRedis,
    start_worker: Callable[[], Child],
) -> None:
    world = new_world()
    redis_server.stop()
    run = start(world)
    assert set(run.chunks.values_list("state", flat=True)) == {State.PENDING}
    redis_server.start()
    start_worker()
    wait_for_the_end(run)


def test_a_database_restarted_in_mid_run_loses_nothing(
    own_postgres: EmbeddedPostgres, world_env: dict[str, str], start_worker: Callable[[], Child]
) -> None:
    world = new_world()
    worker = start_worker()
    run = start(world)
    wait_for(lambda: is_under_way(run))
    own_postgres.stop()
    own_postgres.start()
    wait_for(run.chunks.exclude(state=State.DONE).exists)
    wait_for_the_end(run)
    assert worker.exit_status() is None
    worker.stop()
    check_nothing_is_lost_or_doubled(run, world)
