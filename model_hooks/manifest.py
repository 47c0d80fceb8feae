"""The manifest of a model folder, `model.json`: what a model says about itself, and its identity."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_hooks.errors import ModelFolderError
from model_hooks.manifest_rules import MANIFEST, REQUIRED, RULES

LABELS = "labels.json"


@dataclass(frozen=True)
class ModelManifest:
    """What a model folder says about itself.

    Attributes
    ----------
    folder
        The folder `.../NAME/VERSION`.
    files
        File name to SHA-256, for every file but `model.json`.
    input
        Settings of the adapter, such as the side of the net's input in pixels.
    threshold
        A detector's operating threshold, 0..1.
    model_labels
        A detector's labels (`labels.json`) in the order of its outputs.
    labels
        Label to coarse category slug, or to None where our categories have no place for it.
    dimension, bit_thresholds, calibration
        An embedder's vector length, where to cut each number to a bit (None: at 0), and who said so.
    heads
        Further outputs of an embedder, such as `gender`: name to its values in output order.
    digest
        The model's identity, 64 hex digits; see `digest`.
    """

    folder: Path
    name: str
    version: str
    kind: str
    adapter: str
    architecture: str
    files: Mapping[str, str]
    input: Mapping[str, Any]
    batch_size: int
    threshold: float | None
    model_labels: tuple[str, ...]
    labels: Mapping[str, str | None]
    dimension: int | None
    bit_thresholds: tuple[float, ...] | None
    calibration: str | None
    heads: Mapping[str, tuple[str, ...]]
    digest: str

    @property
    def unmapped_labels(self) -> tuple[str, ...]:
        """Labels that the mapping does not mention at all; they have no category until somebody decides."""
        return tuple(label for label in self.model_labels if label not in self.labels)

    def category(self, label: str) -> str | None:
        """Return the coarse category slug of a label, None where it has none."""
        return self.labels.get(label)


def digest(document: Mapping[str, Any]) -> str:
    """Return a model's identity: SHA-256 over its files' hashes, sorted by name, and the canonical manifest.

    `document` is `model.json` as parsed. Equal digests mean equal weights and equal settings, wherever the
    folder lies and however the file is laid out.
    """
    identity = hashlib.sha256()
    for name, sha256 in sorted(document["files"].items()):
        identity.update(f"{name}\0{sha256}\n".encode())
    identity.update(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())
    return identity.hexdigest()


def parse_manifest(folder: Path, document: object, model_labels: tuple[str, ...]) -> ModelManifest:
    """Check a manifest's fields and return it.

    Raises
    ------
    ModelFolderError
        If a field is unknown, missing, or breaks its rule, or if the manifest belongs to another folder.
    """
    if not isinstance(document, dict):
        raise ModelFolderError(f"{folder / MANIFEST} must hold a JSON object; make it with write_manifest.")
    fields = _complete(folder, document)
    for field, rule in RULES.items():
        if not rule.holds(fields[field], fields):
            raise ModelFolderError(
                f"{folder / MANIFEST}: {field} is {_shown(fields[field])}, but {rule.must}; correct it."
            )
    if (fields["name"], fields["version"]) != (folder.parent.name, folder.name):
        raise ModelFolderError(
            f"{folder / MANIFEST} describes {fields['name']}/{fields['version']}; "
            "a model lies in a folder NAME/VERSION, so move it there or correct name and version."
        )
    _check_labels(folder, fields, model_labels)
    thresholds = fields["bit_thresholds"]
    fields["bit_thresholds"] = None if thresholds is None else tuple(map(float, thresholds))
    fields["heads"] = {head: tuple(values) for head, values in fields["heads"].items()}
    del fields["format"]
    return ModelManifest(folder=folder, model_labels=model_labels, digest=digest(document), **fields)


def _complete(folder: Path, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return all fields of a manifest, the absent ones with their defaults."""
    unknown = sorted(set(document) - set(RULES))
    if unknown:
        raise ModelFolderError(
            f"{folder / MANIFEST} has an unknown field {unknown[0]!r}; the fields are {', '.join(RULES)}."
        )
    for field, rule in RULES.items():
        if rule.default is REQUIRED and field not in document:
            raise ModelFolderError(f"{folder / MANIFEST} lacks {field}, which {rule.must}; add it.")
    return {field: document.get(field, rule.default) for field, rule in RULES.items()}


def _check_labels(folder: Path, fields: Mapping[str, Any], model_labels: tuple[str, ...]) -> None:
    if fields["kind"] == "detector" and not model_labels:
        raise ModelFolderError(
            f"Detector {folder} has no {LABELS}; add its labels as a JSON list, in output order."
        )
    strangers = sorted(set(fields["labels"]) - set(model_labels))
    if strangers:
        raise ModelFolderError(
            f"{folder / MANIFEST} maps the label {strangers[0]!r}, which is not in {LABELS}; correct either."
        )


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
