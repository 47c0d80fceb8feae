"""YOLOX-nano as a `Detector`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from model_hooks.adapters.boxes import CellReader
from model_hooks.adapters.pictures import factors_to_square, in_batches, letterboxed
from model_hooks.adapters.settings import input_side
from model_hooks.adapters.tiny.resizing import resized
from model_hooks.adapters.tiny.yolox_nano import YoloxNano, tensor_shapes
from model_hooks.errors import ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.protocols import Detection
from model_hooks.weights import load_tensors, resolve_device

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.safetensors"


class TinyDetector:
    """A `Detector` whose net is YOLOX-nano; `input.side` of the manifest is 416 unless given."""

    def __init__(self, manifest: ModelManifest) -> None:
        self.manifest = manifest
        self._side = input_side(manifest, default=416)
        self._reader = CellReader(manifest.model_labels, self._side)
        self._net: YoloxNano | None = None
        self._device = "cpu"

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that `detect` can return, in the order of the net's classes."""
        return self.manifest.model_labels

    def setup(self, device: str) -> None:
        """Load the weights and run one empty batch; errors as in `registry.load_detector`."""
        self._device = resolve_device(device)
        shapes = tensor_shapes(len(self.labels))
        self._net = YoloxNano(load_tensors(self.manifest.folder / WEIGHTS, shapes, device=self._device))
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
            cells: NDArray[np.float32] = self._net(x.flip(1).float()).cpu().numpy()
        return cells
