"""The models of this worker process: loaded at first use, never before a fork, and kept.

Only jobs call this; nothing here imports torch before a model is asked for.
"""

import logging
from functools import cache

from django.conf import settings

from labelapp.evaluations.model_versions import verify_model
from labelapp.evaluations.models import ModelVersion
from model_hooks.protocols import Detector, Embedder
from model_hooks.registry import load_detector, load_embedder
from model_hooks.threads import keep_freed_memory, use_one_thread

logger = logging.getLogger(__name__)

MODELS_AT_MOST = 6

Loaded = Detector | Embedder
_loaded: dict[tuple[str, str], Loaded] = {}


def detector(model: ModelVersion) -> Detector:
    loaded = _model(model)
    assert isinstance(loaded, Detector)  # noqa: S101  # the database knows the kind; this tells mypy
    return loaded


def embedder(model: ModelVersion) -> Embedder:
    loaded = _model(model)
    assert isinstance(loaded, Embedder)  # noqa: S101  # as above
    return loaded


def _model(model: ModelVersion) -> Loaded:
    key = (model.digest, settings.MODEL_DEVICE)
    if key not in _loaded:
        _prepare_once()
        while len(_loaded) >= MODELS_AT_MOST:
            del _loaded[next(iter(_loaded))]
        _loaded[key] = _load(model)
        logger.info("Loaded %s on %s.", model, settings.MODEL_DEVICE)
    return _loaded[key]


def _load(model: ModelVersion) -> Loaded:
    folder = verify_model(model)
    load = load_detector if model.kind == ModelVersion.Kind.DETECTOR else load_embedder
    return load(folder, settings.MODEL_DEVICE)


@cache
def _prepare_once() -> None:
    use_one_thread()
    keep_freed_memory()
