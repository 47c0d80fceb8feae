"""YOLOX-nano (Ge et al., 2021, "YOLOX: Exceeding YOLO Series in 2021"), from pictures to raw cells."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model_hooks.adapters.tiny.convolutions import Convolutions, Shapes, convolution_shapes

if TYPE_CHECKING:
    from torch import Tensor

HEAD = 64
DOWNS = (("dark2.down", 16, 32), ("dark3.down", 32, 64), ("dark4.down", 64, 128), ("dark5.down", 128, 256))
NECK_DOWNS = (("neck.down3", 64, 64), ("neck.down4", 128, 128))
CSPS = (
    ("dark2.csp", 32, 32, 1),
    ("dark3.csp", 64, 64, 3),
    ("dark4.csp", 128, 128, 3),
    ("dark5.csp", 256, 256, 1),
    ("neck.p4", 256, 128, 1),
    ("neck.p3", 128, 64, 1),
    ("neck.n3", 128, 128, 1),
    ("neck.n4", 256, 256, 1),
)
"""Name, input channels, output channels and blocks of each cross-stage part."""
PLAIN = (
    ("dark5.spp.c1", 256, 128),
    ("dark5.spp.c2", 512, 256),
    ("neck.lateral", 256, 128),
    ("neck.reduce", 128, 64),
)


def tensor_shapes(classes: int) -> Shapes:
    """Return the name and shape of every tensor of a net that tells `classes` classes apart."""
    shapes = convolution_shapes("stem", (12, 16), kernel=3)
    for name, before, after in DOWNS + NECK_DOWNS:
        shapes |= _separable_shapes(name, before, after)
    for name, before, after, blocks in CSPS:
        half = after // 2
        shapes |= convolution_shapes(f"{name}.c1", (before, half)) | convolution_shapes(
            f"{name}.c2", (before, half)
        )
        shapes |= convolution_shapes(f"{name}.c3", (after, after))
        for block in range(blocks):
            shapes |= convolution_shapes(f"{name}.block{block}.a", (half, half))
            shapes |= _separable_shapes(f"{name}.block{block}.b", half, half)
    for name, before, after in PLAIN:
        shapes |= convolution_shapes(name, (before, after))
    for level, before in enumerate((64, 128, 256)):
        shapes |= _head_shapes(f"head{level}", before, classes)
    return shapes


def _separable_shapes(name: str, before: int, after: int) -> Shapes:
    depthwise = convolution_shapes(f"{name}.dw", (before, before), kernel=3, groups=before)
    return depthwise | convolution_shapes(f"{name}.pw", (before, after))


def _head_shapes(name: str, before: int, classes: int) -> Shapes:
    shapes = convolution_shapes(f"{name}.stem", (before, HEAD))
    for part in ("cls0", "cls1", "reg0", "reg1"):
        shapes |= _separable_shapes(f"{name}.{part}", HEAD, HEAD)
    for part, after in (("cls_out", classes), ("box_out", 4), ("obj_out", 1)):
        shapes |= convolution_shapes(f"{name}.{part}", (HEAD, after))
    return shapes


class YoloxNano:
    """The net, from pictures to one row of raw numbers per cell.

    Parameters
    ----------
    tensors
        As named by `tensor_shapes`.
    """

    def __init__(self, tensors: Mapping[str, "Tensor"]) -> None:
        import torch

        self._torch: Any = torch
        self._functional: Any = torch.nn.functional
        self._convolve = Convolutions(tensors)

    def __call__(self, pictures: "Tensor") -> "Tensor":
        """Turn `(N, 3, S, S)` BGR of 0..255, S a multiple of 32, into `(N, cells, 5 + classes)`.

        Cells run level by level (strides 8, 16, 32), row by row; each is box 4, objectness, classes, all raw.
        """
        levels = self._neck(*self._backbone(pictures))
        rows = [self._head(x, f"head{level}").flatten(2) for level, x in enumerate(levels)]
        return self._joined(*rows, dim=2).transpose(1, 2)

    def _backbone(self, pictures: "Tensor") -> tuple["Tensor", "Tensor", "Tensor"]:
        even, odd = pictures[:, :, 0::2], pictures[:, :, 1::2]
        slices = (even[..., 0::2], odd[..., 0::2], even[..., 1::2], odd[..., 1::2])
        x = self._activated(self._joined(*slices), "stem")
        x = self._csp(self._separable(x, "dark2.down", stride=2), "dark2.csp", blocks=1, short=True)
        c3 = self._csp(self._separable(x, "dark3.down", stride=2), "dark3.csp", blocks=3, short=True)
        c4 = self._csp(self._separable(c3, "dark4.down", stride=2), "dark4.csp", blocks=3, short=True)
        x = self._activated(self._separable(c4, "dark5.down", stride=2), "dark5.spp.c1")
        pools = [self._functional.max_pool2d(x, size, 1, size // 2) for size in (5, 9, 13)]
        x = self._activated(self._joined(x, *pools), "dark5.spp.c2")
        return c3, c4, self._csp(x, "dark5.csp", blocks=1, short=False)

    def _neck(self, c3: "Tensor", c4: "Tensor", c5: "Tensor") -> tuple["Tensor", "Tensor", "Tensor"]:
        f0 = self._activated(c5, "neck.lateral")
        f1 = self._activated(self._csp(self._joined(self._doubled(f0), c4), "neck.p4"), "neck.reduce")
        o0 = self._csp(self._joined(self._doubled(f1), c3), "neck.p3")
        o1 = self._csp(self._joined(self._separable(o0, "neck.down3", stride=2), f1), "neck.n3")
        o2 = self._csp(self._joined(self._separable(o1, "neck.down4", stride=2), f0), "neck.n4")
        return o0, o1, o2

    def _head(self, x: "Tensor", name: str) -> "Tensor":
        x = self._activated(x, f"{name}.stem")
        classes = self._separable(self._separable(x, f"{name}.cls0"), f"{name}.cls1")
        boxes = self._separable(self._separable(x, f"{name}.reg0"), f"{name}.reg1")
        return self._joined(
            self._convolve(boxes, f"{name}.box_out"),
            self._convolve(boxes, f"{name}.obj_out"),
            self._convolve(classes, f"{name}.cls_out"),
        )

    def _csp(self, x: "Tensor", name: str, *, blocks: int = 1, short: bool = False) -> "Tensor":
        deep, flat = self._activated(x, f"{name}.c1"), self._activated(x, f"{name}.c2")
        for block in range(blocks):
            inner = self._separable(self._activated(deep, f"{name}.block{block}.a"), f"{name}.block{block}.b")
            deep = deep + inner if short else inner
        return self._activated(self._joined(deep, flat), f"{name}.c3")

    def _separable(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        return self._activated(self._activated(x, f"{name}.dw", stride=stride), f"{name}.pw")

    def _activated(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        result: Tensor = self._functional.silu(self._convolve(x, name, stride=stride), inplace=True)
        return result

    def _doubled(self, x: "Tensor") -> "Tensor":
        result: Tensor = self._functional.interpolate(x, scale_factor=2, mode="nearest")
        return result

    def _joined(self, *parts: "Tensor", dim: int = 1) -> "Tensor":
        result: Tensor = self._torch.cat(parts, dim)
        return result
