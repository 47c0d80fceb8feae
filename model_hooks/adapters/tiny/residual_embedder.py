"""A small residual net as an `Embedder` with heads for category, gender and attributes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from model_hooks.adapters.pictures import as_rgb
from model_hooks.adapters.tiny.convolutions import Convolutions, Shapes, convolution_shapes
from model_hooks.adapters.tiny.embedder import TinyEmbedderWithGender, softmax
from model_hooks.adapters.tiny.trimming import product_box
from model_hooks.manifest import ModelManifest

if TYPE_CHECKING:
    from torch import Tensor

STEM = 16
STAGES = ((32, 0), (64, 1), (128, 1), (192, 1))
"""Channels and residual blocks of each stage; every stage begins with a convolution of stride 2."""
POOLED = 2
"""Stages, counted from the last, whose means over the picture make the features."""
FEATURES = sum(channels for channels, _ in STAGES[-POOLED:])
HIDDEN = 64
"""Units of a head's hidden layer."""


def convolution_names(channels: int = 3) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, input channels, output channels and stride of each 3 x 3 convolution, in order."""
    yield "stem", channels, STEM, 2
    before = STEM
    for number, (after, blocks) in enumerate(STAGES):
        yield f"stage{number}.down", before, after, 2
        for block in range(blocks):
            yield f"stage{number}.block{block}.first", after, after, 1
            yield f"stage{number}.block{block}.second", after, after, 1
        before = after


def tensor_shapes(dimension: int, heads: Mapping[str, Sequence[str]], channels: int = 3) -> Shapes:
    """Return the name and shape of every tensor of the net and its heads."""
    shapes: Shapes = {}
    for name, before, after, _stride in convolution_names(channels):
        shapes |= convolution_shapes(name, (before, after), kernel=3)
    shapes |= {"embedding.weight": (dimension, FEATURES), "embedding.bias": (dimension,)}
    for head, values in heads.items():
        shapes |= {f"{head}.hidden.weight": (HIDDEN, dimension), f"{head}.hidden.bias": (HIDDEN,)}
        shapes |= {f"{head}.weight": (len(values), HIDDEN), f"{head}.bias": (len(values),)}
    return shapes


def proportion_level(width: float, height: float) -> int:
    """Return 0..255 for a picture's proportion, 128 for a square and 32 more for each doubled width.

    Squeezed to a square, long trousers and shorts look alike; a plane of this level tells them apart.
    """
    return min(max(round(128 + 32 * math.log2(width / height)), 0), 255)


def features(x: "Tensor", convolve: Convolutions) -> "Tensor":
    """Turn `(N, 3, H, W)` pictures into `(N, FEATURES)` features; `convolve` has batch norm folded in."""
    import torch

    x = convolve(x, "stem", stride=2).relu_()
    pooled = []
    for number, (_, blocks) in enumerate(STAGES):
        x = convolve(x, f"stage{number}.down", stride=2).relu_()
        for block in range(blocks):
            inner = convolve(x, f"stage{number}.block{block}.first").relu_()
            x = convolve(inner, f"stage{number}.block{block}.second").add_(x).relu_()
        pooled.append(x.mean(dim=(2, 3)))
    return torch.cat(pooled[-POOLED:], dim=1)


class ResidualEmbedder(TinyEmbedderWithGender):
    """An `Embedder`, `GenderPredictor` and `AttributePredictor`; `input.side` is 112 unless given.

    Plain ground around a product is cut away, then the rest is squeezed to the square.

    The vector is centred before it is scaled to length 1, so that the sign is the right cut (Zhai and Wu,
    "Classification is a strong baseline for deep metric learning", BMVC 2019, section 3.2).
    `input.proportion` of the manifest, true or false, says whether the net has a fourth input plane for it;
    `input.applies` of the manifest names the categories of an attribute that not everything has.
    """

    widest: ClassVar[int] = 4096
    side: ClassVar[int] = 112
    side_step: ClassVar[int] = 16

    def __init__(self, manifest: ModelManifest) -> None:
        super().__init__(manifest)
        self._planes = 4 if manifest.input.get("proportion", False) else 3
        self._applies: Mapping[str, Sequence[str]] = manifest.input.get("applies", {})

    def preprocess(self, crops: Sequence[Image]) -> NDArray[np.uint8]:
        """Return `(N, side, side, 3 or 4)`: RGB, and the proportion where the net takes it."""
        trimmed = [_trimmed(as_rgb(crop)) for crop in crops]
        pictures = super().preprocess(trimmed)
        if self._planes == 3:
            return pictures
        levels = np.array([proportion_level(*crop.size) for crop in trimmed], np.uint8)
        plane = np.broadcast_to(levels[:, None, None, None], (*pictures.shape[:3], 1))
        return np.concatenate([pictures, plane], axis=3)

    def attributes(self, crops: Sequence[Image]) -> list[dict[str, str]]:
        """Return the category and the attributes that it has, per crop."""
        return self.attributes_of(self.embed(crops))

    def attributes_of(self, vectors: NDArray[np.float32]) -> list[dict[str, str]]:
        """Return the same from `(N, dimension)` vectors that `embed` has made."""
        self._check_loaded()
        first = {
            head: [values[place] for place in self._head_shares(head, vectors).argmax(axis=1)]
            for head, values in self.manifest.heads.items()
            if head != "gender"
        }
        found: list[dict[str, str]] = [{} for _ in vectors]
        for head, values in first.items():
            for row, value in enumerate(values):
                if self._has(head, first["category"][row] if "category" in first else None):
                    found[row][head] = value
        return found

    def _has(self, head: str, category: str | None) -> bool:
        return category is None or category in self._applies.get(head, (category,))

    def _shapes(self) -> Shapes:
        return tensor_shapes(self._dimension, self.manifest.heads, self._planes)

    def _vectors(self, x: "Tensor") -> "Tensor":
        from torch.nn import functional

        found = functional.linear(
            features(x, Convolutions(self._tensors)),
            self._tensors["embedding.weight"],
            self._tensors["embedding.bias"],
        )
        return functional.normalize(found - found.mean(dim=1, keepdim=True))

    def _head_shares(self, head: str, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        def tensor(name: str) -> NDArray[np.float32]:
            array: NDArray[np.float32] = self._tensors[f"{head}.{name}"].cpu().numpy()
            return array

        # The heads were trained on vectors whose numbers have a variance of 1.
        scaled = vectors * np.float32(self._dimension**0.5)
        hidden = np.maximum(scaled @ tensor("hidden.weight").T + tensor("hidden.bias"), 0)
        return softmax(hidden @ tensor("weight").T + tensor("bias"))


def _trimmed(picture: Image) -> Image:
    x, y, w, h = product_box(picture)
    return picture if (w, h) == picture.size else picture.crop((x, y, x + w, y + h))
