"""Print E2E Relevance@5 of systems, one row each, gains relative to the row before."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluator.types import Comparison, Estimate
from labelapp.catalog.models import SceneSet
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import Judgement, System
from labelapp.evaluations.reports import Report, ReportRow, relevance_report, report_as_json

GRADES = {4: "ES", 3: "S", 2: "MS", 1: "NS", 0: "DNL"}


class Command(BaseCommand):
    help = "Prints Similar P@5 and Extremely Similar P@5 per system, with intervals and gains."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("systems", nargs="+", metavar="SYSTEM", help="slugs, the oldest system first")
        parser.add_argument(
            "--scenes", metavar="SET", help="scene set; default: the newest that all have run over"
        )
        parser.add_argument(
            "--guide-version", type=int, help="number; default: the project's present version"
        )
        parser.add_argument(
            "--origin",
            choices=Judgement.Origin.values,
            default=Judgement.Origin.HUMAN,
            help="whose judgements",
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = relevance_report(
                [System.objects.get_by_slug(slug) for slug in options["systems"]],
                scene_set=_scene_set(options["scenes"]),
                guide_number=options["guide_version"],
                origin=options["origin"],
            )
        except EvaluationsError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report_as_json(report), indent=2))
        else:
            self.stdout.write("\n".join(_lines(report)))


def _scene_set(slug: str | None) -> SceneSet | None:
    if slug is None:
        return None
    found = SceneSet.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(SceneSet.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no scene set {slug!r}. There are: {known}.")
    return found


def _lines(report: Report) -> list[str]:
    question = report.question
    lines = [f"Scenes {report.scene_set.slug}, {question.guide_version}, {question.origin} judgements"]
    if report.is_simulated:
        lines.append("SIMULATED: these judgements were made by a script, not by people.")
    for row in report.rows:
        lines += ["", *_row_lines(row)]
    return lines


def _row_lines(row: ReportRow) -> list[str]:
    result = row.result
    mix = "  ".join(f"{GRADES[grade]} {_percent(share)}" for grade, share in result.grade_mix.items())
    size = f"{result.query_objects} query objects in {result.scenes} scenes"
    state = f"{_percent(result.judged_at_5)} judged, {_percent(result.fill_rate)} of the slots filled"
    lines = [
        f"{row.system.slug}: {size}, {state}",
        f"  Similar P@5            {_estimate(result.similar)}{_gain(row.similar_gain)}",
        f"  Extremely Similar P@5  {_estimate(result.extremely_similar)}{_gain(row.extremely_similar_gain)}",
        f"  Grades                 {mix}",
    ]
    if row.failed_chunks:
        lines.append(f"  {row.failed_chunks} blocks of scenes failed; the comparison leaves them out.")
    return [*lines, f"  {row.verdict}"] if row.verdict else lines


def _percent(share: float) -> str:
    return "-" if share != share else f"{100 * share:.1f} %"  # noqa: PLR0124  # nan is the one value unequal to itself


def _estimate(estimate: Estimate) -> str:
    if not estimate.defined:
        return f"undefined ({estimate.reason})"
    ends = f"{_percent(estimate.low)} to {_percent(estimate.high)}" if estimate.bounded else estimate.reason
    return f"{_percent(estimate.value)} ({ends})"


def _gain(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    gain = comparison.relative_gain
    if not comparison.difference.defined:
        return ""
    return (
        f"   {100 * gain.value:+.1f} % on the row before"
        if gain.defined
        else f"   gain undefined: {gain.reason}"
    )
