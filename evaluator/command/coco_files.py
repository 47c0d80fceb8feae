"""Ground truth and detections in the form of COCO, from JSON files, and errors that point into these."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluationError
from evaluator.file_error import FileError, quoted, text_of

MOST_DIGITS = 18
PARTS = re.compile(r"(?:ground_truth\.)?(annotations|images|categories|detections)\.?(.*)")


def truth_of(path: Path) -> Any:
    """Return what is in a file of ground truth; `evaluator.detection` checks it."""
    return _json(path)


def detections_of(path: Path) -> Any:
    """Return what is in a file of detections; `evaluator.detection` checks the rest of it."""
    found = _json(path)
    if isinstance(found, Mapping) and "annotations" in found:
        raise FileError(path, "holds an object with annotations, expected a list; give the list itself")
    for place, each in enumerate(found if isinstance(found, list) else []):
        score = each.get("score") if isinstance(each, Mapping) else None
        if isinstance(score, str):
            problem = f"detections[{place}]: score: {quoted(score)} is text, expected a number without quotes"
            raise FileError(path, problem)
    return found


@contextmanager
def placed(truth: Path, found: Path) -> Iterator[None]:
    """Turn an error about either argument into one about its file, as `annotations[3]: bbox: ...`."""
    try:
        yield
    except EvaluationError as error:
        path = found if error.argument.startswith("detections") else truth
        parts = PARTS.fullmatch(error.argument)
        if parts is None or error.index is None:
            raise FileError(path, str(error)) from None
        place, key = f"{parts[1]}[{error.index[0]}]", parts[2]
        raise FileError(path, ": ".join(part for part in (place, key, error.problem) if part)) from None


def _json(path: Path) -> Any:
    text = text_of(path)
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        hint = "; one object per line? put them into one list" if error.msg == "Extra data" else ""
        problem = f"is not JSON: {error.msg} at character {error.colno}{hint}"
        raise FileError(path, problem, line=error.lineno) from None
    except RecursionError:
        raise FileError(path, "is not JSON of this kind: it is nested too deeply") from None
    except OverflowError as error:
        raise FileError(path, str(error)) from None


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise OverflowError(f"holds a number of {len(digits)} digits, expected at most {MOST_DIGITS}")
    return int(digits)
