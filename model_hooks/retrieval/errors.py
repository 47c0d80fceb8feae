"""The errors of retrieval; each message says what is wrong, with what, and what to do."""

from model_hooks.errors import ModelHookError


class RestrictionError(ModelHookError, ValueError):
    """A restriction that cannot be read: unknown field, wrong type, wrong syntax, or too large.

    Attributes
    ----------
    position
        Offset in characters of the first wrong token of a text, or the path within a JSON form (such as
        `nodes[1].value`); None where a node was built in Python.
    """

    def __init__(self, message: str, *, position: int | str | None = None) -> None:
        super().__init__(message)
        self.position = position


class RetrievalError(ModelHookError, ValueError):
    """Rows or a query that no engine can use: wrong code width, k out of range, doubled product."""


class UnknownVersionError(RetrievalError, LookupError):
    """The asked corpus version is not there, or none was named where there are several."""


class DamagedSnapshotError(RetrievalError):
    """A snapshot folder whose files are missing, truncated or changed."""
