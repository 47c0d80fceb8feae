"""Refusals of dishonest input, shared by the functions of this package."""

import numpy as np
import numpy.typing as npt

from evaluator.errors import EvaluationError
from evaluator.types import Bools, Floats, Ints


def integers(argument: str, values: npt.ArrayLike, *, low: int, high: int, ndim: int = 1) -> Ints:
    """Return `values` as int64 after checking dimensions, wholeness and range (both ends included).

    An empty array passes with any number of dimensions up to `ndim`.
    """
    if _are_whole_within(values, low=low, high=high, ndim=ndim):
        return np.array(values, dtype=np.int64)
    numbers = floats(argument, values, ndim=ndim)
    _refuse(argument, np.floor(numbers) != numbers, numbers, "is not a whole number")
    _refuse(argument, (numbers < low) | (numbers > high), numbers, f"is outside {low} to {high}")
    return numbers.astype(np.int64)


def floats(
    argument: str, values: npt.ArrayLike, *, ndim: int = 1, low: float = -np.inf, high: float = np.inf
) -> Floats:
    """Return `values` as float64 after checking dimensions, finiteness and both ends (included)."""
    try:
        numbers = np.asarray(values, dtype=np.float64)
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


def ids(argument: str, values: npt.ArrayLike, *, length: int) -> npt.NDArray[np.generic]:
    """Return one id per row as a 1-D array of numbers, strings or other sortable objects."""
    names = np.asarray(values)
    if names.shape != (length,):
        raise EvaluationError(
            argument, f"expected one id for each of {length} rows, found shape {names.shape}"
        )
    if names.dtype.kind == "f":
        floats(argument, names)
    return names


def numbered(argument: str, values: npt.ArrayLike, count: int | None, *, name: str) -> tuple[Ints, int]:
    """Return numbers 0 ... m - 1 and m: `count`, argument `name`, or else one more than the largest."""
    numbers = integers(argument, values, low=0, high=2**53)
    if count is None:
        return numbers, int(numbers.max()) + 1 if len(numbers) else 0
    size = int(integers(name, [count], low=0, high=2**53)[0])
    return integers(argument, numbers, low=0, high=size - 1), size


def codes(argument: str, names: npt.NDArray[np.generic]) -> tuple[Ints, int]:
    """Return for each id a number 0 ... m - 1, and m."""
    try:
        distinct, inverse = np.unique(names, return_inverse=True)
    except TypeError as error:
        raise EvaluationError(argument, f"ids of one kind only, please ({error})") from error
    return inverse.astype(np.int64), len(distinct)


def same_length(argument: str, values: Floats | Ints, *, other: str, length: int) -> None:
    """Refuse two arrays that should run in parallel and do not."""
    if len(values) != length:
        raise EvaluationError(argument, f"has length {len(values)}, but {other} has length {length}")


def level(value: float) -> float:
    """Return a confidence level after checking that it lies strictly between 0 and 1."""
    if not 0 < value < 1:
        raise EvaluationError("level", f"{value} is not strictly between 0 and 1; 0.95 means 95 %")
    return float(value)


def positive(argument: str, value: int) -> int:
    """Return a count of at least one."""
    if value != int(value) or value < 1:
        raise EvaluationError(argument, f"{value} is not a whole number of at least 1")
    return int(value)


def _are_whole_within(values: npt.ArrayLike, *, low: int, high: int, ndim: int) -> bool:
    """Tell cheaply of an integer array that nothing is wrong with it; a million labels are checked often."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "iu":
        return False
    return values.ndim == ndim and values.size > 0 and low <= values.min() and values.max() <= high


def _refuse(argument: str, wrong: Bools, numbers: Floats, problem: str) -> None:
    if wrong.any():
        index = tuple(int(axis[0]) for axis in np.nonzero(wrong))
        raise EvaluationError(argument, f"{numbers[index]:g} {problem}", index)
