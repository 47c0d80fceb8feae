"""The one place where task types are known; each enters itself in its `AppConfig.ready()`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.http import QueryDict


class InvalidAnswer(ValueError):  # noqa: N818  # the name house.md fixes; it is what the labeler is told
    """An answer that cannot be stored; `field` names the part at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Answer(Protocol):
    """A checked answer."""

    def to_json(self) -> dict[str, Any]: ...


class TaskType(Protocol):
    """What the queue and the pages ask of a type."""

    name: str
    label: str
    question_version: int
    lease: dt.timedelta  # at least five minutes, and four times what nearly all answers take

    keys: Sequence[tuple[Sequence[str], str]]  # for the sheet of keys

    @property
    def default_guide(self) -> str:
        """Markdown of the guide that a new project starts with."""
        ...

    def answer_from_json(self, payload: Mapping[str, Any], data: object) -> Answer:
        """Check an answer against the task's payload; raises `InvalidAnswer`."""
        ...

    def answer_from_form(self, payload: Mapping[str, Any], data: QueryDict) -> Answer:
        """The same from a posted form."""
        ...

    def draft_from_json(self, payload: Mapping[str, Any], data: object) -> dict[str, Any]:
        """Check an incomplete answer; raises `InvalidAnswer`."""
        ...

    def draft_from_form(self, payload: Mapping[str, Any], data: QueryDict) -> dict[str, Any]:
        """The same from a posted form."""
        ...

    def present(
        self, payload: Mapping[str, Any], *, seed: str, draft: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say what a labeler is shown: public ids and signed picture addresses, no system, no rank.

        The order of candidates follows from the seed. The page `<name>/task.html` is rendered from this.
        """
        ...


_types: dict[str, TaskType] = {}


def register(task_type: TaskType) -> None:
    _types[task_type.name] = task_type


def get_task_type(name: str) -> TaskType:
    return _types[name]


def task_types() -> list[TaskType]:
    return [_types[name] for name in sorted(_types)]


def task_type_choices() -> list[tuple[str, str]]:
    return [(task_type.name, task_type.label) for task_type in task_types()]
