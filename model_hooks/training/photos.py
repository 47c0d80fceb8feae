"""Real photographs of garments (the CC0 "clothing dataset"): mapped to our categories, split by hash."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_hooks.adapters.tiny.trimming import product_box
from model_hooks.errors import ModelUseError
from model_hooks.training.crops import Stored, opened
from model_hooks.training.drawn_shop.designs import CATEGORIES

CATEGORY_OF: Mapping[str, str | None] = {
    "T-Shirt": "tops",
    "Longsleeve": "tops",
    "Shirt": "tops",
    "Polo": "tops",
    "Hoodie": "tops",
    "Top": "tops",
    "Blouse": "tops",
    "Outwear": "outerwear",
    "Blazer": "outerwear",
    "Dress": "dresses",
    "Pants": "pants",
    "Shorts": "shorts",
    "Skirt": "skirts",
    "Shoes": "shoes",
    "Hat": "accessories",
    "Undershirt": None,
    "Body": None,
}
"""The source's label to our category; None, underwear and one-piece bodies, is left out."""
TEST_SHARE = 0.2


@dataclass(frozen=True)
class Photo:
    """One photograph; `category` is the place in `CATEGORIES`, `sha256` that of the file."""

    path: Path
    category: int
    sha256: str


def read_photos(folder: Path) -> tuple[list[Photo], list[Photo]]:
    """Return the photographs for training and those for testing, 80 : 20 of each of the source's labels.

    For testing are those with the lowest SHA-256 of their file: the same on every machine, in any order. A
    copy of a photograph for testing, under whichever label, is for testing too.

    Raises
    ------
    ModelUseError
        If the folder has no `products.csv` with the columns file and label, a label is not in the table, or
        a picture cannot be read.
    """
    photos: list[Photo] = []
    for_testing: set[str] = set()
    for label, names in _names_by_label(folder / "products.csv").items():
        if label not in CATEGORY_OF:
            raise ModelUseError(
                f"{folder / 'products.csv'} has the label {label!r}; map it in {__name__}.CATEGORY_OF."
            )
        category = CATEGORY_OF[label]
        if category is not None:
            mine = [_photo(folder / "images" / name, CATEGORIES.index(category)) for name in names]
            mine.sort(key=lambda photo: photo.sha256)
            for_testing |= {photo.sha256 for photo in mine[: round(TEST_SHARE * len(mine))]}
            photos += mine
    training = [photo for photo in photos if photo.sha256 not in for_testing]
    return training, [photo for photo in photos if photo.sha256 in for_testing]


def _photo(path: Path, category: int) -> Photo:
    try:
        return Photo(path, category, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        raise ModelUseError(
            f"{path} cannot be read ({error}); restore it, or take its line out of products.csv."
        ) from error


def load_photos(photos: list[Photo]) -> tuple[Stored, NDArray[np.int64]]:
    """Return the photographs, the box being what an embedder sees, and the categories."""
    stored = Stored.empty(len(photos))
    for row, photo in enumerate(photos):
        picture = opened(photo.path)
        stored.put(row, picture, product_box(picture))
    return stored, np.array([photo.category for photo in photos], np.int64)


def _names_by_label(path: Path) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                names.setdefault(row["label"], []).append(row["file"])
    except (OSError, KeyError) as error:
        raise ModelUseError(f"{path} must be a table with the columns file and label ({error!r}).") from error
    return names
