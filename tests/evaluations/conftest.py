"""The small world, with storage and models in the test's own folder."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from labelapp.evaluations.engines import retriever
from tests.evaluations.world import World, embedded, make_world, write_models


@pytest.fixture(scope="session")
def model_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both model folders, written once."""
    root = tmp_path_factory.mktemp("models")
    write_models(root)
    return root


@pytest.fixture
def own_folders(settings: Settings, tmp_path: Path, model_root: Path) -> Path:
    """Pictures and snapshots in the test's folder; small chunks."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MODEL_ROOT = model_root
    settings.SNAPSHOT_ROOT = tmp_path / "snapshots"
    settings.CHUNK_SCENES = 2
    settings.CHUNK_PRODUCTS = 8
    retriever.cache_clear()
    return tmp_path


@pytest.fixture
def world(own_folders: Path, model_root: Path, db: None) -> World:
    """A world whose corpus nobody has embedded."""
    return make_world(model_root)


@pytest.fixture
def ready(world: World) -> World:
    """A world that is ready to run."""
    return embedded(world)
