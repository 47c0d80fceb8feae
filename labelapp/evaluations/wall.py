"""The pictures behind a figure: query objects with their candidates and grades."""

from collections.abc import Sequence
from dataclasses import dataclass

from labelapp.catalog.image_urls import ImageKind, image_url
from labelapp.evaluations.graded_runs import NO_CANDIDATE, Question, graded_run
from labelapp.evaluations.judgements import absorb_labels, pair_grades
from labelapp.evaluations.models import Candidate, EvaluationRun, QueryObject, System
from labelapp.evaluations.reports import SIMILAR

WALL_PAGE = 20


@dataclass(frozen=True)
class GradedCandidate:
    """A candidate's picture with its grade; None while unjudged."""

    candidate: Candidate
    picture: str
    grade: int | None


@dataclass(frozen=True)
class WallRow:
    """A query object beside what the system showed for it."""

    query_object: QueryObject
    picture: str
    candidates: list[GradedCandidate]


def wall_ids(run: EvaluationRun, system: System, question: Question, *, only_failures: bool) -> list[int]:
    """Return query object ids; failures are those with judged candidates of which none is similar."""
    if not only_failures:
        return list(run.query_objects.filter(system=system).values_list("pk", flat=True))
    absorb_labels()
    graded = graded_run(system, run, question)
    best = graded.grades.max(axis=1, initial=NO_CANDIDATE)
    return [int(pk) for pk in graded.ids[(best >= 0) & (best < SIMILAR)]]


def wall_rows(ids: Sequence[int], question: Question) -> list[WallRow]:
    """Return the rows in the order of the ids, with a fixed number of statements."""
    objects = (
        QueryObject.objects.filter(pk__in=ids)
        .select_related("scene", "image")
        .prefetch_related("candidates__product", "candidates__image")
        .in_bulk()
    )
    found = [objects[pk] for pk in ids]
    pairs = [(o.crop_hash, c.image.sha256) for o in found for c in o.candidates.all()]
    grades = iter(
        pair_grades(
            pairs,
            guide_version=question.guide_version,
            question_version=question.version,
            origin=question.origin,
        )
    )
    return [_row(seen, [int(next(grades)) for _ in seen.candidates.all()]) for seen in found]


def _row(query_object: QueryObject, grades: Sequence[int]) -> WallRow:
    box = (query_object.x, query_object.y, query_object.w, query_object.h)
    candidates = [
        GradedCandidate(candidate, image_url(candidate.image, ImageKind.THUMB), None if grade < 0 else grade)
        for candidate, grade in zip(query_object.candidates.all(), grades, strict=True)
    ]
    return WallRow(query_object, image_url(query_object.image, ImageKind.CROP, box), candidates)
