"""MobileNetV2 as an `Embedder`, with a projection and a gender head where its weights hold them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from model_hooks.adapters.pictures import in_batches, squeezed
from model_hooks.adapters.settings import bit_thresholds_of, input_side
from model_hooks.adapters.tiny.convolutions import Shapes
from model_hooks.adapters.tiny.mobilenet_v2 import FEATURES, MobileNetV2, tensor_shapes
from model_hooks.adapters.tiny.resizing import resized
from model_hooks.errors import ModelFolderError, ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.weights import load_tensors, resolve_device

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.safetensors"


class TinyEmbedder:
    """An `Embedder` whose net is MobileNetV2; `input.side` of the manifest is 224 unless given.

    The net's 1,280 features are scaled to length 1, multiplied by `projection.weight` (dimension, 1280) if
    the manifest's dimension is not 1,280, and scaled to length 1 again.
    """

    widest: ClassVar[int] = FEATURES
    side: ClassVar[int] = 224
    side_step: ClassVar[int] = 32

    def __init__(self, manifest: ModelManifest) -> None:
        if manifest.dimension is None or manifest.dimension > self.widest:
            raise ModelFolderError(
                f"{manifest.folder}: dimension is {manifest.dimension}, but the net gives {self.widest}; "
                "correct it in model.json."
            )
        self.manifest = manifest
        self._dimension = manifest.dimension
        self._side = input_side(manifest, default=self.side, step=self.side_step)
        self._planes = 3
        self._tensors: dict[str, Tensor] = {}
        self._device = "cpu"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def bit_thresholds(self) -> NDArray[np.float32] | None:
        """`(dimension,)` thresholds for `codes.binarize`, None for the sign."""
        return bit_thresholds_of(self.manifest)

    def setup(self, device: str) -> None:
        """Load the weights and run one empty batch; errors as in `registry.load_embedder`."""
        self._device = resolve_device(device)
        self._tensors = load_tensors(self.manifest.folder / WEIGHTS, self._shapes(), device=self._device)
        self.forward(np.zeros((self.manifest.batch_size, self._side, self._side, self._planes), np.uint8))

    def embed(self, crops: Sequence[Image]) -> NDArray[np.float32]:
        """Return `(N, dimension)` vectors of length 1."""
        batches = [
            self.forward(self.preprocess(batch)) for batch in in_batches(crops, self.manifest.batch_size)
        ]
        return np.concatenate([np.empty((0, self._dimension), np.float32), *batches])

    def preprocess(self, crops: Sequence[Image]) -> NDArray[np.uint8]:
        """Return `(N, side, side, 3)` RGB."""
        return squeezed(crops, self._side, resize=resized)

    def forward(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Run the net alone: `(N, side, side, 3)` RGB to `(N, dimension)` of length 1."""
        import torch

        self._check_loaded()
        with torch.inference_mode():
            x: Tensor = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2)
            result: NDArray[np.float32] = self._vectors(x.float().div_(128).sub_(1)).cpu().numpy()
        return result

    def _shapes(self) -> Shapes:
        """Return the name and shape of every tensor that the folder must hold."""
        shapes = tensor_shapes()
        if self._dimension != FEATURES:
            shapes["projection.weight"] = (self._dimension, FEATURES)
        for head, values in self.manifest.heads.items():
            shapes |= {f"{head}.weight": (len(values), self._dimension), f"{head}.bias": (len(values),)}
        return shapes

    def _vectors(self, x: "Tensor") -> "Tensor":
        """Turn `(N, 3, side, side)` RGB of value / 128 - 1 into vectors of length 1."""
        from torch.nn import functional

        vectors: Tensor = functional.normalize(MobileNetV2(self._tensors)(x))
        if "projection.weight" in self._tensors:
            vectors = functional.normalize(vectors @ self._tensors["projection.weight"].T)
        return vectors

    def _check_loaded(self) -> None:
        if not self._tensors:
            raise ModelUseError(f"The weights of {self.manifest.folder} are not loaded; call setup first.")


class TinyEmbedderWithGender(TinyEmbedder):
    """A `TinyEmbedder` that is a `GenderPredictor` too: softmax of `gender.weight` @ vector + `gender.bias`.

    `input.gender_threshold` of the manifest is the least probability of a sure answer, 0 unless given.
    """

    def genders(self, crops: Sequence[Image]) -> list[str | None]:
        """Return men, women, unisex, or None where not sure, per crop."""
        return self.genders_of(self.embed(crops))

    def genders_of(self, vectors: NDArray[np.float32]) -> list[str | None]:
        """Return the same from `(N, dimension)` vectors that `embed` has made."""
        self._check_loaded()
        shares = self._head_shares("gender", vectors)
        least = float(self.manifest.input.get("gender_threshold", 0))
        values = self.manifest.heads["gender"]
        return [values[row.argmax()] if row.max() >= least else None for row in shares]

    def _head_shares(self, head: str, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `(N, values)` probabilities of a head."""
        weight = self._tensors[f"{head}.weight"].cpu().numpy()
        return softmax(vectors @ weight.T + self._tensors[f"{head}.bias"].cpu().numpy())


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn `(N, values)` logits into probabilities."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    normed: NDArray[np.float32] = shares / shares.sum(axis=1, keepdims=True)
    return normed
