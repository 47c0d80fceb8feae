"""Simulated people who answer tasks through the verbs of the queue, in projects of their own.

People's projects stay free: what is simulated never takes a slot that a person could have.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from labelapp.catalog.models import Product
from labelapp.evaluations.judgements import absorb_labels
from labelapp.evaluations.models import EvaluationRun
from labelapp.home.planted_labelers import IN_HOUSE, POOLS, PlantedLabeler, PlantedPool
from labelapp.home.planted_truth import PlantedTruth
from labelapp.people.models import Pool, Role, User
from labelapp.tasks import labels, queue
from labelapp.tasks.models import Label, Project, Slot, Task
from labelapp.tasks.projects import NewTask, ProjectPlan, add_tasks, create_project
from labelapp.tasks.types.registry import get_task_type
from labelapp.tasks.types.relevance.payload import product_ids

POOLS_PROJECT = "pools-simulated"
SLUG_KEPT = 50
JUDGES_PER_TASK = 1
COMPARED_TASKS = 40
NAMESPACE = uuid.UUID("0c8d2c0e-9b5e-5d43-8a5c-7f0a4c3c9d10")

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Simulated:
    """How many answers were given now, and how many there are."""

    new: int
    all: int


def prepare(run: EvaluationRun, truth: PlantedTruth) -> list[Project]:
    """Make what is missing of pools, people, projects and tasks for a run; repeatable."""
    for pool in POOLS:
        _pool(pool)
    tasks = sorted(_tasks_of(run), key=lambda task: _name(truth, task))
    judged = _run_project(run)
    _fill(judged, tasks, seed=truth.size.seed)
    plan = ProjectPlan(
        POOLS_PROJECT,
        "Three pools on the same items (simulated)",
        run.project.task_type,
        {pool.slug: len(pool.members) for pool in POOLS},
    )
    compared, _ = create_project(plan, by=None)
    few = min(COMPARED_TASKS, len(tasks))
    evenly = [tasks[place * len(tasks) // few] for place in range(few)]
    _fill(compared, evenly, seed=truth.size.seed)
    return [judged, compared]


def open_answers(projects: Sequence[Project]) -> int:
    """Count what the simulated people have yet to answer."""
    waiting = [Slot.State.OPEN, Slot.State.CLAIMED]
    return Slot.objects.filter(project__in=projects, state__in=waiting, pool__is_simulated=True).count()


def simulate(
    projects: Sequence[Project], truth: PlantedTruth, *, advance: Advance = lambda _: None
) -> Simulated:
    """Let all simulated people work until nothing is left for them; a repeated call goes on."""
    new = 0
    with _quick_commits():
        for project in projects:
            for _ in _answers(project, truth):
                new += 1
                advance(1)
    absorb_labels()
    return Simulated(new, Label.objects.filter(slot__project__in=projects).count())


@contextmanager
def _quick_commits() -> Iterator[None]:
    """Do not wait for the disk after each answer: what a crash takes is simply given again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def _pool(planted: PlantedPool) -> Pool:
    pool, _ = Pool.objects.get_or_create(
        slug=planted.slug, defaults={"name": planted.name, "kind": planted.kind, "is_simulated": True}
    )
    for name in planted.members:
        _member(name, pool)
    return pool


@transaction.atomic
def _member(name: str, pool: Pool) -> None:
    user, is_new = User.objects.get_or_create(
        username=f"sim-{name.lower()}", defaults={"first_name": name, "is_simulated": True}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        user.roles.create(name=Role.Name.LABELER)
        user.memberships.create(pool=pool)


def run_project_slug(run: EvaluationRun) -> str:
    """Return the short name of the project in which simulated people judge a run."""
    return f"{run.project.slug[:SLUG_KEPT]}-simulated"


@transaction.atomic
def _run_project(run: EvaluationRun) -> Project:
    """Return the project in which simulated people judge a run under the guide of the people's project."""
    pool = Pool.objects.get(slug=IN_HOUSE.slug)
    project, _ = Project.objects.get_or_create(
        slug=run_project_slug(run),
        defaults={
            "name": f"{run.project.name} (simulated)",
            "task_type": run.project.task_type,
            "guide": run.project.guide,
        },
    )
    project.project_pools.get_or_create(pool=pool, defaults={"overlap": JUDGES_PER_TASK})
    return project


def _tasks_of(run: EvaluationRun) -> list[Task]:
    crops = run.query_objects.values("crop_hash")
    asked = Task.objects.filter(project=run.project_id, queued_pairs__crop_hash__in=crops)
    return list(asked.distinct())


def _name(truth: PlantedTruth, task: Task) -> str:
    payload = task.payload
    pairs = [truth.pair(payload["scene"]["id"], payload["box"], one["id"]) for one in payload["products"]]
    return min(pairs)


def _fill(project: Project, tasks: Sequence[Task], *, seed: int) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The queue ranks tasks by chance; from a known state on, so that a drift falls on the same ones.
            cursor.execute("SELECT setseed(%s)", [seed % 1000 / 1000])
        add_tasks(project, (NewTask(task.payload, task.signature) for task in tasks))


def _answers(project: Project, truth: PlantedTruth) -> Iterator[Label]:
    """Let the members of the project's pools take turns, until none of them gets a task."""
    working = [
        _Worker(PlantedLabeler(name, pool, truth.size.seed), project, truth)
        for pool in POOLS
        if project.project_pools.filter(pool__slug=pool.slug).exists()
        for name in pool.members
    ]
    while working:
        for worker in list(working):
            label = worker.answer_next()
            if label is None:
                working.remove(worker)
            else:
                yield label


class _Worker:
    """One simulated person at work in one project."""

    def __init__(self, planted: PlantedLabeler, project: Project, truth: PlantedTruth) -> None:
        self._planted = planted
        self._project = project
        self._truth = truth
        self._user = User.objects.get(username=f"sim-{planted.name.lower()}")
        self._answered = Label.objects.filter(labeler=self._user, slot__project=project).count()

    def answer_next(self) -> Label | None:
        """Claim a task, grade it and send it; None when there is nothing for this person."""
        slot = queue.claim(self._user, self._project)
        if not isinstance(slot, Slot):
            return None
        payload = slot.task.payload
        scene, box = payload["scene"]["id"], payload["box"]
        asked = dict(Product.objects.filter(pk__in=product_ids(payload)).values_list("pk", "public_id"))
        grades = {str(asked[product]): self._grade(scene, box, product) for product in asked}
        answer = get_task_type(self._project.task_type).answer_from_json(payload, {"grades": grades})
        task = self._truth.pair(scene, box, min(asked))
        envelope = labels.Envelope(
            lease_token=slot.lease_token or uuid.UUID(int=0),
            client_uuid=uuid.uuid5(NAMESPACE, f"{slot.public_id} {self._user.pk}"),
            seconds=self._planted.seconds(task, len(asked)),
        )
        self._answered += 1
        return labels.submit(slot, answer, by=self._user, envelope=envelope).label

    def _grade(self, scene: int, box: Sequence[int], product: int) -> int:
        truth = self._truth.grade(scene, box, product)
        return self._planted.grade(self._truth.pair(scene, box, product), truth, answered=self._answered)
