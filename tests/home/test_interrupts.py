"""A signal never comes between the start of a program and the note that it must be stopped."""

import os
import signal

import pytest

from labelapp.home.interrupts import NUMBERS, Interrupts


def come(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_interrupts_at_once(number: int) -> None:
    with Interrupts().handled(), pytest.raises(KeyboardInterrupt):
        come(number)


def test_a_held_moment_is_finished_first() -> None:
    finished = []
    interrupts = Interrupts()

    def start_something() -> None:
        with interrupts.held():
            come()
            finished.append("started and noted")

    with interrupts.handled(), pytest.raises(KeyboardInterrupt):
        start_something()
    assert finished == ["started and noted"]


def test_only_the_first_interrupts() -> None:
    interrupts = Interrupts()
    with interrupts.handled():
        with pytest.raises(KeyboardInterrupt):
            come()
        come()
        with interrupts.held():
            come(signal.SIGHUP)


def test_the_stopping_is_not_interrupted() -> None:
    interrupts = Interrupts()
    with interrupts.handled():
        interrupts.end()
        come()


def test_afterwards_the_signals_mean_what_they_did() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts().handled():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
