"""The grades of everything a system showed in a run, as arrays."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from django.db import connection

from evaluator.consensus import majority
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import EvaluationRun, System, WorkChunk
from labelapp.guides.models import GuideVersion
from labelapp.tasks.models import Project
from labelapp.tasks.types.registry import get_task_type

DEPTH = 5
GRADE_VALUES = 5
NO_CANDIDATE = -2
ROWS_AT_ONCE = 20_000

Ints = npt.NDArray[np.int64]

# Grade is -1 for a candidate without a judgement; a row per grade that its judgements gave it.
GRADED = """
SELECT q.id, c.rank, coalesce(j.grade, -1), count(j.id)
  FROM evaluations_queryobject q
  JOIN evaluations_candidate c ON c.query_object_id = q.id AND c.rank <= %(depth)s
  JOIN catalog_image i ON i.id = c.image_id
  LEFT JOIN evaluations_judgement j
         ON j.crop_hash = q.crop_hash AND j.product_image = i.sha256
        AND j.question_version = %(question)s AND j.guide_version_id = %(guide)s AND j.origin = %(origin)s
 WHERE q.run_id = %(run)s AND q.system_id = %(system)s
 GROUP BY q.id, c.rank, j.grade
"""


@dataclass(frozen=True)
class Question:
    """Which judgements count: of this wording, under this guide, from this kind of judge."""

    guide_version: GuideVersion
    version: int
    origin: str

    @classmethod
    def of(cls, project: Project, *, guide_number: int | None, origin: str) -> Self:
        """Take the project's present guide version, or the one of that number."""
        published = project.guide.versions.published()
        version = (
            project.guide_version() if guide_number is None else published.filter(number=guide_number).first()
        )
        if version is None:
            raise EvaluationsError(f"{project.guide} has no published version {guide_number}.")
        return cls(version, get_task_type("relevance").question_version, origin)


@dataclass(frozen=True)
class GradedRun:
    """Grades (query objects, 5) of one system in one run, with the id and the scene of each query object."""

    system: System
    run: EvaluationRun
    ids: Ints
    scenes: Ints
    grades: Ints
    failed_chunks: int = 0
    unfinished_scenes: frozenset[int] = field(default_factory=frozenset)

    def without(self, scenes: frozenset[int]) -> Self:
        """Leave out the query objects of these scenes."""
        if not scenes:
            return self
        kept = ~np.isin(self.scenes, list(scenes))
        return replace(self, ids=self.ids[kept], scenes=self.scenes[kept], grades=self.grades[kept])


def graded_run(system: System, run: EvaluationRun, question: Question) -> GradedRun:
    """Look up the grade of every candidate of a system in a run: the majority, -1 if tied or unjudged."""
    objects = run.query_objects.filter(system=system).order_by("pk").values_list("pk", "scene_id")
    pairs = np.array(list(objects.iterator(ROWS_AT_ONCE)), dtype=np.int64).reshape(-1, 2)
    failed = list(
        run.chunks.filter(system=system, state=WorkChunk.State.FAILED).values_list("item_ids", flat=True)
    )
    return GradedRun(
        system,
        run,
        pairs[:, 0],
        pairs[:, 1],
        _grades(pairs[:, 0], _counted(system, run, question)),
        failed_chunks=len(failed),
        unfinished_scenes=frozenset(scene for scenes in failed for scene in scenes),
    )


def _counted(system: System, run: EvaluationRun, question: Question) -> Ints:
    """Return rows of query object, rank, grade, number of judgements."""
    values: dict[str, int | str] = {
        "run": run.pk,
        "system": system.pk,
        "depth": DEPTH,
        "question": question.version,
        "guide": question.guide_version.pk,
        "origin": question.origin,
    }
    blocks = []
    with connection.cursor() as cursor:
        cursor.execute(GRADED, values)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            blocks.append(np.array(rows, dtype=np.int64))
    return np.concatenate(blocks) if blocks else np.empty((0, 4), dtype=np.int64)


def _grades(ids: Ints, counted: Ints) -> Ints:
    grades = np.full(len(ids) * DEPTH, NO_CANDIDATE, dtype=np.int64)
    place = np.searchsorted(ids, counted[:, 0]) * DEPTH + counted[:, 1] - 1
    grades[place] = -1
    votes = np.repeat(np.arange(len(counted)), counted[:, 3])
    labels = majority(
        place[votes], votes, counted[votes, 2], n_values=GRADE_VALUES, n_items=len(grades)
    ).label
    judged = place[counted[:, 3] > 0]
    grades[judged] = np.asarray(labels)[judged]
    return grades.reshape(-1, DEPTH)
