"""What all adapters read from a manifest, checked."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from model_hooks.errors import ModelFolderError
from model_hooks.manifest import ModelManifest


def input_side(manifest: ModelManifest, *, default: int, step: int = 32) -> int:
    """Return `input.side`, the side of the net's square input in pixels: a multiple of `step` up to 4096.

    Raises
    ------
    ModelFolderError
        If it is anything else.
    """
    side = manifest.input.get("side", default)
    if type(side) is not int or not step <= side <= 4096 or side % step:
        raise ModelFolderError(
            f"{manifest.folder}: input.side is {side!r}, but must be a multiple of {step} up to 4096; "
            "correct it in model.json."
        )
    return side


def check_architecture(manifest: ModelManifest, known: Collection[str]) -> None:
    """Refuse, with a `ModelFolderError`, an architecture that the adapter does not know."""
    if manifest.architecture not in known:
        raise ModelFolderError(
            f"{manifest.folder}: the adapter {manifest.adapter} knows no {manifest.kind} of architecture "
            f"{manifest.architecture!r}; correct it in model.json to one of {', '.join(known)}."
        )


def check_dimension(manifest: ModelManifest, given: int) -> None:
    """Refuse, with a `ModelFolderError`, a net whose vectors have another length than the manifest says."""
    if given != manifest.dimension:
        raise ModelFolderError(
            f"{manifest.folder}: dimension is {manifest.dimension}, but the net gives {given}; "
            "correct it in model.json."
        )


def first_line(error: Exception) -> str:
    """Return the beginning of another library's message, so that ours stays one sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def bit_thresholds_of(manifest: ModelManifest) -> NDArray[np.float32] | None:
    """Return the manifest's `(dimension,)` thresholds for `codes.binarize`, None for the sign."""
    return None if manifest.bit_thresholds is None else np.array(manifest.bit_thresholds, np.float32)


def of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row of `(N, D)` to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
