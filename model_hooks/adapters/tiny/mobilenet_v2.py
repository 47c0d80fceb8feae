"""MobileNetV2 1.0 (Sandler et al., CVPR 2018, table 2) with TensorFlow's padding, up to its features."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from model_hooks.adapters.tiny.convolutions import Convolutions, Shapes, convolution_shapes

if TYPE_CHECKING:
    from torch import Tensor

FEATURES = 1280
STAGES = ((1, 16, 1), (2, 24, 2), (3, 32, 2), (4, 64, 2), (3, 96, 1), (3, 160, 2), (1, 320, 1))
"""Blocks, output channels and the first block's stride of each stage."""


def _blocks() -> Iterator[tuple[str, int, int, int]]:
    """Yield name, input channels, output channels and stride of each of the 17 blocks."""
    before, number = 32, 0
    for count, after, first_stride in STAGES:
        for position in range(count):
            yield f"block{number:02d}", before, after, first_stride if position == 0 else 1
            before, number = after, number + 1


def tensor_shapes() -> Shapes:
    """Return the name and shape of every tensor of the net."""
    shapes = convolution_shapes("stem", (3, 32), kernel=3)
    for name, before, after, _stride in _blocks():
        inner = before if name == "block00" else 6 * before
        if inner != before:
            shapes |= convolution_shapes(f"{name}.expand", (before, inner))
        shapes |= convolution_shapes(f"{name}.depthwise", (inner, inner), kernel=3, groups=inner)
        shapes |= convolution_shapes(f"{name}.project", (inner, after))
    return shapes | convolution_shapes("head", (320, FEATURES))


class MobileNetV2:
    """The net, from pictures to pooled features.

    Parameters
    ----------
    tensors
        As named by `tensor_shapes`; others are left alone.
    """

    def __init__(self, tensors: Mapping[str, "Tensor"]) -> None:
        from torch.nn import functional

        self._functional: Any = functional
        self._convolve = Convolutions(tensors)

    def __call__(self, pictures: "Tensor") -> "Tensor":
        """Turn `(N, 3, 224, 224)` RGB of value / 128 - 1 into `(N, 1280)` features, all in 0..6."""
        x = self._activated(pictures, "stem", stride=2)
        for name, before, after, stride in _blocks():
            inner = x if name == "block00" else self._activated(x, f"{name}.expand")
            inner = self._activated(inner, f"{name}.depthwise", stride=stride)
            inner = self._convolve(inner, f"{name}.project")
            x = x + inner if stride == 1 and before == after else inner
        return self._activated(x, "head").mean(dim=(2, 3))

    def _activated(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        """Convolve and clip to 0..6; at stride 2 TensorFlow pads only right and below, by 1."""
        if stride == 2:
            x = self._convolve(self._functional.pad(x, (0, 1, 0, 1)), name, stride=2, padding=0)
        else:
            x = self._convolve(x, name)
        return x.clamp_(0, 6)
