"""Figures about projects and labelers: what they count, and where they stop."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labelapp.home.templatetags.look import capped
from labelapp.people.models import User
from labelapp.tasks import progress
from labelapp.tasks.labels import Outcome
from labelapp.tasks.models import Project, Skip
from labelapp.tasks.queue import skip
from tests.tasks.steps import claimed, expire, send, token


def test_figures_tell_states_late_answers_and_skips(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=5)
    send(lena, claimed(lena, project))
    late = claimed(lena, project)
    expire(late)
    send(liam, claimed(liam, project))
    assert send(lena, late).outcome == Outcome.SURPLUS
    skipped = claimed(lena, project)
    skip(skipped, Skip.Reason.OTHER, by=lena, token=token(skipped))
    claimed(liam, project)
    found = progress.project_figures(project)
    assert (found.open, found.claimed, found.done) == (2, 1, 2)
    assert (found.surplus, found.last_hour, found.skips, found.wanted) == (1, 3, 1, 5)
    assert found.is_exact


def test_figures_stop_at_their_limit(project: Project) -> None:
    found = progress.project_figures(project, most=2)
    assert (found.open, found.is_exact) == (2, False)
    assert [capped(count, 2) for count in (1, 2)] == ["1", "2+"]
    assert vars(progress.project_list(most=2).get())["task_count"] == 2


def test_a_capped_project_shows_no_share(
    client: Client, eva: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(eva)
    figures = progress.project_figures(project, most=2)
    monkeypatch.setattr("labelapp.tasks.views.projects.project_figures", lambda _: figures)
    page = client.get(f"/projects/{project.slug}/").text
    assert '<div class="value">2+</div>' in page
    assert "<progress" not in page


def test_pages_about_projects_take_the_same_statements_whatever_there_is(
    client: Client, eva: User, lena: User, new_project: Callable[..., Project]
) -> None:
    client.force_login(eva)
    counts = []
    for tasks in (3, 30):
        project = new_project(tasks=tasks)
        slots = [claimed(lena, project)]
        send(lena, slots[0])
        with CaptureQueriesContext(connection) as queries:
            client.get("/projects/")
            client.get(f"/projects/{project.slug}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_a_labeler_has_answered_or_skipped_does_not_wait(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=4, overlap=2)
    send(lena, claimed(lena, project))
    skipped = claimed(lena, project)
    skip(skipped, Skip.Reason.OTHER, by=lena, token=token(skipped))
    assert [(one.open, one.is_more) for one in progress.waiting_for(lena)] == [(4, False)]
    assert [one.open for one in progress.waiting_for(liam)] == [7]


def test_the_start_page_does_not_promise_what_it_has_not_looked_at(
    client: Client, lena: User, new_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = new_project(tasks=2, overlap=2)
    for _ in range(2):
        send(lena, claimed(lena, project))
    client.force_login(lena)
    assert "Nothing is waiting just now" in client.get("/work/").text
    monkeypatch.setattr(progress._open, "__kwdefaults__", {"most": 2})
    assert "There may be some for you" in client.get("/work/").text
