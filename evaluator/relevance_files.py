"""The grades of systems from judged results and from the two files that the web application exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluator.exported_judgements import ExportedJudgements, Question, judgements_in
from evaluator.file_error import FileError
from evaluator.table_files import Table, TableFile, row_keys
from evaluator.tally import NO_CANDIDATE, UNJUDGED
from evaluator.types import Ints

DEPTH = 5
NAMED_GRADES = (
    ("did not load", "dnl"),
    ("not similar", "ns"),
    ("marginally similar", "ms"),
    ("similar", "s"),
    ("extremely similar", "es"),
)
# 4.0 is what pandas writes for 4 when another row is empty.
GRADES = {"": UNJUDGED, "-1": UNJUDGED, "-1.0": UNJUDGED, "-2": NO_CANDIDATE, "-2.0": NO_CANDIDATE} | {
    name: grade for grade, names in enumerate(NAMED_GRADES) for name in (*names, str(grade), f"{grade}.0")
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
        system), and candidates.csv with judgements.csv as `manage.py export_run` writes them.
    question : Question
        Which of the exported judgements count.

    Raises
    ------
    FileError
        Names file, line and column, and what was expected there.
    """
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
            found += _systems(table, book)
    return _told_apart(found)


def _systems(file: TableFile, book: ExportedJudgements | None) -> list[GradedSystem]:
    exported = book is not None and "crop_hash" in file.header
    by_pair = ("crop_hash", "product_image") if exported else ("grade",)
    table = file.read("scene", "query_object", "rank", *by_pair, optional=["system"])
    keys = ["system", "scene", "query_object"] if "system" in table else ["scene", "query_object"]
    table.refuse_repeats([*keys, "rank"], "a query object has one candidate per rank")
    rank = _ranks(table)
    if exported and book is not None:
        grade = np.where(rank == 0, NO_CANDIDATE, book.grades_of(table))
    else:
        grade = table.numbers("grade", GRADES, GRADE)
        table.refuse((rank == 0) & (grade > UNJUDGED), "rank", f"{RANK}; this row has a grade")
    return list(_split(table, rank, grade, keys, book.description if exported and book else ""))


def _ranks(table: Table) -> Ints:
    names = table["rank"].names
    ranks = {name: int(float(name)) for name in names if _is_whole(name)} | {"": 0}
    return table.numbers("rank", ranks, RANK)


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
