"""The grades of systems from judged results and from the two files that the web application exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluator.command.exported_judgements import ExportedJudgements, Question, judgements_in
from evaluator.command.table_files import Column, Table, TableFile, row_keys
from evaluator.file_error import FileError, named
from evaluator.relevance.judged_runs import ranked_grades
from evaluator.relevance.tally import NO_CANDIDATE, UNJUDGED
from evaluator.relevance.trec import read_qrels, read_run
from evaluator.types import Ints

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
    """

    name: str
    path: Path
    grades: Ints
    scenes: npt.NDArray[np.str_]
    grades_from: str = ""


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
    if len(judged) != 1 or not runs or len(runs) + 1 != len(files):
        problem = "expected one .qrels file, any number of .run files and nothing else beside it"
        raise FileError(next(path for path in files if path.suffix in TREC), problem)
    qrels = read_qrels(judged[0])
    systems = []
    for path in runs:
        with named({"qrels": judged[0], "run": path}):
            ranked = ranked_grades(read_run(path), qrels, k=DEPTH)
        systems.append(GradedSystem(path.stem, path, ranked.grades, np.array(ranked.queries)))
    return systems


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
    names = table["rank"].names
    rank = table.numbers(
        "rank", {name: int(float(name)) for name in names if _is_whole(name)} | {"": 0}, RANK
    )
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
    shallow = (rank > 0) & (rank <= DEPTH)
    grades[row[shallow], rank[shallow] - 1] = grade[shallow]
    scenes = np.array(table["scene"].names)[table["scene"].codes[first]]
    if "system" not in table:
        yield GradedSystem(table.path.stem, table.path, grades, scenes, grades_from)
        return
    number, shows_up = np.unique(table["system"].codes, return_index=True)
    for code in number[np.argsort(shows_up)]:
        of_system = table["system"].codes[first] == code
        name = table["system"].names[code]
        yield GradedSystem(name, table.path, grades[of_system], scenes[of_system], grades_from)


def _told_apart(systems: list[GradedSystem]) -> list[GradedSystem]:
    """Return the systems; those of one name get the path of their file before it."""
    names = [system.name for system in systems]
    return [
        system if names.count(system.name) == 1 else replace(system, name=f"{system.path}: {system.name}")
        for system in systems
    ]
