"""The locked versions are those that pyproject.toml and vendor.json name; no index server is named."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
VENDOR = ROOT / "labelapp" / "static" / "vendor"


def normal(pin: str) -> str:
    return re.sub(r"[-_.]+(?=.*==)", "-", re.sub(r"\[.*?\]", "", pin)).lower()


def locked(*names: str) -> set[str]:
    lines = [line for name in names for line in (ROOT / "requirements" / name).read_text().splitlines()]
    return {normal(line) for line in lines if line and not line.startswith("#")}


def wanted(pins: Iterable[str]) -> set[str]:
    return {normal(pin) for pin in pins}


def test_what_runs_is_locked_at_the_version_that_the_project_names() -> None:
    assert wanted([*PROJECT["dependencies"], *EXTRAS["embedded"]]) <= locked("lock.txt")


def test_the_tools_are_locked_at_the_version_that_the_project_names() -> None:
    assert wanted([*EXTRAS["dev"], *EXTRAS["plots"]]) <= locked("lock.txt", "dev.txt")


def test_torch_may_be_of_any_build() -> None:
    assert "torch==2.13.0" in locked("lock.txt")
    assert not any(pin.startswith(("nvidia", "cuda", "triton")) for pin in locked("lock.txt", "dev.txt"))


@pytest.mark.parametrize(
    "name", ["requirements/lock.txt", "requirements/dev.txt", "requirements/constraints.txt", ".npmrc"]
)
def test_no_index_server_is_named(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_the_node_lock_does_not_say_where_packages_come_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in package for package in packages.values())


def test_the_browser_packages_are_exactly_the_files_that_were_written_down() -> None:
    listed = [
        entry for package in json.loads((VENDOR / "vendor.json").read_text()) for entry in package["files"]
    ]
    for entry in listed:
        assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry[
            "file"
        ]
    files = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert files == {entry["file"] for entry in listed} | {"vendor.json"}
