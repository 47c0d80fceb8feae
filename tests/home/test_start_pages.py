"""What each role sees first."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from labelapp.guides.models import Guide
from labelapp.home.bootstrap import PERSONAS, bootstrap
from labelapp.home.next_steps import engineer_steps
from labelapp.people.models import User
from labelapp.tasks.models import Project
from tests import personas
from tests.factories import make_product, make_scene

pytestmark = pytest.mark.django_db


def test_a_labeler_goes_straight_to_the_work(client: Client) -> None:
    client.force_login(personas.lena())
    response = client.get(reverse("home"))
    assert response.status_code == 302
    assert response["Location"] == reverse("work_list")


def test_an_engineer_is_told_the_next_step_and_sees_what_is_done(client: Client) -> None:
    client.force_login(personas.max_())
    assert b"Next: import products and scenes" in client.get(reverse("home")).content
    make_product()
    make_scene()
    assert b"Next: register a detector and an embedder" in client.get(reverse("home")).content
    assert [step.is_done for step in engineer_steps()] == [True, False, False, False, False, False]


def test_an_expert_and_an_admin_have_a_start_page_and_an_outsider_learns_why_there_is_none(
    client: Client,
) -> None:
    for user, words in ((personas.eva(), b"Watch the projects"), (personas.ada(), b"Import products")):
        client.force_login(user)
        assert words in client.get(reverse("home")).content
    client.force_login(personas.olga())
    assert b"No role yet" in client.get(reverse("home")).content


def test_navigation_offers_only_what_the_role_may_open(client: Client) -> None:
    for user in (personas.lena(), personas.eva(), personas.max_(), personas.ada(), personas.olga()):
        client.force_login(user)
        navigation = client.get(reverse("home"), follow=True).context["navigation"]
        for link in navigation:
            assert client.get(link.url).status_code == 200, f"{user} cannot open {link.label}"


def test_only_engineers_see_the_doctors_page(client: Client) -> None:
    client.force_login(personas.lena())
    assert client.get(reverse("doctor")).status_code == 403
    client.force_login(personas.max_())
    page = client.get(reverse("doctor"))
    assert page.status_code == 200
    assert b"PostgreSQL" in page.content


def test_the_bootstrap_makes_everybody_once_and_changes_nothing_the_second_time(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", personas.PASSWORD)
    call_command("bootstrap_demo")
    call_command("bootstrap_demo")
    assert User.objects.count() == len(PERSONAS)
    assert Project.objects.get().slug == "relevance"
    assert Guide.objects.get().versions.count() == 1
    assert all(client.login(username=persona.username, password=personas.PASSWORD) for persona in PERSONAS)


def test_a_new_password_reaches_the_personas() -> None:
    bootstrap("an old password")
    bootstrap("a new password")
    assert User.objects.get(username="lena").check_password("a new password")


def test_people_of_a_team_are_left_alone_and_get_no_personas_beside_them() -> None:
    personas.max_()
    bootstrap("a new password")
    assert User.objects.get().check_password(personas.PASSWORD)
