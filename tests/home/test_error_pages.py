"""What is shown when something went wrong."""

from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from labelapp.home import error_pages
from tests import personas


def test_the_500_page_needs_neither_database_nor_session(rf: RequestFactory) -> None:
    response = error_pages.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "What you had sent before is safe" in response.content.decode()


def test_a_crash_in_a_page_shows_the_500_page(client: Client) -> None:
    client.raise_request_exception = False
    with patch("labelapp.people.sign_in.SignInView.get", side_effect=ZeroDivisionError):
        response = client.get(reverse("login"))
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_an_unreadable_request_shows_the_400_page(rf: RequestFactory) -> None:
    assert "could not read this request" in error_pages.bad_request(rf.get("/")).content.decode()


@pytest.mark.django_db
def test_a_form_sent_with_a_wrong_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("login"), {"username": "lena"})
    assert response.status_code == 403
    assert "This form is no longer valid" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_shows_the_404_page_in_the_frame(client: Client) -> None:
    client.force_login(personas.lena())
    response = client.get("/no/such/address/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert "Sign out" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "Only experts publish guides."])
def test_a_refusal_says_why(rf: RequestFactory, reason: str) -> None:
    request = _request_of_a_person(rf)
    refusal = PermissionDenied(reason) if reason else PermissionDenied()
    page = error_pages.permission_denied(request, refusal).content.decode()
    assert (reason or "does not have the role") in page


def _request_of_a_person(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.user = personas.olga()
    return request


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_every_error_page_has_the_line_that_a_fragment_request_shows(rf: RequestFactory, status: int) -> None:
    request = _request_of_a_person(rf)
    pages = {
        400: lambda: error_pages.bad_request(request),
        403: lambda: error_pages.permission_denied(request, PermissionDenied()),
        404: lambda: error_pages.page_not_found(request, Exception()),
        500: lambda: error_pages.server_error(request),
    }
    assert 'id="failure"' in pages[status]().content.decode()
