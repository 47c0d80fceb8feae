"""What a model is to the rest of the system: a detector, an embedder, at times a predictor of attributes.

Weights load in `setup`, never in the constructor, so that a worker can build a model before it forks and load
it after. Every model may be given any number of pictures: it cuts them into batches of its own. The adapters
leave the number of threads alone; a worker process calls `torch.set_num_threads(1)` once, before `setup`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

GENDERS = ("men", "women", "unisex")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright original image; `x`, `y` is the top left corner.

    A detector clips its boxes to the image, so `0 <= x`, `x + w <= width`, likewise for `y`; `w`, `h` > 0.
    """

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Detection:
    """One object found in an image; `label` is the model's own word and `score` lies in 0..1."""

    box: Box
    label: str
    score: float


@runtime_checkable
class Detector(Protocol):
    """Finds objects in pictures."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that `detect` can return, in the model's order."""
        ...

    def setup(self, device: str) -> None:
        """Load the weights onto `device` (`cpu`, `cuda`, `cuda:N` or `auto`) and run one batch to warm up."""
        ...

    def detect(self, images: Sequence[Image], *, threshold: float) -> list[list[Detection]]:
        """Return, per image and best first, the detections that score at least `threshold` (0..1).

        Images are upright and of any size and mode; an image without objects gives an empty list, no image
        gives no list. Raises `ModelUseError` before `setup`.
        """
        ...


@runtime_checkable
class Embedder(Protocol):
    """Turns crops into vectors whose angle says how alike two things look."""

    @property
    def dimension(self) -> int:
        """Length D of a vector, and so the number of bits of a code."""
        ...

    @property
    def bit_thresholds(self) -> NDArray[np.float32] | None:
        """`(D,)` thresholds to pass to `codes.binarize`, or None where the sign is the right cut."""
        ...

    def setup(self, device: str) -> None:
        """Load the weights onto `device` (`cpu`, `cuda`, `cuda:N` or `auto`) and run one batch to warm up."""
        ...

    def embed(self, crops: Sequence[Image]) -> NDArray[np.float32]:
        """Return `(N, D)` vectors of length 1, one row per crop, in order; no crop gives `(0, D)`.

        Raises `ModelUseError` before `setup`.
        """
        ...


@runtime_checkable
class GenderPredictor(Protocol):
    """Says for whom a garment is made; some embedders carry such a head."""

    def genders(self, crops: Sequence[Image]) -> list[str | None]:
        """Return one of `GENDERS` per crop, or None where the model is not sure enough."""
        ...

    def genders_of(self, vectors: NDArray[np.float32]) -> list[str | None]:
        """Return the same from `(N, D)` vectors that `embed` of this model has made, at almost no cost."""
        ...


@runtime_checkable
class AttributePredictor(Protocol):
    """Says what a thing is and looks like, in words; some embedders carry such heads."""

    def attributes(self, crops: Sequence[Image]) -> list[dict[str, str]]:
        """Return attribute to value per crop, only the attributes that such a thing has.

        `category` is one of them where the model predicts it.
        """
        ...

    def attributes_of(self, vectors: NDArray[np.float32]) -> list[dict[str, str]]:
        """Return the same from `(N, D)` vectors that `embed` of this model has made, at almost no cost."""
        ...
