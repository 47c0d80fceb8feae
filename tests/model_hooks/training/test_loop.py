"""The frame of a training: schedule, resuming, budget, log and curves."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model_hooks.errors import ModelUseError
from model_hooks.training import loop
from model_hooks.training.loop import Plan, prepare, train


class Line:
    """Learns y = 2x; breaks off before step `until`, as a kill would."""

    def __init__(self, until: int = 10_000) -> None:
        torch.manual_seed(5)
        self.net = torch.nn.Linear(1, 1)
        self.optimizer = torch.optim.AdamW(self.net.parameters())
        self.until = until

    def losses(self, rng: np.random.Generator, *, share: float) -> Mapping[str, torch.Tensor]:
        assert 0 <= share < 1
        self.until -= 1
        if self.until < 0:
            raise KeyboardInterrupt
        x = torch.from_numpy(rng.normal(size=(8, 1)).astype(np.float32))
        error = self.net(x) - 2 * x
        return {"square": error.square().mean(), "absolute": error.abs().mean()}


def plan(folder: Path, **changes: object) -> Plan:
    settings = {
        "steps": 60,
        "seed": 3,
        "what": "a line",
        "rate": 0.1,
        "warm_up": 5,
        "every": 5,
        "checkpoint_seconds": 0.0,
    }
    return Plan(folder, **(settings | changes))  # type: ignore[arg-type]


def test_a_training_goes_down_and_leaves_log_curves_and_checkpoint(tmp_path: Path) -> None:
    progress = train(Line(), plan(tmp_path))
    lines = [json.loads(line) for line in (tmp_path / loop.LOG).read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(5, 61, 5))
    assert lines[-1]["loss"] < lines[0]["loss"] / 2
    assert set(progress.average) == {"weight", "bias"}
    with Image.open(tmp_path / loop.CURVES) as curves:
        assert curves.size == (720, 360)
    assert not list(tmp_path.glob(".*"))


def test_equal_seeds_give_equal_weights_and_others_do_not(tmp_path: Path) -> None:
    weights = [
        train(Line(), plan(tmp_path / str(number), seed=seed)).average["weight"].item()
        for number, seed in enumerate((1, 1, 2))
    ]
    assert weights[0] == weights[1] != weights[2]


def test_a_killed_training_ends_as_if_it_had_not_been_killed(tmp_path: Path) -> None:
    unbroken = train(Line(), plan(tmp_path / "unbroken"))
    with pytest.raises(KeyboardInterrupt):
        train(Line(until=23), plan(tmp_path / "killed"))
    resumed = train(Line(), plan(tmp_path / "killed"))
    assert torch.equal(resumed.average["weight"], unbroken.average["weight"])
    # Figures of a line of the log that the kill cut in two differ; the steps do not.
    assert [line["step"] for line in resumed.log] == [line["step"] for line in unbroken.log]


def test_a_budget_ends_the_training_at_the_lowest_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count()
    monkeypatch.setattr("model_hooks.training.loop.time.monotonic", lambda: float(next(clock)))
    progress = train(Line(), plan(tmp_path, steps=10**9, minutes=1, every=1))
    assert 20 < progress.step <= 60
    assert progress.log[-1]["rate"] < 0.1 * 0.05


@pytest.mark.parametrize(
    ("step", "share", "rate"), [(0, 0.0, 0.1), (9, 0.0, 1.0), (500, 0.5, 0.51), (999, 1.0, 0.02)]
)
def test_the_rate_warms_up_and_falls_along_a_cosine(
    tmp_path: Path, step: int, share: float, rate: float
) -> None:
    schedule = Plan(tmp_path, 1000, 1, "a line", rate=1.0, warm_up=10)
    assert schedule.rate_at(step, share) == pytest.approx(rate)


def test_the_larger_share_of_steps_and_time_counts(tmp_path: Path) -> None:
    schedule = Plan(tmp_path, 100, 1, "a line", minutes=1)
    assert schedule.share(50, 6) == 0.5
    assert schedule.share(10, 30) == 0.5
    assert schedule.share(10, 90) == 1


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"steps": 61}, {"what": "a curve"}, {"rate": 0.2}, {"minutes": 1.0}]
)
def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    train(Line(), plan(tmp_path))
    (name, value), *_ = change.items()
    with pytest.raises(ModelUseError, match=rf"another training \({name}: .*but now {value}\)"):
        train(Line(), plan(tmp_path, **change))


def test_a_checkpoint_is_carried_on_wherever_and_however_often_it_is_saved(tmp_path: Path) -> None:
    train(Line(), plan(tmp_path / "first"))
    (tmp_path / "first").rename(tmp_path / "moved")
    assert train(Line(until=0), plan(tmp_path / "moved", checkpoint_seconds=9.0)).step == 60


@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_a_broken_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / loop.CHECKPOINT).write_bytes(content)
    with pytest.raises(ModelUseError, match="remove it to begin anew"):
        train(Line(), plan(tmp_path))


def test_a_loss_that_is_no_number_is_said(tmp_path: Path) -> None:
    trainee = Line()
    torch.nn.init.constant_(trainee.net.weight, float("nan"))
    with pytest.raises(ModelUseError, match="lower the learning rate"):
        train(trainee, plan(tmp_path))


def test_preparing_fixes_what_is_drawn_at_random() -> None:
    assert prepare(1, "cpu") == "cpu"
    first = torch.rand(3)
    prepare(1, "auto")
    assert torch.equal(first, torch.rand(3))
