"""`python -m evaluator relevance`: Relevance@5 of each system, and each against the one before it."""

import math
import unicodedata
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from evaluator.command import Command
from evaluator.command.exported_judgements import ORIGINS, Question
from evaluator.command.findings import Explained, Findings, Section, estimated, many, percent
from evaluator.command.relevance_files import GRADE_NAMES, GradedSystem, systems_of
from evaluator.errors import EvaluationError
from evaluator.file_error import quoted, shown
from evaluator.relevance import compare, relevance_at_5
from evaluator.report import for_readers, verdict_sentence
from evaluator.types import Comparison, RelevanceAt5

NO_GRADES = "no candidate is judged"
EXPORTED = ("candidates.csv", "judgements.csv")
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
                one of the former and one or more of the latter, as trec_eval takes them; the names of the
                files must end in .qrels and .run. Levels are 2 Extremely Similar, 1 Similar, 0 any other
                grade. Every query is a scene, and one without results a miss.

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
    draws = "resamples for comparisons, at least 100 (10000)"
    # With fewer draws than 100, p could not get below 0.01 whatever the systems show.
    parser.add_argument("--draws", type=partial(_whole, 100), default=10_000, metavar="N", help=draws)
    seed = "seed of the resamples (0)"
    parser.add_argument("--seed", type=partial(_whole, 0), default=0, metavar="N", help=seed)
    origin = "whose exported judgements (human)"
    parser.add_argument("--origin", choices=ORIGINS, default=ORIGINS[0], help=origin)
    parser.add_argument("--guide", default="", help="under which guide, by its slug")
    parser.add_argument("--guide-version", type=int, help="under which version of it (the newest)")


def find(options: Namespace) -> Findings:
    """Return the figures of all systems in the files, and the comparisons of neighbours."""
    question = Question(options.origin, options.guide, options.guide_version)
    systems = _chosen(systems_of(_unfolded(options.files), question), options.system)
    titles = _titles(systems)
    described = [_described(system, title) for system, title in zip(systems, titles, strict=True)]
    compared = [
        _compared(pair, names, options)
        for pair, names in zip(pairwise(systems), pairwise(titles), strict=True)
    ]
    return Findings(
        [section for section, _ in (*described, *compared)],
        {
            "systems": [figures for _, figures in described],
            "comparisons": [figures for _, figures in compared],
        },
    )


def _whole(least: int, text: str) -> int:
    try:
        if int(text) >= least:
            return int(text)
    except ValueError:
        pass
    raise ArgumentTypeError(f"expected a whole number of at least {least}, found {quoted(text)}")


def _unfolded(files: Sequence[Path]) -> list[Path]:
    """Return the files, with the two exported ones in place of a folder."""
    parts = {file: [file / name for name in EXPORTED] if file.is_dir() else [file] for file in files}
    for folder, inside in parts.items():
        missing = [part.name for part in inside if part != folder and not part.exists()]
        if missing:
            where = shown(str(folder), most=200)
            raise EvaluationError("FILE", f"the folder {where} holds no {' and no '.join(missing)}")
    return [part for file in files for part in parts[file]]


def _chosen(systems: list[GradedSystem], names: Sequence[str]) -> list[GradedSystem]:
    """Return the systems of these names in this order, or all."""
    by_name = {system.name: system for system in systems}
    wanted = [unicodedata.normalize("NFC", name) for name in names]
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        there = shown(", ".join(by_name), most=200)
        raise EvaluationError("--system", f"there is no {shown(unknown[0])!r} in the files, only {there}")
    return [by_name[name] for name in wanted] if names else systems


def _titles(systems: Sequence[GradedSystem]) -> list[str]:
    """Return the name of each system for the middle of a line, numbered where several look the same."""
    titles = [shown(system.name) for system in systems]
    return [
        title if titles.count(title) == 1 else f"{title} #{number}" for number, title in enumerate(titles, 1)
    ]


def _described(system: GradedSystem, title: str) -> tuple[Section, Explained]:
    """Return what people and programs are told about one system."""
    result = for_readers(relevance_at_5(system.grades, system.scenes))
    size = f"{many(result.query_objects, 'query objects')} in {many(result.scenes, 'scenes')}"
    heading = f"{title} ({shown(str(system.path), most=200)}): {size}"
    told = {
        "name": system.name,
        "file": str(system.path),
        "grades_from": system.grades_from,
        "remarks": system.remarks,
    }
    figures = {name: getattr(result, name) for name in RelevanceAt5.__dataclass_fields__}
    rows = _rows(result)
    if system.by_level:
        best, good, *others = result.grade_mix.values()
        figures["grade_mix"] = {4: best, 3: good, "other": math.fsum(others)}
        del figures["without_did_not_load"]
        rows = [row for row in rows if not row[0].endswith(GRADE_NAMES[0])]
    rows.append(("Grades", _mixed(figures["grade_mix"])))
    remarks = [f"Grades from {system.grades_from}."] if system.grades_from else []
    reason = result.similar.reason or NO_GRADES
    return Section(heading, rows, [*remarks, *system.remarks]), Explained(told | figures, reason)


def _mixed(mix: Mapping[int | str, float]) -> str:
    """Return the shares of the grades in one line."""
    if any(map(math.isnan, mix.values())):
        return f"undefined: {NO_GRADES}"
    names = [GRADE_NAMES[grade] if isinstance(grade, int) else grade for grade in mix]
    return ", ".join(
        f"{name} {percent(share).strip()}" for name, share in zip(names, mix.values(), strict=True)
    )


def _rows(result: RelevanceAt5) -> list[tuple[str, str]]:
    reason = result.similar.reason
    return [
        ("Similar P@5", estimated(result.similar, "query objects")),
        ("Extremely Similar P@5", estimated(result.extremely_similar, "query objects")),
        ("Similar among judged candidates", estimated(result.pooled, "judged candidates")),
        ("Similar P@5 without Did Not Load", estimated(result.without_did_not_load, "slots")),
        ("Slots with a candidate", percent(result.fill_rate, reason)),
        ("Candidates judged", percent(result.judged_at_5, "no candidates")),
        ("Similar P@5, unjudged all bad", percent(result.bounds[0], reason)),
        ("Similar P@5, unjudged all good", percent(result.bounds[1], reason)),
    ]


def _compared(
    systems: tuple[GradedSystem, GradedSystem], names: tuple[str, str], options: Namespace
) -> tuple[Section, dict[str, object]]:
    """Return what people and programs are told about two systems."""
    old, new = systems
    found = compare(old.grades, new.grades, old.scenes, new.scenes, draws=options.draws, seed=options.seed)
    scenes, remarks = _shared_scenes(systems, names)
    rows = [("Scenes", scenes), *_comparison_rows("Similar P@5", found)]
    strict = found.extremely_similar
    if strict is not None:
        strict = replace(strict, verdict=verdict_sentence(strict, names=names))
        rows += _comparison_rows("Extremely Similar P@5", strict)
    found = replace(found, verdict=verdict_sentence(found, names=names), extremely_similar=strict)
    reason = found.difference.reason or "no difference, or the same one in all scenes"
    told = {
        "old": old.name,
        "new": new.name,
        "remarks": remarks,
        "comparison": Explained(found, reason),
    }
    return Section(f"{names[1]} against {names[0]}", rows, [f"{found.verdict}.", *remarks]), told


def _shared_scenes(
    systems: tuple[GradedSystem, GradedSystem], names: tuple[str, str]
) -> tuple[str, list[str]]:
    """Return how many scenes each system has, and a remark where they share few."""
    old, new = (set(system.scenes.tolist()) for system in systems)
    both, all_of_them = len(old & new), len(old | new)
    counts = f"{len(old)} in {names[0]}, {len(new)} in {names[1]}, {both} in both"
    if 2 * both >= all_of_them:
        return counts, []
    share = f"{names[0]} and {names[1]} share {both} of {many(all_of_them, 'scenes')}"
    lacking = "a scene that one system lacks counts as one where it found no object"
    return counts, [f"{share}: check that the ids are written alike; {lacking}."]


def _comparison_rows(measure: str, found: Comparison) -> list[tuple[str, str]]:
    return [
        (f"{measure}, difference", estimated(found.difference, "scenes", unit="points")),
        ("  relative gain", estimated(found.relative_gain, "scenes")),
        ("  p-value", f"{found.p_value:.4f}"),
        ("  scenes, new against old", f"{found.wins} won, {found.ties} tied, {found.losses} lost"),
    ]


COMMAND = Command(
    "relevance", "Relevance@5 of systems, and which of them is better", FILES, add_options, find
)
