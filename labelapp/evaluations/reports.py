"""E2E Relevance@5 per system, from what people judged; `evaluator.relevance` holds the arithmetic."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from django.utils import timezone

from evaluator.relevance import compare, relevance_at_5
from evaluator.report import for_readers, verdict_sentence
from evaluator.types import Comparison, RelevanceAt5
from labelapp.catalog.models import SceneSet
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.graded_runs import GradedRun, Question, graded_run
from labelapp.evaluations.judgements import absorb_labels
from labelapp.evaluations.models import EvaluationRun, Judgement, System

GRADES = (4, 3, 2, 1, 0)
SIMILAR = 3


@dataclass(frozen=True)
class ReportRow:
    """One system; gains are relative to the row before, as in the paper's tables 3 and 7."""

    system: System
    run: EvaluationRun
    result: RelevanceAt5
    grade_counts: dict[int, int]
    failed_chunks: int = 0
    similar_gain: Comparison | None = None
    verdict: str = ""

    @property
    def extremely_similar_gain(self) -> Comparison | None:
        return self.similar_gain and self.similar_gain.extremely_similar

    @property
    def figures(self) -> dict[str, Any]:
        """Everything as plain JSON values; undefined figures are null."""
        figures: dict[str, Any] = _plain(asdict(self.result))
        gain = _plain(asdict(self.similar_gain)) if self.similar_gain else None
        strict = gain.pop("extremely_similar") if gain else None
        return figures | {"similar_gain": gain, "extremely_similar_gain": strict}


@dataclass(frozen=True)
class Report:
    """The rows and what they rest on."""

    scene_set: SceneSet
    question: Question
    rows: list[ReportRow] = field(default_factory=list)

    @property
    def is_simulated(self) -> bool:
        return self.question.origin == Judgement.Origin.SIMULATED


def relevance_report(
    systems: Sequence[System],
    *,
    scene_set: SceneSet | None = None,
    guide_number: int | None = None,
    origin: str = Judgement.Origin.HUMAN,
) -> Report:
    """Compare the systems' newest finished runs over one scene set."""
    absorb_labels()
    runs = newest_runs(systems, scene_set=scene_set)
    question = Question.of(runs[0].project, guide_number=guide_number, origin=origin)
    rows: list[ReportRow] = []
    before: GradedRun | None = None
    for system, run in zip(systems, runs, strict=True):
        graded = graded_run(system, run, question)
        rows.append(_row(graded, before))
        before = graded
    return Report(runs[0].scene_set, question, rows)


def newest_runs(systems: Sequence[System], *, scene_set: SceneSet | None = None) -> list[EvaluationRun]:
    """Return the newest finished run of all systems together, or of each over a set and guide they share."""
    finished = EvaluationRun.objects.filter(state=EvaluationRun.State.FINISHED).order_by("-finished_at")
    finished = finished.select_related("scene_set", "project__guide")
    if scene_set is not None:
        finished = finished.filter(scene_set=scene_set)
    per_system = [list(finished.filter(systems=system)) for system in systems]
    for system, runs in zip(systems, per_system, strict=True):
        if not runs:
            over = f" over {scene_set.slug}" if scene_set else ""
            raise EvaluationsError(
                f"{system.slug} has no finished run{over} yet; start one: manage.py evaluate {system.slug}"
            )
    together = next((run for run in per_system[0] if all(run in runs for runs in per_system)), None)
    if together is not None:
        return [together] * len(systems)
    return _apart(systems, per_system)


def _apart(systems: Sequence[System], per_system: list[list[EvaluationRun]]) -> list[EvaluationRun]:
    for first in per_system[0]:
        ground = _ground(first)
        chosen = [next((run for run in runs if _ground(run) == ground), None) for runs in per_system]
        if all(chosen):
            return [run for run in chosen if run is not None]
    names = ", ".join(system.slug for system in systems)
    raise EvaluationsError(
        f"{names} have no finished runs over the same scenes under the same guide; evaluate them together."
    )


def _ground(run: EvaluationRun) -> tuple[int, int]:
    """What two runs must share so that their figures can be compared."""
    return run.scene_set_id, run.project.guide_id


def _row(graded: GradedRun, before: GradedRun | None) -> ReportRow:
    row = ReportRow(
        graded.system,
        graded.run,
        for_readers(relevance_at_5(graded.grades, graded.scenes)),
        {grade: int((graded.grades == grade).sum()) for grade in GRADES},
        failed_chunks=graded.failed_chunks,
    )
    if before is None:
        return row
    # Scenes that either system could not finish would count against it, whatever it would have shown.
    unfinished = before.unfinished_scenes | graded.unfinished_scenes
    old, new = before.without(unfinished), graded.without(unfinished)
    similar = compare(old.grades, new.grades, old.scenes, new.scenes, min_grade=SIMILAR)
    verdict = verdict_sentence(similar, names=(before.system.name, graded.system.name))
    return replace(row, similar_gain=similar, verdict=verdict)


def report_as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain JSON values; undefined figures are null."""
    return {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "scene_set": report.scene_set.slug,
        "guide": f"{report.question.guide_version.guide.slug} v{report.question.guide_version.number}",
        "question_version": report.question.version,
        "origin": report.question.origin,
        "systems": [
            {
                "system": row.system.slug,
                "run": str(row.run.public_id),
                "failed_chunks": row.failed_chunks,
                **row.figures,
                "verdict": row.verdict,
            }
            for row in report.rows
        ],
    }


def _plain(value: Any) -> Any:
    """JSON has neither nan nor infinity; both become null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
