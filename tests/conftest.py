"""What every test may ask for: a database and a broker, real programs, a real browser, the real pictures."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from labelapp.home import children
from labelapp.home.children import Child
from labelapp.home.embedded_postgres import DATABASE, EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from tests.settings import RUN_DIR, TEST_DIR
from tests.shared_servers import SharedPostgres, folder_for_servers
from tests.web_server import WebServer, free_port

# How long an example takes depends on what else the machine does.
hypothesis_settings.register_profile("tests", deadline=None)
hypothesis_settings.load_profile("tests")

SHARED = Path(__file__).resolve().parents[2] / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def servers() -> Iterator[EmbeddedRedis | None]:
    """PostgreSQL, shared by all test processes, and a Redis of this process alone, which is yielded."""
    redis = None
    with ExitStack() as running:
        running.callback(shutil.rmtree, RUN_DIR, ignore_errors=True)
        if _is_ours("DATABASE_URL"):
            postgres = SharedPostgres(TEST_DIR)
            running.callback(postgres.leave)
            postgres.join()
            running.callback(connection.close)
        if _is_ours("REDIS_URL", "CELERY_BROKER_URL"):
            redis = EmbeddedRedis(RUN_DIR, fast=True)
            running.callback(redis.stop)
            redis.start()
        yield redis


def _is_ours(*names: str) -> bool:
    return not any(os.environ.get(name) for name in names)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, servers: EmbeddedRedis | None
) -> None:
    """Have the servers running before pytest-django makes its database."""


@pytest.fixture
def redis_server(servers: EmbeddedRedis | None) -> Iterator[EmbeddedRedis]:
    """This process' Redis, for tests that stop it; it runs again afterwards."""
    if servers is None:
        pytest.skip("REDIS_URL or CELERY_BROKER_URL names a server that the tests may not stop")
    yield servers
    servers.start()


@pytest.fixture
def server_dir() -> Iterator[Path]:
    """A folder for servers of the test's own."""
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def own_postgres(
    server_dir: Path, servers: EmbeddedRedis | None, django_db_blocker: DjangoDbBlocker
) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL for this test alone, which it may stop and kill; Django's connection leads there."""
    server = EmbeddedPostgres(server_dir, fast=True)
    before = dict(connection.settings_dict)
    with ExitStack() as running, django_db_blocker.unblock():
        running.callback(server.stop)
        server.start()
        connection.close()
        running.callback(connection.settings_dict.update, before)
        running.callback(connection.close)
        connection.settings_dict.update(NAME=DATABASE, HOST=str(server.socket_dir), PORT="", USER="postgres")
        call_command("migrate", verbosity=0, interactive=False)
        yield server


@pytest.fixture
def program_env(request: pytest.FixtureRequest) -> dict[str, str]:
    """Environment with which another process works on this test's database and broker."""
    request.getfixturevalue("own_postgres" if "own_postgres" in request.fixturenames else "transactional_db")
    at = connection.settings_dict
    login = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    address = f"{login}@/{at['NAME']}?host={quote(at['HOST'])}" + (
        f"&port={at['PORT']}" if at["PORT"] else ""
    )
    return {
        "DATABASE_URL": f"postgresql://{address}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SWEEP_SECONDS": "1",
        "OMP_NUM_THREADS": "1",
    }


@pytest.fixture
def start_worker(program_env: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], Child]]:
    """Start real Celery workers, each ready when the call returns; they end with the test."""
    started: list[Child] = []

    def start() -> Child:
        number = len(started) + 1
        command = children.celery_command(tmp_path / f"beat-{number}")
        started.append(Child("worker", command, log=tmp_path / f"worker-{number}.log", env=program_env))
        started[-1].wait_for_output(" ready.")
        return started[-1]

    yield start
    for child in started:
        child.stop()


@pytest.fixture
def start_web(program_env: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], WebServer]]:
    """Start real web servers, each on a port of its own; they end with the test."""
    started: list[WebServer] = []

    def start() -> WebServer:
        log = tmp_path / f"web-{len(started) + 1}.log"
        started.append(WebServer(free_port(), log=log, env=program_env))
        return started[-1]

    yield start
    for server in started:
        server.child.stop()


@pytest.fixture
def celery_worker(start_worker: Callable[[], Child]) -> Child:
    """One running Celery worker."""
    return start_worker()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium on the PATH: install your system's package `chromium`.")
    return {**browser_type_launch_args, "executable_path": found, "args": list(BROWSER_OPTIONS)}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real pictures."""
    return _shared("data")


@pytest.fixture(scope="session")
def shared_weights() -> Path:
    """Folder of the real weights."""
    return _shared("weights")


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the real files are not there: no folder ../shared/{name} beside the checkout")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say whether the tests on real pictures and weights ran."""
    counts = {
        outcome: sum(
            "real" in getattr(report, "keywords", ()) for report in terminalreporter.getreports(outcome)
        )
        for outcome in ("passed", "failed", "error", "skipped")
    }
    if any(counts.values()):
        line = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        terminalreporter.write_line(f"tests on real pictures and weights: {line}")
