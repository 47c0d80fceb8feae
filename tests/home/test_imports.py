"""What the web processes load, and what the supervisor does without."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NETS = {"torch", "transformers", "onnxruntime", "faiss"}
SITE = """
import django
django.setup()
import labelapp.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
"""


def loaded_by(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_a_web_process_never_loads_nets() -> None:
    assert NETS.isdisjoint(loaded_by(SITE))


@pytest.mark.parametrize("module", ["labelapp.home.demo", "labelapp.home.servers"])
def test_the_supervisor_does_without_the_site(module: str) -> None:
    assert {"django.db", "labelapp.settings"}.isdisjoint(loaded_by(f"import {module}"))
