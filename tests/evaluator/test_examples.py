import doctest
import pkgutil
from importlib import import_module

import pytest

import evaluator

MODULES = sorted(found.name for found in pkgutil.walk_packages(evaluator.__path__, "evaluator."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_docstrings_come_out_as_written(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
