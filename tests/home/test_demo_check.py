"""`make demo-check` as a program: a small shop, the nets that come with the product, nothing left behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from labelapp.home import processes
from labelapp.home.demo_check import NOT_FOR_THE_CHECK
from labelapp.home.demo_filling import Filling
from labelapp.home.demo_steps import MODELS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--products", "240", "--scenes", "20", "--run-scenes", "20", "--seed", "3")


class Check:
    """The check as a process of its own, with what it prints."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.out = folder / "demo-check.json"
        self.temporary = folder / "t"
        self.temporary.mkdir()
        self.printed = folder / "printed"
        command = [sys.executable, "-m", "labelapp.home.demo_check", *SMALL]
        own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        with self.printed.open("w") as output:
            self.process = subprocess.Popen(
                [*command, "--models", str(models), "--out", str(self.out)],
                cwd=ROOT,
                env={**own, "TMPDIR": str(self.temporary), "CHUNK_SCENES": "5"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.printed.read_text()

    def left_behind(self) -> list[str]:
        """Files, and command lines of programs, that belong to it."""
        found = [str(path) for path in self.temporary.glob("looklab-*")]
        for process in psutil.process_iter():
            try:
                environment, line = process.environ(), " ".join(process.cmdline())
            except psutil.Error:
                continue
            if str(self.temporary) in environment.get("DATA_DIR", "") or str(self.temporary) in line:
                found.append(line)
        return found


@pytest.fixture
def check(server_dir: Path) -> Iterator[Check]:
    running = Check(server_dir, MODELS)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(60)


def test_it_runs_the_whole_demo_and_writes_its_figures(check: Check) -> None:
    assert check.process.wait(500) == 0, check.text
    figures = json.loads(check.out.read_text())
    assert figures["passed"]
    assert all(one["holds"] for one in figures["checks"])
    assert len(figures["checks"]) == 12
    assert (figures["products"], figures["scenes"]) == (240, 20)
    assert [row["system"] for row in figures["comparison"]["systems"]] == ["plain", "restricted"]
    assert figures["comparison"]["origin"] == "simulated"
    assert [pool["pool"] for pool in figures["pools"]] == ["sim_in_house", "sim_vendor", "sim_crowd"]
    assert sum(figures["pairs_by_planted_fault"].values()) > 0
    assert set(figures["seconds"]) == {"start", "loading", "running", "simulating"}
    for words in (
        "Similar P@5",
        "consistency",
        "accuracy",
        "Creators' pairs",
        "comparison page",
        "The demo passed",
    ):
        assert words in check.text
    assert check.left_behind() == []


def test_ctrl_c_ends_it_and_leaves_nothing_behind(check: Check) -> None:
    processes.wait_until(
        lambda: "Drawing and loading" in check.text or check.process.poll() is not None, seconds=120
    )
    check.process.send_signal(signal.SIGINT)
    assert check.process.wait(60) == 128 + signal.SIGINT
    assert check.left_behind() == []
    assert not check.out.exists()


def test_a_part_that_cannot_run_fails_the_check_and_is_told(server_dir: Path, tmp_path: Path) -> None:
    check = Check(server_dir, tmp_path)
    assert check.process.wait(500) == 1
    assert "There is no detector and no embedder" in check.text
    assert not check.out.exists()
    assert check.left_behind() == []


def test_the_environment_says_what_the_demo_is_filled_with(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOP", "SIMULATE", "DEMO_PRODUCTS", "DEMO_SCENES", "DEMO_SEED"):
        monkeypatch.delenv(name, raising=False)
    usual = Filling.wanted()
    assert usual is not None
    assert usual.command()[-1] == "--simulate"
    for name, value in {"SIMULATE": "0", "DEMO_PRODUCTS": "60", "DEMO_SEED": "3"}.items():
        monkeypatch.setenv(name, value)
    small = Filling.wanted()
    assert small is not None
    assert small.command()[-4:] == ["60", "--seed", "3", "--careful"]
    monkeypatch.setenv("SHOP", "1")
    eager = Filling.wanted()
    assert eager is not None
    assert eager.command()[-1] == "--beside-others"
    monkeypatch.setenv("SHOP", "0")
    assert Filling.wanted() is None


HARMLESS = {"DATA_DIR", "LOG_LEVEL", "PORT", "SWEEP_SECONDS", "TIME_ZONE"}


def test_no_setting_of_somebodys_own_reaches_the_check() -> None:
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    reaching = {name for name in listed if not name.startswith("CHUNK_")} - set(NOT_FOR_THE_CHECK)
    assert reaching == HARMLESS
