"""`python -m evaluator relevance`: Relevance@5 of each system, and each against the one before it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from evaluator.command import Command
from evaluator.command.exported_judgements import Question
from evaluator.command.findings import Explained, Findings, Section, estimated, percent
from evaluator.command.relevance_files import GRADE_NAMES, GradedSystem, systems_of
from evaluator.errors import EvaluationError
from evaluator.file_error import shown
from evaluator.relevance import compare, relevance_at_5
from evaluator.report import verdict_sentence
from evaluator.types import Comparison, RelevanceAt5

FILES = """\
Give one or more of these, the oldest system first; each system is compared with the one before it:

  judged.csv    columns scene, query_object, rank, grade, and system if several share the file. A row is a
                candidate; grades are 4 Extremely Similar, 3 Similar, 2 Marginally Similar, 1 Not Similar,
                0 Did Not Load, nothing for unjudged. A query object without candidates has one row with
                rank and grade left empty. Ranks beyond 5 are left out.
  candidates.csv judgements.csv
                as "manage.py export_run" writes them, or the folder that holds both. A pair's grade is the
                majority of its judgements; a tie is unjudged.
  judged.qrels system.run
                one of the former and any number of the latter, as trec_eval takes them; levels are 2
                Extremely Similar, 1 Similar, 0 any other grade. Every query is a scene, and one without
                results a miss.

The tables are CSV, TSV or semicolons, UTF-8, with the names of the columns in the first line.

example, judged.csv:
  scene,query_object,rank,grade
  kitchen-7,lamp,1,4
  kitchen-7,lamp,2,1
  kitchen-7,chair,,

  python -m evaluator relevance judged.csv
  python -m evaluator relevance old.csv new.csv --json
  python -m evaluator relevance judged.qrels old.run new.run
"""


def add_options(parser: ArgumentParser) -> None:
    """Add what `relevance` asks for besides the files."""
    parser.add_argument(
        "--system",
        action="append",
        default=[],
        metavar="NAME",
        help="take this one only; repeat, oldest first",
    )
    parser.add_argument("--draws", type=int, default=10_000, help="resamples for comparisons (10000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the resamples (0)")
    parser.add_argument(
        "--origin", default="human", help="whose exported judgements: human, simulated, model"
    )
    parser.add_argument("--guide", default="", help="under which guide, by its slug")
    parser.add_argument("--guide-version", type=int, help="under which version of it (the newest)")


def find(options: Namespace) -> Findings:
    """Return the figures of all systems in the files, and the comparisons of neighbours."""
    question = Question(options.origin, options.guide, options.guide_version)
    systems = _chosen(systems_of(_unfolded(options.files), question), options.system)
    described = [_described(system) for system in systems]
    compared = [_compared(old, new, options) for old, new in pairwise(systems)]
    return Findings(
        [section for section, _ in (*described, *compared)],
        {
            "systems": [figures for _, figures in described],
            "comparisons": [figures for _, figures in compared],
        },
    )


def _unfolded(files: Sequence[Path]) -> list[Path]:
    """Return the files, with the two exported ones in place of a folder."""
    names = ("candidates.csv", "judgements.csv")
    return [part for file in files for part in ([file / name for name in names] if file.is_dir() else [file])]


def _chosen(systems: list[GradedSystem], names: Sequence[str]) -> list[GradedSystem]:
    """Return the systems of these names in this order, or all."""
    by_name = {system.name: system for system in systems}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        there = shown(", ".join(by_name), most=200)
        raise EvaluationError("--system", f"there is no {shown(unknown[0])!r} in the files, only {there}")
    return [by_name[name] for name in names] if names else systems


def _described(system: GradedSystem) -> tuple[Section, Explained]:
    """Return what people and programs are told about one system."""
    result = relevance_at_5(system.grades, system.scenes)
    size = f"{result.query_objects} query objects in {result.scenes} scenes"
    heading = f"{shown(system.name)} ({shown(str(system.path), most=200)}): {size}"
    remarks = [f"Grades from {system.grades_from}"] if system.grades_from else []
    told = {"name": system.name, "file": str(system.path), "grades_from": system.grades_from}
    figures = {name: getattr(result, name) for name in RelevanceAt5.__dataclass_fields__}
    reason = result.similar.reason or "no candidate is judged"
    return Section(heading, _rows(result), remarks), Explained(told | figures, reason)


def _rows(result: RelevanceAt5) -> list[tuple[str, str]]:
    reason = result.similar.reason
    mix = [f"{GRADE_NAMES[grade]} {percent(share).strip()}" for grade, share in result.grade_mix.items()]
    return [
        ("Similar P@5", estimated(result.similar, "query objects")),
        ("Extremely Similar P@5", estimated(result.extremely_similar, "query objects")),
        ("Similar among judged candidates", estimated(result.pooled, "judged candidates")),
        ("Similar P@5 without Did Not Load", estimated(result.without_did_not_load, "slots")),
        ("Slots with a candidate", percent(result.fill_rate, reason)),
        ("Judged@5", percent(result.judged_at_5, "no candidates")),
        ("Similar P@5, unjudged all bad", percent(result.bounds[0], reason)),
        ("Similar P@5, unjudged all good", percent(result.bounds[1], reason)),
        ("Grades", ", ".join(mix) if result.pooled.n else "undefined: no candidate is judged"),
    ]


def _compared(old: GradedSystem, new: GradedSystem, options: Namespace) -> tuple[Section, dict[str, object]]:
    """Return what people and programs are told about two systems."""
    names = (shown(old.name), shown(new.name))
    found = compare(old.grades, new.grades, old.scenes, new.scenes, draws=options.draws, seed=options.seed)
    strict = found.extremely_similar
    rows = _comparison_rows("Similar P@5", found)
    if strict is not None:
        strict = replace(strict, verdict=verdict_sentence(strict, names=names))
        rows += _comparison_rows("Extremely Similar P@5", strict)
    found = replace(found, verdict=verdict_sentence(found, names=names), extremely_similar=strict)
    reason = found.difference.reason or "no difference, or the same one in all scenes"
    told = {"old": old.name, "new": new.name, "comparison": Explained(found, reason)}
    return Section(f"{names[1]} against {names[0]}", rows, [f"{found.verdict}."]), told


def _comparison_rows(measure: str, found: Comparison) -> list[tuple[str, str]]:
    reason = found.difference.reason
    chance = f"p = {found.p_value:.4f}" if found.difference.defined else f"undefined: {reason}"
    return [
        (f"{measure}, difference", estimated(found.difference, "scenes", unit="points")),
        ("  relative gain", estimated(found.relative_gain, "scenes")),
        ("  by chance alone", chance),
        ("  scenes in both", f"{found.wins} won, {found.ties} tied, {found.losses} lost"),
    ]


COMMAND = Command(
    "relevance", "Relevance@5 of systems, and which of them is better", FILES, add_options, find
)
