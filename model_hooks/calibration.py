"""Bit thresholds from a folder of pictures."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm import tqdm

from model_hooks.codes import fit_bit_thresholds
from model_hooks.errors import CodeError
from model_hooks.protocols import Embedder

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
MOST_PICTURES = 2000
BATCH = 64


def calibrate(embedder: Embedder, folder: Path) -> tuple[NDArray[np.float32], str]:
    """Fit bit thresholds on the pictures of a folder, at most the first 2,000 by name.

    Returns
    -------
    `(D,)` thresholds, and a sentence for `calibration` in the manifest that pins the pictures.

    Raises
    ------
    CodeError
        If the folder holds no picture, or a file with a picture's name is none.
    """
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)[:MOST_PICTURES]
    if not paths:
        raise CodeError(
            f"{folder} holds no JPEG, PNG or WebP picture; pass a folder of calibration pictures."
        )
    content = hashlib.sha256()
    vectors = []
    for start in tqdm(range(0, len(paths), BATCH), desc="Calibrating", unit="batch", disable=None):
        batch = paths[start : start + BATCH]
        for path in batch:
            content.update(hashlib.sha256(path.read_bytes()).digest())
        vectors.append(embedder.embed([_opened(path) for path in batch]))
    said = f"medians over {len(paths)} pictures of {folder.name!r}, content SHA-256 {content.hexdigest()}"
    return fit_bit_thresholds(np.concatenate(vectors)), said


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise CodeError(f"{path} cannot be read as a picture; take it out of the folder.") from error
