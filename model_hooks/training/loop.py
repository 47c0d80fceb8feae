"""The frame of every training: seeds, schedule, averaged weights, checkpoints, log and curves."""

import functools
import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from model_hooks.errors import ModelUseError
from model_hooks.threads import keep_freed_memory, use_one_thread
from model_hooks.training.curves import draw_curves
from model_hooks.weights import resolve_device

if TYPE_CHECKING:
    from torch import Tensor, nn, optim

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
CURVES = "curves.png"
NO_MATTER = ("folder", "checkpoint_seconds", "every")
"""What of a plan may change while its training is resumed."""
Tensors = dict[str, "Tensor"]


class Trainee(Protocol):
    """What the loop trains; each batch must follow from the generator alone."""

    @property
    def net(self) -> "nn.Module":
        """The net, in training mode and on its device."""
        ...

    @property
    def optimizer(self) -> "optim.Optimizer":
        """The optimizer of its weights; the loop sets its learning rate."""
        ...

    def losses(self, rng: np.random.Generator, *, share: float) -> Mapping[str, "Tensor"]:
        """Draw a batch and return the named parts of its loss, whose sum goes down.

        `share` is how much of the training is over, 0..1.
        """
        ...


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train.

    Attributes
    ----------
    folder
        Where checkpoint, log and curves go. A checkpoint found there is carried on if it belongs to an equal
        plan.
    steps
        Batches in all.
    what
        Names all else that decides the training: data by their hash, net, and options.
    minutes
        Ends the training early. The schedule then follows the larger share of the two, so that a slow machine
        still ends at the lowest rate; without it equal seeds give equal weights.
    rate, last_rate
        Highest learning rate, and the last one as a share of it; a cosine between.
    warm_up
        Steps in which the rate rises from 0, or a twentieth of the training if that is less.
    clip
        Longest gradient.
    average
        Decay per step of the averaged weights.
    every
        Steps per line of the log.
    """

    folder: Path
    steps: int
    seed: int
    what: str
    minutes: float | None = None
    rate: float = 1e-3
    last_rate: float = 0.02
    warm_up: int = 100
    clip: float = 10.0
    average: float = 0.998
    checkpoint_seconds: float = 60.0
    every: int = 20

    def share(self, step: int, seconds: float) -> float:
        """Return how much of the training is over, 0..1."""
        of_time = 0.0 if self.minutes is None else seconds / (60 * self.minutes)
        return min(max(step / self.steps, of_time), 1.0)

    def rate_at(self, step: int, share: float) -> float:
        """Return the learning rate of a step."""
        cosine = (1 + math.cos(math.pi * share)) / 2
        warm = min(max((step + 1) / max(self.warm_up, 1), 20 * share), 1.0)
        return self.rate * warm * (self.last_rate + (1 - self.last_rate) * cosine)


@dataclass
class Progress:
    """Where a training is: steps and seconds spent, the averaged weights and the lines of the log."""

    step: int = 0
    seconds: float = 0.0
    average: Tensors = field(default_factory=dict)
    log: list[dict[str, float]] = field(default_factory=list)


def prepare(seed: int, device: str) -> str:
    """Seed torch, keep it to one thread and to deterministic kernels; return the device that was resolved.

    Call it before the net is made, so that its first weights follow from the seed.
    """
    use_one_thread()
    keep_freed_memory()
    import torch

    torch.manual_seed(seed)
    torch.backends.cudnn.deterministic = True
    return resolve_device(device)


def half_precision(device: str) -> AbstractContextManager[object]:
    """Return a context in which a net computes in bfloat16 where that is fast; its weights stay float32.

    On a processor with instructions for it, a step takes little more than half the time; without them the
    context changes nothing. So equal seeds give equal weights on equal processors only.
    """
    import torch

    return torch.autocast(
        device.partition(":")[0], dtype=torch.bfloat16, enabled=precision(device) == "bfloat16"
    )


@functools.cache
def precision(device: str) -> str:
    """Return "bfloat16" for a device that is fast in it (AVX-512's, AMX's or a GPU's), else "float32"."""
    import torch

    fast = torch.cuda.is_bf16_supported() if device.startswith("cuda") else _computes_bfloat16()
    return "bfloat16" if fast else "float32"


def _computes_bfloat16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def train(trainee: Trainee, plan: Plan) -> Progress:
    """Train to the end of the plan, from the checkpoint in its folder where there is one.

    Returns
    -------
    The progress at the end; `average` holds the weights to keep, named as in the net's `state_dict`.

    Raises
    ------
    ModelUseError
        If the checkpoint belongs to another plan or net, or the loss is no longer a number.
    """
    from tqdm import tqdm

    plan.folder.mkdir(parents=True, exist_ok=True)
    progress = _resumed(trainee, plan)
    saved = progress.seconds
    total = plan.steps if plan.minutes is None else None
    with tqdm(total=total, initial=progress.step, unit="step", mininterval=2) as bar:
        for share in _steps(trainee, plan, progress):
            bar.update()
            if progress.step % plan.every == 0:
                bar.set_postfix(done=f"{share:.0%}", loss=f"{progress.log[-1]['loss']:.3f}", refresh=False)
            if progress.seconds - saved > plan.checkpoint_seconds:
                _save(trainee, plan, progress)
                saved = progress.seconds
    _save(trainee, plan, progress)
    return progress


def _steps(trainee: Trainee, plan: Plan, progress: Progress) -> Iterator[float]:
    """Take step after step and write the log; yield how much of the training was over before each."""
    begun = time.monotonic() - progress.seconds
    parts: list[dict[str, float]] = []
    while (share := plan.share(progress.step, progress.seconds)) < 1:
        rate = plan.rate_at(progress.step, share)
        parts.append(_step(trainee, plan, progress, rate=rate))
        progress.step += 1
        progress.seconds = time.monotonic() - begun
        if progress.step % plan.every == 0:
            progress.log.append(_line(progress, rate, parts))
            parts.clear()
        yield share


def _step(trainee: Trainee, plan: Plan, progress: Progress, *, rate: float) -> dict[str, float]:
    import torch

    # A generator per step makes a resumed training see the very batches that an unbroken one sees.
    rng = np.random.default_rng([plan.seed, progress.step])
    torch.manual_seed(int(rng.integers(2**31)))
    for group in trainee.optimizer.param_groups:
        group["lr"] = rate * group.get("rate_factor", 1.0)
    parts = trainee.losses(rng, share=plan.share(progress.step, progress.seconds))
    loss = torch.stack(list(parts.values())).sum()
    if not math.isfinite(loss.item()):
        raise ModelUseError(
            f"The loss is {loss.item()} at step {progress.step}; lower the learning rate or look at the data."
        )
    trainee.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(trainee.net.parameters(), plan.clip)
    trainee.optimizer.step()
    _average(progress, trainee.net, plan.average)
    return {"loss": loss.item(), **{name: part.item() for name, part in parts.items()}}


def _average(progress: Progress, net: "nn.Module", decay: float) -> None:
    """Move the averaged weights towards the net's; the first steps count for more than the decay says."""
    weight = 1 - min(decay, (1 + progress.step) / (10 + progress.step))
    for name, tensor in net.state_dict().items():
        if name in progress.average and tensor.is_floating_point():
            progress.average[name].lerp_(tensor, weight)
        else:
            progress.average[name] = tensor.detach().clone()


def _line(progress: Progress, rate: float, parts: list[dict[str, float]]) -> dict[str, float]:
    means = {name: round(float(np.mean([part[name] for part in parts])), 5) for name in parts[0]}
    return {"step": progress.step, "seconds": round(progress.seconds, 1), "rate": rate, **means}


def _save(trainee: Trainee, plan: Plan, progress: Progress) -> None:
    import torch

    state = {
        "plan": _identity(plan),
        "step": progress.step,
        "seconds": progress.seconds,
        "average": progress.average,
        "log": progress.log,
        "net": trainee.net.state_dict(),
        "optimizer": trainee.optimizer.state_dict(),
    }
    partial = plan.folder / f".{CHECKPOINT}"
    with partial.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(plan.folder / CHECKPOINT)
    lines = "".join(json.dumps(line) + "\n" for line in progress.log)
    (plan.folder / LOG).write_text(lines, encoding="utf-8")
    draw_curves(progress.log, plan.folder / CURVES)


def _resumed(trainee: Trainee, plan: Plan) -> Progress:
    """Return the progress of the folder's checkpoint, its weights loaded; or a fresh one."""
    import torch

    path = plan.folder / CHECKPOINT
    if not path.exists():
        return Progress()
    device = next(trainee.net.parameters()).device
    try:
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        _check_identity(state["plan"], plan, path)
        trainee.net.load_state_dict(state["net"])
        trainee.optimizer.load_state_dict(state["optimizer"])
        return Progress(state["step"], state["seconds"], state["average"], state["log"])
    except (UnpicklingError, RuntimeError, ValueError, KeyError, EOFError, OSError) as error:
        raise ModelUseError(f"{path} does not fit this net; remove it to begin anew.") from error


def _check_identity(begun: Mapping[str, Any], plan: Plan, path: Path) -> None:
    wanted = _identity(plan)
    for name in wanted:
        if begun.get(name) != wanted[name]:
            raise ModelUseError(
                f"{path} belongs to another training ({name}: {begun.get(name)}, but now {wanted[name]}); "
                "remove it to begin anew, or train as it was begun."
            )


def _identity(plan: Plan) -> dict[str, Any]:
    return {name: value for name, value in asdict(plan).items() if name not in NO_MATTER}
