"""Lines on the terminal that show what is going on and for how long. Standard library only."""

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

FRAMES = "|/-\\"
TICK_SECONDS = 0.2

Show = Callable[[str], None]


class Progress:
    """Writes one line per step, with a spinner on a terminal and one dot per second elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._is_terminal = self._stream.isatty()
        self._detail = ""

    def say(self, text: str = "") -> None:
        """Write a line."""
        self._write(f"{text}\n")

    @contextmanager
    def step(self, name: str) -> Iterator[Show]:
        """Show `name` and the elapsed time while the block runs; the block may show a detail beside it."""
        started = time.monotonic()
        over = threading.Event()
        self._detail = ""
        self._write(f"  {name} ")
        ticker = threading.Thread(target=self._tick, args=(name, over, started), daemon=True)
        ticker.start()
        verdict = "failed"
        try:
            yield self._show
            verdict = "done"
        except KeyboardInterrupt:
            verdict = "interrupted"
            raise
        finally:
            over.set()
            ticker.join()
            again = f"\r\033[K  {name} " if self._is_terminal else ""
            self._write(f"{again}... {verdict}, {time.monotonic() - started:.1f} s\n")

    def _show(self, detail: str) -> None:
        self._detail = detail

    def _tick(self, name: str, over: threading.Event, started: float) -> None:
        count = 0
        while not over.wait(TICK_SECONDS if self._is_terminal else 1.0):
            count += 1
            if not self._is_terminal:
                self._write(".")
                continue
            line = (
                f"  {name} {FRAMES[count % len(FRAMES)]} {time.monotonic() - started:.0f} s  {self._detail}"
            )
            self._write(f"\r\033[K{line[: shutil.get_terminal_size().columns - 1]}")

    def _write(self, text: str) -> None:
        # A terminal that was closed must not keep us from stopping what runs.
        with suppress(OSError):
            self._stream.write(text)
            self._stream.flush()
