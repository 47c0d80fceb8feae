"""Binary codes: vectors cut to bits, packed into bytes, compared by Hamming distance.

The one convention, used by every engine and every stored code: bit d is 1 where `vector[d] > threshold[d]`
and 0 otherwise, so a value equal to its threshold (and the sign of 0) gives 0. Bit 0 is the highest bit of
byte 0 (big-endian within the byte); a code of D bits takes `ceil(D / 8)` bytes, 0 bits filling up its end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_hooks.errors import CodeError


def binarize(vectors: NDArray[Any], thresholds: NDArray[Any] | None = None) -> NDArray[np.uint8]:
    """Cut vectors to packed bits.

    Parameters
    ----------
    vectors
        `(N, D)` real numbers; N may be 0.
    thresholds
        `(D,)` real numbers; None means 0 everywhere, the sign.

    Returns
    -------
    `(N, ceil(D / 8))` uint8, in this module's bit order.

    Raises
    ------
    CodeError
        If the shapes do not fit, or if a value is NaN (it has no side of a threshold).

    Notes
    -----
    "Shop The Look" (KDD 2020), section 6.1.1, binarizes its embeddings to search them by Hamming distance.

    Examples
    --------
    >>> binarize(np.array([[0.5, -1.0, 0.0, 2.0]]))
    array([[144]], dtype=uint8)
    """
    values = np.asarray(vectors)
    if values.ndim != 2 or values.shape[1] == 0:
        raise CodeError(
            f"Vectors must have shape (N, D) with D > 0, not {values.shape}; pass one row per vector."
        )
    cut = np.zeros(values.shape[1]) if thresholds is None else np.asarray(thresholds)
    if cut.shape != (values.shape[1],):
        raise CodeError(
            f"Thresholds of shape {cut.shape} do not fit vectors of {values.shape[1]} dimensions; "
            "use the thresholds of the model that made the vectors."
        )
    if np.isnan(values).any() or np.isnan(cut).any():
        raise CodeError(
            "Vectors or thresholds contain NaN, which has no bit; look for the picture that made it."
        )
    return np.packbits(values > cut, axis=1)


def code_bits(codes: NDArray[np.uint8], dimension: int) -> NDArray[np.bool_]:
    """Unpack codes: `(N, ceil(D / 8))` uint8 to `(N, D)` booleans, the inverse of `binarize`.

    Raises
    ------
    CodeError
        If the codes are not `(N, ceil(D / 8))` uint8.
    """
    packed = _packed(codes)
    if dimension < 1 or packed.shape[1] != -(-dimension // 8):
        raise CodeError(
            f"A code of {dimension} bits takes {-(-dimension // 8)} bytes, but these have {packed.shape[1]}; "
            "pass the dimension of the model that made them."
        )
    return np.unpackbits(packed, axis=1, count=dimension).astype(np.bool_)


def hamming(queries: NDArray[np.uint8], codes: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Count differing bits between all pairs: `(Q, B)` and `(N, B)` uint8 give `(Q, N)` int32 in 0..8B.

    Plain and exact, made to check faster engines against; takes memory for Q x N x B bytes.

    Raises
    ------
    CodeError
        If either is not a two-dimensional uint8 array, or if their widths differ.

    Examples
    --------
    >>> hamming(np.array([[0b11110000]], np.uint8), np.array([[0b11110000], [0b00110001]], np.uint8))
    array([[0, 3]], dtype=int32)
    """
    left, right = _packed(queries), _packed(codes)
    if left.shape[1] != right.shape[1]:
        raise CodeError(
            f"Codes of {left.shape[1]} and of {right.shape[1]} bytes cannot be compared; "
            "both sides must come from the same embedder version."
        )
    distances: NDArray[np.int32] = np.bitwise_count(left[:, None, :] ^ right[None, :, :]).sum(
        axis=2, dtype=np.int32
    )
    return distances


def fit_bit_thresholds(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Choose thresholds that split each dimension in halves: the medians of a calibration set.

    A bit tells most where half of the pictures have it. Features behind a ReLU are never negative, so that
    their sign would tell nothing at all.

    Parameters
    ----------
    vectors
        `(N, D)`, N >= 1, finite: what `embed` gives for pictures like those to be searched.

    Returns
    -------
    `(D,)` float32.

    Raises
    ------
    CodeError
        If there is no vector, or a value is not finite.
    """
    values = np.asarray(vectors)
    if values.ndim != 2 or 0 in values.shape:
        raise CodeError(
            f"Calibration needs vectors of shape (N, D) with N > 0, not {values.shape}; add pictures."
        )
    if not np.isfinite(values).all():
        raise CodeError("Calibration vectors contain NaN or infinity; look for the picture that made it.")
    medians: NDArray[np.float32] = np.median(values, axis=0).astype(np.float32)
    return medians


def _packed(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    packed = np.asarray(codes)
    if packed.ndim != 2 or packed.dtype != np.uint8:
        raise CodeError(
            f"Codes must be (N, B) uint8, not {packed.shape} {packed.dtype}; pack them with binarize."
        )
    return packed
