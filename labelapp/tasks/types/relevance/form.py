"""A posted relevance form as an answer; each candidate's radio buttons are called `grade-<candidate>`."""

from typing import Any

from django.http import QueryDict

from labelapp.tasks.types.registry import InvalidAnswer
from labelapp.tasks.types.relevance.answer import NAMES

PREFIX = "grade-"


def data_from_form(data: QueryDict) -> dict[str, Any]:
    """Return what `from_json` takes; unknown candidates are left for it to refuse."""
    return {
        "grades": {
            name.removeprefix(PREFIX): _number(name, value)
            for name, value in data.items()
            if name.startswith(PREFIX) and value != ""
        }
    }


def _number(name: str, value: object) -> int:
    text = str(value)
    if len(text) != 1 or text not in "01234":
        raise InvalidAnswer(f"A grade must be one of {NAMES}.", field=f"grades.{name.removeprefix(PREFIX)}")
    return int(text)
