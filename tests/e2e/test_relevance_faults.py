"""What becomes of work when things break: nothing is lost, nothing is doubled."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from labelapp.people.models import User
from labelapp.tasks.models import Draft, Label, Project, Slot
from tests.e2e.conftest import NewContext, sign_in
from tests.e2e.rating_page import RatingPage
from tests.tasks.steps import claimed, expire
from tests.web_server import WebServer, free_port

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_reload_in_the_middle_brings_the_work_back_at_once(rating: RatingPage) -> None:
    rating.press("1", "2")
    rating.page.reload()
    expect(rating.candidates.nth(1).locator("input:checked")).to_have_count(1)
    assert rating.grades() == ["4", "3", None, None, None]
    rating.expect_current(3)


def test_work_comes_back_on_another_computer(
    rating: RatingPage, new_context_as: NewContext, live_server: LiveServer, lena: User
) -> None:
    rating.press("1", "2")
    rating.expect_saved()
    assert Draft.objects.count() == 1
    other = RatingPage(new_context_as(lena, live_server.url).new_page(), rating.url)
    other.open()
    assert other.slot == rating.slot
    assert other.grades() == ["4", "3", None, None, None]


def test_an_answer_sent_without_network_goes_out_when_it_is_back(
    rating: RatingPage, lenas_page: Page
) -> None:
    lenas_page.context.set_offline(True)
    rating.press(*"11111", "Enter")
    expect(rating.state).to_have_text("Offline, kept here")
    rating.expect_current(1)
    lenas_page.context.set_offline(False)
    rating.expect_today(1)
    rating.expect_saved()


def test_an_answer_sent_without_network_survives_the_tab(
    rating: RatingPage, lenas_page: Page, live_server: LiveServer
) -> None:
    sent = rating.slot
    lenas_page.context.route("**/submit/", lambda route: route.abort())
    rating.press(*"11111", "Enter")
    expect(rating.state).to_have_text("Offline, kept here")
    context = lenas_page.context
    lenas_page.close()
    context.unroute("**/submit/")
    again = RatingPage(context.new_page(), rating.url)
    again.page.goto(again.url)
    again.expect_today(1)
    again.wait_for_next()
    assert again.slot != sent
    assert str(Label.objects.get().slot.public_id) == sent


def test_an_expired_sign_in_keeps_the_answer_until_the_next(
    rating: RatingPage, lenas_page: Page, live_server: LiveServer, lena: User
) -> None:
    lenas_page.context.clear_cookies()
    rating.press(*"11111", "Enter")
    expect(rating.state).to_have_text("Signed out, kept here")
    expect(rating.messages.get_by_role("link", name="Sign in")).to_be_visible()
    sign_in(lenas_page.context, lena, live_server.url)
    lenas_page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": live_server.url}])
    rating.expect_today(1)
    rating.expect_saved()
    expect(rating.messages).to_be_empty()


def test_an_answer_is_not_sent_in_the_name_of_whoever_signs_in_next(
    rating: RatingPage, lenas_page: Page, live_server: LiveServer, other_labeler: User
) -> None:
    sign_in(lenas_page.context, other_labeler, live_server.url)
    rating.press(*"11111", "Enter")
    expect(rating.messages).to_contain_text("Someone else has signed in here")
    assert not Label.objects.exists()


@pytest.fixture
def other_labeler(transactional_db: None) -> User:
    from labelapp.people.models import Role
    from tests.personas import person

    return person("liam", Role.Name.LABELER, pool="in_house")


def test_two_tabs_at_one_task_send_one_answer(rating: RatingPage, lenas_page: Page) -> None:
    other = RatingPage(lenas_page.context.new_page(), rating.url)
    other.open()
    assert other.slot == rating.slot
    rating.press(*"11111", "Enter")
    rating.expect_today(1)
    expect(other.messages).to_contain_text("from another tab")
    assert other.slot != str(Label.objects.get().slot.public_id)


def test_two_browsers_with_one_account_count_one_answer_and_keep_both(
    rating: RatingPage, new_context_as: NewContext, live_server: LiveServer, lena: User
) -> None:
    other = RatingPage(new_context_as(lena, live_server.url).new_page(), rating.url)
    other.open()
    rating.press(*"11111", "Enter")
    rating.expect_today(1)
    other.press(*"44444", "Enter")
    expect(other.messages).to_contain_text("is kept, but it does not count")
    assert list(Label.objects.order_by("pk").values_list("is_surplus", flat=True)) == [False, True]


def test_a_task_that_went_to_someone_else_meanwhile_is_kept_and_said(
    rating: RatingPage, other_labeler: User, project: Project
) -> None:
    mine = Slot.objects.get(public_id=rating.slot)
    expire(mine)
    taken = claimed(other_labeler, project)
    assert taken.pk == mine.pk
    rating.press(*"11111", "Enter")
    expect(rating.messages).to_contain_text("is kept, but it does not count")
    rating.wait_for_next()
    assert Label.objects.get().is_surplus


def test_one_answer_that_cannot_be_delivered_holds_up_no_other(rating: RatingPage) -> None:
    stuck = rating.slot
    rating.page.route(f"**/slots/{stuck}/submit/", lambda route: route.fulfill(status=500))
    rating.press(*"11111", "Enter")
    expect(rating.state).to_have_text("Offline, kept here")
    expect(rating.page.locator("article[data-slot]")).not_to_have_attribute("data-slot", stuck)
    rating.press(*"22222", "Enter")
    rating.expect_today(1)
    rating.page.unroute_all()
    rating.expect_today(2)
    rating.expect_saved()


def test_an_answer_that_was_not_taken_stays_in_sight_until_somebody_decides(
    rating: RatingPage, other_labeler: User, project: Project
) -> None:
    mine = Slot.objects.get(public_id=rating.slot)
    expire(mine)
    mine.lapses.all().delete()
    claimed(other_labeler, project)
    refused = rating.page.locator("refused-work")
    rating.press(*"11111", "Enter")
    expect(refused).to_contain_text("It is safe in this browser")
    rating.page.reload()
    rating.wait_for_next()
    refused.get_by_role("button", name="Send again").click()
    expect(refused).to_contain_text("could not be taken")
    refused.get_by_role("button", name="Throw away").click()
    refused.get_by_role("alertdialog").get_by_role("button", name="Throw away").click()
    expect(refused).to_be_hidden()
    assert not Label.objects.exists()


def test_a_sleeping_tab_has_its_task_back_while_nobody_took_it(rating: RatingPage) -> None:
    mine = Slot.objects.get(public_id=rating.slot)
    expire(mine)
    rating.press("1")
    rating.expect_saved()
    mine.refresh_from_db()
    assert mine.state == Slot.State.CLAIMED
    rating.press(*"1111", "Enter")
    rating.expect_today(1)


def test_without_scripts_the_form_still_sends(
    new_context_as: NewContext, live_server: LiveServer, lena: User, project: Project
) -> None:
    page = new_context_as(lena, live_server.url, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/work/{project.slug}/")
    first = page.locator("article").get_attribute("data-slot")
    for group in page.get_by_role("radiogroup").all():
        group.locator("label").first.click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-done-today]")).to_have_text("1")
    assert page.locator("article").get_attribute("data-slot") != first
    assert set(Label.objects.get().answer["grades"].values()) == {4}


class Restartable:
    """A gunicorn that can be killed and started again at the same address."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.port, self.folder, self.env = free_port(), folder, env
        self.server = self.start()

    def start(self) -> WebServer:
        self.server = WebServer(self.port, log=self.folder / "web.log", env=self.env)
        return self.server

    def kill(self) -> None:
        os.killpg(self.server.child.pid, signal.SIGKILL)
        self.server.child.kill()


@pytest.fixture
def gunicorn(tmp_path: Path, program_env: dict[str, str]) -> Iterator[Restartable]:
    call_command("collectstatic", interactive=False, verbosity=0)
    server = Restartable(tmp_path, program_env)
    yield server
    server.server.child.stop()


@pytest.mark.faults
def test_a_web_server_killed_between_claim_and_submit_loses_no_answer(
    gunicorn: Restartable,
    new_context_as: Callable[..., BrowserContext],
    lena: User,
    project: Project,
) -> None:
    page = new_context_as(lena, gunicorn.server.url).new_page()
    rating = RatingPage(page, f"{gunicorn.server.url}/work/{project.slug}/")
    rating.open()
    sent = rating.slot
    gunicorn.kill()
    rating.press(*"12345", "Enter")
    expect(rating.state).to_have_text("Offline, kept here")
    rating.press(*"11111")
    gunicorn.start()
    rating.expect_today(1)
    rating.expect_saved()
    rating.wait_for_next()
    rating.press("Enter")
    rating.expect_today(2)
    labels = list(Label.objects.order_by("pk"))
    assert [label.is_surplus for label in labels] == [False, False]
    assert str(labels[0].slot.public_id) == sent
