"""The command line: figures from files, for people who do not write code."""

import os
import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from evaluator.command import agreement, attributes, detection, relevance, retrieval
from evaluator.command.findings import Findings
from evaluator.errors import EvaluationError
from evaluator.file_error import shown

COMMANDS = [
    relevance.COMMAND,
    agreement.COMMAND,
    detection.COMMAND,
    retrieval.COMMAND,
    attributes.COMMAND,
]
INTERVAL = re.compile(r"\((-?[\d.]+|no limit) to ")
WRONG_INPUT, FAULT, NO_OUTPUT = 2, 70, 74


class _Parser(ArgumentParser):
    """A parser whose complaint is one line and whose help keeps its lines as they are written."""

    def __init__(self, **others: Any) -> None:
        layout = partial(RawDescriptionHelpFormatter, max_help_position=30, width=110)
        super().__init__(**others, formatter_class=layout)

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_INPUT, f"{self.prog}: {shown(message, most=300)}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after `python -m evaluator`; those of this process by default.

    Returns
    -------
    int
        0 done; 2 wrong input; 70 a fault of this program; 74 the output cannot be written. All but 0 come
        with one line on stderr.

    Examples
    --------
    >>> main(["relevance", "/nowhere/judged.csv"])
    2
    """
    try:
        options = _parser().parse_args(arguments)
        return _write(_found(options))
    except SystemExit as done:
        # argparse has printed the help or a complaint.
        return _write("") or int(done.code or 0)
    except EvaluationError as error:
        return _complain(str(error), WRONG_INPUT)
    except MemoryError:
        return _complain("this machine has not memory enough for these files", WRONG_INPUT)
    except Exception as error:
        fault = f"a fault of this program, please report it ({type(error).__name__}: {error})"
        return _complain(fault, FAULT)


def _found(options: Namespace) -> str:
    """Return what the chosen command has to print."""
    # Overflow shows in the figures; numpy's warnings about it would be further lines on stderr.
    with np.errstate(all="ignore"):
        findings: Findings = options.command.find(options)
    if options.json:
        return findings.as_json(command=options.command.name, files=[str(path) for path in options.files])
    text = findings.as_text()
    return f"{text}\nIn brackets: 95 % intervals.\n" if INTERVAL.search(text) else text


def _write(text: str) -> int:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer would complain once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain(f"the output cannot be written ({error.strerror})", NO_OUTPUT)
    return 0


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"evaluator: {shown(message, most=2000)}\n")
    return status


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="python -m evaluator",
        description="Figures with their intervals, from files. Each command's --help has the formats.",
        epilog="Wrong input ends with one line and status 2.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        below = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary}.",
            epilog=command.files,
        )
        below.add_argument("files", nargs="+", type=Path, metavar="FILE", help="see below")
        below.add_argument("--json", action="store_true", help="print one JSON object instead of text")
        command.add_options(below)
        below.set_defaults(command=command)
    return parser
