"""The residual detector while it is trained: with batch norm, and how that folds into the convolutions."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model_hooks.adapters.tiny.residual_detector import Wiring, layers

if TYPE_CHECKING:
    from torch import Tensor, nn, optim

PRIOR = 0.01
"""Objectness of every cell before the first step: nearly all cells are empty."""
WEIGHT_DECAY = 0.02


class DetectorNet:
    """A trainable net with the wiring of `residual_detector`.

    Parameters
    ----------
    classes
        How many classes it tells apart.
    device
        A torch device.
    """

    def __init__(self, classes: int, device: str) -> None:
        import torch
        from torch import nn

        self.module = nn.ModuleDict()
        for name, (before, after, kernel) in layers(classes).items():
            plain = name in ("head.box", "head.objectness", "head.classes")
            layer: nn.Module = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=plain)
            if not plain:
                layer = nn.Sequential(layer, nn.BatchNorm2d(after, momentum=0.05))
            self.module[_key(name)] = layer
        for part in ("head.objectness", "head.classes"):
            nn.init.constant_(_bias(self.module[_key(part)]), -math.log((1 - PRIOR) / PRIOR))
        self.module.to(device=device)
        for parameter in self.module.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        self._wiring = Wiring(self._convolve)

    def __call__(self, pictures: "Tensor") -> "Tensor":
        """Turn `(N, 3, S, S)` RGB of 0..1 into cells; see `residual_detector.ResidualFpn`."""
        return self._wiring(pictures)

    def _convolve(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        from torch.nn import functional

        layer: Any = self.module[_key(name)]
        parts = list(layer.children()) or [layer]
        weight = parts[0].weight
        result: Tensor = functional.conv2d(x, weight, parts[0].bias, stride, weight.shape[-1] // 2)
        for norm in parts[1:]:
            result = norm(result)
        return result


def optimizer_of(module: "nn.Module", rate: float) -> "optim.Optimizer":
    """Return AdamW that decays the convolutions' weights, but neither biases nor batch norm."""
    from torch import optim

    parameters = list(module.parameters())
    return optim.AdamW(
        [
            {"params": [one for one in parameters if one.ndim > 1], "weight_decay": WEIGHT_DECAY},
            {"params": [one for one in parameters if one.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=rate,
    )


def folded(state: Mapping[str, "Tensor"], classes: int) -> dict[str, NDArray[np.float32]]:
    """Return the adapter's tensors: batch norm and the scaling of pixels from 0..255 put into the weights.

    `state` is the `state_dict` of `DetectorNet.module`.
    """
    tensors = {}
    arrays = {name: tensor.detach().cpu().numpy().astype(np.float64) for name, tensor in state.items()}
    for name in layers(classes):
        key = _key(name)
        if f"{key}.weight" in arrays:
            weight, bias = arrays[f"{key}.weight"], arrays[f"{key}.bias"]
        else:
            norm = {
                part: arrays[f"{key}.1.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
            }
            scale = norm["weight"] / np.sqrt(norm["running_var"] + 1e-5)
            weight = arrays[f"{key}.0.weight"] * scale[:, None, None, None]
            bias = norm["bias"] - norm["running_mean"] * scale
        if name == "stem":
            weight = weight / 255
        tensors[f"{name}.weight"] = np.ascontiguousarray(weight, np.float32)
        tensors[f"{name}.bias"] = np.ascontiguousarray(bias, np.float32)
    return tensors


def _key(name: str) -> str:
    """Torch reserves the dot in a module's name."""
    return name.replace(".", "_")


def _bias(layer: "nn.Module") -> "Tensor":
    bias: Tensor = layer.bias  # type: ignore[assignment]
    return bias
