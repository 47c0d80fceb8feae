"""Starting, recognising and ending server processes that outlive the process that started them."""

import fcntl
import importlib.util
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

Report = Callable[[str], None]

ACCOUNT_NAME = "pgserver"
STOP_SECONDS = 30.0
POLL_SECONDS = 0.02


class ServerError(Exception):
    """A server could not be started or stopped; the message says why and what to do."""


def silent(message: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Account:
    """The system user that servers run as when we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the account to run servers as, making it when needed; None means as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        entry = _make_account()
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/bin/sh", ACCOUNT_NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServerError(
            f"PostgreSQL refuses to run as root and the user '{ACCOUNT_NAME}' could not be made ({error}). "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
    return pwd.getpwnam(ACCOUNT_NAME)


def package_folder(package: str) -> Path:
    """Return the folder of an installed package without importing it, which would start its machinery."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ServerError(
            f"The package {package}, which brings a server, is not installed. Run `make demo` once, "
            "or set DATABASE_URL and REDIS_URL (or CELERY_BROKER_URL) to servers of your own."
        )
    return Path(found.submodule_search_locations[0])


def run_as(account: Account | None, command: Sequence[str | Path], *, cwd: Path, log: Path) -> int:
    """Run a command to its end, its output appended to `log`, and return the exit status."""
    # A pipe would stay open in the server that the command leaves behind.
    with log.open("ab") as output:
        return subprocess.run(
            [os.fspath(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        ).returncode


def make_private(folder: Path, account: Account | None) -> None:
    """Make `folder` with mode 0700 for the account, and let the account reach it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid(), account.uid if account else os.geteuid()}
    if folder.is_symlink() or found.st_uid not in owners:
        raise ServerError(f"{folder} belongs to somebody else; remove it or choose another DATA_DIR.")
    if account:
        os.chown(folder, account.uid, account.gid)
        let_through(folder)
    folder.chmod(0o700)


def leave_folder(folder: Path) -> None:
    """Remove `folder` if nothing is left in it."""
    with suppress(OSError):
        folder.rmdir()


def let_through(path: Path) -> None:
    """Let other users pass, not list, the folders above `path`."""
    for parent in path.absolute().parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def find_process(pid_file: Path, marker: str) -> int | None:
    """Return the process id in `pid_file` if that process lives and has `marker` in its command line."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or marker not in " ".join(process.cmdline()):
            return None
    except (OSError, ValueError, psutil.Error):
        return None
    return pid


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], *, seconds: float = STOP_SECONDS) -> bool:
    """Poll until the condition holds; False when it did not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end_process(pid: int, signals: Sequence[signal.Signals], *, seconds: float = STOP_SECONDS) -> None:
    """Send the signals, one after the other, each given its time, until the process has ended."""
    for number in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(lambda: not is_alive(pid), seconds=seconds):
            return
    raise ServerError(f"Process {pid} did not end after {', '.join(s.name for s in signals)}.")


@contextmanager
def exclusive(lock_file: Path) -> Iterator[None]:
    """Hold a lock that the kernel frees when its holder dies."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log file, indented, for error messages."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "  (no log)"
    return "\n".join(f"  {line}" for line in lines[-count:]) or "  (the log is empty)"
