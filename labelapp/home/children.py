"""A program that runs beside us, with its output in a log file."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from labelapp.home import processes

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 20.0

GUNICORN = [sys.executable, "-m", "gunicorn", "labelapp.wsgi:application", "--worker-class", "gthread"]
CELERY = [sys.executable, "-m", "celery", "-A", "labelapp", "worker", "--loglevel", "INFO"]
CELERY += ["--without-gossip", "--without-mingle"]
# Workers take turns between queues: what a person waits for comes right after the chunk in hand.
MODEL_QUEUES = "look,inference"
LIGHT_QUEUE = "default"


def gunicorn_command(port: int, *, workers: int = 2, threads: int = 4) -> list[str]:
    """Return the command of the web server, which listens on this machine only."""
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", str(threads)]
    return [*GUNICORN, *options, "--timeout", "120", "--graceful-timeout", "10", "--keep-alive", "75"]


def celery_command(schedule: Path) -> list[str]:
    """Return the command of a worker that does everything, one job after the other, and keeps the time."""
    queues = f"{MODEL_QUEUES},{LIGHT_QUEUE}"
    return [*CELERY, "-Q", queues, "--concurrency", "1", "-B", "--schedule", str(schedule)]


def model_worker_command(*, concurrency: int = 1) -> list[str]:
    """Return the command of the worker that asks the models."""
    return [*CELERY, "-n", "models@%h", "-Q", MODEL_QUEUES, "--concurrency", str(concurrency)]


def light_worker_command(schedule: Path) -> list[str]:
    """Return the command of the worker for everything else, which also keeps the time.

    Its jobs are threads of one small process, so that the sweeper gets its turn beside a long import.
    """
    threads = ["--pool", "threads", "--concurrency", "4"]
    return [*CELERY, "-n", "light@%h", "-Q", LIGHT_QUEUE, *threads, "-B", "--schedule", str(schedule)]


class Child:
    """A running program. It leads its own process group: Ctrl-C reaches only us, and we end it in order."""

    def __init__(self, name: str, command: Sequence[str], *, log: Path, env: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._start_of_log = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the process id, which is the process group's id too."""
        return self._process.pid

    def exit_status(self) -> int | None:
        """Return how the program ended, or None while it runs."""
        return self._process.poll()

    def output(self) -> str:
        """Return what it has written since it was started."""
        with self.log.open("rb") as file:
            file.seek(self._start_of_log)
            return file.read().decode(errors="replace")

    def wait_for_output(self, text: str, *, seconds: float = 60.0) -> None:
        """Wait until the program has written `text`."""
        processes.wait_until(lambda: text in self.output() or self.exit_status() is not None, seconds=seconds)
        if text not in self.output():
            raise processes.ServerError(
                f"The {self.name} did not get ready; {self.log} ends:\n{processes.last_lines(self.log)}"
            )

    def stop(self, *, seconds: float = STOP_SECONDS) -> int:
        """Ask the program to finish what it has in hand and end; kill what is left of it."""
        if self.exit_status() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        return self.kill()

    def kill(self) -> int:
        """End the program and every process it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait()
