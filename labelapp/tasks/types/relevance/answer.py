"""A relevance answer: one grade per candidate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from labelapp.tasks.types.registry import InvalidAnswer
from labelapp.tasks.types.relevance.grades import Grade

NAMES = ", ".join(f"{grade.value} ({grade.label})" for grade in Grade)


@dataclass(frozen=True)
class RelevanceAnswer:
    """Grades by the candidate's public id."""

    grades: Mapping[str, Grade]

    @classmethod
    def from_json(cls, data: object, *, candidates: Collection[str]) -> "RelevanceAnswer":
        """Read `{"grades": {CANDIDATE: 0..4}}`, a grade for each candidate and for nothing else."""
        grades = grades_from_json(data, candidates=candidates)
        for number, candidate in enumerate(candidates, start=1):
            if candidate not in grades:
                raise InvalidAnswer(
                    f"Candidate {number} of {len(candidates)} has no grade yet.", field=f"grades.{candidate}"
                )
        return cls(grades)

    def to_json(self) -> dict[str, Any]:
        return {"grades": {candidate: int(grade) for candidate, grade in sorted(self.grades.items())}}


def grades_from_json(data: object, *, candidates: Collection[str]) -> dict[str, Grade]:
    """Read grades, possibly not all of them yet."""
    if not isinstance(data, Mapping) or set(data) != {"grades"}:
        raise InvalidAnswer('The answer must be an object {"grades": {...}}.', field="answer")
    grades = data["grades"]
    if not isinstance(grades, Mapping):
        raise InvalidAnswer("'grades' must be an object of candidate ids and grades.", field="grades")
    return {candidate: _grade(candidate, value, candidates) for candidate, value in grades.items()}


def _grade(candidate: str, value: object, candidates: Collection[str]) -> Grade:
    if candidate not in candidates:
        raise InvalidAnswer("This task has no such candidate.", field=f"grades.{candidate[:60]}")
    if isinstance(value, bool) or not isinstance(value, int) or value not in Grade.values:
        raise InvalidAnswer(f"A grade must be one of {NAMES}.", field=f"grades.{candidate}")
    return Grade(value)
