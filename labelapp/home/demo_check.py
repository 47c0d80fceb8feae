"""`make demo-check`: the whole demo without a browser or a person, in a temporary place, with its figures.

Servers, workers and web server come up as in `make demo`; the drawn shop is loaded, two systems are run, and
simulated people judge. Exit status 0 says that every part of it really ran.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from labelapp.home.children import ROOT
from labelapp.home.demo import Demo
from labelapp.home.demo_filling import Filling, wait_for_filling
from labelapp.home.demo_visit import visit
from labelapp.home.processes import ServerError
from labelapp.home.progress import Progress
from labelapp.home.servers import EmbeddedServers

NOT_FOR_THE_CHECK = (
    *("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"),
    *("MEDIA_ROOT", "MEDIA_STORAGE", "MODEL_ROOT", "SNAPSHOT_ROOT", "RETRIEVAL_ENGINE", "MODEL_DEVICE"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "BEHIND_PROXY", "DEBUG", "SECRET_KEY"),
    *("SHOP", "SIMULATE", "DEMO_PRODUCTS", "DEMO_SCENES", "DEMO_SEED", "DEMO_PASSWORD"),
)
OUT = ROOT / ".local" / "demo-check.json"
MODEL_PROCESSES = 2


class DemoCheck(Demo):
    """A demo of its own that ends by itself."""

    model_processes = MODEL_PROCESSES

    def __init__(self, data_dir: Path, options: Mapping[str, Any], *, progress: Progress) -> None:
        super().__init__(data_dir, _free_port(), progress=progress)
        self.servers = EmbeddedServers(self.data_dir, fast=True)
        self.options = options
        self.seconds: dict[str, float] = {}
        self.status = 1

    def _welcome(self, seconds: float) -> None:
        self.seconds["start"] = round(seconds, 1)

    def _fill(self, running: ExitStack) -> None:
        shop = _given(self.options, "products", "scenes", "seed")
        rest = [*shop, *_given(self.options, "run_scenes", "models")]
        self._step(
            running, "loading", "Drawing and loading the shop", Filling(shop, command_name="load_demo")
        )
        self._step(running, "running", "Running two systems", Filling(rest, simulate=False))
        self._step(running, "simulating", "Letting simulated people judge", Filling(rest))
        self._figures(shop)

    def _watch(self) -> int:
        return self.status

    def _step(self, running: ExitStack, key: str, name: str, filling: Filling) -> None:
        started = time.monotonic()
        child = self._launched(running, key, filling.command())
        with self.progress.step(name) as show:
            said = wait_for_filling(child, show=show, is_over=lambda: bool(self._ended()))
            if not said:
                super()._watch()
                raise ServerError("A part of the demo died.")
        self.seconds[key] = round(time.monotonic() - started, 1)

    def _figures(self, shop: Sequence[str]) -> None:
        out: Path = self.options["out"]
        command = [sys.executable, "manage.py", "demo_figures", *shop, "--json", str(out)]
        self.progress.say()
        self.status = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **self.env}, check=False
        ).returncode
        if out.exists():
            found = json.loads(out.read_text())
            found["checks"] += self._visit(found["comparison"])
            out.write_text(
                json.dumps(found | {"seconds": self.seconds, "passed": self.status == 0}, indent=2) + "\n"
            )

    def _visit(self, comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Look at the pages of the running site."""
        visits = list(visit(self.address, self._password_file.read_text(), comparison))
        for one in visits:
            self.progress.say(f"  {'ok ' if one['holds'] else 'NO '} {one['name']:<21} {one['detail']}")
            self.status = self.status if one["holds"] else 1
        return visits


def check(options: Mapping[str, Any], progress: Progress) -> int:
    """Run it in a folder that is removed in the end, whatever happens."""
    started = time.monotonic()
    options["out"].unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="looklab-", ignore_cleanup_errors=True) as folder:
        status = DemoCheck(Path(folder), options, progress=progress).run()
    verdict = f"passed; the figures are in {options['out']}" if status == 0 else "failed"
    progress.say(f"\nThe demo {verdict}. It took {time.monotonic() - started:.0f} s.")
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo by itself and check it."""
    parser = argparse.ArgumentParser(prog="python -m labelapp.home.demo_check", description=main.__doc__)
    for name in ("--products", "--scenes", "--run-scenes", "--seed"):
        parser.add_argument(name, type=int, metavar="N")
    parser.add_argument("--models", type=Path, metavar="DIR", help="model folders NAME/VERSION")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="where to write the figures")
    options = vars(parser.parse_args(arguments))
    for name in NOT_FOR_THE_CHECK:
        os.environ.pop(name, None)
    progress = Progress()
    try:
        return check(options | {"out": options["out"].resolve()}, progress)
    except KeyboardInterrupt:
        progress.say("Stopped; nothing is left behind.")
        return 128 + signal.SIGINT
    except ServerError as error:
        progress.say(f"\n{error}")
        return 1


def _given(options: Mapping[str, Any], *names: str) -> list[str]:
    given = (
        (f"--{name.replace('_', '-')}", str(options[name])) for name in names if options[name] is not None
    )
    return [part for pair in given for part in pair]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
