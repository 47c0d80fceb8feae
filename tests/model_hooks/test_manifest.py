import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model_hooks.errors import ModelFolderError
from model_hooks.manifest import parse_manifest
from model_hooks.manifest_rules import RULES

DETECTOR: dict[str, Any] = {
    "format": 1,
    "name": "finder",
    "version": "1",
    "kind": "detector",
    "adapter": "tiny",
    "architecture": "yolox_nano",
    "files": {"model.safetensors": "0" * 64},
    "threshold": 0.5,
}
EMBEDDER: dict[str, Any] = {**DETECTOR, "kind": "embedder", "threshold": None, "dimension": 2}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from([DETECTOR, EMBEDDER]), st.sampled_from(sorted(RULES)), JSON)
@example(EMBEDDER, "heads", {"gender": [[], {}]})
@example(EMBEDDER, "heads", {"gender": ["men", "men"]})
@example(EMBEDDER, "bit_thresholds", [10**400, 0])
@example(DETECTOR, "threshold", 10**400)
@example(DETECTOR, "name", "..")
@example(DETECTOR, "files", {"a\n": "0" * 64})
def test_any_value_of_any_field_is_accepted_or_refused_and_nothing_else(
    document: dict[str, Any], field: str, value: object
) -> None:
    with contextlib.suppress(ModelFolderError):
        assert parse_manifest(Path("finder/1"), {**document, field: value}, ("chair",)).name == "finder"


@given(JSON)
def test_any_document_is_refused_in_one_line(document: object) -> None:
    with pytest.raises(ModelFolderError) as refusal:
        parse_manifest(Path("finder/1"), document, ("chair",))
    assert str(refusal.value)


def test_what_is_left_out_has_a_default() -> None:
    manifest = parse_manifest(Path("finder/1"), EMBEDDER, ())
    assert (manifest.batch_size, manifest.bit_thresholds, manifest.heads, manifest.labels) == (
        8,
        None,
        {},
        {},
    )
