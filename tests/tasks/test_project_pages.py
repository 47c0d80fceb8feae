"""Pages about projects, for experts and engineers."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from labelapp.people.models import AuditEvent, User
from labelapp.tasks.models import Project, Skip
from labelapp.tasks.queue import skip
from tests.factories import make_pool, make_project
from tests.tasks.steps import claimed, send, token


@pytest.fixture
def as_eva(client: Client, eva: User) -> Client:
    client.force_login(eva)
    return client


def test_the_list_says_how_to_begin(as_eva: Client) -> None:
    assert "create_project" in as_eva.get("/projects/").text


def test_the_list_shows_tasks_and_state(as_eva: Client, project: Project) -> None:
    page = as_eva.get("/projects/").text
    assert project.name in page
    assert "Active" in page


def test_the_page_shows_where_a_project_stands(as_eva: Client, lena: User, project: Project) -> None:
    send(lena, claimed(lena, project))
    page = as_eva.get(f"/projects/{project.slug}/").text
    assert "1 of 3 · answers wanted" in page
    assert "version 1" in page


def test_the_page_lists_skips_with_reason_comment_and_who(
    as_eva: Client, lena: User, project: Project
) -> None:
    assert "Nobody has skipped a task" in as_eva.get(f"/projects/{project.slug}/").text
    slot = claimed(lena, project)
    skip(slot, Skip.Reason.BROKEN, by=lena, token=token(slot), comment="half a <lamp>")
    page = as_eva.get(f"/projects/{project.slug}/").text
    for words in ("The pictures are broken", "half a &lt;lamp&gt;", "Lena", str(slot.task.public_id)):
        assert words in page
    assert "Nobody has skipped" not in page


def test_many_skips_come_by_pages_the_latest_first(
    as_eva: Client, lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=25)
    for slot in project.slots.all():
        Skip.objects.create(slot=slot, task=slot.task, labeler=lena, reason="other", comment=f"no {slot.pk}.")
    last = project.slots.latest("pk").pk
    first_page = as_eva.get(f"/projects/{project.slug}/").text
    assert f"no {last}." in first_page
    assert f"no {last - 24}." not in first_page
    assert f"no {last - 24}." in as_eva.get(f"/projects/{project.slug}/?page=2").text


def test_a_project_without_tasks_says_where_they_come_from(as_eva: Client) -> None:
    project = make_project()
    page = as_eva.get(f"/projects/{project.slug}/").text
    assert f"--project {project.slug}" in page


def test_a_project_is_paused_and_resumed(as_eva: Client, eva: User, project: Project) -> None:
    for state in ("paused", "active", "closed"):
        response = as_eva.post(f"/projects/{project.slug}/state/", {"state": state}, follow=True)
        project.refresh_from_db()
        assert project.state == state
        assert response.status_code == 200
    assert AuditEvent.objects.filter(actor=eva, subject=project.slug).count() == 3


def test_an_unknown_state_changes_nothing(as_eva: Client, project: Project) -> None:
    page = as_eva.post(f"/projects/{project.slug}/state/", {"state": "burnt"}, follow=True)
    assert "nothing was changed" in page.text
    project.refresh_from_db()
    assert project.state == "active"


FORM = {"name": "Rooms", "slug": "rooms", "task_type": "relevance", "pool-in_house": "2", "guide_text": ""}


def test_a_project_is_made_by_form(as_eva: Client) -> None:
    make_pool()
    assert "Answers per task from in_house" in as_eva.get("/projects/new/").text
    response = as_eva.post("/projects/new/", FORM)
    assert response.headers["Location"] == "/projects/rooms/"
    assert Project.objects.get().project_pools.get().overlap == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"slug": "no good"}, "valid"),
        ({"slug": "taken"}, "There is a project &#x27;taken&#x27; already"),
        ({"pool-in_house": "0"}, "at least one pool"),
        ({"pool-in_house": "-1"}, "greater than or equal to 0"),
        ({"task_type": "poetry"}, "not one of the available choices"),
        ({"name": ""}, "required"),
    ],
)
def test_a_wrong_form_comes_back_with_the_reason(as_eva: Client, wrong: dict[str, str], message: str) -> None:
    make_project(slug="taken")
    page = as_eva.post("/projects/new/", FORM | wrong)
    assert page.status_code == 422
    assert message in page.text
    assert Project.objects.count() == 1


@pytest.mark.parametrize("path", ["/projects/", "/projects/new/", "/projects/x/", "/projects/x/state/"])
def test_labelers_and_outsiders_are_refused(client: Client, lena: User, olga: User, path: str) -> None:
    make_project(slug="x")
    for user in (lena, olga):
        client.force_login(user)
        method = client.post if path.endswith("state/") else client.get
        assert method(path).status_code == 403


@pytest.mark.django_db
def test_the_command_makes_a_project_once(capsys: pytest.CaptureFixture[str]) -> None:
    make_pool()
    for word in ("Made", "Found"):
        call_command("create_project", "rooms", "--type", "relevance", "--pool", "in_house=3")
        assert capsys.readouterr().out == f"{word} project rooms (rooms).\n"
    assert Project.objects.get().project_pools.get().overlap == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rooms", "--type", "relevance", "--pool", "nobody=1"], "no pool 'nobody'"),
        (["rooms", "--type", "poetry", "--pool", "in_house=1"], "invalid choice"),
        (["rooms", "--type", "relevance", "--pool", "in_house=many"], "must be POOL=ANSWERS"),
        (["rooms", "--type", "relevance"], "--pool"),
        (["no good", "--type", "relevance", "--pool", "in_house=1"], "slug"),
        (["rooms", "--type", "relevance", "--pool", "in_house=1", "--guide", "nowhere.md"], "nowhere.md"),
    ],
)
def test_the_command_refuses_in_one_sentence(arguments: list[str], message: str) -> None:
    make_pool()
    with pytest.raises(CommandError, match=message):
        call_command("create_project", *arguments)
    assert not Project.objects.exists()
