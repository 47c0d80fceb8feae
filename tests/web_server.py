"""A gunicorn of the test's own, as `make demo` runs it."""

import socket
from collections.abc import Mapping
from pathlib import Path

from labelapp.home import children


class WebServer:
    """A web server in processes of its own, on this machine only."""

    def __init__(self, port: int, *, log: Path, env: Mapping[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.child = children.Child(
            "web server", children.gunicorn_command(port, workers=1), log=log, env=env
        )
        self.child.wait_for_output("Booting worker with pid")


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
