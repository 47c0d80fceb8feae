"""The fields a product can be restricted by, their types, and the checks of names and values."""

import math
import re
from typing import Final, Literal

from model_hooks.retrieval.errors import RestrictionError

FieldType = Literal["text", "number"]
Value = str | float

FIELDS: Final[dict[str, FieldType]] = {
    "category": "text",
    "gender": "text",
    "price": "number",
    "merchant": "text",
    "domain": "text",
    "source": "text",
}
TEXT_FIELDS: Final = tuple(name for name, kind in FIELDS.items() if kind == "text")
CASELESS: Final = frozenset({"category", "gender"})
MAX_TEXT: Final = 1_000
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def check_field(name: object) -> str:
    """Return the field's name, or raise RestrictionError naming the known ones."""
    if isinstance(name, str) and name in FIELDS:
        return name
    raise RestrictionError(f"Unknown field {str(name)[:80]!r}; known fields are: {', '.join(FIELDS)}.")


def check_value(name: str, value: object) -> Value:
    """Return the value as engines compare it, or raise RestrictionError if the field cannot have it."""
    if FIELDS[check_field(name)] == "text":
        return check_text(name, value)
    return check_number(name, value)


def check_number(name: str, value: object) -> float:
    """Return a finite float (-0.0 as 0.0), or raise RestrictionError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RestrictionError(f"{name} is a number, not {str(value)[:80]!r}; write it plainly, as in 49.90.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RestrictionError(f"{name} cannot be {number}; give a finite number.")
    return number + 0.0


def check_text(name: str, value: object) -> str:
    """Return normalised text that every engine can store, or raise RestrictionError."""
    if not isinstance(value, str):
        raise RestrictionError(f"{name} is text, not {str(value)[:80]}; put it in quotes.")
    if len(value) > MAX_TEXT:
        raise RestrictionError(f"A value of {name} has {len(value)} characters; the limit is {MAX_TEXT}.")
    if _UNSTORABLE.search(value):
        raise RestrictionError(f"A value of {name} holds a NUL or half a character; remove it.")
    return value.lower() if name in CASELESS else value
