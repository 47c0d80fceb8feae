"""A run from scenes to tasks, worked off in this process."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django.fixtures import Settings

from labelapp.catalog.models import Image
from labelapp.evaluations import ledger, loaded_models, pipeline, sight, work
from labelapp.evaluations.finishing import finish_owner
from labelapp.evaluations.models import (
    Candidate,
    CorpusIndex,
    EvaluationRun,
    Feature,
    QueryObject,
    QueuedPair,
    System,
    WorkChunk,
)
from labelapp.evaluations.progress import progress_of, run_figures
from labelapp.evaluations.runs import cancel_run, start_run
from labelapp.evaluations.systems import SystemPlan, create_system
from labelapp.tasks.models import Task
from model_hooks.codes import hamming
from model_hooks.retrieval.engine import Hit
from tests.evaluations.world import World, embedded, results, work_all


def run_of(world: World, *systems: System) -> EvaluationRun:
    """Start a run and do all its work."""
    run = start_run(systems or world.systems, scene_set=world.scene_set, project=world.project, by=None)
    work_all()
    run.refresh_from_db()
    return run


def test_a_run_finds_objects_and_candidates_and_queues_what_is_to_be_judged(ready: World) -> None:
    run = run_of(ready)
    assert run.state == EvaluationRun.State.FINISHED
    figures = run_figures(run)
    assert [found.system for found in figures.systems] == ready.systems
    assert figures.systems[0].objects == figures.systems[1].objects > 20
    progress = progress_of(run.chunks.all())
    assert progress.done == progress.chunks == 6
    assert progress.items_done == 12
    assert progress.left_out > 0, "the random detector sees cats, which no shop of ours sells"
    assert figures.answers_open == Task.objects.filter(project=ready.project).count() > 0


def test_candidates_are_the_nearest_products_of_the_predicted_category(ready: World) -> None:
    run_of(ready, ready.strict)
    codes = {feature.key: bytes(feature.code) for feature in Feature.objects.all()}
    shop = list(ready.corpus.items.select_related("image"))
    for seen in QueryObject.objects.prefetch_related("candidates"):
        query = _array(codes[seen.crop_hash])
        allowed = [item for item in shop if item.category == seen.category]
        distances = {
            item.product_id: int(hamming(query, _array(codes[item.image.sha256]))[0, 0]) for item in allowed
        }
        nearest = sorted(distances, key=lambda pk: (distances[pk], pk))[:5]
        assert [(one.product_id, one.distance) for one in seen.candidates.all()] == [
            (pk, distances[pk]) for pk in nearest
        ]


def _array(code: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(code, np.uint8)[None]


def test_a_predicted_gender_lets_unisex_products_through(ready: World) -> None:
    plan = SystemPlan("fitting", ready.detector, ready.embedder, ready.corpus, restrict={"gender"})
    run_of(ready, create_system(plan, by=None))
    genders = dict(ready.corpus.items.values_list("product_id", "gender"))
    for seen in QueryObject.objects.prefetch_related("candidates"):
        assert seen.gender in {"men", "women", "unisex"}
        assert {genders[one.product_id] for one in seen.candidates.all()} <= {seen.gender, "unisex"}


def test_fewer_products_than_wanted_are_returned_as_they_are(ready: World) -> None:
    plan = SystemPlan("cheap", ready.detector, ready.embedder, ready.corpus, where="price < 2")
    run_of(ready, create_system(plan, by=None))
    assert set(Counter(Candidate.objects.values_list("query_object", flat=True)).values()) == {2}


def test_an_object_without_a_category_of_ours_is_no_query_object(ready: World) -> None:
    run_of(ready)
    assert set(QueryObject.objects.values_list("label", flat=True)) <= {"chair", "sofa"}


def test_both_engines_give_the_same_run(world: World, settings: Settings) -> None:
    found = []
    for engine in ("postgres", "snapshot"):
        settings.RETRIEVAL_ENGINE = engine
        found.append(results(run_of(embedded(world))))
    assert found[0] == found[1] != {}
    assert set(CorpusIndex.objects.values_list("engine", "state")) == {
        ("postgres", "ready"),
        ("snapshot", "ready"),
    }
    assert len(set(CorpusIndex.objects.values_list("version", flat=True))) == 1


def test_nothing_is_computed_twice(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run_of(ready)
    asked: list[str] = []
    monkeypatch.setattr(loaded_models, "_model", lambda model: asked.append(str(model)))
    monkeypatch.setattr(sight, "load_original", lambda image: asked.append(image.sha256))
    again = run_of(ready)
    assert asked == []
    assert results(again) == results(EvaluationRun.objects.earliest("created_at")) != {}


def test_a_stricter_threshold_reads_the_same_detections(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_of(ready, ready.open)
    monkeypatch.setattr(loaded_models, "_model", None)
    plan = SystemPlan("sure", ready.detector, ready.embedder, ready.corpus, threshold=0.7)
    run = run_of(ready, create_system(plan, by=None))
    scores = run.query_objects.values_list("score", flat=True)
    assert run.state == EvaluationRun.State.FINISHED
    assert scores
    assert min(scores) >= 0.7


def test_a_hint_for_a_finished_chunk_changes_nothing(ready: World) -> None:
    run = run_of(ready)
    before = results(run), Task.objects.count()
    for chunk in run.chunks.all():
        work.work_chunk(chunk.pk)
    finish_owner(run.pk, None)
    assert (results(run), Task.objects.count()) == before


def test_every_pair_of_the_run_is_asked_once_in_tasks_of_at_most_five(ready: World) -> None:
    run = run_of(ready)
    rows = Candidate.objects.filter(query_object__run=run)
    pairs = set(rows.values_list("query_object__crop_hash", "product__image__sha256"))
    queued = list(QueuedPair.objects.values_list("crop_hash", "product_image"))
    assert len(queued) == len(set(queued))
    assert set(queued) == pairs
    assert {len(task.payload["products"]) for task in Task.objects.all()} <= {1, 2, 3, 4, 5}
    assert sum(len(task.payload["products"]) for task in Task.objects.all()) == len(pairs)


def test_a_second_run_asks_only_what_the_first_did_not(ready: World) -> None:
    run_of(ready, ready.strict)
    first = set(QueuedPair.objects.values_list("pk", flat=True))
    second = run_of(ready)
    assert second.state == EvaluationRun.State.FINISHED
    new = QueuedPair.objects.exclude(pk__in=first)
    known = set(QueuedPair.objects.filter(pk__in=first).values_list("crop_hash", "product_image"))
    assert new.exists()
    assert known.isdisjoint(new.values_list("crop_hash", "product_image"))


def test_a_scene_whose_picture_is_gone_sets_its_chunk_aside_and_no_other(ready: World) -> None:
    scene = ready.scene_set.scenes.earliest("pk")
    Image.objects.filter(pk=scene.image_id).update(storage_name="originals/gone.png")
    run = run_of(ready, ready.open)
    assert (run.state, run.failed_chunks) == (EvaluationRun.State.FINISHED, 1)
    failed = run.chunks.get(state=WorkChunk.State.FAILED)
    assert scene.pk in failed.item_ids
    assert "gone.png" in failed.error
    assert failed.attempts == 3
    assert progress_of(run.chunks.all()).done == 2
    assert run.state_label == "Finished with 1 failure"


def test_a_chunk_called_off_in_the_middle_writes_nothing(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run([ready.open], scene_set=ready.scene_set, project=ready.project, by=None)

    def called_off(system: System, queries: Sequence[object]) -> list[list[object]]:
        cancel_run(run, by=None)
        return [[] for _ in queries]

    monkeypatch.setattr(pipeline, "search", called_off)
    work_all()
    run.refresh_from_db()
    assert run.state == EvaluationRun.State.CANCELLED
    assert not QueryObject.objects.exists()


def test_the_lease_is_renewed_after_every_call_of_a_model(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[int] = []
    monkeypatch.setattr(ledger, "renew", lambda chunk: renewed.append(chunk.pk))
    run = run_of(ready, ready.open)
    assert set(renewed) == set(run.chunks.values_list("pk", flat=True))
    assert len(renewed) >= 2 * run.chunks.count(), "once for the detector, once for the embedder"


def test_the_lease_is_renewed_between_blocks_of_a_search(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[int] = []
    searched: list[int] = []
    search = pipeline.search

    def counted(system: System, queries: Sequence[pipeline.Query]) -> list[list[Hit]]:
        searched.append(len(queries))
        return search(system, queries)

    monkeypatch.setattr(pipeline, "QUERIES_AT_ONCE", 2)
    monkeypatch.setattr(pipeline, "search", counted)
    monkeypatch.setattr(ledger, "renew", lambda chunk: renewed.append(chunk.pk))
    run_of(ready, ready.open)
    renewed.clear()
    searched.clear()
    run = run_of(ready, ready.open)
    assert max(searched) == 2
    assert sum(searched) == run.query_objects.count()
    assert len(renewed) == len(searched)
