"""Our own plain-torch nets: each built from its layer table, with weights from `model.safetensors`."""

from model_hooks.adapters.settings import check_architecture
from model_hooks.adapters.tiny.detector import ARCHITECTURES, TinyDetector
from model_hooks.adapters.tiny.embedder import TinyEmbedder, TinyEmbedderWithGender
from model_hooks.adapters.tiny.residual_embedder import ResidualEmbedder
from model_hooks.manifest import ModelManifest


def build_detector(manifest: ModelManifest) -> TinyDetector:
    """Make a folder's detector, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, ARCHITECTURES)
    return TinyDetector(manifest)


def build_embedder(manifest: ModelManifest) -> TinyEmbedder:
    """Make a folder's embedder, without weights; an unknown architecture is a `ModelFolderError`."""
    check_architecture(manifest, ("mobilenet_v2", "residual_embedder"))
    if manifest.architecture == "residual_embedder":
        return ResidualEmbedder(manifest)
    return TinyEmbedderWithGender(manifest) if "gender" in manifest.heads else TinyEmbedder(manifest)
