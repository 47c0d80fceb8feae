"""How figures are set: shares in per cent, counts with their thousands, intervals, the mix of grades."""

from collections.abc import Mapping
from typing import TypedDict

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from labelapp.tasks.types.relevance.grades import Grade

NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"

register = template.Library()


class Part(TypedDict):
    grade: int
    start: str
    width: str


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """0.875 is `87.5 %`; nothing is a dash."""
    return DASH if share is None else f"{_signed(100 * share, digits)}{NARROW}%"


@register.filter
def gain(share: float | None, digits: int = 1) -> str:
    """A relative difference: 0.021 is `+2.1 %`."""
    if share is None:
        return DASH
    return f"{'+' if round(100 * share, digits) > 0 else ''}{percent(share, digits)}"


@register.filter
def number(count: int | None) -> str:
    return DASH if count is None else f"{count:,}".replace("-", MINUS)


@register.filter
def capped(count: int, most: int) -> str:
    """A count that went no further than `most`: 100,000 of at most 100,000 is `100,000+`."""
    return f"{number(count)}+" if count >= most else number(count)


@register.simple_tag
def interval(low: float, high: float, digits: int = 0) -> str:
    """`75-94 %` with a real dash, or `-3 to 12 %`, since a dash before a minus cannot be read."""
    ends = _signed(100 * low, digits), _signed(100 * high, digits)
    between = " to " if any(MINUS in end for end in ends) else DASH
    return f"{between.join(ends)}{NARROW}%"


@register.inclusion_tag("components/grade_mix.html")
def grade_mix(counts: Mapping[int, int]) -> dict[str, object]:
    """A bar of the grades' shares, best first."""
    total = sum(counts.get(grade, 0) for grade in Grade)
    parts: list[Part] = []
    start = 0.0
    for grade in sorted(Grade, reverse=True):
        width = 100 * counts.get(grade, 0) / total if total else 0.0
        if width:
            parts.append({"grade": int(grade), "start": f"{start:.3f}", "width": f"{width:.3f}"})
        start += width
    words = (f"{Grade(part['grade']).label} {counts[part['grade']]:,}" for part in parts)
    return {"parts": parts, "summary": ", ".join(words) or "No grades yet"}


@register.simple_tag
def grade_swatch(grade: int) -> SafeString:
    """A grade's mark and name, as everywhere."""
    return format_html(
        '<span class="grade"><span class="swatch" data-grade="{}"></span>{}</span>', grade, Grade(grade).label
    )


def _signed(value: float, digits: int) -> str:
    rounded = f"{value:.{digits}f}"
    return rounded.removeprefix("-") if float(rounded) == 0 else rounded.replace("-", MINUS)
