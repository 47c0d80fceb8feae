"""`make demo`: start everything the product needs, watch over it, and stop it in order.

Nothing here sets Django up: the supervisor stays small, and what it starts runs in processes of its own.
"""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from labelapp.home import children, processes
from labelapp.home.children import ROOT, Child
from labelapp.home.demo_filling import Filling, wait_for_filling
from labelapp.home.embedded_postgres import EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from labelapp.home.interrupts import Interrupts
from labelapp.home.processes import ServerError
from labelapp.home.progress import Progress
from labelapp.home.servers import EmbeddedServers, local_secret
from labelapp.home.stamps import code_state, static_state, unless_unchanged

NAME = "Looklab"
# As in labelapp.home.bootstrap, which needs the site; a test compares.
PERSONAS = (
    ("lena", "Labeler", "rates candidates"),
    ("eva", "Expert", "watches over the guide and the projects"),
    ("max", "ML engineer", "imports, runs systems, reads the report"),
    ("ada", "Admin", "may do everything"),
)
WATCH_SECONDS = 0.5
READY_SECONDS = 60.0


class Demo:
    """The programs of one data folder, from the first check to the last stop."""

    model_processes = 1

    def __init__(self, data_dir: Path, port: int, *, progress: Progress) -> None:
        self.data_dir = data_dir.resolve()
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.progress = progress
        self.servers = EmbeddedServers(self.data_dir)
        self.children: list[Child] = []
        self.interrupts = Interrupts()
        self.env = {"DATA_DIR": str(self.data_dir), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}

    def run(self) -> int:
        """Run until a signal comes (raised as KeyboardInterrupt) or something dies; then stop all."""
        started = time.monotonic()
        with self._only_one(), self.interrupts.handled(), ExitStack() as running:
            try:
                self._end_leftovers()
                self._check_port()
                self._start_servers(running)
                self._prepare()
                self._start_children(running)
                self._welcome(time.monotonic() - started)
                self._fill(running)
                return self._watch()
            finally:
                self.interrupts.end()

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "demo.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise ServerError(
                    f"{NAME} is already running from this folder: {lock.read() or 'it is just starting'}. "
                    "Use that one, or stop it with Ctrl-C in its terminal."
                ) from None
            lock.truncate(0)
            lock.write(f"{self.address}, process {os.getpid()}")
            lock.flush()
            yield

    def _end_leftovers(self) -> None:
        """End the programs of a demo that was itself killed; its servers are simply taken over."""
        self._children_dir.mkdir(exist_ok=True)
        for pid_file in self._children_dir.glob("*.pid"):
            pid = processes.find_process(pid_file, "labelapp")
            if pid is not None:
                with self.progress.step(f"Ending the {pid_file.stem} that an earlier start left behind"):
                    processes.end_process(pid, [signal.SIGTERM, signal.SIGKILL])
            pid_file.unlink()

    @property
    def _children_dir(self) -> Path:
        return self.data_dir / "children"

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise ServerError(
                    f"Port {self.port} cannot be used ({error.strerror}). Stop the program that "
                    f"listens there, or choose another port: PORT={self.port + 1} make demo"
                ) from error

    def _start_servers(self, running: ExitStack) -> None:
        if not os.environ.get("DATABASE_URL"):
            self._start_server(running, self.servers.postgres)
        if not os.environ.get("REDIS_URL") and not os.environ.get("CELERY_BROKER_URL"):
            self._start_server(running, self.servers.redis)

    def _start_server(self, running: ExitStack, server: EmbeddedPostgres | EmbeddedRedis) -> None:
        # A server that somebody started by hand keeps running when the demo stops.
        ours = self._children_dir / f"{server.name}.server"
        if not server.is_running():
            ours.touch()
        if ours.exists():
            running.callback(ours.unlink)
            running.callback(self._quietly, f"Stopping {server.name}", server.stop)
        with self.progress.step(f"Starting {server.name}"), self.interrupts.held():
            server.start()

    def _prepare(self) -> None:
        password = local_secret(self._password_file, size=9)
        # Kept among the database's own files, so that it goes when they go.
        with unless_unchanged(
            self.servers.postgres.folder / "labelapp.stamp", f"{password} {code_state()}"
        ) as changed:
            if changed or os.environ.get("DATABASE_URL"):
                self._manage("Updating the database", "migrate", "--no-input")
                self._manage(
                    "Looking after the demo's people", "bootstrap_demo", env={"DEMO_PASSWORD": password}
                )
        with unless_unchanged(self.data_dir / "static.stamp", static_state()) as changed:
            if changed:
                self._manage("Collecting static files", "collectstatic", "--no-input", "--clear")

    @property
    def _password_file(self) -> Path:
        return self.data_dir / "demo-password"

    def _manage(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        log = self.data_dir / "logs" / "manage.log"
        log.parent.mkdir(exist_ok=True)
        with self.progress.step(name), log.open("ab") as output:
            ended = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env={**os.environ, **self.env, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if ended.returncode:
            raise ServerError(
                f"`manage.py {arguments[0]}` failed; {log} ends:\n{processes.last_lines(log, 20)}"
            )

    def _start_children(self, running: ExitStack) -> None:
        with self.progress.step("Starting the web server and the workers"):
            self._start(
                running, "model worker", children.model_worker_command(concurrency=self.model_processes)
            )
            schedule = self.data_dir / "beat-schedule"
            self._start(running, "light worker", children.light_worker_command(schedule))
            self._start(running, "web server", children.gunicorn_command(self.port))
            for child in self.children:
                self._wait_for(child)

    def _start(self, running: ExitStack, name: str, command: Sequence[str]) -> None:
        self.children.append(self._launched(running, name, command))

    def _launched(self, running: ExitStack, name: str, command: Sequence[str]) -> Child:
        log = self.data_dir / "logs" / f"{name.replace(' ', '-')}.log"
        pid_file = self._children_dir / f"{name}.pid"
        with self.interrupts.held():
            child = Child(name, command, log=log, env=self.env)
            running.callback(pid_file.unlink, missing_ok=True)
            running.callback(self._stop, child)
            pid_file.write_text(str(child.pid))
        return child

    def _wait_for(self, child: Child) -> None:
        if child.name.endswith("worker"):
            child.wait_for_output(" ready.", seconds=READY_SECONDS)
            return
        processes.wait_until(
            lambda: self._web_answers() or child.exit_status() is not None, seconds=READY_SECONDS
        )
        if not self._web_answers():
            raise ServerError(
                f"The web server does not answer; {child.log} ends:\n{processes.last_lines(child.log, 20)}"
            )

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def _welcome(self, seconds: float) -> None:
        say = self.progress.say
        say(f"\n{NAME} is up after {seconds:.1f} s:  {self.address}\n")
        for username, role, does in PERSONAS:
            say(f"  sign in as  {username:<6} {role:<12} {does}")
        say(f"  password    {self._password_file.read_text()}  (of each of them)\n")
        say(f"Password and logs are kept in {self.data_dir}. Ctrl-C stops everything; the data stays.")

    def _fill(self, running: ExitStack) -> None:
        """Fill the site, which can be used meanwhile, with the drawn shop and what follows from it."""
        filling = Filling.wanted()
        if filling is None:
            return
        filler = self._launched(running, "demo shop", filling.command())
        try:
            with self.progress.step("Filling the demo; the site can be used meanwhile") as show:
                said = wait_for_filling(filler, show=show, is_over=lambda: bool(self._ended()))
        except ServerError as error:
            said = f"{error}"
        if said:
            self.progress.say(f"{said}\n{self.address}")

    def _ended(self) -> list[Child]:
        return [child for child in self.children if child.exit_status() is not None]

    def _watch(self) -> int:
        while not self._ended():
            time.sleep(WATCH_SECONDS)
        for child in self._ended():
            self.progress.say(
                f"\nThe {child.name} ended by itself (status {child.exit_status()}), so everything stops. "
                f"Its log {child.log} ends:\n{processes.last_lines(child.log, 20)}"
            )
        return 1

    def _stop(self, child: Child) -> None:
        if child.exit_status() is None:
            self._quietly(f"Stopping the {child.name}", child.stop)
        else:
            child.kill()

    def _quietly(self, name: str, stop: Callable[[], object]) -> None:
        """Stop one program; what goes wrong there must not keep the others running."""
        try:
            with self.progress.step(name):
                stop()
        except (ServerError, OSError) as error:
            self.progress.say(f"  {error}")


def main() -> int:
    """Run the demo as the environment variables PORT and DATA_DIR say."""
    progress = Progress()
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        progress.say(f"PORT must be a number from 1 to 65535, not {port!r}.")
        return 2
    demo = Demo(Path(os.environ.get("DATA_DIR") or ROOT / ".local"), int(port), progress=progress)
    try:
        return demo.run()
    except KeyboardInterrupt:
        progress.say(f"{NAME} has stopped.")
        return 0
    except ServerError as error:
        progress.say(f"\n{error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
