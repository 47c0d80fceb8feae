"""What `make demo` fills the site with, in a program of its own beside the running site."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labelapp.home import processes
from labelapp.home.children import Child
from labelapp.home.processes import ServerError
from labelapp.home.progress import Show

OFF = {"0", "no", "off", "false"}
WATCH_SECONDS = 0.5


@dataclass(frozen=True)
class Filling:
    """Options of `manage.py prepare_demo`, or of the command that only loads the shop.

    A careful one leaves a database alone that holds more than the demo's own.
    """

    options: Sequence[str] = ()
    simulate: bool = True
    command_name: str = "prepare_demo"

    @classmethod
    def wanted(cls) -> "Filling | None":
        """Read it from the environment; None with SHOP=0, and with SHOP=1 one that leaves nothing alone."""
        shop = os.environ.get("SHOP", "").lower()
        if shop in OFF:
            return None
        given = {
            "--products": os.environ.get("DEMO_PRODUCTS"),
            "--scenes": os.environ.get("DEMO_SCENES"),
            "--seed": os.environ.get("DEMO_SEED"),
        }
        options = [part for option, value in given.items() if value for part in (option, value)]
        options += ["--careful", "--beside-others"] if shop else ["--careful"]
        return cls(options, simulate=os.environ.get("SIMULATE", "").lower() not in OFF)

    def command(self) -> list[str]:
        """Return the program; the settings are named so that a leftover is known by its command line."""
        program = [sys.executable, "manage.py", self.command_name, "--settings", "labelapp.settings"]
        simulating = ["--simulate"] if self.simulate and self.command_name == "prepare_demo" else []
        return [*program, *self.options, *simulating]


def wait_for_filling(filler: Child, *, show: Show, is_over: Callable[[], bool]) -> str:
    """Show how far it is until it ends; raises `ServerError` where it failed.

    Return its last words, or nothing where something else ended before it.
    """
    while filler.exit_status() is None and not is_over():
        show(_last_words(filler))
        time.sleep(WATCH_SECONDS)
    if filler.exit_status():
        raise ServerError(
            f"The demo could not be filled, and the next start tries again; {filler.log} ends:\n"
            f"{processes.last_lines(filler.log, 4)}"
        )
    return "" if filler.exit_status() is None or is_over() else _last_words(filler)


def _last_words(filler: Child) -> str:
    return filler.output()[-1000:].replace("\r", "\n").strip().rpartition("\n")[2]
