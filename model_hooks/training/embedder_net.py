"""The embedder as it is trained: batch norm in place, heads and one proxy per product; and its export."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from model_hooks.adapters.tiny.residual_embedder import FEATURES, HIDDEN, convolution_names, features

if TYPE_CHECKING:
    from torch import Tensor


CHANNELS = 4
"""Red, green, blue, and the proportion of the crop before it was squeezed."""


class NormedConvolution(nn.Module):
    """A 3 x 3 convolution and its batch norm."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        nn.init.kaiming_normal_(self.convolution.weight, mode="fan_out", nonlinearity="relu")
        self.norm = nn.BatchNorm2d(after)

    def forward(self, x: "Tensor") -> "Tensor":
        """Convolve and norm."""
        result: Tensor = self.norm(self.convolution(x))
        return result

    def folded(self) -> "tuple[Tensor, Tensor]":
        """Return weight and bias of the one convolution that does the same in use."""
        mean, variance = self.norm.running_mean, self.norm.running_var
        assert mean is not None  # noqa: S101  # for the type checker
        assert variance is not None  # noqa: S101  # for the type checker
        factor = self.norm.weight / (variance + self.norm.eps).sqrt()
        return self.convolution.weight * factor[:, None, None, None], self.norm.bias - mean * factor


class NormedConvolutions(nn.Module):
    """The net's convolutions, each with its batch norm, callable by name like `Convolutions`."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: dict[str, NormedConvolution] = {}
        for name, before, after, stride in convolution_names(CHANNELS):
            layer = NormedConvolution(before, after, stride)
            if name.endswith(".second"):
                # A block begins as the identity, which lets a net learn fast from the start.
                nn.init.zeros_(layer.norm.weight)
            self._layers[name] = layer
            self.add_module(name.replace(".", "_"), layer)

    def forward(self, x: "Tensor", name: str, *, stride: int = 1) -> "Tensor":
        """Convolve and norm; the layer knows its stride, which is taken for the sake of the signature."""
        result: Tensor = self._layers[name](x)
        return result

    def folded(self) -> "dict[str, Tensor]":
        """Return weights and biases by the names of the shipped net."""
        tensors = {}
        for name, layer in self._layers.items():
            tensors[f"{name}.weight"], tensors[f"{name}.bias"] = layer.folded()
        return tensors


class EmbedderNet(nn.Module):
    """Net, heads and proxies.

    Parameters
    ----------
    heads
        Head to its values.
    products
        Number of training products, each of which gets a proxy.
    """

    def __init__(self, dimension: int, heads: Mapping[str, Sequence[str]], products: int) -> None:
        super().__init__()
        self.dimension = dimension
        self.convolve = NormedConvolutions()
        self.embedding = nn.Linear(FEATURES, dimension, bias=False)
        # Each number varies about 0 over the pictures, so that each bit of a code is used fully.
        self.norm = nn.BatchNorm1d(dimension, affine=False)
        self.heads = nn.ModuleDict(
            {
                head: nn.Sequential(nn.Linear(dimension, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, len(values)))
                for head, values in heads.items()
            }
        )
        self.proxies = nn.Parameter(functional.normalize(torch.randn(products, dimension)))

    def forward(self, x: "Tensor") -> "Tensor":
        """Turn `(N, 4, H, W)` into `(N, dimension)` of mean 0 and variance 1 per row."""
        pooled = features(x, self.convolve)  # type: ignore[arg-type]  # callable alike
        return functional.layer_norm(self.norm(self.embedding(pooled).float()), (self.dimension,))

    def logits(self, head: str, vectors: "Tensor") -> "Tensor":
        """Return a head's logits."""
        result: Tensor = self.heads[head](vectors)
        return result

    def exported(self) -> "dict[str, Tensor]":
        """Return the tensors of the model folder; the proxies stay behind."""
        mean, variance = self.norm.running_mean, self.norm.running_var
        assert mean is not None  # noqa: S101  # for the type checker
        assert variance is not None  # noqa: S101  # for the type checker
        factor = 1 / (variance + self.norm.eps).sqrt()
        tensors = self.convolve.folded()
        tensors |= {
            "embedding.weight": self.embedding.weight * factor[:, None],
            "embedding.bias": -mean * factor,
        }
        for name, tensor in self.heads.state_dict().items():
            head, layer, kind = name.split(".")
            tensors[f"{head}.hidden.{kind}" if layer == "0" else f"{head}.{kind}"] = tensor
        return {name: tensor.detach().float().cpu().contiguous() for name, tensor in tensors.items()}
