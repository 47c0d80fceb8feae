"""Which pairs a run asks people about, and which it does not."""

import pytest

from labelapp.evaluations.judgements import absorb_labels
from labelapp.evaluations.models import EvaluationRun, Judgement, QueuedPair
from labelapp.evaluations.runs import start_run
from labelapp.people.models import Role, User
from labelapp.tasks.models import Project
from tests import personas
from tests.evaluations.world import World, work_all
from tests.factories import make_project
from tests.tasks.steps import claimed, send

Pairs = set[tuple[str, str]]


def run_in(project: Project, world: World) -> EvaluationRun:
    run = start_run([world.strict], scene_set=world.scene_set, project=project, by=None)
    work_all()
    return run


def asked_in(project: Project) -> Pairs:
    return set(QueuedPair.objects.filter(project=project).values_list("crop_hash", "product_image"))


def judged() -> Pairs:
    return set(Judgement.objects.values_list("crop_hash", "product_image"))


def judge_some(world: World, user: User) -> Pairs:
    """Run in the world's project and answer three of its tasks."""
    run_in(world.project, world)
    for _ in range(3):
        send(user, claimed(user, world.project))
    absorb_labels()
    return judged()


@pytest.fixture
def other(ready: World) -> Project:
    """A second project that teaches by the same guide."""
    return make_project(guide=ready.project.guide)


def test_what_people_have_judged_is_not_asked_in_another_project_of_the_guide(
    ready: World, other: Project
) -> None:
    known = judge_some(ready, personas.lena())
    run_in(other, ready)
    assert known
    assert asked_in(other) == asked_in(ready.project) - known


def test_what_a_script_has_judged_is_asked_of_people_again(ready: World, other: Project) -> None:
    robot = personas.person("robot", Role.Name.LABELER, pool="in_house", is_simulated=True)
    assert judge_some(ready, robot)
    run_in(other, ready)
    assert asked_in(other) == asked_in(ready.project)


def test_judgements_under_another_guide_do_not_answer_for_this_one(ready: World) -> None:
    judge_some(ready, personas.lena())
    elsewhere = make_project()
    run_in(elsewhere, ready)
    assert asked_in(elsewhere) == asked_in(ready.project)


def test_the_same_pair_found_by_two_systems_is_asked_once(ready: World) -> None:
    start_run(ready.systems, scene_set=ready.scene_set, project=ready.project, by=None)
    work_all()
    tasks = ready.project.tasks.count()
    run_in(ready.project, ready)
    assert ready.project.tasks.count() == tasks
