"""What evaluations refuse; the message says what was wrong, with what, and what to do."""

from collections.abc import Iterable

from labelapp.catalog.errors import ImageRefused
from model_hooks.errors import ModelHookError


class EvaluationsError(Exception):
    """Base of all refusals of this app; commands print it, pages show it."""


class UnknownName(EvaluationsError):  # noqa: N818  # it is a state of affairs, told to the person who typed it
    """A record that was asked for by name and is not there."""

    def __init__(self, noun: str, name: str, known: Iterable[str], *, how: str = "") -> None:
        names = sorted(known)
        listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        there = f"There are: {listed}." if names else f"There is none yet{f'; {how}' if how else ''}."
        super().__init__(f"There is no {noun} {name!r}. {there}")


def in_words(error: Exception) -> str:
    """Return what is wrong; of a fault that does not tell in words of its own, its kind as well."""
    speaks = isinstance(error, (EvaluationsError, ModelHookError, ImageRefused))
    return str(error) if speaks else f"{type(error).__name__}: {error}"
