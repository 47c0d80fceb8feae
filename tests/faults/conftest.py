"""Worlds on which real workers run, with leases and pauses short enough to be waited for."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.evaluations.world import write_models


@pytest.fixture
def world_env(settings: Settings, tmp_path: Path) -> dict[str, str]:
    """Folders and pauses of this test, set here and given to the workers."""
    settings.MEDIA_ROOT, settings.MODEL_ROOT = tmp_path / "media", tmp_path / "models"
    settings.CHUNK_SCENES, settings.CHUNK_PRODUCTS = 2, 8
    write_models(settings.MODEL_ROOT)
    return {
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "MODEL_ROOT": str(settings.MODEL_ROOT),
        "CHUNK_LEASE_SECONDS": "3",
        "CHUNK_HINT_SECONDS": "1",
    }


@pytest.fixture
def program_env(program_env: dict[str, str], world_env: dict[str, str]) -> dict[str, str]:
    """What every program of these tests is started with."""
    return program_env | world_env
