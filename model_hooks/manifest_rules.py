"""The fields of `model.json`: what each must be, in words and as a check."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model_hooks.protocols import GENDERS

MANIFEST = "model.json"
KINDS = ("detector", "embedder")
ADAPTERS = ("tiny", "transformers", "onnx")
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SHA256 = re.compile(r"[0-9a-f]{64}")
LARGEST = 1e30
REQUIRED = object()

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """One field: what it must be, a check of its value beside the other fields, and its default."""

    must: str
    holds: Callable[[Any, Fields], bool]
    default: object = REQUIRED


def _is_name(value: object) -> bool:
    return isinstance(value, str) and SAFE_NAME.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(value: object, highest: int) -> bool:
    return type(value) is int and 1 <= value <= highest


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and -LARGEST <= value <= LARGEST  # type: ignore[operator]  # a number


def _are_files(value: object, _fields: Fields) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 0
        and all(_is_name(name) and name != MANIFEST for name in value)
        and all(isinstance(sha256, str) and SHA256.fullmatch(sha256) for sha256 in value.values())
    )


def _is_threshold(value: object, fields: Fields) -> bool:
    if fields["kind"] == "embedder":
        return value is None
    return _is_number(value) and 0 <= value <= 1  # type: ignore[operator]  # a number by now


def _is_mapping(value: object, _fields: Fields) -> bool:
    return isinstance(value, dict) and all(slug is None or _is_text(slug) for slug in value.values())


def _is_dimension(value: object, fields: Fields) -> bool:
    return _is_whole(value, 65536) if fields["kind"] == "embedder" else value is None


def _are_bit_thresholds(value: object, fields: Fields) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and len(value) == fields["dimension"] and all(map(_is_number, value))


def _are_heads(value: object, fields: Fields) -> bool:
    if value == {}:
        return True
    if fields["kind"] != "embedder" or not isinstance(value, dict):
        return False
    return all(_is_name(head) and _are_values(values, head) for head, values in value.items())


def _are_values(values: object, head: str) -> bool:
    if not isinstance(values, list) or not all(map(_is_text, values)):
        return False
    if head == "gender" and not set(values) <= set(GENDERS):
        return False
    return len(values) == len(set(values)) > 1


NAME = "must be letters, digits, dots, dashes and underscores, beginning with a letter or digit"
RULES = {
    "format": Rule("must be 1, the format that this release reads", lambda v, _: type(v) is int and v == 1),
    "name": Rule(NAME, lambda value, _: _is_name(value)),
    "version": Rule(NAME, lambda value, _: _is_name(value)),
    "kind": Rule(f"must be one of {', '.join(KINDS)}", lambda value, _: value in KINDS),
    "adapter": Rule(f"must be one of {', '.join(ADAPTERS)}", lambda value, _: value in ADAPTERS),
    "architecture": Rule("must be a non-empty text", lambda value, _: _is_text(value)),
    "files": Rule("must map plain file names to their SHA-256 in 64 lower-case hex digits", _are_files),
    "input": Rule("must be an object", lambda value, _: isinstance(value, dict), {}),
    "batch_size": Rule("must be a whole number from 1 to 1024", lambda value, _: _is_whole(value, 1024), 8),
    "threshold": Rule("must be from 0 to 1 in a detector and absent in an embedder", _is_threshold, None),
    "labels": Rule("must map labels of the model to a category slug or null", _is_mapping, {}),
    "dimension": Rule("must be from 1 to 65536 in an embedder and absent in a detector", _is_dimension, None),
    "bit_thresholds": Rule("must be null or one finite number per dimension", _are_bit_thresholds, None),
    "calibration": Rule("must be null or a text", lambda value, _: value is None or _is_text(value), None),
    "heads": Rule(
        "must be {} or, in an embedder, map names to two or more different texts; "
        f"those of gender are of {', '.join(GENDERS)}",
        _are_heads,
        {},
    ),
}
"""Every field in the order in which they are checked; a check may rely on the fields before it."""
