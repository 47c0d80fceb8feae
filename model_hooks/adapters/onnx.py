"""ONNX files under onnxruntime: YOLOX-style detectors, end-to-end detectors, and embedders.

`architecture` in the manifest says how to read the outputs:

- `yolox_cells`: the first output is `(N, cells, 5 + C)`, relative to cells of strides 8, 16 and 32;
- `boxes`: outputs `boxes` `(N, M, 4)` as x1, y1, x2, y2 in pixels of the net's input, `labels` `(N, M)`,
  class numbers, and `scores` `(N, M)`, 0..1; rows to ignore score 0;
- `embedding`: the first output is `(N, D)`.

`input` in the manifest says how to make the net's one input `(N, 3, side, side)`; see `PictureInput`. A file
with external data is refused, since that data would not be verified. Sessions use one thread, as workers run
one process per core.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from model_hooks.adapters.boxes import CellReader, as_detections
from model_hooks.adapters.pictures import factors_to_square, in_batches, letterboxed, squeezed
from model_hooks.adapters.settings import (
    bit_thresholds_of,
    check_architecture,
    check_dimension,
    first_line,
    input_side,
    of_length_one,
)
from model_hooks.errors import ModelFolderError, ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.protocols import Detection

MODEL_FILE = "model.onnx"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class PictureInput:
    """How pictures become the net's input; each field is a setting of `input` in the manifest.

    Attributes
    ----------
    side
        Side of the square in pixels; must be given.
    fit
        `letterbox` (keep the shape, top left, on grey) or `squeeze`.
    colours
        `rgb` or `bgr`.
    mean, std
        The net sees `(value - mean) / std` with values of 0..255, per channel in the order of `colours`.
    sigmoid
        For `yolox_cells`: whether objectness and classes still have to go through a sigmoid.
    """

    side: int
    fit: str = "squeeze"
    colours: str = "rgb"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    sigmoid: bool = False

    @classmethod
    def of(cls, manifest: ModelManifest) -> "PictureInput":
        """Read and check a manifest's settings; a wrong one is a `ModelFolderError`."""
        settings = {**manifest.input, "side": input_side(manifest, default=0, step=1)}
        rules: dict[str, Callable[[Any], bool]] = {
            "side": lambda _: True,
            "fit": lambda value: value in ("letterbox", "squeeze"),
            "colours": lambda value: value in ("rgb", "bgr"),
            "mean": _are_three_numbers,
            "std": lambda value: _are_three_numbers(value) and 0 not in value,
            "sigmoid": lambda value: isinstance(value, bool),
        }
        for setting, value in settings.items():
            if setting not in rules or not rules[setting](value):
                raise ModelFolderError(
                    f"{manifest.folder}: input.{setting} cannot be {value!r} for the onnx adapter; "
                    "see PictureInput for what it may be, and correct model.json."
                )
        return cls(**settings)

    def pixels(self, pictures: Sequence[Image]) -> Floats:
        """Return `(N, 3, side, side)`."""
        cut = letterboxed if self.fit == "letterbox" else squeezed
        values = cut(pictures, self.side)
        ordered = values if self.colours == "rgb" else values[..., ::-1]
        scaled = (ordered - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


class OnnxModel:
    """What detectors and embedders share: the session and the making of its input."""

    def __init__(self, manifest: ModelManifest) -> None:
        if MODEL_FILE not in manifest.files:
            raise ModelFolderError(
                f"{manifest.folder} lists no {MODEL_FILE}; export the net under that name."
            )
        self.manifest = manifest
        self._input = PictureInput.of(manifest)
        self._session: Any = None

    def _load(self, device: str) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise ModelUseError("The onnx adapter needs onnxruntime; install that package.") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = self.manifest.folder / MODEL_FILE
        providers = _providers(device, onnxruntime.get_available_providers())
        try:
            self._session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=providers)
        except Exception as error:  # onnxruntime's errors share no narrower base
            raise ModelFolderError(
                f"onnxruntime cannot load {path} ({first_line(error)}); export it without external data."
            ) from error
        self._check_outputs()

    def _check_outputs(self) -> None:
        inputs = self._session.get_inputs()
        names = {output.name for output in self._session.get_outputs()}
        needed = {"boxes", "labels", "scores"} if self.manifest.architecture == "boxes" else set()
        if len(inputs) != 1 or inputs[0].type != "tensor(float)" or not needed <= names:
            raise ModelFolderError(
                f"{self.manifest.folder / MODEL_FILE} must have one float32 input"
                f"{' and the outputs boxes, labels and scores' if needed else ''}; export it so."
            )

    def _forward(self, pictures: Sequence[Image]) -> dict[str, NDArray[Any]]:
        """Return the outputs by name; a net of fixed batch size gets its last batch filled up."""
        if self._session is None:
            raise ModelUseError(f"The weights of {self.manifest.folder} are not loaded; call setup first.")
        entrance = self._session.get_inputs()[0]
        pixels = self._input.pixels(pictures)
        fixed = entrance.shape[0] if isinstance(entrance.shape[0], int) else len(pixels)
        if len(pixels) > fixed:
            raise ModelFolderError(
                f"{self.manifest.folder}: batch_size {self.manifest.batch_size} is too large: the net takes "
                f"{fixed} pictures at a time; correct model.json or export with a free batch size."
            )
        filled = np.zeros((fixed, *pixels.shape[1:]), np.float32)
        filled[: len(pixels)] = pixels
        try:
            results = self._session.run(None, {entrance.name: filled})
        except Exception as error:  # onnxruntime's errors share no narrower base
            raise ModelFolderError(
                f"{self.manifest.folder / MODEL_FILE} failed on its input {filled.shape} "
                f"({first_line(error)}); "
                "correct input.side in model.json or export the net again."
            ) from error
        names = [output.name for output in self._session.get_outputs()]
        return {name: result[: len(pixels)] for name, result in zip(names, results, strict=True)}

    def _warm_up(self) -> dict[str, NDArray[Any]]:
        from PIL import Image as Pillow

        return self._forward([Pillow.new("RGB", (64, 64))] * self.manifest.batch_size)


class OnnxDetector(OnnxModel):
    """A `Detector` from an ONNX file of architecture `yolox_cells` or `boxes`."""

    def __init__(self, manifest: ModelManifest) -> None:
        super().__init__(manifest)
        self._reader = CellReader(manifest.model_labels, self._input.side, sigmoid=self._input.sigmoid)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that `detect` can return, in the order of the net's classes."""
        return self.manifest.model_labels

    def setup(self, device: str) -> None:
        """Load the net and run one batch; errors as in `registry.load_detector`."""
        self._load(device)
        outputs = self._warm_up()
        first = next(iter(outputs.values()))
        width = 5 + len(self.labels)
        if self.manifest.architecture == "yolox_cells" and (first.ndim != 3 or first.shape[2] != width):
            raise ModelFolderError(
                f"{self.manifest.folder / MODEL_FILE} gives {first.shape}, but for {len(self.labels)} labels "
                f"it must be (N, cells, {width}); correct labels.json or the architecture in model.json."
            )

    def detect(self, images: Sequence[Image], *, threshold: float) -> list[list[Detection]]:
        """Find objects as `protocols.Detector.detect` describes."""
        found = []
        for batch in in_batches(images, self.manifest.batch_size):
            outputs = self._forward(batch)
            for number, image in enumerate(batch):
                own = {name: output[number] for name, output in outputs.items()}
                found.append(self._read(own, image, threshold))
        return found

    def _read(self, own: dict[str, NDArray[Any]], image: Image, threshold: float) -> list[Detection]:
        factor = factors_to_square(image, self._input.side, letterbox=self._input.fit == "letterbox")
        if self.manifest.architecture == "yolox_cells":
            cells = next(iter(own.values()))
            return self._reader.read(cells, size=image.size, factor=factor, threshold=threshold)
        scores = own["scores"]
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] >= threshold]
        names = [self.labels[int(number)] for number in own["labels"][order]]
        return as_detections(own["boxes"][order], scores[order], labels=names, size=image.size, factor=factor)


class OnnxEmbedder(OnnxModel):
    """An `Embedder` from an ONNX file of architecture `embedding`; its vectors are scaled to length 1."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.manifest.dimension or 0

    @property
    def bit_thresholds(self) -> Floats | None:
        """`(dimension,)` thresholds for `codes.binarize`, None for the sign."""
        return bit_thresholds_of(self.manifest)

    def setup(self, device: str) -> None:
        """Load the net and run one batch; errors as in `registry.load_embedder`."""
        self._load(device)
        check_dimension(self.manifest, next(iter(self._warm_up().values())).shape[-1])

    def embed(self, crops: Sequence[Image]) -> Floats:
        """Return `(N, dimension)` vectors of length 1."""
        batches = [
            of_length_one(next(iter(self._forward(batch).values())))
            for batch in in_batches(crops, self.manifest.batch_size)
        ]
        return np.concatenate([np.empty((0, self.dimension), np.float32), *batches])


def build_detector(manifest: ModelManifest) -> OnnxDetector:
    """Make a folder's detector, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, ("yolox_cells", "boxes"))
    return OnnxDetector(manifest)


def build_embedder(manifest: ModelManifest) -> OnnxEmbedder:
    """Make a folder's embedder, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, ("embedding",))
    return OnnxEmbedder(manifest)


def _providers(device: str, available: Sequence[str]) -> list[Any]:
    kind, _, number = device.partition(":")
    if kind in ("auto", "cuda") and "CUDAExecutionProvider" in available:
        return [("CUDAExecutionProvider", {"device_id": int(number or 0)}), "CPUExecutionProvider"]
    if kind in ("auto", "cpu"):
        return ["CPUExecutionProvider"]
    raise ModelUseError(f"onnxruntime has no device {device!r} here; set the device to cpu or auto.")


def _are_three_numbers(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(type(part) in (int, float) for part in value)
