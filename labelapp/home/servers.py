"""PostgreSQL and Redis without installing either: where they listen, and starting and stopping both.

`python -m labelapp.home.servers start|stop|status` does it by hand, for `manage.py` beside a stopped demo.
Nothing here imports the site; the settings import this module.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from urllib.parse import quote

from labelapp.home import processes
from labelapp.home.embedded_postgres import DATABASE, EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from labelapp.home.processes import Report, ServerError
from labelapp.home.sockets import REDIS_SOCKET, socket_dir

__all__ = ["EmbeddedServers", "ServerError", "celery_url", "database_url", "local_secret", "redis_url"]


def database_url(data_dir: Path | str, *, database: str = DATABASE) -> str:
    """Return the address of the embedded PostgreSQL of a data folder, running or not."""
    return f"postgresql://postgres@/{database}?host={_quoted(socket_dir(data_dir))}"


def redis_url(data_dir: Path | str) -> str:
    """Return the address of the embedded Redis of a data folder, running or not."""
    return f"unix://{_quoted(socket_dir(data_dir) / REDIS_SOCKET)}"


def celery_url(url: str) -> str:
    """Return a Redis address as Celery writes it: `unix://PATH` becomes `redis+socket://PATH`."""
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    database = dict(pair.partition("=")[::2] for pair in query.split("&")).get("db", "0")
    return f"redis+socket://{path}?virtual_host={database}"


def local_secret(path: Path, *, size: int = 48) -> str:
    """Return the secret kept in a file that only its owner reads, making it the first time."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked, so that of two first starts both read the same whole secret.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(size))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()


class EmbeddedServers:
    """PostgreSQL and Redis of one data folder. As a context manager it stops both at the end."""

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.postgres = EmbeddedPostgres(self.data_dir, fast=fast)
        self.redis = EmbeddedRedis(self.data_dir, fast=fast)
        self.database_url = database_url(self.data_dir)
        self.redis_url = redis_url(self.data_dir)
        self.celery_url = celery_url(self.redis_url)

    def start(self, report: Report = processes.silent) -> None:
        """Start what does not run yet."""
        self.postgres.start(report)
        self.redis.start(report)

    def stop(self) -> None:
        """Stop both, the broker first."""
        self.redis.stop()
        self.postgres.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def _quoted(path: Path) -> str:
    return quote(str(path))


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, stop or show the embedded servers of a data folder."""
    parser = argparse.ArgumentParser(prog="python -m labelapp.home.servers", description=main.__doc__)
    parser.add_argument("verb", choices=["start", "stop", "status"])
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".local")))
    chosen = parser.parse_args(arguments)
    servers = EmbeddedServers(chosen.data_dir)
    try:
        if chosen.verb == "start":
            servers.start(_say)
        elif chosen.verb == "stop":
            servers.stop()
    except ServerError as error:
        _say(str(error))
        return 1
    for server, url in ((servers.postgres, servers.database_url), (servers.redis, servers.redis_url)):
        _say(f"{server.name}: {f'process {server.pid()}, {url}' if server.is_running() else 'stopped'}")
    return 0


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main())
