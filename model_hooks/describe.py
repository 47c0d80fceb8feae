"""Make a model folder of what another library saved: write its `model.json`.

`python -m model_hooks.describe FOLDER [--map LABELS.csv] [--threshold 0.5] [--kind detector --dimension N
--input JSON]`, where FOLDER is `.../NAME/VERSION` with what `save_pretrained` of transformers wrote, or
with a `model.onnx` (and `labels.json` of a detector). LABELS.csv has the columns `label,category`;
labels that it does not name stay without a category and are reported.
"""

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model_hooks.errors import ModelFolderError, ModelHookError
from model_hooks.manifest import LABELS, ModelManifest
from model_hooks.registry import write_manifest

CONFIG = "config.json"


def describe(
    folder: Path, *, categories: Mapping[str, str | None], fields: Mapping[str, Any] | None = None
) -> ModelManifest:
    """Write the manifest of a folder, with what the saved configuration says already.

    Parameters
    ----------
    folder
        `.../NAME/VERSION`.
    categories
        Label of the model to a coarse category slug, or to None where our categories have no place for it.
    fields
        Further fields of the manifest; they win over the configuration.

    Raises
    ------
    ModelFolderError
        If the folder holds no known model, is finished already, or the manifest would be invalid.
    """
    saved = _of_transformers(folder) if (folder / CONFIG).is_file() else _of_onnx(folder)
    merged = {**saved, **(fields or {})}
    if merged["kind"] == "detector":
        merged = {"threshold": 0.5, "labels": dict(categories), **merged}
    return write_manifest(folder, merged)


def _of_onnx(folder: Path) -> dict[str, Any]:
    if (folder / LABELS).is_file():
        return {"adapter": "onnx", "kind": "detector", "architecture": "boxes"}
    return {"adapter": "onnx", "kind": "embedder", "architecture": "embedding"}


def _of_transformers(folder: Path) -> dict[str, Any]:
    """Read the architecture, and the labels or the vector length, from `config.json`."""
    from model_hooks.adapters.transformers import DETECTORS

    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        architecture = config["model_type"]
        names = {int(number): name for number, name in config.get("id2label", {}).items()}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelFolderError(
            f"{folder / CONFIG} is not a configuration of transformers; save the model again."
        ) from error
    known: dict[str, Any] = {"adapter": "transformers", "architecture": architecture}
    if architecture in DETECTORS:
        labels = list(dict.fromkeys(names[number] for number in sorted(names)))
        (folder / LABELS).write_text(
            json.dumps(labels, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return {**known, "kind": "detector"}
    vision = config.get("vision_config") or config
    return {
        **known,
        "kind": "embedder",
        "dimension": config.get("projection_dim") or vision.get("hidden_size"),
    }


def read_categories(path: Path) -> dict[str, str | None]:
    """Read a CSV of `label,category`; an empty category means None."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"label", "category"} <= set(rows.fieldnames or ()):
            raise ModelFolderError(f"{path} needs the columns label and category; it has {rows.fieldnames}.")
        return {row["label"]: row["category"].strip() or None for row in rows}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write `model.json` and say which labels have no category."""
    parser = argparse.ArgumentParser(prog="python -m model_hooks.describe", description=main.__doc__)
    parser.add_argument("folder", type=Path, help=".../NAME/VERSION")
    parser.add_argument("--map", type=Path, metavar="LABELS.csv", help="label,category of a detector")
    parser.add_argument("--kind", choices=["detector", "embedder"])
    parser.add_argument("--architecture")
    parser.add_argument("--threshold", type=float, help="a detector's operating score, 0.5 unless given")
    parser.add_argument("--dimension", type=int, help="an embedder's vector length")
    parser.add_argument("--input", type=json.loads, metavar="JSON", help="picture settings of an ONNX file")
    chosen = parser.parse_args(arguments)
    named = ("kind", "architecture", "threshold", "dimension", "input")
    fields = {name: getattr(chosen, name) for name in named if getattr(chosen, name) is not None}
    try:
        categories = read_categories(chosen.map) if chosen.map else {}
        manifest = describe(chosen.folder, categories=categories, fields=fields)
    except (ModelHookError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{manifest.name}/{manifest.version} written: {manifest.kind}, digest {manifest.digest[:12]}\n"
    )
    if manifest.unmapped_labels:
        sys.stdout.write(f"Without a category: {', '.join(manifest.unmapped_labels)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
