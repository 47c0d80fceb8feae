"""The residual detector: plain 3x3 convolutions and a feature pyramid (Lin et al., 2017), with YOLOX's cells.

Depthwise convolutions would save weights but cost a processor two to three times the time, so there are none.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from model_hooks.adapters.tiny.convolutions import Convolutions, Shapes, convolution_shapes

if TYPE_CHECKING:
    from torch import Tensor

STEM = 12
STAGES = ((24, 0), (48, 1), (112, 2), (160, 1))
"""Channels and residual blocks of each stage; each halves the sides first, so the last has stride 32."""
NECK = 48


class Convolve(Protocol):
    """Runs a convolution by name."""

    def __call__(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        """Convolve `x` (N, C, H, W)."""
        ...


def layers(classes: int) -> dict[str, tuple[int, int, int]]:
    """Return input channels, output channels and kernel of each convolution of the net, by name."""
    table = {"stem": (3, STEM, 3)}
    before = STEM
    for stage, (width, blocks) in enumerate(STAGES):
        table[f"stage{stage}.down"] = (before, width, 3)
        for block in range(blocks):
            table[f"stage{stage}.block{block}.a"] = (width, width, 3)
            table[f"stage{stage}.block{block}.b"] = (width, width, 3)
        before = width
    for level, (width, _) in enumerate(STAGES[1:]):
        table[f"neck.lateral{level}"] = (width, NECK, 1)
        table[f"neck.smooth{level}"] = (NECK, NECK, 3)
    for part, outputs in (("box", 4), ("objectness", 1), ("classes", classes)):
        table[f"head.{part}"] = (NECK, outputs, 1)
    return table | {"head.where": (NECK, NECK, 3), "head.what": (NECK, NECK, 3)}


def tensor_shapes(classes: int) -> Shapes:
    """Return the name and shape of every tensor of a net that tells `classes` classes apart."""
    shapes: Shapes = {}
    for name, (before, after, kernel) in layers(classes).items():
        shapes |= convolution_shapes(name, (before, after), kernel=kernel)
    return shapes


class ResidualFpn:
    """The net, from pictures to one row of raw numbers per cell.

    Parameters
    ----------
    tensors
        As named by `tensor_shapes`, with batch norm and the scaling of pixels folded in.
    """

    def __init__(self, tensors: Mapping[str, "Tensor"]) -> None:
        self._wiring = Wiring(Convolutions(tensors))

    def __call__(self, pictures: "Tensor") -> "Tensor":
        """Turn `(N, 3, S, S)` RGB of 0..255, S a multiple of 32, into `(N, cells, 5 + classes)`.

        Cells run level by level (strides 8, 16, 32), row by row; each is box 4, objectness, classes, all raw.
        """
        return self._wiring(pictures)


class Wiring:
    """How the convolutions follow each other, whoever runs them: the adapter, or the training."""

    def __init__(self, convolve: Convolve) -> None:
        import torch

        self._torch: Any = torch
        self._functional: Any = torch.nn.functional
        self._convolve = convolve

    def __call__(self, pictures: "Tensor") -> "Tensor":
        """Return the cells of pictures, as `ResidualFpn` describes them."""
        levels = self._neck(self._backbone(pictures))
        result: Tensor = self._torch.cat([self._head(level) for level in levels], 2).transpose(1, 2)
        return result

    def _backbone(self, pictures: "Tensor") -> list["Tensor"]:
        x = self._activated(pictures, "stem", stride=2)
        levels = []
        for stage, (_, blocks) in enumerate(STAGES):
            x = self._activated(x, f"stage{stage}.down", stride=2)
            for block in range(blocks):
                inner = self._activated(x, f"stage{stage}.block{block}.a")
                inner = self._convolve(inner, f"stage{stage}.block{block}.b")
                x = self._functional.relu(x + inner, inplace=True)
            levels.append(x)
        return levels[1:]

    def _neck(self, levels: list["Tensor"]) -> list["Tensor"]:
        """Hand what the coarse levels know down to the fine ones."""
        merged = [self._convolve(x, f"neck.lateral{level}") for level, x in enumerate(levels)]
        for level in (1, 0):
            merged[level] = merged[level] + self._functional.interpolate(merged[level + 1], scale_factor=2)
        return [self._activated(x, f"neck.smooth{level}") for level, x in enumerate(merged)]

    def _head(self, x: "Tensor") -> "Tensor":
        where, what = self._activated(x, "head.where"), self._activated(x, "head.what")
        parts = [
            self._convolve(where, "head.box"),
            self._convolve(where, "head.objectness"),
            self._convolve(what, "head.classes"),
        ]
        result: Tensor = self._torch.cat(parts, 1).flatten(2)
        return result

    def _activated(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        result: Tensor = self._functional.relu(self._convolve(x, name, stride=stride), inplace=True)
        return result
