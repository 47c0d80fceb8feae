"""The programs that a benchmark measures beside, in an environment of their own under .local/peers."""

import hashlib
import os
import subprocess
import venv
from pathlib import Path

from labelapp.home.progress import Progress

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".local" / "peers"
PINS = ROOT / "requirements" / "peers.txt"
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"


def peers_python() -> Path:
    """Return the interpreter of the environment; make it first unless it has these very versions."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / ".installed"
    wanted = hashlib.sha256(PINS.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        progress = Progress()
        with progress.step("Making .local/peers"):
            venv.create(ENVIRONMENT, with_pip=True, clear=True, symlinks=True)
        with progress.step("Installing the peers"):
            _install(python)
        stamp.write_text(wanted)
    return python


def versions() -> dict[str, str]:
    """Return name and version of the peers themselves, which carry a comment in the list."""
    chosen = [line.split()[0] for line in PINS.read_text().splitlines() if "==" in line and "  #" in line]
    return {name: version for name, _, version in (pin.partition("==") for pin in chosen)}


def _install(python: Path) -> None:
    options = ["--disable-pip-version-check", "install", "--quiet", "--progress-bar", "off"]
    done = subprocess.run(
        [python, "-m", "pip", *options, "-c", CONSTRAINTS, "-r", PINS],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"pip could not install {PINS}:\n{done.stderr[-2000:]}")
