"""Making and changing projects, and filling them with tasks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from labelapp.guides.models import Guide
from labelapp.guides.publishing import publish
from labelapp.people.audit import record
from labelapp.people.models import Pool, User
from labelapp.tasks.errors import ProjectError
from labelapp.tasks.models import Project, ProjectPool
from labelapp.tasks.types.registry import get_task_type

# First answers rank in [0, 1), second ones in [1, 2) and so on: a project gets each task answered once
# before it asks for overlap, and a labeler meets few slots of tasks already answered by the same hand.
ADD = """
WITH added AS (
    INSERT INTO tasks_task (public_id, project_id, payload, signature)
    SELECT gen_random_uuid(), %(project)s, item.payload, item.signature
      FROM unnest(%(payloads)s::jsonb[], %(signatures)s::text[]) AS item(payload, signature)
        ON CONFLICT (project_id, signature) DO NOTHING
    RETURNING id
), slots AS (
    INSERT INTO tasks_slot
           (public_id, project_id, task_id, pool_id, slot_no, ask_no, purpose, state, rank)
    SELECT gen_random_uuid(), %(project)s, added.id, wanted.pool_id, slot_no, 0,
           CASE slot_no WHEN 1 THEN 'work' ELSE 'overlap' END, 'open', slot_no - 1 + random()
      FROM added
      JOIN tasks_projectpool wanted ON wanted.project_id = %(project)s
     CROSS JOIN LATERAL generate_series(1, wanted.overlap) AS slot_no
)
SELECT count(*) FROM added
"""


@dataclass(frozen=True)
class NewTask:
    """A task to be: its payload, and what makes it the same task when it is added again."""

    payload: Mapping[str, Any]
    signature: str


@dataclass(frozen=True)
class Added:
    """How many tasks were new, and how many the project had already."""

    added: int
    present: int


def add_tasks(project: Project, items: Iterable[NewTask], *, batch: int = 1000) -> Added:
    """Stream items into the project in batches, each with a slot per wanted answer; repeatable."""
    rest = iter(items)
    added = seen = 0
    while chunk := list(islice(rest, batch)):
        added += _add(project, chunk)
        seen += len(chunk)
    return Added(added, seen - added)


def _add(project: Project, chunk: list[NewTask]) -> int:
    values: dict[str, Any] = {
        "project": project.pk,
        "payloads": [json.dumps(item.payload, allow_nan=False) for item in chunk],
        "signatures": [item.signature for item in chunk],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ADD, values)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class ProjectPlan:
    """What a project is to be; `pools` maps pool slugs to the answers wanted of each."""

    slug: str
    name: str
    task_type: str
    pools: Mapping[str, int]
    guide_text: str = ""


@transaction.atomic
def create_project(plan: ProjectPlan, *, by: User | None) -> tuple[Project, bool]:
    """Return the project of this slug, made if it is not there; the flag says which."""
    standing = Project.objects.filter(slug=plan.slug).first()
    if standing is not None:
        if standing.task_type != plan.task_type:
            raise ProjectError(
                f"Project '{plan.slug}' exists with task type '{standing.task_type}', not "
                f"'{plan.task_type}'; choose another slug."
            )
        return standing, False
    pools = _wanted_pools(plan)
    project = Project.objects.create(
        slug=plan.slug,
        name=plan.name,
        task_type=plan.task_type,
        guide=_new_guide(plan, by),
        created_by=by,
    )
    ProjectPool.objects.bulk_create(
        ProjectPool(project=project, pool=pool, overlap=overlap) for pool, overlap in pools
    )
    record(by, "created project", project.slug, task_type=plan.task_type, pools=dict(plan.pools))
    return project, True


def change_state(project: Project, state: Project.State, *, by: User | None) -> None:
    """Pause, resume or close; claims stop at once, answers under way are still taken."""
    if project.state != state:
        project.state = state
        project.save(update_fields=["state"])
        record(by, f"set project {state}", project.slug)


def _wanted_pools(plan: ProjectPlan) -> list[tuple[Pool, int]]:
    known = {pool.slug: pool for pool in Pool.objects.filter(slug__in=plan.pools)}
    missing = sorted(set(plan.pools) - set(known))
    if missing:
        have = ", ".join(Pool.objects.values_list("slug", flat=True)) or "none yet"
        raise ProjectError(f"There is no pool '{missing[0]}'. Pools: {have}.")
    if not plan.pools:
        raise ProjectError("A project needs at least one pool that answers it.")
    for slug, overlap in plan.pools.items():
        if not 1 <= overlap <= 50:
            raise ProjectError(f"Pool '{slug}' must give 1 to 50 answers per task, not {overlap}.")
    return [(known[slug], overlap) for slug, overlap in plan.pools.items()]


def _new_guide(plan: ProjectPlan, by: User | None) -> Guide:
    guide, _ = Guide.objects.get_or_create(slug=plan.slug, defaults={"title": f"Guide to {plan.name}"})
    publish(guide, plan.guide_text or get_task_type(plan.task_type).default_guide, by=by)
    return guide
