"""The tiny nets that find objects, as a `Detector`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from model_hooks.adapters.boxes import CellReader
from model_hooks.adapters.pictures import factors_to_square, in_batches, letterboxed
from model_hooks.adapters.settings import input_side
from model_hooks.adapters.tiny import residual_detector, yolox_nano
from model_hooks.adapters.tiny.convolutions import Shapes
from model_hooks.adapters.tiny.resizing import resized
from model_hooks.errors import ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.protocols import Detection
from model_hooks.weights import load_tensors, resolve_device

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class Architecture:
    """A net that gives YOLOX cells.

    Attributes
    ----------
    net
        Makes the net from its tensors; it takes `(N, 3, side, side)` of 0..255.
    tensor_shapes
        Name and shape of every tensor, by the number of classes.
    side
        Side of its input, unless `input.side` of the manifest says another.
    blue_first
        Whether it takes BGR rather than RGB.
    """

    net: Callable[[Mapping[str, "Tensor"]], Callable[["Tensor"], "Tensor"]]
    tensor_shapes: Callable[[int], Shapes]
    side: int
    blue_first: bool = False


ARCHITECTURES = {
    "yolox_nano": Architecture(yolox_nano.YoloxNano, yolox_nano.tensor_shapes, 416, blue_first=True),
    "residual_fpn": Architecture(residual_detector.ResidualFpn, residual_detector.tensor_shapes, 288),
}


class TinyDetector:
    """A `Detector` whose net is one of `ARCHITECTURES`."""

    def __init__(self, manifest: ModelManifest) -> None:
        self.manifest = manifest
        self._architecture = ARCHITECTURES[manifest.architecture]
        self._side = input_side(manifest, default=self._architecture.side)
        self._reader = CellReader(manifest.model_labels, self._side)
        self._net: Callable[[Tensor], Tensor] | None = None
        self._device = "cpu"

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that `detect` can return, in the order of the net's classes."""
        return self.manifest.model_labels

    def setup(self, device: str) -> None:
        """Load the weights and run one empty batch; errors as in `registry.load_detector`."""
        self._device = resolve_device(device)
        shapes = self._architecture.tensor_shapes(len(self.labels))
        tensors = load_tensors(self.manifest.folder / WEIGHTS, shapes, device=self._device)
        self._net = self._architecture.net(tensors)
        self.forward(np.zeros((self.manifest.batch_size, self._side, self._side, 3), np.uint8))

    def detect(self, images: Sequence[Image], *, threshold: float) -> list[list[Detection]]:
        """Find objects as `protocols.Detector.detect` describes."""
        found: list[list[Detection]] = []
        for batch in in_batches(images, self.manifest.batch_size):
            for cells, image in zip(self.forward(self.preprocess(batch)), batch, strict=True):
                factor = factors_to_square(image, self._side, letterbox=True)
                found.append(self._reader.read(cells, size=image.size, factor=factor, threshold=threshold))
        return found

    def preprocess(self, images: Sequence[Image]) -> NDArray[np.uint8]:
        """Return `(N, side, side, 3)` RGB."""
        return letterboxed(images, self._side, resize=resized)

    def forward(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Run the net alone: `(N, side, side, 3)` RGB to raw `(N, cells, 5 + classes)`."""
        import torch

        if self._net is None:
            raise ModelUseError(f"The weights of {self.manifest.folder} are not loaded; call setup first.")
        with torch.inference_mode():
            x: Tensor = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2)
            x = x.flip(1) if self._architecture.blue_first else x
            cells: NDArray[np.float32] = self._net(x.float()).cpu().numpy()
        return cells
