"""Fewer, better numbers for binary codes: a projection that needs no pictures to be fitted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_hooks.errors import CodeError


def classifier_projection(weight: NDArray[Any], bits: int, *, seed: int) -> NDArray[np.float32]:
    """Project features onto the directions that the net's own classifier looks at, turned at random.

    The rows of a linear classifier say which directions of the features tell classes apart. The best `bits`
    of them (right singular vectors of the centred rows) keep the angles between pictures; the random rotation
    spreads the information evenly, so that every bit of the sign is worth about the same.

    Parameters
    ----------
    weight
        `(C, F)`, the classifier's weights over F features.
    bits
        Dimensions to keep, at most min(C - 1, F).
    seed
        Seed of the rotation.

    Returns
    -------
    `(bits, F)` float32 with orthonormal rows; vectors are `features @ projection.T`.

    Raises
    ------
    CodeError
        If the classifier has too few classes or features for that many bits.

    Notes
    -----
    The random rotation before the sign is that of Gong and Lazebnik, "Iterative Quantization" (CVPR 2011),
    section 2.2. That the singular vectors come from a classifier, not from pictures, is our own choice; ADR 2
    has the measurements.
    """
    classes, features = weight.shape
    if not 1 <= bits <= min(classes - 1, features):
        raise CodeError(
            f"A classifier of {classes} classes over {features} features has no {bits} directions; "
            f"ask for at most {min(classes - 1, features)}."
        )
    centred = np.asarray(weight, np.float64) - np.mean(weight, axis=0, dtype=np.float64)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:bits]
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((bits, bits)))
    projection: NDArray[np.float32] = (rotation.T @ directions).astype(np.float32)
    return projection
