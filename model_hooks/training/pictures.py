"""Labeled pictures for training a detector: read once, scaled once, and kept in memory as bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_hooks.adapters.pictures import as_rgb
from model_hooks.adapters.tiny.resizing import resized
from model_hooks.adapters.tiny.trimming import extent, rim
from model_hooks.errors import ModelUseError
from model_hooks.training.shop_files import DESIGNS, TRUTH, read_lines

BACKGROUND_STEP = 28
"""Levels of 255 by which a product differs from the plain ground of its picture; shadows stay below."""

Pixels = NDArray[np.uint8]
Boxes = NDArray[np.float32]
Classes = NDArray[np.int64]


@dataclass(frozen=True)
class LabeledPicture:
    """One picture, scaled.

    Attributes
    ----------
    pixels
        `(height, width, 3)` RGB.
    boxes
        `(G, 4)` x1, y1, x2, y2 in its pixels.
    classes
        `(G,)` numbers of the labels.
    """

    pixels: Pixels
    boxes: Boxes
    classes: Classes


def load_scenes(folder: Path, labels: Sequence[str], side: int) -> list[LabeledPicture]:
    """Read a folder's scenes, their longer side scaled to `side`.

    Raises
    ------
    ModelUseError
        If files are missing, or an object has a category outside `labels`.
    """
    found = []
    for line in _with_bar(read_lines(folder / TRUTH), "scenes"):
        rows = [(item["box"], _number(item["category"], labels, folder / TRUTH)) for item in line["objects"]]
        pixels, factor = _scaled(folder / line["file"], side)
        corners = np.array([[x, y, x + w, y + h] for (x, y, w, h), _ in rows], np.float32).reshape(-1, 4)
        classes = np.array([number for _, number in rows], np.int64)
        found.append(LabeledPicture(pixels, corners * factor, classes))
    return found


def load_products(
    folder: Path, labels: Sequence[str], side: int, *, most: int = 2000
) -> list[LabeledPicture]:
    """Read at most `most` of a folder's catalog pictures, evenly spread.

    This is the paper's single-product data set (section 5.1.1), whose boxes nobody has drawn either: the box
    of a product is what stands out from the plain ground of its picture. Where nothing stands out, the
    picture is left out. Errors are those of `load_scenes`.
    """
    lines = read_lines(folder / DESIGNS)
    chosen = [lines[number * len(lines) // most] for number in range(most)] if len(lines) > most else lines
    found = []
    for line in _with_bar(chosen, "products"):
        number = _number(line["category"], labels, folder / DESIGNS)
        pixels, _ = _scaled(folder / line["file"], side)
        box = standing_out(pixels)
        if box is not None:
            found.append(LabeledPicture(pixels, box[None], np.array([number], np.int64)))
    return found


def standing_out(pixels: Pixels) -> NDArray[np.float32] | None:
    """Return x1, y1, x2, y2 of what differs from the ground at the picture's rim, None if nothing does."""
    wide = pixels.astype(np.int16)
    # A lone row or column of few pixels is noise of the JPEG file.
    corners = extent(wide, rim(wide)[1], apart=BACKGROUND_STEP, least=2)
    return None if corners is None else np.array(corners, np.float32)


def _scaled(path: Path, side: int) -> tuple[Pixels, float]:
    """Return a picture whose longer side is `side`, and the factor."""
    try:
        with Image.open(path) as picture:
            factor = side / max(picture.size)
            size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
            return resized(as_rgb(picture), size), factor
    except OSError as error:
        raise ModelUseError(f"{path} cannot be read ({error}); draw the data again.") from error


def _number(category: str, labels: Sequence[str], path: Path) -> int:
    try:
        return labels.index(category)
    except ValueError:
        raise ModelUseError(
            f"{path} names the category {category!r}, which the net does not know; "
            f"use one of {', '.join(labels)}."
        ) from None


def _with_bar(lines: list[dict[str, Any]], what: str) -> Iterable[dict[str, Any]]:
    from tqdm import tqdm

    bar: Iterable[dict[str, Any]] = tqdm(lines, desc=f"reading {what}", mininterval=2)
    return bar
