"""Short forms for tests of the REST interface."""

import uuid
from typing import Any

from rest_framework.response import Response


def body_of(response: Response) -> dict[str, Any]:
    assert response.status_code in {200, 201}, response.data
    body: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return body


def error_of(response: Response, status: int) -> dict[str, str]:
    assert response.status_code == status, response.data
    error: dict[str, str] = response.json()["error"]  # type: ignore[attr-defined]
    assert set(error) == {"code", "message", "field"}
    return error


def answer_to(claimed: dict[str, Any], grade: object = 3) -> dict[str, Any]:
    return {"grades": {candidate["id"]: grade for candidate in claimed["task"]["payload"]["candidates"]}}


def submission(claimed: dict[str, Any], **fields: Any) -> dict[str, Any]:
    whole = {
        "lease_token": claimed["lease_token"],
        "client_uuid": str(uuid.uuid4()),
        "answer": answer_to(claimed),
        "seconds": 4.5,
    }
    return whole | fields
