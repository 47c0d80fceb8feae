"""What each command of `python -m evaluator` consists of."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from evaluator.command.findings import Findings


@dataclass(frozen=True)
class Command:
    """One subcommand.

    Attributes
    ----------
    name : str
        The word on the command line.
    summary : str
        What it tells, in one line.
    files : str
        What the files hold and an example, as printed by `--help`.
    add_options : callable
        Adds its options, besides the files and `--json`, to its parser.
    find : callable
        Reads `options.files` and computes everything; raises `EvaluationError` for wrong input.
    """

    name: str
    summary: str
    files: str
    add_options: Callable[[ArgumentParser], None]
    find: Callable[[Namespace], Findings]
