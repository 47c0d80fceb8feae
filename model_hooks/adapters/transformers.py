"""Local folders of the `transformers` library: detectors, and CLIP, SigLIP or DINOv2 as embedders.

The folder holds what `save_pretrained` writes (`config.json`, `preprocessor_config.json`, safetensors) beside
our own files. Nothing is downloaded, no code of the folder runs, and no weights but safetensors are opened.
`architecture` in the manifest is the `model_type` of `config.json`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_hooks.adapters.boxes import as_detections
from model_hooks.adapters.pictures import as_rgb, in_batches
from model_hooks.adapters.settings import (
    bit_thresholds_of,
    check_architecture,
    check_dimension,
    first_line,
    of_length_one,
)
from model_hooks.errors import ModelFolderError, ModelUseError
from model_hooks.manifest import ModelManifest
from model_hooks.protocols import Detection
from model_hooks.weights import resolve_device

DETECTORS = {
    "yolos": "YolosImageProcessorPil",
    "detr": "DetrImageProcessorPil",
    "conditional_detr": "ConditionalDetrImageProcessorPil",
    "deformable_detr": "DeformableDetrImageProcessorPil",
    "rt_detr": "RTDetrImageProcessorPil",
    "rt_detr_v2": "RTDetrImageProcessorPil",
    "d_fine": "RTDetrImageProcessorPil",
    "rf_detr": "DetrImageProcessorPil",
}
"""Model type to image processor; the processors by these names need no torchvision."""

EMBEDDERS = {
    "clip": ("CLIPVisionModelWithProjection", "image_embeds", "CLIPImageProcessorPil"),
    "clip_vision_model": ("CLIPVisionModelWithProjection", "image_embeds", "CLIPImageProcessorPil"),
    "siglip": ("SiglipVisionModel", "pooler_output", "SiglipImageProcessorPil"),
    "siglip_vision_model": ("SiglipVisionModel", "pooler_output", "SiglipImageProcessorPil"),
    "dinov2": ("Dinov2Model", "pooler_output", "BitImageProcessorPil"),
    "dinov2_with_registers": ("Dinov2WithRegistersModel", "pooler_output", "BitImageProcessorPil"),
}
"""Model type to the vision part, the field of its output that is the embedding, and the image processor."""


class TransformersModel:
    """What detectors and embedders share: the net and its image processor, loaded from the folder."""

    def __init__(self, manifest: ModelManifest) -> None:
        self.manifest = manifest
        self._config = _read_config(manifest)
        self._net: Any = None
        self._processor: Any = None
        self._device = "cpu"

    def _load(self, net_class: str, processor_class: str, device: str) -> None:
        import torch

        try:
            import transformers
        except ImportError as error:
            raise ModelUseError(
                "The transformers adapter needs transformers; install that package."
            ) from error
        self._device = resolve_device(device)
        folder = str(self.manifest.folder)
        local = {"local_files_only": True, "trust_remote_code": False}
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
        transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # theirs
        try:
            self._processor = getattr(transformers, processor_class).from_pretrained(folder, **local)
            net, info = getattr(transformers, net_class).from_pretrained(
                folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **local
            )
        except ImportError as error:
            raise ModelUseError(
                f"{folder} needs a package that is missing ({first_line(error)}); install it."
            ) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelFolderError(
                f"transformers cannot load {folder} ({first_line(error)}); save the model again."
            ) from error
        _refuse_invented_weights(folder, [*info["missing_keys"], *map(str, info["mismatched_keys"])])
        self._net = net.eval().to(self._device)

    def _pixels(self, picture: Image.Image) -> NDArray[np.float32]:
        """Preprocess one picture alone: `(3, H, W)`; H and W may depend on its shape."""
        if self._processor is None:
            raise ModelUseError(f"The weights of {self.manifest.folder} are not loaded; call setup first.")
        values = self._processor(images=as_rgb(picture), return_tensors="np")["pixel_values"]
        pixels: NDArray[np.float32] = np.asarray(values[0], np.float32)
        return pixels

    def _forward(self, pixels: Sequence[NDArray[np.float32]]) -> Any:
        """Run the net alone; returns the library's own output object."""
        import torch

        with torch.inference_mode():
            return self._net(pixel_values=torch.from_numpy(np.stack(pixels)).to(self._device))


class TransformersDetector(TransformersModel):
    """A `Detector` from a folder of `AutoModelForObjectDetection`."""

    def __init__(self, manifest: ModelManifest) -> None:
        super().__init__(manifest)
        names = self._config.get("id2label")
        if not isinstance(names, dict) or set(names.values()) != set(manifest.model_labels):
            raise ModelFolderError(
                f"{manifest.folder}: labels.json and id2label of config.json differ; write the values "
                "of id2label, in the order of their numbers, to labels.json."
            )
        self._names = {int(number): str(name) for number, name in names.items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that `detect` can return."""
        return self.manifest.model_labels

    def setup(self, device: str) -> None:
        """Load the weights and run one picture; errors as in `registry.load_detector`."""
        self._load("AutoModelForObjectDetection", DETECTORS[self.manifest.architecture], device)
        self.detect([_blank()], threshold=1)

    def detect(self, images: Sequence[Image.Image], *, threshold: float) -> list[list[Detection]]:
        """Find objects as `protocols.Detector.detect` describes.

        Only pictures of one preprocessed size share a batch: padding would change what some nets see.
        """
        found: list[list[Detection]] = []
        for batch in in_batches(images, self.manifest.batch_size):
            groups = defaultdict(list)
            for number, image in enumerate(batch):
                pixels = self._pixels(image)
                groups[pixels.shape].append((number, pixels))
            results: dict[int, list[Detection]] = {}
            for group in groups.values():
                numbers = [number for number, _ in group]
                sizes = [batch[number].size for number in numbers]
                detections = self._detect_alike([pixels for _, pixels in group], sizes, threshold)
                results |= dict(zip(numbers, detections, strict=True))
            found += [results[number] for number in range(len(batch))]
        return found

    def _detect_alike(
        self, pixels: Sequence[NDArray[np.float32]], sizes: Sequence[tuple[int, int]], threshold: float
    ) -> list[list[Detection]]:
        outputs = self._forward(pixels)
        heights_and_widths = [(height, width) for width, height in sizes]
        slack = threshold - 1e-6
        results = self._processor.post_process_object_detection(
            outputs, threshold=slack, target_sizes=heights_and_widths
        )
        return [self._read(result, size, threshold) for result, size in zip(results, sizes, strict=True)]

    def _read(self, result: Mapping[str, Any], size: tuple[int, int], threshold: float) -> list[Detection]:
        scores, numbers, boxes = (result[key].cpu().numpy() for key in ("scores", "labels", "boxes"))
        order = [index for index in np.argsort(-scores, kind="stable") if scores[index] >= threshold]
        names = [self._names[int(number)] for number in numbers[order]]
        return as_detections(boxes[order], scores[order], labels=names, size=size)


class TransformersEmbedder(TransformersModel):
    """An `Embedder` from the vision part of CLIP, SigLIP or DINOv2: its pooled output, scaled to length 1."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.manifest.dimension or 0

    @property
    def bit_thresholds(self) -> NDArray[np.float32] | None:
        """`(dimension,)` thresholds for `codes.binarize`, None for the sign."""
        return bit_thresholds_of(self.manifest)

    def setup(self, device: str) -> None:
        """Load the weights and run one picture; errors as in `registry.load_embedder`."""
        net_class, _, processor_class = EMBEDDERS[self.manifest.architecture]
        self._load(net_class, processor_class, device)
        check_dimension(self.manifest, self._embed_batch([_blank()]).shape[1])

    def embed(self, crops: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return `(N, dimension)` vectors of length 1."""
        batches = [self._embed_batch(batch) for batch in in_batches(crops, self.manifest.batch_size)]
        return np.concatenate([np.empty((0, self.dimension), np.float32), *batches])

    def _embed_batch(self, crops: Sequence[Image.Image]) -> NDArray[np.float32]:
        outputs = self._forward([self._pixels(crop) for crop in crops])
        return of_length_one(outputs[EMBEDDERS[self.manifest.architecture][1]].cpu().numpy())


def build_detector(manifest: ModelManifest) -> TransformersDetector:
    """Make a folder's detector, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, DETECTORS)
    return TransformersDetector(manifest)


def build_embedder(manifest: ModelManifest) -> TransformersEmbedder:
    """Make a folder's embedder, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, EMBEDDERS)
    return TransformersEmbedder(manifest)


def _read_config(manifest: ModelManifest) -> dict[str, Any]:
    """Return `config.json`, which must be listed, since only listed files are verified."""
    needed = ("config.json", "preprocessor_config.json")
    for name in needed:
        if name not in manifest.files:
            raise ModelFolderError(
                f"{manifest.folder} lists no {name}; save model and image processor again."
            )
    try:
        config: object = json.loads((manifest.folder / "config.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ModelFolderError(
            f"{manifest.folder}: config.json is unreadable ({error}); save it again."
        ) from error
    if not isinstance(config, dict) or config.get("model_type") != manifest.architecture:
        raise ModelFolderError(
            f"{manifest.folder}: architecture is {manifest.architecture!r}, but config.json disagrees; "
            "correct it in model.json."
        )
    return config


def _refuse_invented_weights(folder: str, missing: Sequence[str]) -> None:
    """Refuse what the library would fill with random numbers and only log."""
    if missing:
        raise ModelFolderError(
            f"{folder}: the weights lack {min(missing)}, which the net would invent; save it again."
        )


def _blank() -> Image.Image:
    return Image.new("RGB", (64, 64))
