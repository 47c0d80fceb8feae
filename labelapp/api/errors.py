"""Every refusal of the REST interface in one shape: `{"error": {"code", "message", "field"}}`."""

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from labelapp.tasks.errors import QueueError
from labelapp.tasks.types.registry import InvalidAnswer

RETRY_SECONDS = 1


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into a response; None lets it become a 500."""
    if isinstance(error, InvalidAnswer):
        return Response(error_body("invalid", str(error), field=error.field), status=422)
    if isinstance(error, QueueError):
        headers = {"Retry-After": str(RETRY_SECONDS)} if error.status == 503 else {}
        return Response(error_body(error.code, str(error)), status=error.status, headers=headers)
    response = exception_handler(error, context)
    if response is not None:
        response.data = error_body(*_words(error, response))
    return response


def error_body(code: str, message: str, *, field: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "field": field}}


def _words(error: Exception, response: Response) -> tuple[str, str]:
    if isinstance(error, exceptions.APIException):
        return str(error.get_codes()), str(error.detail)
    if response.status_code == 404:
        return "not_found", str(error) or "There is nothing here for you."
    return "refused", "You may not do this."
