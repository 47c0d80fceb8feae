"""Somebody who calls the commands on files of their own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.command.line import main


class Desk:
    """Writes files, runs one command on them, and reads what it prints."""

    def __init__(self, command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.command = command
        self.folder = folder
        self.capsys = capsys

    def file(self, name: str, content: str) -> str:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        return str(path)

    def json_file(self, name: str, content: object) -> str:
        return self.file(name, json.dumps(content))

    def arrays(self, name: str, **arrays: Any) -> str:
        path = self.folder / name
        np.savez(path, allow_pickle=True, **arrays)
        return str(path)

    def text(self, *arguments: str) -> str:
        assert main([self.command, *arguments]) == 0
        printed = self.capsys.readouterr()
        assert printed.err == ""
        return printed.out

    def figures(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text(*arguments, "--json"))
        return found

    def refusal(self, *arguments: str) -> str:
        assert main([self.command, *arguments]) == 2
        printed = self.capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        return printed.err.strip().removeprefix("evaluator: ").replace(f"{self.folder}/", "")
