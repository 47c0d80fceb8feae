"""What a step shows while it runs, on a terminal and in a log."""

import io

import pytest

from labelapp.home.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class ClosedTerminal(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_step_ends_with_its_verdict_and_time() -> None:
    stream = io.StringIO()
    with Progress(stream).step("Baking"):
        pass
    assert stream.getvalue().startswith("  Baking ... done, 0.")


def test_a_step_that_fails_says_so_and_lets_the_error_through() -> None:
    stream = io.StringIO()
    with pytest.raises(ValueError, match="burnt"), Progress(stream).step("Baking"):
        raise ValueError("burnt")
    assert "Baking ... failed" in stream.getvalue()


def test_a_terminal_line_is_written_over() -> None:
    stream = Terminal()
    with Progress(stream).step("Baking"):
        pass
    assert stream.getvalue().rpartition("\r")[2].startswith("\x1b[K  Baking ... done")


def test_a_closed_terminal_does_not_disturb_the_work() -> None:
    done = []
    with Progress(ClosedTerminal()).step("Baking"):
        done.append("cake")
    assert done == ["cake"]
