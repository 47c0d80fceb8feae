"""TREC's two text formats: judgements ("qrels") and ranked results ("runs").

Inside Python both are dicts of dicts, as pytrec_eval and ir_measures take them. `judged_runs` beside it
makes them of arrays, and arrays of them.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import EvaluationError
from evaluator.file_error import FileError, quoted
from evaluator.relevance.judged_runs import Qrels, Run, in_order

Value = TypeVar("Value")
ByQuery = Mapping[str, Mapping[str, Value]] | Iterable[tuple[str, Mapping[str, Value]]]


def read_qrels(path: str | PathLike[str]) -> Qrels:
    """Return the judgements in a file of lines "query 0 product level".

    Parameters
    ----------
    path : path
        UTF-8 text, columns divided by white space; read line by line. The second column is not looked at.

    Returns
    -------
    dict of dict of int
        Query to product to level, in the order of the file. A negative level says "unjudged", so its pair is
        left out; its query stays.

    Raises
    ------
    FileError
        An `EvaluationError` that names file and line: not four columns, a level that is no whole number, a
        pair that stands twice, no such file, not UTF-8.

    Examples
    --------
    A line of trec_eval's own test files:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "qrels.txt").write_text("301 0 CR93E-1282 1")
    ...     read_qrels(Path(folder, "qrels.txt"))
    {'301': {'CR93E-1282': 1}}
    """
    qrels: Qrels = {}
    for number, (query, _, product, level), judged in _rows(path, qrels, "query 0 product level"):
        try:
            found = int(level)
        except ValueError:
            problem = f"found level {quoted(level)}, expected a whole number"
            raise FileError(Path(path), problem, line=number) from None
        if product in judged:
            raise _twice(path, number, query, product)
        if found >= 0:
            judged[product] = found
    return qrels


def write_qrels(path: str | PathLike[str], qrels: ByQuery[int]) -> None:
    """Write judgements so that `read_qrels`, trec_eval and their kin read them.

    Parameters
    ----------
    path : path
        Replaced only once everything is written.
    qrels : mapping of query to mapping of product to level, or iterable of such pairs
        As from `read_qrels` or `qrels_of`; an iterable is written as it comes. Negative levels are left out,
        since unjudged pairs are absent. A query without judged products has no line.

    Raises
    ------
    EvaluationError
        For an id that is empty or holds white space or unprintable characters, which the format cannot
        carry, a level that is no whole number, and a query that comes twice.
    """
    _write(path, _qrels_lines(qrels))


def read_run(path: str | PathLike[str]) -> Run:
    """Return the results in a file of lines "query Q0 product rank score tag".

    Parameters
    ----------
    path : path
        As in `read_qrels`. Rank and tag are not looked at, and words after the tag are ignored, as in
        trec_eval: the score alone ranks.

    Returns
    -------
    dict of dict of float
        Query to product to score, in the order of the file.

    Raises
    ------
    FileError
        As in `read_qrels`; a score must be a finite number.

    Examples
    --------
    A line of trec_eval's own test files, with words after the tag:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "run.txt").write_text("301 Q0 FBIS3-27619 99 2.138276 STANDARD more junk")
    ...     read_run(Path(folder, "run.txt"))
    {'301': {'FBIS3-27619': 2.138276}}
    """
    run: Run = {}
    for number, (query, _, product, _, score, *_), found in _rows(
        path, run, "query Q0 product rank score tag"
    ):
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            problem = f"found score {quoted(score)}, expected a finite number"
            raise FileError(Path(path), problem, line=number)
        if product in found:
            raise _twice(path, number, query, product)
        found[product] = value
    return run


def write_run(path: str | PathLike[str], run: ByQuery[float], *, tag: str = "evaluator") -> None:
    """Write results so that `read_run`, trec_eval and their kin read them.

    Parameters
    ----------
    path, run
        As in `write_qrels`, with scores for levels: finite, higher is better, written so that reading gives
        the same numbers. Ranks start at 1; equal scores rank as in `ranked_grades`.
    tag : str
        Name of the system.

    Raises
    ------
    EvaluationError
        As in `write_qrels`; also for a score that is not finite.
    """
    _write(path, _run_lines(run, _id("tag", tag)))


def _rows(
    path: str | PathLike[str], found: dict[str, dict[str, Any]], columns: str
) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
    """Yield line number, fields, and the dict of its query in `found` for each line that is not blank."""
    width = len(columns.split())
    more = width > 4
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                fields = line.split()
                if len(fields) != width and not (more and len(fields) > width):
                    if not fields:
                        continue
                    problem = f"found {len(fields)} columns, expected {columns}"
                    raise FileError(Path(path), problem, line=number)
                yield number, fields, found.setdefault(fields[0], {})
    except UnicodeDecodeError:
        raise FileError(Path(path), "is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise FileError(Path(path), f"cannot be read ({error.strerror})") from None


def _twice(path: str | PathLike[str], number: int, query: str, product: str) -> FileError:
    problem = f"product {quoted(product)} of query {quoted(query)} stood on an earlier line"
    return FileError(Path(path), problem, line=number)


def _qrels_lines(qrels: ByQuery[int]) -> Iterator[str]:
    for query, levels in _by_query("qrels", qrels):
        for product, level in levels.items():
            if _number("qrels", level) % 1 != 0:
                problem = (
                    f"query {quoted(query)}, product {quoted(product)}: level {level} is no whole number"
                )
                raise EvaluationError("qrels", problem)
            if level >= 0:
                yield f"{query} 0 {_id('qrels', product)} {int(level)}\n"


def _run_lines(run: ByQuery[float], tag: str) -> Iterator[str]:
    for query, scores in _by_query("run", run):
        for rank, product in enumerate(in_order(scores), 1):
            score = _number("run", scores[product])
            if not math.isfinite(score):
                problem = f"query {quoted(query)}, product {quoted(product)}: score {score} is not finite"
                raise EvaluationError("run", problem)
            yield f"{query} Q0 {_id('run', product)} {rank} {score!r} {tag}\n"


def _number(argument: str, value: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise EvaluationError(argument, f"{value!r} is no number") from None


def _by_query(argument: str, data: ByQuery[Value]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    seen = set()
    for query, values in data.items() if isinstance(data, Mapping) else data:
        if query in seen:
            raise EvaluationError(argument, f"query {quoted(query)} comes twice")
        seen.add(query)
        yield _id(argument, query), values


def _id(argument: str, name: str) -> str:
    if isinstance(name, str) and name.isprintable() and name and " " not in name:
        return name
    raise EvaluationError(argument, f"{name!r} is no id that a column can hold: no white space, please")


def _write(path: str | PathLike[str], lines: Iterable[str]) -> None:
    target = Path(path)
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
