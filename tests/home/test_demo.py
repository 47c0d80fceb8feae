"""`make demo` as its user meets it: it comes up, lets everyone sign in, and leaves nothing behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from labelapp.home import bootstrap, demo, processes
from labelapp.home.servers import EmbeddedServers
from tests.shared_servers import folder_for_servers
from tests.web_server import free_port

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_THE_DEMO = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "TEST_RUN"}


class RunningDemo:
    """The supervisor as a process of its own, with what it prints."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.printed = data_dir.parent / f"printed-{os.urandom(4).hex()}"
        own = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_DEMO}
        with self.printed.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "labelapp.home.demo"],
                cwd=ROOT,
                env={**own, "DATA_DIR": str(data_dir), "PORT": str(port), "SHOP": "0"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.printed.read_text()

    def wait_for(self, words: str) -> "RunningDemo":
        processes.wait_until(lambda: words in self.text or self.process.poll() is not None, seconds=120)
        assert words in self.text, self.text
        assert self.process.poll() is None, self.text
        return self

    def wait_until_up(self) -> "RunningDemo":
        return self.wait_for("Ctrl-C stops everything")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def child_pid(self, name: str) -> int:
        return int((self.data_dir / "children" / f"{name}.pid").read_text())


Starter = Callable[[], RunningDemo]


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data folder for all, so that only the first start has much to do."""
    with folder_for_servers() as folder:
        yield folder / "data"
        EmbeddedServers(folder / "data").stop()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start_demo(data_dir: Path, port: int) -> Iterator[Starter]:
    started: list[RunningDemo] = []

    def start() -> RunningDemo:
        started.append(RunningDemo(data_dir, port))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end()


def everything_of(data_dir: Path) -> list[str]:
    """Command lines of the programs that belong to a data folder or were started from it."""
    found = []
    for process in psutil.process_iter():
        try:
            environment, line = process.environ(), " ".join(process.cmdline())
        except psutil.Error:
            continue
        if environment.get("DATA_DIR") == str(data_dir) or str(data_dir) in line:
            found.append(line)
    return found


def sign_in(port: int, *, username: str, password: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/sign-in/")
        page = connection.getresponse()
        cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        assert token
        form = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token[1]})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in/", form, headers)
        return connection.getresponse().status


def listening(pid: int) -> set[tuple[str, int]]:
    web = psutil.Process(pid)
    family = [web, *web.children(recursive=True)]
    return {end.laddr for one in family for end in one.net_connections("inet") if end.status == "LISTEN"}


def test_everyone_it_names_can_sign_in_on_this_machine_until_ctrl_c(
    start_demo: Starter, data_dir: Path
) -> None:
    running = start_demo().wait_until_up()
    password = (data_dir / "demo-password").read_text()
    assert f"http://127.0.0.1:{running.port}" in running.text
    assert password in running.text
    for username, _, _ in demo.PERSONAS:
        assert username in running.text
        assert sign_in(running.port, username=username, password=password) == 302
    assert sign_in(running.port, username="lena", password="wrong") != 302
    assert listening(running.child_pid("web server")) == {("127.0.0.1", running.port)}

    assert running.end(signal.SIGINT) == 0
    order = re.findall(r"Stopping (?:the )?(.*?) \.", running.text)
    assert order == ["web server", "light worker", "model worker", "Redis", "PostgreSQL"]
    assert everything_of(data_dir) == []


def test_a_signal_in_the_middle_of_the_start_stops_everything(start_demo: Starter) -> None:
    running = start_demo().wait_for("Starting the web server")
    assert running.end(signal.SIGHUP) == 0
    assert everything_of(running.data_dir) == []


def test_a_second_one_is_told_about_the_first(start_demo: Starter) -> None:
    first = start_demo().wait_for("Starting PostgreSQL")
    second = start_demo()
    assert second.process.wait(60) == 1
    assert f"already running from this folder: http://127.0.0.1:{first.port}" in second.text


def test_a_taken_port_is_named_with_a_way_out(start_demo: Starter, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        running = start_demo()
        assert running.process.wait(60) == 1
    assert f"Port {port} cannot be used (Address already in use)" in running.text
    assert f"PORT={port + 1} make demo" in running.text


def test_when_a_part_dies_it_says_which_and_stops_the_rest(start_demo: Starter) -> None:
    running = start_demo().wait_until_up()
    os.kill(running.child_pid("model worker"), signal.SIGKILL)
    assert running.process.wait(60) == 1
    assert "The model worker ended by itself (status -9), so everything stops." in running.text
    assert everything_of(running.data_dir) == []


def test_a_killed_supervisor_leaves_nothing_that_hinders_the_next(start_demo: Starter) -> None:
    killed = start_demo().wait_until_up()
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    following = start_demo().wait_until_up()
    assert "Ending the web server that an earlier start left behind" in following.text
    assert following.end(signal.SIGTERM) == 0
    assert everything_of(following.data_dir) == []


def test_servers_started_by_hand_keep_running(start_demo: Starter, data_dir: Path) -> None:
    with EmbeddedServers(data_dir) as servers:
        running = start_demo().wait_for("Starting the web server")
        assert running.end() == 0
        assert servers.postgres.is_running()
        assert servers.redis.is_running()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    assert demo.main() == 2
    assert f"not '{port}'" in capsys.readouterr().out


def test_it_introduces_the_people_that_bootstrap_makes() -> None:
    made = [(persona.username, persona.role.label, persona.does) for persona in bootstrap.PERSONAS]
    assert made == list(demo.PERSONAS)
