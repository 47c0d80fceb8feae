"""From candidates to questions: the pairs that nobody has judged yet, cut into tasks (design.md 5.2)."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from labelapp.evaluations.models import Candidate, EvaluationRun, Judgement, QueuedPair
from labelapp.guides.models import GuideVersion
from labelapp.tasks.models import Project, Slot, Task
from labelapp.tasks.projects import NewTask, add_tasks
from labelapp.tasks.types.registry import get_task_type
from labelapp.tasks.types.relevance.payload import CANDIDATES_AT_MOST, Pictured, relevance_task

Pair = tuple[str, str]
ROWS_AT_ONCE = 5000
CROPS_AT_ONCE = 2000


@dataclass
class QueryCrop:
    """A crop with the products that any system of the run retrieved for it, by their picture's hash."""

    scene: Pictured
    box: tuple[int, int, int, int]
    products: dict[str, Pictured] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A task to be, and the pairs that it asks."""

    task: NewTask
    pairs: list[Pair]


def queue_pairs(run: EvaluationRun) -> int:
    """Add tasks for the run's pairs that are neither judged nor queued; returns how many tasks are new."""
    # One run at a time, so that two runs that end together do not ask the same pair twice. Without the key
    # lock, others may still start runs in the project meanwhile.
    project = Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
    version = project.guide_version()
    question_version = get_task_type(project.task_type).question_version
    _void_outdated(project, version)
    chance = random.Random(str(run.public_id))  # noqa: S311  # an order
    added = 0
    for crops in _query_crops(run):
        _remove_known(crops, project, version, question_version=question_version)
        questions = list(_questions(crops, version, chance))
        added += add_tasks(project, (question.task for question in questions)).added
        _remember(questions, project, version, question_version=question_version)
    return added


def _void_outdated(project: Project, version: GuideVersion) -> None:
    """Call off open questions of an older guide version: they are asked again under the present one."""
    outdated = QueuedPair.objects.filter(project=project).exclude(guide_version=version)
    open_slots = Slot.objects.filter(project=project, state=Slot.State.OPEN)
    open_slots.filter(task__in=outdated.values("task")).update(state=Slot.State.VOID)


def _query_crops(run: EvaluationRun) -> Iterator[dict[str, QueryCrop]]:
    """Yield the union of the systems' candidates per crop, each picture once, some scenes at a time."""
    names = ("crop_hash", "scene_id", "image_id", "x", "y", "w", "h")
    fields = [f"query_object__{name}" for name in names] + ["image__sha256", "product_id", "image_id"]
    rows = Candidate.objects.filter(query_object__run=run).order_by("query_object__scene_id", "product_id")
    crops: dict[str, QueryCrop] = {}
    last = None
    for key, scene_id, image_id, *box, picture, product_id, product_image in rows.values_list(
        *fields
    ).iterator(ROWS_AT_ONCE):
        if len(crops) >= CROPS_AT_ONCE and scene_id != last:
            yield crops
            crops = {}
        last = scene_id
        x, y, w, h = box
        crop = crops.setdefault(key, QueryCrop(Pictured(scene_id, image_id), (x, y, w, h)))
        crop.products.setdefault(picture, Pictured(product_id, product_image))
    yield crops


def _remove_known(
    crops: dict[str, QueryCrop], project: Project, version: GuideVersion, *, question_version: int
) -> None:
    """Drop pairs that people have judged, wherever they were asked, or that stand in this project's tasks."""
    asked = {"question_version": question_version, "guide_version": version}
    judged = Judgement.objects.filter(**asked, origin=Judgement.Origin.HUMAN)
    queued = QueuedPair.objects.filter(**asked, project=project)
    keys = sorted(crops)
    for start in range(0, len(keys), ROWS_AT_ONCE):
        some = keys[start : start + ROWS_AT_ONCE]
        for rows in (judged, queued):
            for key, picture in rows.filter(crop_hash__in=some).values_list("crop_hash", "product_image"):
                crops[key].products.pop(picture, None)


def _questions(
    crops: dict[str, QueryCrop], version: GuideVersion, chance: random.Random
) -> Iterator[Question]:
    """Cut each crop's products, in random order, into tasks; the queue shuffles the tasks themselves."""
    for key, crop in sorted(crops.items()):
        pictures = sorted(crop.products)
        chance.shuffle(pictures)
        for start in range(0, len(pictures), CANDIDATES_AT_MOST):
            some = pictures[start : start + CANDIDATES_AT_MOST]
            products = [crop.products[picture] for picture in some]
            task = relevance_task(crop.scene, crop.box, products, guide_version_id=version.pk)
            yield Question(task, [(key, picture) for picture in some])


def _remember(
    questions: list[Question], project: Project, version: GuideVersion, *, question_version: int
) -> None:
    signatures: dict[str, list[Pair]] = defaultdict(list)
    for question in questions:
        signatures[question.task.signature] += question.pairs
    tasks = Task.objects.filter(project=project, signature__in=signatures).values_list("signature", "pk")
    QueuedPair.objects.bulk_create(
        [
            QueuedPair(
                project=project,
                crop_hash=key,
                product_image=picture,
                question_version=question_version,
                guide_version=version,
                task_id=task_id,
            )
            for signature, task_id in tasks
            for key, picture in signatures[signature]
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
