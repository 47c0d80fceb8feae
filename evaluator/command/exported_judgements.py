"""`judgements.csv` as the web application exports it: the grade of each pair of crop and product image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.command.table_files import Column, Table, TableFile, row_keys
from evaluator.consensus import majority
from evaluator.file_error import FileError, shown
from evaluator.relevance.tally import GRADES, UNJUDGED
from evaluator.types import Bools, Ints

ORIGINS = ("human", "simulated", "model")
COLUMNS = (
    "crop_hash",
    "product_image",
    "label",
    "grade",
    "origin",
    "guide",
    "guide_version",
    "question_version",
)


@dataclass(frozen=True)
class Question:
    """Which judgements count.

    Attributes
    ----------
    origin : str
        "human", "simulated" or "model".
    guide : str
        Its slug; empty to take the only guide there is.
    guide_version : int or None
        None for the newest version of the guide among the judgements.
    """

    origin: str = "human"
    guide: str = ""
    guide_version: int | None = None


@dataclass(frozen=True)
class ExportedJudgements:
    """Judgements under one question, and the grade they give to each pair.

    Attributes
    ----------
    crops, images : Column
        crop_hash and product_image of each judgement that counts.
    grades : ndarray of int64, shape (judgements,)
        Majority grade of its pair; -1 for a tie, as the web application has it.
    description : str
        How many judgements these are, under which question, and how many are left out why.
    """

    crops: Column
    images: Column
    grades: Ints
    description: str

    def grades_of(self, candidates: Table) -> Ints:
        """Return the grade of each row of `candidates`, by its crop_hash and product_image; -1 for none."""
        crop = _codes_in(self.crops, candidates["crop_hash"])
        image = _codes_in(self.images, candidates["product_image"])
        width = len(self.images.names) + 1
        judged, first = np.unique(self.crops.codes * width + self.images.codes, return_index=True)
        if not len(judged):
            return np.full(len(crop), UNJUDGED)
        wanted = np.where((crop < 0) | (image < 0), -1, crop * width + image)
        place = np.minimum(np.searchsorted(judged, wanted), len(judged) - 1)
        return np.where(judged[place] == wanted, self.grades[first][place], UNJUDGED)


def judgements_in(files: Sequence[TableFile], question: Question) -> ExportedJudgements:
    """Return the judgements of `question`; one that stands in several files counts once.

    Raises
    ------
    FileError
        If a grade or version is no number, or if no judgement, or several guides, fit the question.
    """
    tables = [file.read(*COLUMNS, may_be_empty=True) for file in files]
    columns = {name: _together([table[name] for table in tables]) for name in COLUMNS}
    grade = _whole(tables, "grade", high=max(GRADES))
    versions = {name: _whole(tables, name, high=10**9 - 1) for name in ("guide_version", "question_version")}
    steps, described = _chosen(columns, versions, question, files[0])
    steps["repeated"] = steps["under another question version"] & _first_times(columns)
    kept = steps["repeated"]
    crops, images = (Column(columns[name].names, columns[name].codes[kept]) for name in COLUMNS[:2])
    _, pair = np.unique(crops.codes * (len(images.names) + 1) + images.codes, return_inverse=True)
    grades = majority(pair, np.arange(len(pair)), grade[kept], n_values=len(GRADES)).label
    described = f"{int(kept.sum())} {described}{_left_out(steps)}"
    return ExportedJudgements(crops, images, grades[pair], described)


def _chosen(
    columns: dict[str, Column], versions: dict[str, Ints], question: Question, file: TableFile
) -> tuple[dict[str, Bools], str]:
    """Return which judgements are left after each step, by what the others are, and a description."""
    everything = np.ones(len(columns["origin"].codes), np.bool_)
    wanted = _equal(columns["origin"], question.origin)
    of_origin = _narrowed(file, columns["origin"], everything, wanted, f"--origin {question.origin}")
    guides = _names(columns["guide"], of_origin)
    if len(guides) > 1 and not question.guide:
        problem = f"holds judgements under several guides ({', '.join(guides)}); choose one with --guide"
        raise FileError(file.path, problem, column="guide")
    guide = question.guide or "".join(guides)
    wanted = _equal(columns["guide"], guide)
    of_guide = _narrowed(file, columns["guide"], of_origin, wanted, f"--guide {guide}")
    version = question.guide_version
    if version is None:
        version = int(versions["guide_version"][of_guide].max(initial=0))
    wanted = versions["guide_version"] == version
    of_version = _narrowed(file, columns["guide_version"], of_guide, wanted, f"--guide-version {version}")
    newest = versions["question_version"][of_version].max(initial=0)
    steps = {
        "of another origin": of_origin,
        "under another guide": of_guide,
        "under another guide version": of_version,
        "under another question version": of_version & (versions["question_version"] == newest),
    }
    return steps, f"{question.origin} judgements under guide {shown(guide)} v{version}, question {newest}"


def _left_out(steps: dict[str, Bools]) -> str:
    left = [int(kept.sum()) for kept in steps.values()]
    before = [len(next(iter(steps.values()))), *left]
    counts = [f"{old - new} {what}" for what, old, new in zip(steps, before, left, strict=False) if old > new]
    return f"; left out: {', '.join(counts)}" if counts else ""


def _narrowed(file: TableFile, column: Column, before: Bools, now: Bools, option: str) -> Bools:
    """Return `before` and `now`, unless nothing is left of something."""
    kept = before & now
    if before.any() and not kept.any():
        found = shown(", ".join(_names(column, before)), most=200)
        raise FileError(file.path, f"no judgement fits {shown(option)}; there are: {found}")
    return kept


def _names(column: Column, kept: Bools) -> list[str]:
    return [column.names[code] for code in np.unique(column.codes[kept])]


def _equal(column: Column, name: str) -> Bools:
    return np.array([each == name for each in column.names], np.bool_)[column.codes]


def _first_times(columns: dict[str, Column]) -> Bools:
    """Mark the judgements that did not come before: a label judges a pair once."""
    keys = row_keys([columns[name] for name in ("label", "crop_hash", "product_image")])
    _, first = np.unique(keys, return_index=True)
    marked = np.zeros(len(keys), np.bool_)
    marked[first] = True
    return marked


def _whole(tables: Sequence[Table], name: str, *, high: int) -> Ints:
    parts = []
    for table in tables:
        short = (cell for cell in table[name].names if cell.isascii() and cell.isdigit() and len(cell) < 10)
        values = {cell: int(cell) for cell in short if int(cell) <= high}
        parts.append(table.numbers(name, values, f"a whole number 0 to {high}"))
    return np.concatenate(parts)


def _together(columns: Sequence[Column]) -> Column:
    names = sorted({name for column in columns for name in column.names})
    whole = Column(names, np.empty(0, np.int64))
    return Column(names, np.concatenate([_codes_in(whole, column) for column in columns]))


def _codes_in(known: Column, column: Column) -> Ints:
    """Return the codes of a column in the numbering of another; -1 for cells that this does not have."""
    place = {name: code for code, name in enumerate(known.names)}
    return np.array([place.get(name, -1) for name in column.names], np.int64)[column.codes]
