"""Small model folders with random weights, written by the tests themselves."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

from model_hooks.adapters.tiny import mobilenet_v2, yolox_nano
from model_hooks.registry import write_manifest

LABELS = ("chair", "sofa", "cat")
DETECTOR_FIELDS: dict[str, Any] = {
    "kind": "detector",
    "adapter": "tiny",
    "architecture": "yolox_nano",
    "input": {"side": 64},
    "threshold": 0.3,
    "labels": {"chair": "chairs", "sofa": "sofas", "cat": None},
}
EMBEDDER_FIELDS: dict[str, Any] = {
    "kind": "embedder",
    "adapter": "tiny",
    "architecture": "mobilenet_v2",
    "input": {"side": 64},
    "dimension": 32,
}


def random_tensors(
    shapes: Mapping[str, tuple[int, ...]], seed: int = 0, *, gain: float = 1.4
) -> dict[str, NDArray[np.float32]]:
    """Weights of a size that keeps the numbers alive through many layers, and small enough not to explode."""
    random = np.random.default_rng(seed)
    return {
        name: (random.standard_normal(shape) * gain / math.prod(shape[1:]) ** 0.5).astype(np.float32)
        for name, shape in shapes.items()
    }


def write_detector(root: Path, **changes: Any) -> Path:
    """Write a random YOLOX-nano of three classes as `finder/1`."""
    folder = _new(root / "finder" / "1")
    save_file(random_tensors(yolox_nano.tensor_shapes(len(LABELS)), gain=1.2), folder / "model.safetensors")
    (folder / "labels.json").write_text(json.dumps(LABELS))
    write_manifest(folder, {**DETECTOR_FIELDS, **changes})
    return folder


def write_embedder(
    root: Path,
    *,
    gender: bool = False,
    shapes: dict[str, tuple[int, ...]] | None = None,
    **changes: Any,
) -> Path:
    """Write random tensors, a MobileNetV2's unless given, of 32 dimensions as `looker/1`."""
    folder = _new(root / "looker" / "1")
    fields = {**EMBEDDER_FIELDS, **changes}
    shapes = shapes or mobilenet_v2.tensor_shapes() | {
        "projection.weight": (fields["dimension"], mobilenet_v2.FEATURES)
    }
    if gender:
        shapes |= {"gender.weight": (3, fields["dimension"]), "gender.bias": (3,)}
        fields["heads"] = {"gender": ["men", "women", "unisex"]}
    save_file(random_tensors(shapes), folder / "model.safetensors")
    write_manifest(folder, fields)
    return folder


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "card.md").write_text("# A net of random numbers\n")
    return folder


def drawn_pictures(sizes: tuple[tuple[int, int], ...], seed: int = 0) -> list[Image.Image]:
    """Smooth random pictures of the given (width, height)."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (len(sizes), 6, 6, 3), dtype=np.uint8)
    return [Image.fromarray(pixels).resize(size) for pixels, size in zip(small, sizes, strict=True)]
