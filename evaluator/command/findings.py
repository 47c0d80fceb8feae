"""What a command found: the same figures as aligned text for people and as JSON for programs."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np

from evaluator.file_error import quoted
from evaluator.types import Estimate

Unit = Literal["%", "points", ""]
UNEXPLAINED = "not defined by these data"
UNDEFINED = "undefined: "
MOST_REMARKS = 3
# A line break inside brackets stands in no string of JSON, so this is an array without strings or arrays.
FLAT_ARRAY = re.compile(r"\[\n[^\"\[\]{}]*\]")


@dataclass(frozen=True)
class Section:
    """A heading with aligned rows and sentences below it.

    Attributes
    ----------
    heading : str
        One line.
    rows : sequence of sequences of str
        Cells; every column but the last is as wide as its widest cell.
    sentences : sequence of str
        Printed below the rows.
    """

    heading: str
    rows: Sequence[Sequence[str]] = ()
    sentences: Sequence[str] = ()

    def lines(self) -> list[str]:
        """Return the section as lines of text."""
        return [self.heading, *(f"  {line}" for line in (*_aligned(self.rows), *self.sentences))]


@dataclass(frozen=True)
class Explained:
    """Stands among `Findings.figures` for `value`: None, or any nan in it without a reason, has this one."""

    value: Any
    reason: str


@dataclass(frozen=True)
class Findings:
    """All figures of one command.

    Attributes
    ----------
    sections : sequence of Section
        For people.
    figures : mapping of str to anything
        For programs: dataclasses, arrays, numbers, `Explained`, and sequences and mappings of these.
    """

    sections: Sequence[Section]
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return the sections, an empty line between two of them."""
        return "\n\n".join("\n".join(section.lines()) for section in self.sections) + "\n"

    def as_json(self, **about: Any) -> str:
        """Return one JSON object, `about` first.

        `undefined` gives the reason for each null, by the place it stands at. Arrays of numbers have a line
        each.
        """
        undefined: dict[str, str] = {}
        figures = {name: _plain(value, name, "", undefined) for name, value in self.figures.items()}
        content = about | figures | {"undefined": undefined}
        text = json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False)
        return FLAT_ARRAY.sub(lambda array: f"[{' '.join(array[0][1:-1].split())}]", text) + "\n"


def percent(share: float, reason: str = UNEXPLAINED) -> str:
    """Return a share as text, right-aligned.

    Examples
    --------
    >>> percent(0.185), percent(float("nan"), "nobody labeled")
    (' 18.5 %', 'undefined: nobody labeled')
    """
    return f"{_rounded(100 * share, 1):>5} %" if math.isfinite(share) else f"{UNDEFINED}{reason}"


def number(value: float, reason: str = UNEXPLAINED) -> str:
    """Return a figure that is no share as text, with three digits."""
    return f"{_rounded(value, 3):>6}" if math.isfinite(value) else f"{UNDEFINED}{reason}"


def estimated(estimate: Estimate, counted: str, *, unit: Unit = "%") -> str:
    """Return an estimate as text; `counted` is the plural of what its n counts.

    Examples
    --------
    Newcombe (1998), table I: 81 of 263 by Wilson's method.

    >>> estimated(Estimate(81 / 263, 0.2553, 0.3662, 263, 0.95, "Wilson"), "trials")
    ' 30.8 % (25.5 to 36.6), n = 263 trials'
    """
    if not estimate.defined:
        return f"{UNDEFINED}{estimate.reason or UNEXPLAINED}"
    factor, digits = (100, 1) if unit else (1, 3)
    value = f"{_rounded(factor * estimate.value, digits):>{5 if unit else 6}} {unit}".rstrip()
    ends = [factor * end for end in (estimate.low, estimate.high)]
    if any(math.isnan(end) for end in ends):
        return f"{value} (no interval: {estimate.reason or UNEXPLAINED}), n = {many(estimate.n, counted)}"
    low, high = (_rounded(end, digits) if math.isfinite(end) else "no limit" for end in ends)
    return f"{value} ({low} to {high}), n = {many(estimate.n, counted)}"


def many(count: int, plural: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> many(2, "queries"), many(1, "queries"), many(1, "rows")
    ('2 queries', '1 query', '1 row')
    """
    if count != 1:
        return f"{count} {plural}"
    return f"1 {plural.removesuffix('ies')}y" if plural.endswith("ies") else f"1 {plural.removesuffix('s')}"


def tabled(heading: str, rows: Sequence[Sequence[str]], remarks: Sequence[str] = ()) -> Section:
    """Return a table whose undefined cells are dashes, with their reasons below it."""
    reasons = {cell: None for row in rows for cell in row[1:] if cell.startswith(UNDEFINED)}
    short = [[*row[:1], *("    -" if cell in reasons else cell for cell in row[1:])] for row in rows]
    told = [f"- is {UNDEFINED}{', or '.join(cell.removeprefix(UNDEFINED) for cell in reasons)}."]
    return Section(heading, short, [*(told if reasons else []), *remarks])


def spelled_alike(names: Iterable[str], what: str) -> list[str]:
    """Return remarks about names that differ in upper and lower case only; `what` is their plural.

    Examples
    --------
    >>> spelled_alike(["Similar", "similar", "Not Similar"], "labels")
    ["'Similar' and 'similar' count as two labels."]
    """
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        spellings[name.casefold()].append(name)
    twins = [same for same in spellings.values() if len(same) > 1]
    remarks = [
        f"{' and '.join(map(quoted, same))} count as {'two' if len(same) == 2 else len(same)} {what}."
        for same in twins[:MOST_REMARKS]
    ]
    more = len(twins) - MOST_REMARKS
    return [*remarks, f"So it is with {more} more."] if more > 0 else remarks


def _rounded(value: float, digits: int) -> str:
    # Adding 0 turns -0.0 into 0.0.
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    columns = max((len(row) for row in rows), default=0)
    widths = [max(len(row[at]) for row in rows if at < len(row)) for at in range(columns)]
    return ["  ".join(cell.ljust(widths[at]) for at, cell in enumerate(row)).rstrip() for row in rows]


def _plain(value: Any, place: str, reason: str, undefined: dict[str, str]) -> Any:
    """Return `value` as JSON holds it; notes under its `place` why it is null."""
    if isinstance(value, Explained):
        known = math.nan if value.value is None else value.value
        return _plain(known, place, value.reason, undefined)
    if isinstance(value, np.ndarray):
        return _plain_array(value, place, reason, undefined)
    if is_dataclass(value) and not isinstance(value, type):
        reason = getattr(value, "reason", "") or reason
        value = {part.name: getattr(value, part.name) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part, f"{place}.{key}", reason, undefined) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, f"{place}[{at}]", reason, undefined) for at, part in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        undefined[place] = reason or UNEXPLAINED
        return None
    return value.item() if isinstance(value, np.generic) else value


def _plain_array(value: Any, place: str, reason: str, undefined: dict[str, str]) -> Any:
    """Return an array as lists; its nulls share one entry in `undefined`."""
    if value.dtype.kind != "f" or np.isfinite(value).all():
        return value.tolist()
    undefined[place] = reason or UNEXPLAINED
    cells = value.astype(object)
    cells[~np.isfinite(value)] = None
    return cells.tolist()
