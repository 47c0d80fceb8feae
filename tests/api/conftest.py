"""Clients of the REST interface."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from labelapp.people.models import ApiToken, User
from labelapp.tasks.models import Project
from tests.api.steps import body_of
from tests.tasks.conftest import eva, lena, liam, new_project, olga, project

__all__ = ["eva", "lena", "liam", "new_project", "olga", "project"]

Call = Callable[..., Response]


def token_for(user: User, **fields: Any) -> str:
    secret = ApiToken.new_secret()
    ApiToken.objects.create(user=user, name="test", digest=ApiToken.digest_of(secret), **fields)
    return secret


@pytest.fixture
def call_as() -> Callable[[User], Call]:
    """Post JSON with a token of a user."""

    def calls(user: User) -> Call:
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token_for(user)}")

        def post(path: str, **body: Any) -> Response:
            response: Response = client.post(f"/api/v1/{path}", body, format="json")
            return response

        return post

    return calls


@pytest.fixture
def call(call_as: Callable[[User], Call], lena: User) -> Call:
    """Post JSON as Lena."""
    return call_as(lena)


@pytest.fixture
def claimed(call: Call, project: Project) -> dict[str, Any]:
    return body_of(call(f"projects/{project.slug}/claim"))
