"""`python -m evaluator attributes`: how often the value that a model puts first is the right one."""

from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from evaluator import checks
from evaluator.attributes import AttributePrecision, Value, attribute_precision_at_1
from evaluator.command import Command
from evaluator.command.findings import Findings, Section, estimated, many, spelled_alike, tabled
from evaluator.command.table_files import Column, Table, TableFile
from evaluator.errors import EvaluationError
from evaluator.file_error import shown

FILES = """\
Give one file, CSV, TSV or semicolons, UTF-8, with the names of the columns in the first line:

  attribute     what the row is about: color, pattern, ...
  truth         the right value; nothing or -1 where the attribute does not apply: such rows count nowhere
  predicted     the value that the model puts first; nothing or -1 where it gives none, which is a miss

example, attributes.csv:
  attribute,truth,predicted
  color,red,red
  color,blue,red
  pattern,striped,plain

  python -m evaluator attributes attributes.csv
  python -m evaluator attributes attributes.csv --min-count 20 --json
"""
NONE = ("", "-1")


def add_options(parser: ArgumentParser) -> None:
    """Add what `attributes` asks for besides the file."""
    parser.add_argument(
        "--min-count",
        type=int,
        default=1,
        metavar="N",
        help="drop, and list, values with fewer than N rows of truth (1)",
    )


def find(options: Namespace) -> Findings:
    """Return P@1 of every attribute, with the values that are taken for others."""
    if len(options.files) != 1:
        raise EvaluationError("FILE", f"expected one file, found {len(options.files)}")
    table = TableFile(options.files[0]).read("attribute", "truth", "predicted")
    names = table["attribute"]
    unnamed = np.array([name in NONE for name in names.names], np.bool_)
    table.refuse(unnamed[names.codes], "attribute", "the name of an attribute")
    found = attribute_precision_at_1(
        _values(table["truth"]),
        _values(table["predicted"]),
        [names.names[code] for code in names.codes.tolist()],
        min_count=checks.positive("--min-count", options.min_count),
    )
    rows: list[tuple[str, ...]] = [("attribute", "P@1", "not applicable", "dropped values")]
    rows += [_row(str(name), result) for name, result in found.items()]
    heading = f"P@1 of {many(len(found), 'attributes')}, {many(len(table.lines), 'rows')}"
    details = [_detail(str(name), result) for name, result in found.items() if result.values]
    return Findings([tabled(heading, rows, _remarks(table)), *details], {"attributes": found})


def _values(column: Column) -> list[Value | None]:
    names = [None if name in NONE else name for name in column.names]
    return [names[code] for code in column.codes.tolist()]


def _remarks(table: Table) -> list[str]:
    """Return what to know about the spelling of attributes, and of the values of each."""
    attribute, truth, predicted = (table[name] for name in ("attribute", "truth", "predicted"))
    remarks = spelled_alike(attribute.names, "attributes")
    values: defaultdict[int, set[str]] = defaultdict(set)
    for side in (truth, predicted):
        for code, place in set(zip(attribute.codes.tolist(), side.codes.tolist(), strict=True)):
            values[code].add(side.names[place])
    for code in sorted(values):
        remarks += spelled_alike(values[code], f"values of {shown(attribute.names[code])}")
    return remarks


def _row(name: str, result: AttributePrecision) -> tuple[str, ...]:
    dropped = _listed((shown(str(value)), n) for value, n in result.dropped.items())
    return shown(name), estimated(result.precision, "rows"), str(result.not_applicable), dropped


def _detail(name: str, result: AttributePrecision) -> Section:
    names = [shown(str(value)) for value in result.values]
    rows = [("value", "recognised", "taken for")]
    for place, value in enumerate(names):
        *kept, others = result.confusion[place].tolist()
        nothing = int(result.without_prediction[place])
        kept[place] = 0
        wrong = zip(
            [*names, "another value", "no prediction"], [*kept, others - nothing, nothing], strict=True
        )
        often = sorted(wrong, key=lambda pair: -pair[1])
        rows.append((value, estimated(result.recall[place], "rows"), _listed(often)))
    return Section(shown(name), rows)


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts if n) or "none"


COMMAND = Command(
    "attributes", "P@1 of each attribute, and which values are confused", FILES, add_options, find
)
