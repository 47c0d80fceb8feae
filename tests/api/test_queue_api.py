"""The queue as REST: codes, bodies, and what is never given away."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from labelapp.people.models import User
from labelapp.tasks.models import Label, Project, Skip, Slot
from tests.api.conftest import Call, token_for
from tests.api.steps import answer_to, body_of, error_of, submission
from tests.personas import PASSWORD
from tests.tasks.steps import expire

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def test_a_claim_gives_the_task_and_its_lease(claimed: dict[str, Any]) -> None:
    assert set(claimed) == {"slot", "lease_token", "lease_until", "task"}
    assert set(claimed["task"]) == {"id", "type", "payload"}
    assert claimed["task"]["type"] == "relevance"
    assert len(claimed["task"]["payload"]["candidates"]) == 2


def test_a_claim_names_what_the_client_holds(call: Call, project: Project, claimed: dict[str, Any]) -> None:
    again = body_of(call(f"projects/{project.slug}/claim"))
    assert again["slot"] == claimed["slot"]
    other = body_of(call(f"projects/{project.slug}/claim", holding=[claimed["lease_token"]]))
    assert other["slot"] != claimed["slot"]


def test_nothing_to_do_says_why_in_a_header(
    call: Call, call_as: Callable[[User], Call], liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    body_of(call(f"projects/{project.slug}/claim"))
    nothing = call_as(liam)(f"projects/{project.slug}/claim")
    assert nothing.status_code == 204
    assert nothing["X-Queue-State"] == "leased"
    assert nothing["X-Queue-Until"] > "2026"


def test_a_whole_task_from_claim_to_replay(call: Call, claimed: dict[str, Any]) -> None:
    slot, lease = claimed["slot"], claimed["lease_token"]
    assert call(f"slots/{slot}/renew", lease_token=lease).status_code == 200
    some = {"grades": dict(list(answer_to(claimed)["grades"].items())[:1])}
    assert call(f"slots/{slot}/draft", lease_token=lease, answer=some).status_code == 200
    sent = submission(claimed)
    first = call(f"slots/{slot}/submit", **sent)
    again = call(f"slots/{slot}/submit", **sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert body_of(first)["label"] == body_of(again)["label"]
    assert Label.objects.get().answer == answer_to(claimed)


def test_a_draft_comes_back_in_the_payload(call: Call, project: Project, claimed: dict[str, Any]) -> None:
    call(f"slots/{claimed['slot']}/draft", lease_token=claimed["lease_token"], answer=answer_to(claimed, 0))
    again = body_of(call(f"projects/{project.slug}/claim"))
    assert [candidate["grade"] for candidate in again["task"]["payload"]["candidates"]] == [0, 0]


def test_a_lease_taken_over_keeps_the_answer_as_surplus_and_says_so(
    call: Call, call_as: Callable[[User], Call], liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    claimed = body_of(call(f"projects/{project.slug}/claim"))
    expire(Slot.objects.get())
    body_of(call_as(liam)(f"projects/{project.slug}/claim"))
    lost = error_of(call(f"slots/{claimed['slot']}/renew", lease_token=claimed["lease_token"]), 409)
    assert lost["code"] == "lease_lost"
    sent = submission(claimed)
    for _ in range(2):
        response = call(f"slots/{claimed['slot']}/submit", **sent)
        assert error_of(response, 409)["code"] == "surplus"
        assert response.data["kept"] is True
    assert Label.objects.get().is_surplus


def test_skipping_and_returning(call: Call, project: Project, claimed: dict[str, Any]) -> None:
    lease = {"lease_token": claimed["lease_token"]}
    assert call(f"slots/{claimed['slot']}/skip", reason="broken", **lease).status_code == 204
    assert Skip.objects.get().reason == "broken"
    other = body_of(call(f"projects/{project.slug}/claim"))
    lease = {"lease_token": other["lease_token"]}
    assert call(f"slots/{other['slot']}/return", **lease).status_code == 204
    assert not Slot.objects.filter(state="claimed").exists()


def test_a_project_of_another_pool_looks_like_one_that_is_not_there(
    call: Call, lena: User, project: Project
) -> None:
    lena.memberships.all().delete()
    known = error_of(call(f"projects/{project.slug}/claim"), 404)
    unknown = error_of(call("projects/nowhere/claim"), 404)
    assert known["message"].replace(project.slug, "nowhere") == unknown["message"]


def test_experts_outside_the_pool_are_unqualified(
    call_as: Callable[[User], Call], eva: User, project: Project
) -> None:
    nothing = call_as(eva)(f"projects/{project.slug}/claim")
    assert (nothing.status_code, nothing["X-Queue-State"]) == (204, "unqualified")


def test_guests_and_bad_tokens_are_refused(project: Project) -> None:
    path = f"/api/v1/projects/{project.slug}/claim"
    error_of(APIClient().post(path, {}, format="json"), 401)
    error_of(APIClient(HTTP_AUTHORIZATION="Bearer lk_no").post(path, {}, format="json"), 401)
    error_of(APIClient(HTTP_AUTHORIZATION="Bearer").post(path, {}, format="json"), 401)


def test_a_token_needs_the_labeling_scope_if_it_has_any(lena: User, project: Project) -> None:
    path = f"/api/v1/projects/{project.slug}/claim"
    for scopes, status in ((["reports"], 403), (["labeling"], 200), ([], 200)):
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(lena, scopes=scopes)}")
        assert client.post(path, {}, format="json").status_code == status


def test_a_session_works_as_well_and_needs_the_csrf_token(lena: User, project: Project) -> None:
    path = f"/api/v1/projects/{project.slug}/claim"
    client = Client(enforce_csrf_checks=True)
    assert client.login(username="lena", password=PASSWORD)
    assert client.post(path, "{}", content_type="application/json").status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    headers = {"X-CSRFToken": "a" * 32}
    assert client.post(path, "{}", content_type="application/json", headers=headers).status_code == 200


def test_other_methods_are_refused(lena: User, project: Project) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(lena)}")
    error_of(client.get(f"/api/v1/projects/{project.slug}/claim"), 405)


def test_a_claim_gives_away_nothing_of_where_candidates_came_from(call: Call, project: Project) -> None:
    response = call(f"projects/{project.slug}/claim")
    text = response.content.decode() + str(response.headers)
    assert not re.search(r"system|model|rank|distance|score|embedd|detector|merchant|external", text, re.I)
    shown = body_of(response)["task"]["payload"]
    assert set(shown) == {"scene", "crop", "candidates", "grades"}
    assert all(re.fullmatch(UUID, candidate["id"]) for candidate in shown["candidates"])
    assert {key for candidate in shown["candidates"] for key in candidate} == {"id", "url", "grade"}


def test_the_schema_describes_every_verb(lena: User) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(lena)}")
    schema = client.get("/api/v1/schema?format=json").json()
    assert {path.rsplit("/", 1)[1] for path in schema["paths"]} >= {
        "claim", "draft", "renew", "skip", "return", "submit",
    }  # fmt: skip
    assert APIClient().get("/api/v1/schema").status_code == 401
