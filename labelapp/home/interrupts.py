"""Ctrl-C and its relatives, kept away from the moments in which a program would be started and lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Turns the first signal into KeyboardInterrupt, now or after a held moment; later ones do nothing."""

    def __init__(self) -> None:
        self._came = False
        self._raised = False
        self._held = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals while the block runs."""
        before = {number: signal.signal(number, self._handle) for number in NUMBERS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the block finish first."""
        self._held = True
        yield
        self._held = False
        self._raise()

    def end(self) -> None:
        """Interrupt nothing any more: what follows is the stopping itself."""
        self._held = True

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._came = True
        if not self._held:
            self._raise()

    def _raise(self) -> None:
        if self._came and not self._raised:
            self._raised = True
            raise KeyboardInterrupt
