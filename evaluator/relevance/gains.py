"""Relative gains, and chains of them: each row of a table against the row before it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.errors import EvaluationError

CANCELLED = 1e-12


def relative_gain(old: float, new: float) -> float:
    """Return (new - old) / old.

    Parameters
    ----------
    old, new : float
        The same metric of the row before and of this row, both >= 0.

    Returns
    -------
    float
        -1 or more; 0.51 means "+51 %". nan when `old` is 0, since nothing is relative to nothing.

    Notes
    -----
    "Shop The Look", section 5.2.1 and tables 3, 7 and 8: "each gain is relative to the preceding row".

    Examples
    --------
    Single-product mAP of table 2 of "Shop The Look", "+SPI" against the baseline, published as +51 %:

    >>> round(relative_gain(0.102, 0.154), 2)
    0.51
    """
    before = float(checks.floats("old", [old], low=0)[0])
    after = float(checks.floats("new", [new], low=0)[0])
    return math.nan if before == 0 else (after - before) / before


def chain_gains(gains: npt.ArrayLike) -> float:
    """Return the gain of the last row over the one before the first: the product of (1 + gain), minus 1.

    Parameters
    ----------
    gains : array of float, shape (links,)
        Each relative to the preceding row, -1 or more. An undefined link (nan) is refused: a chain ends
        before it.

    Returns
    -------
    float
        -1 or more; 0 for no links. Gains are never added.

    Notes
    -----
    docs/evaluation.md. Only gains of one metric on one domain may be chained; the "over 160 %" of "Shop The
    Look", section 8.2, mixes two.

    Examples
    --------
    Table 3 of "Shop The Look", Home Decor Similar P@5: +24.0 %, then +38.6 %.

    >>> round(chain_gains([0.240, 0.386]), 3)
    0.719
    """
    links = checks.floats("gains", gains, low=-1)
    return float(np.prod(1 + links) - 1)


class Link(NamedTuple):
    """One relative gain of a chain, and what it was a gain of.

    Attributes
    ----------
    area : str
        What brought it: "dataset", "model", "system infrastructure".
    gain : float
        Relative to the preceding row, -1 or more; nan where `relative_gain` is undefined.
    metric, domain : str
        What was measured on what: "Similar P@5", "Home Decor".
    """

    area: str
    gain: float
    metric: str
    domain: str


@dataclass(frozen=True)
class GainBreakdown(Mapping[str, float]):
    """What each area brought: a mapping of area to share, as `by_area`; `gain_breakdown` defines each part.

    Attributes
    ----------
    by_area : mapping of str to float
        Area to its share, areas in alphabetical order. The shares sum to 1; an area that lost has a share
        below 0. All nan when undefined, and then `reason` says why.
    gain : float
        All links chained; nan when `mixed`, since no metric ever rose by that, and when a link is nan.
    mixed : bool
        Whether the links are of more than one metric or domain.
    measures : tuple of (str, str)
        The distinct (metric, domain), sorted.
    n : int
        Links.
    reason : str
        Why something above is undefined, what `mixed` mixes, that the shares are of a loss; empty otherwise.
    """

    by_area: Mapping[str, float]
    gain: float
    mixed: bool
    measures: tuple[tuple[str, str], ...]
    n: int
    reason: str

    def __getitem__(self, area: str) -> float:
        """Return the share of an area."""
        return self.by_area[area]

    def __iter__(self) -> Iterator[str]:
        """Go through the areas."""
        return iter(self.by_area)

    def __len__(self) -> int:
        """How many areas there are."""
        return len(self.by_area)


def gain_breakdown(links: Iterable[Link | tuple[str, float, str, str] | Mapping[str, Any]]) -> GainBreakdown:
    """Return each area's share of a chain of gains, on the scale on which gains add up.

    Parameters
    ----------
    links : iterable of Link
        (area, gain, metric, domain), as tuples or as mappings with these four keys, in any order.

    Returns
    -------
    GainBreakdown
        by_area: (sum of log(1 + gain) over the links of the area) / (the same sum over all links). In a chain
        that loses as a whole the shares are shares of the loss. Undefined without links, with a nan link (its
        area could have brought anything), with a gain of -1 (nothing is left to share), and when gains and
        losses cancel.

    Raises
    ------
    EvaluationError
        For a link without its four parts, a gain below -1 or infinite, or an empty name.

    Notes
    -----
    "Shop The Look", figure 7. That figure itself puts Similar P@5 on Home Decor beside Extremely Similar P@5
    on Fashion (section 8.2), so `mixed` is True for it.

    Examples
    --------
    Section 8.2 finds that "dataset improvements had the largest impact, followed by model and then system
    infrastructure". The links of tables 3 and 7, and the gender restriction of section 6.1.2:

    >>> home, fashion = ("Similar P@5", "Home Decor"), ("Extremely Similar P@5", "Fashion")
    >>> result = gain_breakdown([
    ...     ("model", 0.240, *home), ("model", 0.386, *home),
    ...     ("dataset", 0.381, *fashion), ("dataset", 0.547, *fashion),
    ...     ("system infrastructure", 0.127, *fashion)])
    >>> {area: round(share, 3) for area, share in result.by_area.items()}, result.mixed
    ({'dataset': 0.535, 'model': 0.381, 'system infrastructure': 0.084}, True)
    """
    rows = [_link(link, index) for index, link in enumerate(links)]
    measures = tuple(sorted({(row.metric, row.domain) for row in rows}))
    mixed, undefined = len(measures) > 1, _undefined_because(rows)
    logs = {
        area: math.fsum(math.log1p(row.gain) for row in rows if row.area == area and row.gain > -1)
        for area in sorted({row.area for row in rows})
    }
    whole = math.fsum(logs.values())
    notes = (
        f"mixes {_listed(measures)}, so the whole is no gain of anything" if mixed else "",
        "the chain loses as a whole, so these are shares of the loss" if whole < 0 else "",
    )
    unknown = mixed or not rows or any(math.isnan(row.gain) for row in rows)
    return GainBreakdown(
        by_area={area: math.nan if undefined else part / whole for area, part in logs.items()},
        gain=math.nan if unknown else chain_gains(sorted(row.gain for row in rows)),
        mixed=mixed,
        measures=measures,
        n=len(rows),
        reason=undefined or "; ".join(note for note in notes if note),
    )


def _link(link: Link | tuple[str, float, str, str] | Mapping[str, Any], index: int) -> Link:
    try:
        found = Link(**link) if isinstance(link, Mapping) else Link(*link)
        found = found._replace(gain=float(found.gain))
    except (TypeError, ValueError) as error:
        raise EvaluationError(
            "links", f"expected area, gain, metric and domain ({error})", (index,)
        ) from error
    if not all(isinstance(name, str) and name for name in (found.area, found.metric, found.domain)):
        raise EvaluationError("links", "area, metric and domain must each be named", (index,))
    if found.gain < -1 or found.gain == math.inf:
        raise EvaluationError("links", f"{found.gain:g} is no relative gain; use -1 or more", (index,))
    return found


def _undefined_because(rows: list[Link]) -> str:
    """Return why shares mean nothing here, or "" if they mean something."""
    if not rows:
        return "no links"
    unknown = sorted((row.area, row.metric, row.domain) for row in rows if math.isnan(row.gain))
    if unknown:
        area, metric, domain = unknown[0]
        return f"the gain of {area} in {metric} ({domain}) is undefined"
    if any(row.gain == -1 for row in rows):
        return "a link lost everything, so nothing is left to share"
    logs = [math.log1p(row.gain) for row in rows]
    if abs(math.fsum(logs)) <= CANCELLED * math.fsum(map(abs, logs)):
        return "gains and losses cancel, so there is nothing to share" if any(logs) else "there is no gain"
    return ""


def _listed(measures: tuple[tuple[str, str], ...]) -> str:
    return " and ".join(f"{metric} ({domain})" for metric, domain in measures)
