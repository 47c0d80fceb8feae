"""What the tests of the catalog share: an own storage, and a folder to import from."""

from pathlib import Path
from typing import Any

import pytest

from tests.catalog.folder import Folder


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """The storage of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder of pictures and lists to import."""
    return Folder(tmp_path)
