"""The errors of this package; each message says what is wrong, with what, and what to do."""


class ModelHookError(Exception):
    """Base class of every error that `model_hooks` raises on purpose."""


class ModelFolderError(ModelHookError):
    """A model folder that cannot be trusted: its files, hashes, manifest or labels are wrong."""


class ModelUseError(ModelHookError):
    """A sound model folder that cannot run: no such device, a missing package, or no `setup` yet."""


class CodeError(ModelHookError, ValueError):
    """Vectors or packed codes of the wrong shape, type or content."""
