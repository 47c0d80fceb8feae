"""The installer says exactly what is missing; what it can install is tried by every fresh checkout."""

import importlib.util
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("installer", ROOT / "requirements" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / "venv" / "bin" / "python")
    return module


def test_a_python_without_ensurepip_is_told_the_package(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(installer.InstallError, match=r"apt-get install python3\.\d+-venv"):
        installer.make_venv()


def test_a_user_without_chromium_is_told_how_to_get_it(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(installer.InstallError, match="sudo apt-get install chromium"):
        installer.install_browser()


def test_a_failing_command_shows_the_end_of_its_log(installer: ModuleType) -> None:
    command = ["sh", "-c", "echo 'ERROR: No matching distribution found'; exit 3"]
    with pytest.raises(installer.InstallError) as failure:
        installer._logged("pip", command, show=lambda line: None, env=dict(os.environ))
    assert "pip failed with status 3" in str(failure.value)
    assert "No matching distribution found" in str(failure.value)
    assert "HTTPS_PROXY" in str(failure.value)


def test_packages_are_installed_again_only_when_a_lock_changes(
    installer: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(installer, "_pip", lambda *arguments, show: calls.append(arguments[0]))
    monkeypatch.setattr(installer, "ROOT", tmp_path)
    monkeypatch.setattr(installer, "CONSTRAINTS", tmp_path / "constraints.txt")
    installer.VENV.mkdir()
    (tmp_path / "requirements").mkdir()
    for name in ("constraints.txt", "requirements/lock.txt", "requirements/dev.txt"):
        (tmp_path / name).write_text("torch==2.13.0\n")
    installer.install_packages("demo")
    installer.install_packages("demo")
    assert calls == ["install"]
    (tmp_path / "requirements" / "lock.txt").write_text("torch==2.13.0\nsix==1.17.0\n")
    installer.install_packages("demo")
    assert calls == ["install", "install"]


def test_what_the_tests_need_includes_what_the_demo_needs(
    installer: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(installer, "_pip", lambda *arguments, show: calls.append(arguments[0]))
    installer.VENV.mkdir()
    installer.install_packages("test")
    installer.install_packages("demo")
    assert calls == ["install"]
