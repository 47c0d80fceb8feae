import doctest
from importlib import import_module
from pathlib import Path

import pytest

import evaluator

MODULES = sorted(file.stem for file in Path(evaluator.__path__[0]).glob("*.py") if file.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_docstrings_come_out_as_written(name: str) -> None:
    assert doctest.testmod(import_module(f"evaluator.{name}")).failed == 0
