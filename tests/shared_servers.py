"""One PostgreSQL for all test processes of this checkout, also of several runs; the last one out stops it."""

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from labelapp.home import processes
from labelapp.home.embedded_postgres import EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from tests.settings import RUN_DIR


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """Make a folder that the servers' account can reach; pytest closes its own to it at every start."""
    folder = RUN_DIR / f"servers-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


class SharedPostgres:
    """Counts its users by a file lock, which the kernel frees for a process that dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = EmbeddedPostgres(folder, fast=True)
        self._gate = folder / "gate.lock"
        folder.mkdir(parents=True, exist_ok=True)
        self._users = (folder / "users.lock").open("a")

    def join(self) -> None:
        """Start the server unless somebody has, and clear away what killed runs left behind."""
        with processes.exclusive(self._gate):
            alone = self._is_alone()
            self.server.start()
            if alone:
                self._drop_leftovers()
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Stop the server if nobody else uses it."""
        with processes.exclusive(self._gate):
            if self._is_alone():
                self.server.stop()
            self._users.close()

    def _is_alone(self) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _drop_leftovers(self) -> None:
        # A run's folder begins with the number of its process; it may live without using the shared server.
        for run in (self.folder / "runs").glob("*-*"):
            if not psutil.pid_exists(int(run.name.partition("-")[0])):
                EmbeddedRedis(run).stop()
                shutil.rmtree(run, ignore_errors=True)
        host = str(self.server.socket_dir)
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'").fetchall()
            for (name,) in left:
                connection.execute(f'DROP DATABASE "{name}"')
