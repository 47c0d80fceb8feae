"""The grades of systems from judged results and from the two files that the web application exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluator.command.exported_judgements import ExportedJudgements, Question, judgements_in
from evaluator.command.findings import many
from evaluator.command.table_files import Column, Table, TableFile, row_keys
from evaluator.file_error import FileError, quoted
from evaluator.relevance.judged_runs import GRADE_OF_LEVEL, Qrels, Run, ranked_grades
from evaluator.relevance.tally import NO_CANDIDATE, UNJUDGED
from evaluator.relevance.trec import read_qrels, read_run
from evaluator.types import Bools, Ints

DEPTH = 5
TREC = (".qrels", ".run")
GRADE_NAMES = ("Did Not Load", "Not Similar", "Marginally Similar", "Similar", "Extremely Similar")
ABBREVIATIONS = ("dnl", "ns", "ms", "s", "es")
# 4.0 is what pandas writes for 4 when another row is empty.
GRADES = {"": UNJUDGED, "-1": UNJUDGED, "-1.0": UNJUDGED, "-2": NO_CANDIDATE, "-2.0": NO_CANDIDATE} | {
    cell: grade
    for grade, (name, short) in enumerate(zip(GRADE_NAMES, ABBREVIATIONS, strict=True))
    for cell in (name.casefold(), short, str(grade), f"{grade}.0")
}
GRADE = "a grade 0 to 4 or its name, nothing or -1 for unjudged, -2 for no candidate"
RANK = "a rank 1, 2, 3 ..., or nothing for a query object without candidates"


@dataclass(frozen=True)
class GradedSystem:
    """What one system showed, with its grades.

    Attributes
    ----------
    name : str
        Of the system; of the file where that names none.
    path : Path
        The file.
    grades : ndarray of int64, shape (query objects, 5)
        Codes as in `evaluator.relevance`.
    scenes : ndarray of str, shape (query objects,)
        Scene of each row.
    grades_from : str
        Where the grades come from; empty where they stand in the file itself.
    remarks : tuple of str
        What is odd about the files, as sentences.
    by_level : bool
        Whether all grades but the best two are told as one, 1.
    """

    name: str
    path: Path
    grades: Ints
    scenes: npt.NDArray[np.str_]
    grades_from: str = ""
    remarks: tuple[str, ...] = ()
    by_level: bool = False


def systems_of(files: Sequence[Path], question: Question) -> list[GradedSystem]:
    """Return the systems in the order in which the files, and the rows of each file, name them first.

    Parameters
    ----------
    files : sequence of Path
        Judged results (columns scene, query_object, rank, grade and, if several systems share the file,
        system), and candidates.csv with judgements.csv as `manage.py export_run` writes them. Or one .qrels
        file and .run files of TREC, whose queries are the scenes.
    question : Question
        Which of the exported judgements count.

    Raises
    ------
    FileError
        Names file, line and column, and what was expected there.
    """
    if any(path.suffix in TREC for path in files):
        return _told_apart(_trec_systems(files))
    tables = [TableFile(path) for path in files]
    exported = [table for table in tables if "crop_hash" in table.header]
    judgements = [table for table in exported if "grade" in table.header]
    candidates = [table for table in exported if "grade" not in table.header]
    for lonely, missing in ((candidates, judgements), (judgements, candidates)):
        if lonely and not missing:
            other = "judgements.csv" if lonely is candidates else "candidates.csv"
            raise FileError(lonely[0].path, f"needs the {other} that was exported with it")
    book = judgements_in(judgements, question) if judgements else None
    found: list[GradedSystem] = []
    for table in tables:
        if table not in judgements:
            found += _systems(table, book if table in candidates else None)
    return _told_apart(found)


def _trec_systems(files: Sequence[Path]) -> list[GradedSystem]:
    runs = [path for path in files if path.suffix == ".run"]
    judged = [path for path in files if path.suffix == ".qrels"]
    others = [path for path in files if path.suffix not in TREC]
    if len(judged) != 1 or not runs or others:
        found = others[0].name if others else f"{len(judged)} .qrels files" if judged[1:] else ""
        found = found or f"no {'.run' if judged else '.qrels'} file"
        problem = f"expected one .qrels file and one or more .run files; found {found}"
        raise FileError(next(path for path in files if path.suffix in TREC), problem)
    qrels = read_qrels(judged[0])
    _refuse_levels(judged[0], qrels)
    systems = []
    for path in runs:
        run = read_run(path)
        ranked = ranked_grades(run, qrels, k=DEPTH)
        remarks = _strangers(path, run, judged[0], qrels)
        queries = np.array(ranked.queries)
        systems.append(GradedSystem(path.stem, path, ranked.grades, queries, "", remarks, by_level=True))
    return systems


def _refuse_levels(path: Path, qrels: Qrels) -> None:
    """Raise the error about the first line whose level stands for no grade."""
    if {level for levels in qrels.values() for level in levels.values()} <= GRADE_OF_LEVEL.keys():
        return
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            level = line.split()[3] if line.strip() else "0"
            if int(level) > max(GRADE_OF_LEVEL):
                raise FileError(path, f"found level {quoted(level)}, expected 0, 1 or 2", line=number)


def _strangers(path: Path, run: Run, judged: Path, qrels: Qrels) -> tuple[str, ...]:
    if not run or not qrels or run.keys() & qrels.keys():
        return ()
    example = f"{quoted(next(iter(run)))} in the one, {quoted(next(iter(qrels)))} in the other"
    return (f"{path.name} and {judged.name} share no query: {example}.",)


def _systems(file: TableFile, book: ExportedJudgements | None) -> list[GradedSystem]:
    needed = ("grade",) if book is None else ("crop_hash", "product_image")
    table = file.read("scene", "query_object", "rank", *needed, optional=["system"])
    keys = ["system", "scene", "query_object"] if "system" in table else ["scene", "query_object"]
    rank = _ranks(table, keys)
    if book is not None:
        grade = np.where(rank == 0, NO_CANDIDATE, book.grades_of(table))
        return list(_split(table, rank, grade, keys, book.description))
    grade = table.numbers("grade", GRADES, GRADE)
    table.refuse((rank == 0) & (grade > UNJUDGED), "rank", f"{RANK}; this row has a grade")
    return list(_split(table, rank, grade, keys, ""))


def _ranks(table: Table, keys: Sequence[str]) -> Ints:
    """Return the rank of each row, 0 for an empty one; no query object may have a rank twice."""
    names = [name.replace(",", ".") for name in table["rank"].names]
    whole = {name: int(float(name)) for name in names if _is_whole(name)}
    rank = table.numbers("rank", whole | {"": 0}, RANK)
    distinct, code = np.unique(rank, return_inverse=True)
    ranks = Column([str(number) if number else "" for number in distinct.tolist()], code)
    numbered = replace(table, columns={**table.columns, "rank": ranks})
    numbered.refuse_repeats([*keys, "rank"], "a query object has one candidate per rank")
    return rank


def _is_whole(text: str) -> bool:
    digits = text.removesuffix(".0")
    return digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) > 0


def _split(
    table: Table, rank: Ints, grade: Ints, keys: Sequence[str], grades_from: str
) -> Iterable[GradedSystem]:
    """Yield the systems of a table, whose query objects are told apart by the columns `keys`."""
    _, first, row = np.unique(row_keys([table[key] for key in keys]), return_index=True, return_inverse=True)
    grades = np.full((len(first), DEPTH), NO_CANDIDATE, np.int64)
    filled = np.zeros(len(first), np.bool_)
    filled[row[(rank > 0) & (grade != NO_CANDIDATE)]] = True
    table.refuse((rank == 0) & filled[row], "rank", "a rank, since this query object has candidates")
    shallow = (rank > 0) & (rank <= DEPTH)
    grades[row[shallow], rank[shallow] - 1] = grade[shallow]
    scenes = np.array(table["scene"].names)[table["scene"].codes[first]]
    deep = (rank > DEPTH) & (grade != NO_CANDIDATE)
    for name, rows in _named_rows(table):
        here = rows[first]
        left_out = int(deep[rows].sum())
        remark = f"{many(left_out, 'candidates')} beyond rank {DEPTH} left out."
        remarks = (remark,) if left_out else ()
        yield GradedSystem(name, table.path, grades[here], scenes[here], grades_from, remarks)


def _named_rows(table: Table) -> Iterable[tuple[str, Bools]]:
    """Yield each system and which rows are its own, in the order of the file."""
    if "system" not in table:
        exported = "crop_hash" in table
        name = table.path.parent.resolve().name if exported else table.path.stem
        yield name or table.path.stem, np.ones(len(table.lines), np.bool_)
        return
    number, shows_up = np.unique(table["system"].codes, return_index=True)
    for code in number[np.argsort(shows_up)]:
        yield table["system"].names[code], table["system"].codes == code


def _told_apart(systems: list[GradedSystem]) -> list[GradedSystem]:
    """Return the systems; those of one name get the path of their file before it."""
    names = [system.name for system in systems]
    return [
        system if names.count(system.name) == 1 else replace(system, name=f"{system.path}: {system.name}")
        for system in systems
    ]
