"""Named convolutions over a table of tensors: the one building block of the tiny nets."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

Shapes = dict[str, tuple[int, ...]]


class Convolutions:
    """Runs the convolutions of one net by name; batch norm is already folded into them.

    Parameters
    ----------
    tensors
        `NAME.weight` (out, in / groups, k, k) and `NAME.bias` (out,) per convolution, all on one device.
    """

    def __init__(self, tensors: Mapping[str, "Tensor"]) -> None:
        from torch.nn import functional

        self._functional: Any = functional
        self._tensors = tensors

    def __call__(self, x: "Tensor", name: str, *, stride: int = 1, padding: int | None = None) -> "Tensor":
        """Convolve `x` (N, C, H, W); `padding` None is (k - 1) / 2; groups follow from the shapes."""
        weight = self._tensors[f"{name}.weight"]
        bias = self._tensors[f"{name}.bias"]
        sides = (weight.shape[-1] - 1) // 2 if padding is None else padding
        groups = x.shape[1] // weight.shape[1]
        result: Tensor = self._functional.conv2d(x, weight, bias, stride, sides, 1, groups)
        return result


def convolution_shapes(name: str, channels: tuple[int, int], *, kernel: int = 1, groups: int = 1) -> Shapes:
    """Return the shapes of one convolution's two tensors; `channels` is (in, out)."""
    before, after = channels
    return {f"{name}.weight": (after, before // groups, kernel, kernel), f"{name}.bias": (after,)}
