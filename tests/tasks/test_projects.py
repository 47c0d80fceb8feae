"""Making projects and filling them."""

from collections.abc import Iterator

import pytest

from labelapp.people.models import AuditEvent, User
from labelapp.tasks.errors import ProjectError
from labelapp.tasks.models import Project, Slot, Task
from labelapp.tasks.projects import Added, NewTask, ProjectPlan, add_tasks, create_project
from tests.factories import make_pool, make_project


def items(count: int, *, start: int = 0) -> Iterator[NewTask]:
    return (NewTask({"n": n}, f"{n:064d}") for n in range(start, start + count))


@pytest.mark.django_db
def test_each_task_gets_a_slot_per_wanted_answer_of_each_pool() -> None:
    project = make_project(overlap=2)
    project.project_pools.create(pool=make_pool("vendor", kind="fixed_vendor"), overlap=1)
    assert add_tasks(project, items(3)) == Added(3, 0)
    assert Slot.objects.filter(project=project).count() == 9
    assert Slot.objects.filter(purpose=Slot.Purpose.OVERLAP).count() == 3


@pytest.mark.django_db
def test_adding_the_same_items_again_changes_nothing() -> None:
    project = make_project(overlap=2)
    add_tasks(project, items(3))
    assert add_tasks(project, items(4, start=1), batch=2) == Added(2, 2)
    assert Task.objects.filter(project=project).count() == 5
    assert Slot.objects.filter(project=project).count() == 10


@pytest.mark.django_db
def test_an_item_twice_in_one_batch_is_one_task() -> None:
    assert add_tasks(make_project(), [*items(1), *items(1)]) == Added(1, 1)


@pytest.mark.django_db
def test_the_same_item_may_stand_in_two_projects() -> None:
    add_tasks(make_project(), items(1))
    assert add_tasks(make_project(), items(1)) == Added(1, 0)


@pytest.mark.django_db
def test_items_are_taken_batch_by_batch() -> None:
    """What was added before a source fails stays, and the next try goes on from there."""

    def failing() -> Iterator[NewTask]:
        yield from items(2)
        raise RuntimeError("the source broke")

    project = make_project()
    with pytest.raises(RuntimeError, match="broke"):
        add_tasks(project, failing(), batch=1)
    assert add_tasks(project, items(3)) == Added(1, 2)


@pytest.mark.django_db
def test_the_order_of_tasks_is_random() -> None:
    project = make_project()
    add_tasks(project, items(30))
    by_rank = list(Slot.objects.filter(project=project).order_by("rank").values_list("task_id", flat=True))
    assert by_rank != sorted(by_rank)


def plan(**fields: object) -> ProjectPlan:
    defaults = {"slug": "sofas", "name": "Sofas", "task_type": "relevance", "pools": {"in_house": 2}}
    return ProjectPlan(**(defaults | fields))  # type: ignore[arg-type]


def test_a_project_starts_with_the_guide_of_its_type(eva: User) -> None:
    make_pool()
    project, made = create_project(plan(), by=eva)
    assert made
    assert "Extremely Similar" in project.guide_version().text
    assert project.project_pools.get().overlap == 2
    assert AuditEvent.objects.filter(actor=eva, verb="created project", subject="sofas").exists()


def test_creating_a_project_again_changes_nothing(eva: User) -> None:
    make_pool()
    first, _ = create_project(plan(), by=eva)
    again, made = create_project(plan(name="Other"), by=eva)
    assert (again, made) == (first, False)
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"pools": {"nobody": 1}}, "no pool 'nobody'. Pools: in_house"),
        ({"pools": {}}, "at least one pool"),
        ({"pools": {"in_house": 0}}, "1 to 50"),
        ({"pools": {"in_house": 51}}, "1 to 50"),
    ],
)
def test_a_wrong_plan_is_refused_with_the_reason(eva: User, wrong: dict[str, object], message: str) -> None:
    make_pool()
    with pytest.raises(ProjectError, match=message):
        create_project(plan(**wrong), by=eva)
    assert not Project.objects.exists()
