"""Turn an archive of NumPy arrays into a model folder.

`python -m model_hooks.convert yolox_nano|mobilenet_v2 ARCHIVE.npz --out MODEL_ROOT [--labels FILE]
[--calibrate IMAGES_DIR]`. The archive holds `NAME.weight` and `NAME.bias` per convolution, batch norm folded
in; nothing in it is ever unpickled.
"""

import argparse
import json
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from model_hooks.adapters.tiny import mobilenet_v2, yolox_nano
from model_hooks.adapters.tiny.convolutions import Shapes
from model_hooks.calibration import calibrate
from model_hooks.coco_labels import COCO_CATEGORIES
from model_hooks.errors import ModelFolderError, ModelHookError
from model_hooks.manifest import LABELS
from model_hooks.projection import classifier_projection
from model_hooks.registry import load_embedder, new_version, write_manifest

Arrays = dict[str, NDArray[np.float32]]

OPERATING_THRESHOLD = 0.3
BITS = 512
SEED = 0
WEIGHTS = "model.safetensors"
VERSION = "1"


def convert_yolox_nano(
    archive: Path, model_root: Path, *, labels: Mapping[str, str | None] | None = None
) -> Path:
    """Write the folder `yolox-nano-coco/1` from an archive of YOLOX-nano's arrays.

    Parameters
    ----------
    labels
        The net's labels in output order, each with its coarse category slug or None; COCO's 80 unless given.

    Returns
    -------
    The folder.

    Raises
    ------
    ModelFolderError
        If the archive does not fit, or the folder exists.
    """
    mapping = COCO_CATEGORIES if labels is None else labels
    arrays = _read_archive(archive, yolox_nano.tensor_shapes(len(mapping)))
    fields: dict[str, Any] = {
        "kind": "detector",
        "adapter": "tiny",
        "architecture": "yolox_nano",
        "input": {"side": 416},
        "threshold": OPERATING_THRESHOLD,
        "labels": dict(mapping),
    }
    with new_version(model_root, "yolox-nano-coco", VERSION) as folder:
        save_file(arrays, folder / WEIGHTS)
        (folder / LABELS).write_text(json.dumps(list(mapping), indent=1) + "\n", encoding="utf-8")
        _write_card(folder, f"YOLOX-nano, 416 px, finds objects of {len(mapping)} classes.", archive)
        write_manifest(folder, fields)
    return model_root / "yolox-nano-coco" / VERSION


def convert_mobilenet_v2(archive: Path, model_root: Path, *, pictures: Path | None = None) -> Path:
    """Write the folder `mobilenet-v2-imagenet/1` from an archive of MobileNetV2's arrays.

    The embedding is the 1,280 features projected to 512 by `classifier_projection`, so that its signs are
        "calibration": f"none: signs after projection to the classifier's directions, rotation seed {SEED}",

    Returns
    -------
    The folder.

    Raises
    ------
    ModelFolderError
        If the archive does not fit, or the folder exists.
    CodeError
        If `pictures` holds no picture, or a broken one.
    """
    shapes = mobilenet_v2.tensor_shapes()
    classifier = {"classifier.weight": (1001, mobilenet_v2.FEATURES, 1, 1)}
    arrays = _read_archive(archive, shapes | classifier)
    class_rows = arrays.pop("classifier.weight")[1:, :, 0, 0]
    arrays["projection.weight"] = classifier_projection(class_rows, BITS, seed=SEED)
    fields: dict[str, Any] = {
        "kind": "embedder",
        "adapter": "tiny",
        "architecture": "mobilenet_v2",
        "input": {"side": 224},
        "dimension": BITS,
        "calibration": f"none: signs after a projection to the classifier's directions, rotation seed {SEED}",
    }
    if pictures is not None:
        fields |= _calibrated(arrays, fields, pictures=pictures)
    with new_version(model_root, "mobilenet-v2-imagenet", VERSION) as folder:
        save_file(arrays, folder / WEIGHTS)
        _write_card(folder, f"MobileNetV2 1.0, 224 px, turns a crop into {BITS} numbers.", archive)
        write_manifest(folder, fields)
    return model_root / "mobilenet-v2-imagenet" / VERSION


def _calibrated(arrays: Arrays, fields: Mapping[str, Any], *, pictures: Path) -> dict[str, Any]:
    """Return the manifest fields of thresholds fitted on the pictures of a folder."""
    with tempfile.TemporaryDirectory(prefix="calibrating-") as staging:
        folder = Path(staging) / "uncalibrated" / VERSION
        folder.mkdir(parents=True)
        save_file(arrays, folder / WEIGHTS)
        write_manifest(folder, fields)
        thresholds, said = calibrate(load_embedder(folder), pictures)
    return {"bit_thresholds": [float(value) for value in thresholds], "calibration": said}


def _read_archive(archive: Path, shapes: Shapes) -> Arrays:
    """Read the named arrays; others stay behind."""
    try:
        with zipfile.ZipFile(archive), archive.open("rb") as stream:
            content = np.load(stream, allow_pickle=False)
            found = {name: content[name] for name in content.files if name in shapes}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ModelFolderError(
            f"{archive} is no archive of arrays ({error}); pass a sound .npz file."
        ) from error
    for name, shape in shapes.items():
        if name not in found or found[name].shape != shape:
            has = f"has shape {found[name].shape}" if name in found else "is missing"
            raise ModelFolderError(
                f"{archive}: array {name} {has}, but the net needs shape {shape}; "
                "pass the archive of this net, with as many labels as it has classes."
            )
    return {name: np.ascontiguousarray(array, np.float32) for name, array in found.items()}


def _write_card(folder: Path, what: str, archive: Path) -> None:
    title = f"# {folder.parent.name}/{folder.name}"
    text = f"{title}\n\n{what}\n\nConverted from `{archive.name}` by model_hooks.convert.\n"
    (folder / "card.md").write_text(text, encoding="utf-8")


def _read_labels(path: Path) -> dict[str, str | None]:
    try:
        labels: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFolderError(f"{path} cannot be read as JSON ({error}); correct it.") from error
    if not isinstance(labels, dict) or not all(
        slug is None or isinstance(slug, str) for slug in labels.values()
    ):
        raise ModelFolderError(f"{path} must map each label, in output order, to a category slug or null.")
    return labels


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m model_hooks.convert", description=__doc__)
    parser.add_argument("net", choices=("yolox_nano", "mobilenet_v2"))
    parser.add_argument("archive", type=Path, help="the arrays, an .npz file")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="MODEL_ROOT", help="where model folders lie"
    )
    parser.add_argument(
        "--labels", type=Path, help="JSON object: label to category slug or null, in output order"
    )
    parser.add_argument(
        "--calibrate", type=Path, metavar="IMAGES_DIR", help="pictures to fit bit thresholds on"
    )
    options = parser.parse_args(arguments)
    try:
        if options.net == "yolox_nano":
            labels = None if options.labels is None else _read_labels(options.labels)
            folder = convert_yolox_nano(options.archive, options.out, labels=labels)
        else:
            folder = convert_mobilenet_v2(options.archive, options.out, pictures=options.calibrate)
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Wrote {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
