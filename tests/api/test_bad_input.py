"""Bad input and misuse of the REST interface: each has its status, and nothing is lost or leaked."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from labelapp.people.models import User
from labelapp.tasks.models import Label, Project, Slot
from tests.api.conftest import Call, token_for
from tests.api.steps import answer_to, body_of, error_of, submission


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": "bored"}, "reason"),
        ({"reason": ["broken"]}, "reason"),
        ({}, "reason"),
        ({"reason": "other", "comment": "x" * 501}, "comment"),
        ({"reason": "other", "comment": 3}, "comment"),
        ({"reason": "other", "comment": "\x00"}, "comment"),
        ({"reason": "other", "lease_token": "nonsense"}, "lease_token"),
    ],
)
def test_a_malformed_skip_is_refused_with_the_field(
    call: Call, claimed: dict[str, Any], fields: dict[str, Any], field: str
) -> None:
    whole = {"lease_token": claimed["lease_token"]} | fields
    assert error_of(call(f"slots/{claimed['slot']}/skip", **whole), 422)["field"] == field


@pytest.mark.parametrize("verb", ["renew", "draft", "skip", "return", "submit"])
def test_slots_of_others_and_unknown_slots_answer_alike(
    call_as: Callable[[User], Call], liam: User, claimed: dict[str, Any], verb: str
) -> None:
    as_liam = call_as(liam)
    foreign = error_of(as_liam(f"slots/{claimed['slot']}/{verb}", **submission(claimed)), 404)
    unknown = error_of(as_liam(f"slots/{uuid.uuid4()}/{verb}", **submission(claimed)), 404)
    assert foreign == unknown
    assert Slot.objects.filter(state="claimed").exists()


@pytest.mark.parametrize("verb", ["renew", "draft", "skip", "return", "submit"])
def test_a_wrong_token_is_refused_and_changes_nothing(call: Call, claimed: dict[str, Any], verb: str) -> None:
    sent = submission(claimed, lease_token=str(uuid.uuid4()), reason="other")
    assert error_of(call(f"slots/{claimed['slot']}/{verb}", **sent), 409)["code"] == "lease_lost"
    assert Slot.objects.get(public_id=claimed["slot"]).state == "claimed"
    assert not Label.objects.exists()


@pytest.mark.parametrize("verb", ["renew", "draft", "skip", "return", "submit"])
def test_the_lease_of_an_answered_task_is_over(call: Call, claimed: dict[str, Any], verb: str) -> None:
    sent = submission(claimed, reason="other")
    body_of(call(f"slots/{claimed['slot']}/submit", **sent))
    again = call(f"slots/{claimed['slot']}/{verb}", **(sent | {"client_uuid": str(uuid.uuid4())}))
    error_of(again, 409)
    assert Label.objects.filter(is_surplus=False).count() == 1


def test_a_client_uuid_of_another_answer_is_refused(
    call: Call, project: Project, claimed: dict[str, Any]
) -> None:
    sent = submission(claimed)
    body_of(call(f"slots/{claimed['slot']}/submit", **sent))
    other = body_of(call(f"projects/{project.slug}/claim"))
    reused = submission(other, client_uuid=sent["client_uuid"])
    assert error_of(call(f"slots/{other['slot']}/submit", **reused), 409)["code"] == "client_uuid_reused"


@pytest.mark.parametrize("grade", [5, -1, 2.5, "3", None, True, [], {}, 10**30, float("nan"), float("inf")])
def test_a_wrong_grade_is_refused_with_its_candidate(
    call: Call, claimed: dict[str, Any], grade: object
) -> None:
    candidate = claimed["task"]["payload"]["candidates"][0]["id"]
    answer = answer_to(claimed)
    answer["grades"][candidate] = grade
    error = error_of(call_raw(call, claimed, submission(claimed, answer=answer)), 422)
    assert error["field"] == f"grades.{candidate}"


def call_raw(call: Call, claimed: dict[str, Any], body: dict[str, Any]) -> Response:
    """Send NaN and infinity as a careless program would; the test client's own JSON refuses them."""
    user = Slot.objects.get(public_id=claimed["slot"]).claimed_by
    assert user is not None
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(user)}")
    path = f"/api/v1/slots/{claimed['slot']}/submit"
    response: Response = client.post(path, json.dumps(body), content_type="application/json")
    return response


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (None, "answer"),
        ("grades", "answer"),
        ([], "answer"),
        ({}, "answer"),
        ({"grades": {}, "system": "x"}, "answer"),
        ({"grades": []}, "grades"),
        ({"grades": None}, "grades"),
        ({"grades": {"nobody": 3}}, "grades.nobody"),
        ({"grades": {str(n): 3 for n in range(20_000)}}, "grades.0"),
    ],
)
def test_a_malformed_answer_is_refused_with_the_field(
    call: Call, claimed: dict[str, Any], answer: object, field: str
) -> None:
    for verb in ("submit", "draft"):
        sent = submission(claimed, answer=answer)
        assert error_of(call(f"slots/{claimed['slot']}/{verb}", **sent), 422)["field"] == field


def test_a_missing_grade_is_refused_with_its_candidate(call: Call, claimed: dict[str, Any]) -> None:
    answer = answer_to(claimed)
    missing = claimed["task"]["payload"]["candidates"][1]["id"]
    del answer["grades"][missing]
    error = error_of(call(f"slots/{claimed['slot']}/submit", **submission(claimed, answer=answer)), 422)
    assert error["field"] == f"grades.{missing}"


@pytest.mark.parametrize(
    ("field", "value"),
    [("seconds", -1), ("seconds", "soon"), ("client_uuid", 7), ("client_uuid", None), ("lease_token", "x")],
)
def test_a_malformed_envelope_is_refused_with_the_field(
    call: Call, claimed: dict[str, Any], field: str, value: object
) -> None:
    sent = submission(claimed, **{field: value})
    assert error_of(call(f"slots/{claimed['slot']}/submit", **sent), 422)["field"] == field


@pytest.mark.parametrize("holding", ["x", ["x"], [1], {"a": 1}, [str(uuid.uuid4())] * 21])
def test_a_malformed_holding_is_refused(call: Call, project: Project, holding: object) -> None:
    assert error_of(call(f"projects/{project.slug}/claim", holding=holding), 422)["field"] == "holding"


@pytest.mark.parametrize(
    ("body", "status"), [(b"[]", 422), (b'"x"', 422), (b"{", 400), (b"\xff", 400), (b"", 422)]
)
def test_a_body_that_is_no_object_is_refused(
    lena: User, claimed: dict[str, Any], body: bytes, status: int
) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(lena)}")
    path = f"/api/v1/slots/{claimed['slot']}/submit"
    error_of(client.post(path, body, content_type="application/json"), status)


def test_a_huge_body_is_refused_without_reading_it_all(lena: User, claimed: dict[str, Any]) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(lena)}")
    path = f"/api/v1/slots/{claimed['slot']}/submit"
    huge = b'{"answer": "' + b"x" * 2_000_000 + b'"}'
    error = error_of(client.post(path, huge, content_type="application/json"), 422)
    assert error["field"] == "body"
