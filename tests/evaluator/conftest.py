"""What the tests of `evaluator` may ask for; they need neither Django nor a database."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def known_answers() -> Path:
    """Folder of published inputs and outputs of other programs."""
    folder = SHARED / "known_answers"
    if not folder.is_dir():
        pytest.skip("the known answers are not there: no folder ../shared/known_answers beside the checkout")
    return folder
