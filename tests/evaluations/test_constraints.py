"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from labelapp.evaluations.models import (
    CorpusIndex,
    CorpusItem,
    EvaluationRun,
    Feature,
    Judgement,
    ModelVersion,
    QueuedPair,
    SceneDetections,
    System,
    WorkChunk,
)
from tests import personas
from tests.evaluations.records import finished_run, judge, make_model, make_system
from tests.factories import make_product, make_project, make_scene, sha


def again(row: models.Model, **changes: Any) -> None:
    """Insert a copy of a row."""
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def check_refused(constraint: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


@pytest.fixture
def run(db: None) -> EvaluationRun:
    scene = make_scene()
    return finished_run(make_project(), [scene], {make_system(): [[make_product(), make_product()]]})


def test_a_model_version_is_registered_once(db: None) -> None:
    model = make_model()
    check_refused("model_version_once", lambda: again(model, digest=sha("another")))


def test_a_digest_belongs_to_one_model(db: None) -> None:
    model = make_model()
    check_refused("digest", lambda: again(model, version="2"))


def test_a_model_is_a_detector_or_an_embedder(db: None) -> None:
    check_refused("model_version_kind_known", lambda: make_model("oracle"))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("system_threshold_is_a_score", {"threshold": 1.5}),
        ("system_depth_from_one", {"depth": 0}),
    ],
)
def test_a_system_keeps_within_bounds(db: None, constraint: str, changes: dict[str, float]) -> None:
    system = make_system()
    check_refused(constraint, lambda: again(system, slug="other", **changes))


def test_a_product_is_in_a_corpus_once(db: None) -> None:
    product = make_product()
    item = CorpusItem.objects.create(
        corpus=make_system().corpus, product=product, image=product.image, domain="fashion"
    )
    check_refused("corpus_item_once", lambda: again(item))


def test_a_corpus_has_one_index_per_embedder_and_engine(db: None) -> None:
    index = CorpusIndex.objects.create(
        corpus=make_system().corpus, embedder=make_model("embedder"), engine="postgres"
    )
    check_refused("corpus_index_once", lambda: again(index, public_id=make_product().public_id))


def test_a_ready_index_has_a_version(db: None) -> None:
    CorpusIndex.objects.create(
        corpus=make_system().corpus, embedder=make_model("embedder"), engine="postgres"
    )
    check_refused("corpus_index_ready_has_version", lambda: CorpusIndex.objects.update(state="ready"))


@pytest.mark.parametrize("changes", [{"finished_at": None}, {"state": "running"}])
def test_a_run_has_an_end_exactly_when_it_is_finished(run: EvaluationRun, changes: dict[str, Any]) -> None:
    check_refused("evaluation_run_finished_at_fits_state", lambda: EvaluationRun.objects.update(**changes))


def test_a_system_is_in_a_run_once_and_each_at_its_own_place(run: EvaluationRun) -> None:
    row = run.run_systems.get()
    check_refused("run_system_once", lambda: again(row, position=1))
    check_refused("run_system_position_once", lambda: again(row, position=0, system=make_system()))


def test_a_feature_is_stored_once(db: None) -> None:
    feature = Feature.objects.create(embedder=make_model("embedder"), key=sha(1), code=b"\0")
    check_refused("feature_once", lambda: again(feature))


def test_detections_are_stored_once(db: None) -> None:
    seen = SceneDetections.objects.create(image=make_scene().image, detector=make_model(), boxes=[])
    check_refused("scene_detections_once", lambda: again(seen))


def test_an_object_is_found_once_and_has_pixels(run: EvaluationRun) -> None:
    seen = run.query_objects.get()
    check_refused("query_object_box_has_pixels", lambda: run.query_objects.update(w=0))
    check_refused("query_object_once", lambda: again(seen, public_id=make_product().public_id))


def test_a_candidate_has_a_rank_and_a_product_of_its_own(run: EvaluationRun) -> None:
    first, second = run.query_objects.get().candidates.all()
    check_refused("candidate_rank_once", lambda: again(first, product=make_product()))
    check_refused("candidate_product_once", lambda: again(second, rank=3))
    check_refused("candidate_rank_from_one", lambda: run.query_objects.get().candidates.update(rank=0))


def test_a_pair_is_queued_once_per_project_question_and_guide_version(db: None) -> None:
    project, scene, product = make_project(), make_scene(), make_product()
    judged = judge(project, scene, product, 3, by=personas.lena())
    pair = QueuedPair.objects.create(
        project=project,
        crop_hash=judged.crop_hash,
        product_image=judged.product_image,
        question_version=1,
        guide_version=judged.guide_version,
        task=judged.label.task,
    )
    check_refused("queued_pair_once", lambda: again(pair))


def test_a_label_judges_a_pair_once_with_a_known_grade(db: None) -> None:
    judged = judge(make_project(), make_scene(), make_product(), 3, by=personas.lena())
    check_refused("judgement_once_per_label", lambda: again(judged))
    check_refused("judgement_grade_known", lambda: again(judged, product_image=sha("other"), grade=5))
    check_refused("judgement_origin_known", lambda: again(judged, grade=4, origin="rumour"))


@pytest.mark.parametrize("model", [System, CorpusItem, ModelVersion, Judgement])
def test_what_is_frozen_cannot_be_changed_in_the_database(
    run: EvaluationRun, model: type[models.Model]
) -> None:
    scene, product = make_scene(), make_product()
    judge(run.project, scene, product, 3, by=personas.lena())
    CorpusItem.objects.create(
        corpus=make_system().corpus, product=product, image=product.image, domain="fashion"
    )
    check_refused("never changed", lambda: model._default_manager.update(id=models.F("id")))


def test_a_published_guide_version_cannot_be_changed(db: None) -> None:
    version = make_project().guide_version()
    version.text = "# Something else"
    check_refused("never changed", version.save)


@pytest.mark.parametrize("owner", [EvaluationRun, WorkChunk])
def test_states_that_nobody_knows_are_refused(run: EvaluationRun, owner: type[models.Model]) -> None:
    system = run.systems.get()
    WorkChunk.objects.create(run=run, system=system, position=0, item_ids=[])
    check_refused("state_known", lambda: owner._default_manager.update(state="odd", finished_at=None))
