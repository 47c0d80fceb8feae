"""The frame in a real browser: theme, keys, dialogs, times, broken pictures, under the strict policy."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests import personas

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def style_page(page: Page, live_server: Any, context: BrowserContext) -> Iterator[Page]:
    """The style page as Max sees it; the test fails when the policy stopped anything."""
    violations: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: violations.append(str(error)))
    client = Client()
    client.force_login(personas.max_())
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("style"))
    yield page
    assert not violations


def test_the_chosen_theme_stays_and_stands_before_the_first_paint(style_page: Page) -> None:
    style_page.emulate_media(color_scheme="light")
    style_page.get_by_role("button", name="Max").click()
    style_page.get_by_role("button", name="Dark").click()
    expect(style_page.locator("html")).to_have_attribute("data-theme", "dark")
    # Modules wait for the whole document; with none of them the theme must be there all the same.
    style_page.route("**/elements.js", lambda route: route.abort())
    style_page.reload()
    expect(style_page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(style_page.locator("body")).to_have_css("background-color", "rgb(19, 19, 19)")


def test_the_system_theme_holds_until_one_is_chosen(style_page: Page) -> None:
    style_page.emulate_media(color_scheme="dark")
    expect(style_page.locator("body")).to_have_css("background-color", "rgb(19, 19, 19)")
    style_page.emulate_media(color_scheme="light")
    expect(style_page.locator("body")).to_have_css("background-color", "rgb(247, 247, 247)")


def test_a_question_mark_shows_the_keys_and_escape_closes_them(style_page: Page) -> None:
    style_page.keyboard.press("?")
    sheet = style_page.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_be_visible()
    style_page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_keys_of_the_page_rest_while_a_dialog_is_open(style_page: Page) -> None:
    style_page.get_by_role("button", name="Cancel the run").click()
    expect(style_page.get_by_role("alertdialog")).to_be_visible()
    style_page.keyboard.press("?")
    expect(style_page.get_by_role("dialog", name="Keys on this page")).to_be_hidden()


def test_a_confirmed_form_is_sent_only_after_yes(style_page: Page) -> None:
    address = style_page.url
    style_page.get_by_role("button", name="Cancel the run").click()
    style_page.get_by_role("button", name="Go back").click()
    expect(style_page.get_by_role("alertdialog")).to_be_hidden()
    assert style_page.url == address
    style_page.get_by_role("button", name="Cancel the run").click()
    style_page.get_by_role("alertdialog").get_by_role("button", name="Cancel the run").click()
    expect(style_page).to_have_url(re.compile(r"\?$"))


def test_a_broken_picture_keeps_its_place_and_says_so(style_page: Page) -> None:
    frame = style_page.locator("picture-frame").last
    before = frame.bounding_box()
    frame.scroll_into_view_if_needed()
    expect(frame.get_by_text("Did not load")).to_be_visible()
    after = frame.bounding_box()
    assert before is not None
    assert after is not None
    assert (before["width"], before["height"]) == (after["width"], after["height"])


def test_times_are_told_as_distances(style_page: Page) -> None:
    expect(style_page.get_by_role("row", name="run 13").locator("local-time")).to_have_text("5 h ago")


@pytest.mark.parametrize("width", [1440, 1024, 768, 720])
def test_no_page_width_scrolls_sideways(style_page: Page, width: int) -> None:
    style_page.set_viewport_size({"width": width, "height": 900})
    assert style_page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_signs_out(style_page: Page) -> None:
    style_page.get_by_role("button", name="Max").click()
    style_page.get_by_role("button", name="Sign out").click()
    expect(style_page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(style_page: Page) -> None:
    style_page.keyboard.press("Tab")
    link = style_page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
