"""Records of finished runs, made without models or workers."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from labelapp.catalog.crops import crop_hash
from labelapp.catalog.models import Product, Scene, SceneSet
from labelapp.evaluations.models import (
    Candidate,
    CorpusSnapshot,
    EvaluationRun,
    Judgement,
    ModelVersion,
    QueryObject,
    System,
)
from labelapp.people.models import User
from labelapp.tasks.models import Label, Project, Slot
from labelapp.tasks.types.relevance.payload import pictured, relevance_task
from tests.factories import make_pool, sha

_numbers = itertools.count(1)
BOX = (10, 20, 100, 80)


def make_model(kind: str = "detector", **fields: Any) -> ModelVersion:
    number = next(_numbers)
    manifest = {"labels": {"chair": "chairs", "person": None}, "card": "# A card"}
    defaults = {
        "name": f"{kind}-{number}",
        "version": "1",
        "kind": kind,
        "adapter": "tiny",
        "manifest": manifest,
    }
    return ModelVersion.objects.create(digest=sha(f"model {number}"), **(defaults | fields))


def make_system(slug: str = "", **fields: Any) -> System:
    slug = slug or f"system-{next(_numbers)}"
    defaults: dict[str, Any] = {"slug": slug, "name": slug, "threshold": 0.3}
    corpus = fields.pop("corpus", None) or CorpusSnapshot.objects.create(
        slug=f"corpus-{next(_numbers)}", size=0
    )
    models = {kind: fields.pop(kind, None) or make_model(kind) for kind in ("detector", "embedder")}
    return System.objects.create(corpus=corpus, **models, **(defaults | fields))


def make_scene_set(scenes: Sequence[Scene], slug: str = "") -> SceneSet:
    scene_set = SceneSet.objects.create(slug=slug or f"scenes-{next(_numbers)}", size=len(scenes))
    for position, scene in enumerate(scenes):
        scene_set.members.create(scene=scene, image=scene.image, position=position)
    return scene_set


def finished_run(
    project: Project,
    scenes: Sequence[Scene],
    found: Mapping[System, Sequence[Sequence[Product]]],
    **fields: Any,
) -> EvaluationRun:
    """Each system sees one object per scene and shows these products for it."""
    scene_set = fields.pop("scene_set", None) or make_scene_set(scenes)
    run = EvaluationRun.objects.create(
        scene_set=scene_set, project=project, state="finished", finished_at=timezone.now(), **fields
    )
    for position, (system, lists) in enumerate(found.items()):
        run.run_systems.create(system=system, position=position)
        for scene, products in zip(scenes, lists, strict=True):
            query_object = make_query_object(run, system, scene)
            for rank, product in enumerate(products, start=1):
                Candidate.objects.create(
                    query_object=query_object, rank=rank, product=product, image=product.image, distance=rank
                )
    return run


def make_query_object(run: EvaluationRun, system: System, scene: Scene) -> QueryObject:
    x, y, w, h = BOX
    return QueryObject.objects.create(
        run=run,
        system=system,
        scene=scene,
        image=scene.image,
        position=0,
        x=x,
        y=y,
        w=w,
        h=h,
        label="chair",
        category="chairs",
        score=0.9,
        crop_hash=crop_hash(scene.image.sha256, BOX),
    )


def judge(project: Project, scene: Scene, product: Product, grade: int, *, by: User) -> Judgement:
    """Let somebody grade a product for the object of a scene."""
    label = _labelled(project, scene, product, grade, by=by)
    return Judgement.objects.create(
        label=label,
        labeler=by,
        origin="simulated" if by.is_simulated else "human",
        crop_hash=crop_hash(scene.image.sha256, BOX),
        product_image=product.image.sha256,
        question_version=1,
        guide_version=label.guide_version,
        grade=grade,
    )


def _labelled(project: Project, scene: Scene, product: Product, grade: int, *, by: User) -> Label:
    task = relevance_task(pictured(scene), BOX, [pictured(product)])
    row, _ = project.tasks.get_or_create(signature=task.signature, defaults={"payload": task.payload})
    slot = Slot.objects.create(
        project=project,
        task=row,
        pool=make_pool(),
        slot_no=next(_numbers),
        rank=0,
        state="done",
        claimed_by=by,
    )
    return Label.objects.create(
        client_uuid=slot.public_id,
        task=row,
        slot=slot,
        labeler=by,
        pool=slot.pool,
        guide_version=project.guide_version(),
        question_version=1,
        answer={"grades": {str(product.public_id): grade}},
        seconds=1,
    )
