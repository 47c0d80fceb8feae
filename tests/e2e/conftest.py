"""Signed-in pages that fail the test on any script error or breach of the content security policy."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from labelapp.people.models import User
from labelapp.tasks.models import Project
from tests import personas
from tests.e2e.rating_page import RatingPage
from tests.e2e.relevance_pictures import make_relevance_project

# How long a page takes depends on what else the machine does.
expect.set_options(timeout=30_000)
EXPECTED = ("Failed to load resource", "net::ERR_")  # pictures and servers that tests take away


@pytest.fixture
def lena(transactional_db: None) -> User:
    return personas.lena()


@pytest.fixture
def project(lena: User) -> Project:
    """Four relevance tasks of five candidates."""
    return make_relevance_project()


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


class RequestsInHand:
    """Counts the requests that the live server's threads are at."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def began(self, **rest: Any) -> None:
        self.add(1)

    def ended(self, **rest: Any) -> None:
        self.add(-1)

    def add(self, step: int) -> None:
        with self.changed:
            self.count += step
            self.changed.notify_all()

    def wait_for_none(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=60)


@pytest.fixture
def requests_in_hand(transactional_db: None) -> Iterator[RequestsInHand]:
    """The database is emptied after a test; by then no request may be working on it any more."""
    requests = RequestsInHand()
    request_started.connect(requests.began)
    request_finished.connect(requests.ended)
    yield requests
    requests.wait_for_none()
    request_started.disconnect(requests.began)
    request_finished.disconnect(requests.ended)


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context_as(browser: Browser, requests_in_hand: RequestsInHand) -> Iterator[NewContext]:
    """Make browser contexts in which a user is signed in at an address; they close before the server does."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            problems.append(message.text)

    def make(user: User, url: str, **options: Any) -> BrowserContext:
        context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        context.on("console", hear)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        sign_in(context, user, url)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not problems


@pytest.fixture
def lenas_page(new_context_as: NewContext, live_server: LiveServer, lena: User) -> Page:
    return new_context_as(lena, live_server.url).new_page()


@pytest.fixture
def rating(lenas_page: Page, live_server: LiveServer, project: Project) -> RatingPage:
    """Lena before her first task, with the next one ready."""
    rating = RatingPage(lenas_page, f"{live_server.url}/work/{project.slug}/")
    rating.open()
    return rating
