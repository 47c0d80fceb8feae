"""Refusals of dishonest input, shared by the functions of this package."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints

MOST_CELLS = 2**28


def integers(argument: str, values: npt.ArrayLike, *, low: int, high: int, ndim: int = 1) -> Ints:
    """Return `values` as int64 after checking dimensions, wholeness and range (both ends included).

    An empty array passes with any number of dimensions up to `ndim`.
    """
    given = _array(argument, values)
    if given.dtype.kind in "iu" and given.ndim == ndim and given.size:
        if given.min() < low or given.max() > high:
            _refuse(argument, (given < low) | (given > high), given, f"is outside {low} to {high}")
        return given.astype(np.int64)
    numbers = floats(argument, given, ndim=ndim)
    _refuse(argument, np.floor(numbers) != numbers, numbers, "is not a whole number")
    _refuse(argument, (numbers < low) | (numbers > high), numbers, f"is outside {low} to {high}")
    return numbers.astype(np.int64)


def floats(
    argument: str, values: npt.ArrayLike, *, ndim: int = 1, low: float = -np.inf, high: float = np.inf
) -> Floats:
    """Return `values` as float64 after checking dimensions, finiteness and both ends (included)."""
    given = _array(argument, values)
    try:
        numbers = given.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise EvaluationError(argument, f"expected numbers in a regular array ({error})") from error
    if numbers.size == 0 and numbers.ndim < ndim:
        numbers = numbers.reshape((0,) * ndim)
    if numbers.ndim != ndim:
        raise EvaluationError(argument, f"expected {ndim} dimension(s), found shape {numbers.shape}")
    _refuse(argument, ~np.isfinite(numbers), numbers, "is not a finite number")
    _refuse(argument, numbers < low, numbers, f"is below {low:g}")
    _refuse(argument, numbers > high, numbers, f"is above {high:g}")
    return numbers


def with_gaps(argument: str, values: npt.ArrayLike, *, low: float, high: float) -> tuple[Floats, Bools]:
    """Return checked `values` in which nan is allowed, and where it is."""
    given = _array(argument, values)
    missing = np.isnan(given) if given.dtype.kind == "f" else np.zeros(given.shape, dtype=np.bool_)
    checked = floats(argument, np.where(missing, low, given), low=low, high=high)
    checked[missing] = np.nan
    return checked, missing


def ids(argument: str, values: npt.ArrayLike, *, length: int) -> npt.NDArray[np.generic]:
    """Return one id per row as a 1-D array: of int64, of whole numbers too large for it, or of other ids.

    Words beside numbers are refused, and so are nan and None: they would be one id for many things.
    """
    names = values if isinstance(values, np.ndarray) else _listed(argument, values)
    if names.shape != (length,):
        raise EvaluationError(
            argument, f"expected one id for each of {length} rows, found shape {names.shape}"
        )
    if names.dtype.kind == "f":
        floats(argument, names)
    if names.dtype.kind == "O":
        _refuse_no_ids(argument, names.tolist())
    if names.dtype.kind == "u" and names.size:
        return names.astype(np.int64 if names.max() <= np.iinfo(np.int64).max else object)
    return names


def joined(
    argument: str, first: npt.NDArray[np.generic], second: npt.NDArray[np.generic], *, other: str
) -> tuple[Ints, Ints, int]:
    """Return numbers 0 ... m - 1 for two arrays of checked ids of the same things, and m."""
    parts = [part for part in (first, second) if len(part)] or [first]
    if len({_kind(part) for part in parts}) > 1:
        raise EvaluationError(argument, f"words on one side and numbers on the other can not match {other}")
    if any(part.dtype == object for part in parts):
        parts = [part.astype(object) for part in parts]
    numbers, count = codes(argument, np.concatenate(parts))
    return numbers[: len(first)], numbers[len(first) :], count


def numbered(
    argument: str, values: npt.ArrayLike, count: int | None, *, name: str, each: int = 1
) -> tuple[Ints, int]:
    """Return numbers 0 ... m - 1 and m: `count`, argument `name`, or else one more than the largest.

    A table of m x `each` cells is made of them, so ids that are no such numbers are refused before that.
    """
    numbers = integers(argument, values, low=0, high=2**53)
    size = int(numbers.max()) + 1 if len(numbers) else 0
    if count is not None:
        size = int(integers(name, [count], low=0, high=2**53)[0])
        numbers = integers(argument, numbers, low=0, high=size - 1)
    if size * each > MOST_CELLS:
        problem = f"{size:,} x {each} cells are too many; number them 0 ... m - 1 (numpy.unique)"
        where = (int(numbers.argmax()),) if count is None else None
        raise EvaluationError(argument if count is None else name, problem, where)
    return numbers, size


def codes(argument: str, names: npt.NDArray[np.generic]) -> tuple[Ints, int]:
    """Return for each id a number 0 ... m - 1, and m."""
    try:
        distinct, inverse = np.unique(names, return_inverse=True)
    except TypeError as error:
        raise EvaluationError(argument, f"ids of one kind only ({error})") from error
    return inverse.astype(np.int64), len(distinct)


def same_length(argument: str, values: Floats | Ints, *, other: str, length: int) -> None:
    """Refuse two arrays that should run in parallel and do not."""
    if len(values) != length:
        raise EvaluationError(argument, f"has length {len(values)}, but {other} has length {length}")


def number(argument: str, value: float) -> float:
    """Return one finite number."""
    try:
        return float(floats(argument, [value])[0])
    except EvaluationError as error:
        raise EvaluationError(argument, error.problem) from error


def share(argument: str, value: float) -> float:
    """Return a number above 0 and at most 1."""
    found = number(argument, value)
    if not 0 < found <= 1:
        raise EvaluationError(argument, f"{value} is not above 0 and at most 1")
    return found


def level(value: float) -> float:
    """Return a confidence level after checking that it lies strictly between 0 and 1."""
    found = number("level", value)
    if not 0 < found < 1:
        raise EvaluationError("level", f"{value} is not strictly between 0 and 1; 0.95 means 95 %")
    return found


def positive(argument: str, value: int) -> int:
    """Return a count of at least one."""
    found = number(argument, value)
    if found != int(found) or found < 1:
        raise EvaluationError(argument, f"{value} is not a whole number of at least 1")
    return int(value)


def generator(seed: int) -> np.random.Generator:
    """Return random numbers that `seed`, a whole number of at least 0, makes repeatable."""
    found = number("seed", seed)
    if found != int(found) or found < 0:
        raise EvaluationError("seed", f"{seed} is not a whole number of at least 0")
    return np.random.default_rng(int(seed))


def _array(argument: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    try:
        given = np.asarray(values)
    except ValueError as error:
        raise EvaluationError(argument, f"expected numbers in a regular array ({error})") from error
    if given.dtype.kind not in "biufO":
        raise EvaluationError(argument, f"expected numbers in a regular array, found {given.dtype}")
    return given


def _listed(argument: str, values: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """Return an array of exactly these ids; numpy alone would round large numbers and spell out nan."""
    names = np.asarray(values)
    if names.ndim != 1 or names.dtype.kind in "iub":
        return names
    listed: list[object] = list(values)  # type: ignore[arg-type]  # it has one dimension
    _refuse_no_ids(argument, listed)
    if names.dtype.kind == "f" and all(isinstance(name, int | np.integer) for name in listed):
        return np.array(listed, dtype=object)
    return names


def _refuse_no_ids(argument: str, names: Sequence[object]) -> None:
    words = sum(isinstance(name, str) for name in names)
    for index, name in enumerate(names):
        if name is None or name != name:  # noqa: PLR0124 - true of nan alone
            raise EvaluationError(argument, f"{name} is no id", (index,))
        if 0 < words < len(names) and isinstance(name, str) != isinstance(names[0], str):
            raise EvaluationError(argument, f"{name!r} is not of the kind of {names[0]!r}", (index,))


def _kind(names: npt.NDArray[np.generic]) -> str:
    if names.dtype.kind == "O" and len(names):
        return "words" if isinstance(names[0], str) else "others"
    return {"U": "words", "S": "words"}.get(names.dtype.kind, "others")


def _refuse(argument: str, wrong: Bools, numbers: npt.NDArray[Any], problem: str) -> None:
    if wrong.any():
        index = tuple(int(axis[0]) for axis in np.nonzero(wrong))
        raise EvaluationError(argument, f"{numbers[index]:g} {problem}", index)
