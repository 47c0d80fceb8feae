"""Model folders `MODEL_ROOT/NAME/VERSION`: written once, verified at every reading, loaded by an adapter.

Reading and verifying need neither torch nor any other model library, so a web process may do it.
"""

import hashlib
import importlib
import json
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from model_hooks.errors import ModelFolderError
from model_hooks.manifest import LABELS, ModelManifest, parse_manifest
from model_hooks.manifest_rules import MANIFEST
from model_hooks.protocols import Detector, Embedder
from model_hooks.weights import check_safetensors

LONGEST_JSON = 16 * 1024 * 1024


@dataclass(frozen=True)
class ModelReport:
    """What registering a model should tell: its manifest, and what becomes of its labels.

    Attributes
    ----------
    mapped
        Label to coarse category slug.
    ignored
        Labels that the manifest maps to null on purpose.
    unmapped
        Labels that the manifest does not mention; their detections have no category until somebody decides.
    """

    manifest: ModelManifest
    mapped: Mapping[str, str]
    ignored: tuple[str, ...]
    unmapped: tuple[str, ...]


class _Adapter(Protocol):
    def build_detector(self, manifest: ModelManifest) -> Detector: ...

    def build_embedder(self, manifest: ModelManifest) -> Embedder: ...


def read_manifest(folder: Path) -> ModelManifest:
    """Read a model folder and verify every file in it.

    Raises
    ------
    ModelFolderError
        If a file is missing, unlisted, cut short or has another hash, or if a JSON file breaks its rules.
    """
    folder = folder.resolve()
    if not (folder / MANIFEST).is_file():
        raise ModelFolderError(
            f"{folder} has no {MANIFEST}, so it is no model folder; pass the folder NAME/VERSION of a model."
        )
    document = _read_json(folder / MANIFEST)
    manifest = parse_manifest(folder, document, _read_labels(folder))
    _verify_files(manifest)
    return manifest


def write_manifest(folder: Path, fields: Mapping[str, Any]) -> ModelManifest:
    """Finish a model folder: hash its files and write `model.json` beside them.

    Parameters
    ----------
    folder
        `MODEL_ROOT/NAME/VERSION`, already holding weights, `labels.json` (of a detector) and `card.md`.
    fields
        The manifest without `format`, `name`, `version` and `files`, which follow from the folder.

    Raises
    ------
    ModelFolderError
        If the folder already has a manifest (a version never changes), or the manifest would be invalid.
    """
    folder = folder.resolve()
    if (folder / MANIFEST).exists():
        raise ModelFolderError(
            f"{folder} is finished, and a model version never changes; write a new version."
        )
    files = {path.name: _sha256(path) for path in _content(folder)}
    named = {"format": 1, "name": folder.parent.name, "version": folder.name}
    document = {**named, **fields, "files": dict(sorted(files.items()))}
    manifest = parse_manifest(folder, document, _read_labels(folder))
    _verify_files(manifest)
    partial = folder / f".{MANIFEST}"
    partial.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)
    return manifest


@contextmanager
def new_version(model_root: Path, name: str, version: str) -> Iterator[Path]:
    """Yield an empty folder to fill and finish with `write_manifest`; it appears in place at the end.

    If the block fails or is interrupted, nothing appears under `model_root`.

    Raises
    ------
    ModelFolderError
        If that version is there already.
    """
    final = model_root / name / version
    if final.exists():
        raise ModelFolderError(
            f"{final} exists, and a model version never changes; remove it or choose another version."
        )
    model_root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=model_root) as staging:
        folder = Path(staging) / name / version
        folder.mkdir(parents=True)
        yield folder
        final.parent.mkdir(exist_ok=True)
        folder.rename(final)


def check(folder: Path, known_categories: Collection[str]) -> ModelReport:
    """Verify a folder and its label mapping, before it is registered.

    Raises
    ------
    ModelFolderError
        If the folder is not sound, its architecture unknown, or a label is mapped to an unknown category.
    """
    manifest = read_manifest(folder)
    _build(manifest)
    mapped = {label: slug for label, slug in manifest.labels.items() if slug is not None}
    for label, slug in mapped.items():
        if slug not in known_categories:
            raise ModelFolderError(
                f"{manifest.folder / MANIFEST} maps the label {label!r} to {slug!r}, an unknown category; "
                f"use one of {', '.join(sorted(known_categories))}, or null."
            )
    ignored = tuple(label for label, slug in manifest.labels.items() if slug is None)
    return ModelReport(manifest=manifest, mapped=mapped, ignored=ignored, unmapped=manifest.unmapped_labels)


def load_detector(folder: Path, device: str = "auto") -> Detector:
    """Verify a detector's folder and load it onto `device` (`cpu`, `cuda`, `cuda:N` or `auto`).

    Raises
    ------
    ModelFolderError
        If the folder is not sound or holds no detector.
    ModelUseError
        If the device or the adapter's library is not there.
    """
    detector = cast("Detector", _build(_of_kind(folder, "detector")))
    detector.setup(device)
    return detector


def load_embedder(folder: Path, device: str = "auto") -> Embedder:
    """Verify an embedder's folder and load it; device and errors as in `load_detector`."""
    embedder = cast("Embedder", _build(_of_kind(folder, "embedder")))
    embedder.setup(device)
    return embedder


def _of_kind(folder: Path, kind: str) -> ModelManifest:
    manifest = read_manifest(folder)
    if manifest.kind != kind:
        raise ModelFolderError(
            f"{manifest.folder} holds a model of kind {manifest.kind}, not {kind}; pass another."
        )
    return manifest


def _build(manifest: ModelManifest) -> Detector | Embedder:
    """Let the manifest's adapter make the model, without its weights."""
    module = importlib.import_module(f"model_hooks.adapters.{manifest.adapter}")
    adapter = cast("_Adapter", module)
    if manifest.kind == "detector":
        return adapter.build_detector(manifest)
    return adapter.build_embedder(manifest)


def _verify_files(manifest: ModelManifest) -> None:
    unlisted = sorted({path.name for path in _content(manifest.folder)} - set(manifest.files))
    if unlisted:
        raise ModelFolderError(
            f"{manifest.folder} holds {unlisted[0]}, which {MANIFEST} does not list; remove it."
        )
    for name, expected in manifest.files.items():
        path = manifest.folder / name
        if not path.is_file():
            raise ModelFolderError(
                f"{path} is missing, though {MANIFEST} lists it; copy the whole folder again."
            )
        if path.suffix == ".safetensors":
            check_safetensors(path)
        found = _sha256(path)
        if found != expected:
            raise ModelFolderError(
                f"{path} has SHA-256 {found[:12]}..., but {MANIFEST} says {expected[:12]}...: "
                "the file was changed or damaged, so copy it again or write a new version."
            )


def _content(folder: Path) -> list[Path]:
    """Return the folder's entries but the manifest and hidden ones."""
    if not folder.is_dir():
        raise ModelFolderError(f"{folder} is no folder; pass the folder NAME/VERSION of a model.")
    return [path for path in folder.iterdir() if path.name != MANIFEST and not path.name.startswith(".")]


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise ModelFolderError(
            f"{path} is not a file; a model folder holds plain files only, so move it away."
        )
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_labels(folder: Path) -> tuple[str, ...]:
    path = folder / LABELS
    if not path.is_file():
        return ()
    labels = _read_json(path)
    if not isinstance(labels, list) or not all(isinstance(label, str) and label for label in labels):
        raise ModelFolderError(
            f"{path} must hold a JSON list of texts, the labels in output order; correct it."
        )
    if len(set(labels)) != len(labels):
        raise ModelFolderError(f"{path} holds a label twice; give every output its own label.")
    return tuple(labels)


def _read_json(path: Path) -> object:
    if path.stat().st_size > LONGEST_JSON:
        raise ModelFolderError(f"{path} is larger than {LONGEST_JSON} bytes, too much for it; copy it again.")
    try:
        document: object = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ModelFolderError(f"{path} is not valid JSON ({error}); correct it or copy it again.") from error
    return document
