"""Signing in and out."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labelapp.people import jobs
from labelapp.people.models import FailedSignIn
from labelapp.people.models.failed_sign_in import KEPT, MOST_FAILURES, MOST_FAILURES_ANYWHERE, WINDOW
from tests import personas

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str, password: str) -> int:
    return client.post(reverse("login"), {"username": username, "password": password}).status_code


def test_a_guest_sees_the_sign_in_page_only(client: Client) -> None:
    response = client.get(reverse("home"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_the_right_password_opens_the_start_page(client: Client) -> None:
    personas.lena()
    assert sign_in(client, "lena", personas.PASSWORD) == 302
    assert client.get(reverse("home"), follow=True).status_code == 200


def test_too_many_wrong_passwords_refuse_even_the_right_one_for_a_while(client: Client) -> None:
    personas.lena()
    for _ in range(MOST_FAILURES):
        assert sign_in(client, "Lena", "wrong") == 200
    assert sign_in(client, "lena", personas.PASSWORD) == 200
    with time_machine.travel(timezone.now() + WINDOW + dt.timedelta(minutes=1), tick=False):
        assert sign_in(client, "lena", personas.PASSWORD) == 302


def test_wrong_passwords_from_elsewhere_do_not_lock_somebody_out(client: Client) -> None:
    personas.lena()
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(MOST_FAILURES + 2):
        sign_in(stranger, "lena", "wrong")
    assert sign_in(stranger, "lena", personas.PASSWORD) == 200
    assert sign_in(client, "lena", personas.PASSWORD) == 302


def test_wrong_passwords_from_many_addresses_are_refused_in_the_end(client: Client) -> None:
    personas.lena()
    FailedSignIn.objects.bulk_create(
        FailedSignIn(username="lena", address=f"203.0.113.{n}") for n in range(MOST_FAILURES_ANYWHERE)
    )
    assert sign_in(client, "lena", personas.PASSWORD) == 200


@pytest.mark.parametrize("address", ["", "unix:"])
def test_a_client_without_an_address_is_limited_as_well(address: str) -> None:
    personas.lena()
    client = Client(REMOTE_ADDR=address)
    for _ in range(MOST_FAILURES):
        sign_in(client, "lena", "wrong")
    assert sign_in(client, "lena", personas.PASSWORD) == 200


def test_failures_are_forgotten_after_a_day() -> None:
    FailedSignIn.objects.create(username="old", at=timezone.now() - KEPT - dt.timedelta(minutes=1))
    FailedSignIn.objects.create(username="new")
    jobs.forget_failed_sign_ins()
    assert FailedSignIn.objects.get().username == "new"


def test_the_scheduler_forgets_failures() -> None:
    planned = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert jobs.forget_failed_sign_ins.name in planned


def test_signing_in_forgets_earlier_failures(client: Client) -> None:
    personas.lena()
    sign_in(client, "lena", "wrong")
    sign_in(client, "lena", personas.PASSWORD)
    assert not FailedSignIn.objects.exists()


def test_signing_out_needs_a_post(client: Client) -> None:
    client.force_login(personas.lena())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302


def test_a_fragment_for_one_who_is_signed_out_tells_so_and_keeps_the_page(client: Client) -> None:
    fragment = {"HX-Request": "true"}
    response = client.get(reverse("home"), headers=fragment)
    assert response.status_code == 302
    told = client.get(response["Location"], headers=fragment)
    assert told.status_code == 401
    assert 'id="failure"' in told.content.decode()
    assert "You are no longer signed in" in told.content.decode()
