"""Weight files: safetensors are checked without torch and loaded with it; nothing else is ever unpickled."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model_hooks.errors import ModelFolderError, ModelUseError

if TYPE_CHECKING:
    from torch import Tensor

LENGTH_BYTES = 8
LONGEST_HEADER = 100_000_000


def check_safetensors(path: Path) -> None:
    """Compare a safetensors file's size with what its header promises, reading nothing else.

    Raises
    ------
    ModelFolderError
        If the file is cut short, too long, or no safetensors file at all.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        header_length = int.from_bytes(stream.read(LENGTH_BYTES), "little")
        if size < LENGTH_BYTES + 2 or header_length > LONGEST_HEADER:
            raise ModelFolderError(
                f"{path} is no safetensors file; convert the weights or copy the folder again."
            )
        header = stream.read(header_length)
    promised = LENGTH_BYTES + header_length
    if len(header) == header_length:
        promised += _data_length(path, header)
    if size != promised:
        fault = "cut short" if size < promised else "too long"
        raise ModelFolderError(
            f"{path} is {fault}: it has {size} bytes, but its header promises {promised}; copy it again."
        )


def _data_length(path: Path, header: bytes) -> int:
    try:
        entries: dict[str, Any] = json.loads(header)
        return max(
            (int(entry["data_offsets"][1]) for name, entry in entries.items() if name != "__metadata__"),
            default=0,
        )
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError) as error:
        raise ModelFolderError(
            f"{path} has an unreadable header; convert the weights or copy it again."
        ) from error


def save_halves(path: Path, arrays: Mapping[str, NDArray[np.floating[Any]]]) -> None:
    """Write arrays in half precision, readable by all; `load_tensors` brings them back as float32."""
    from safetensors.numpy import save_file

    save_file({name: array.astype(np.float16) for name, array in arrays.items()}, path)
    path.chmod(0o644)


def load_tensors(path: Path, shapes: Mapping[str, tuple[int, ...]], *, device: str) -> dict[str, "Tensor"]:
    """Load the named tensors as float32, convolution weights in channels-last layout.

    Parameters
    ----------
    shapes
        Name and shape of every tensor that the net needs; further tensors in the file are ignored.
    device
        A torch device, as `resolve_device` gives it.

    Raises
    ------
    ModelFolderError
        If the file cannot be read, or a tensor is missing or has another shape.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelFolderError(
            f"{path} cannot be read ({error}); convert the weights or copy it again."
        ) from error
    tensors = {}
    for name, shape in shapes.items():
        if name not in found or tuple(found[name].shape) != shape:
            has = f"has shape {tuple(found[name].shape)}" if name in found else "is missing"
            raise ModelFolderError(
                f"{path}: tensor {name} {has}, but the architecture needs shape {shape}; "
                "convert the weights again or correct the architecture in model.json."
            )
        tensor = found[name].to(device=device, dtype=torch.float32)
        tensors[name] = tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor
    return tensors


def resolve_device(device: str) -> str:
    """Turn the setting `cpu`, `cuda`, `cuda:N` or `auto` into a torch device that exists here.

    Raises
    ------
    ModelUseError
        If the device is unknown or absent.
    """
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    kind, _, number = device.partition(":")
    if device == "cpu" or (kind == "cuda" and int(number or 0) < torch.cuda.device_count()):
        return device
    raise ModelUseError(f"There is no device {device!r} on this machine; set the device to cpu or auto.")
