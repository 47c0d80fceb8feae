"""The nets that come with the product."""

from pathlib import Path

import pytest

import model_hooks
from model_hooks.registry import read_manifest
from model_hooks.training.drawn_shop.fingerprint import fingerprint

MODELS = Path(model_hooks.__file__).parent / "models"
NETS = {"drawn-shop-detector": "detector", "drawn-shop-embedder": "embedder"}
LARGEST = 12_000_000


@pytest.mark.parametrize("name", NETS)
def test_a_net_is_sound_and_its_card_names_the_generator_as_it_is(name: str) -> None:
    folder = MODELS / name / "1"
    assert read_manifest(folder).kind == NETS[name]
    assert fingerprint() in (folder / "card.md").read_text()


def test_all_weights_together_stay_small() -> None:
    sizes = [path.stat().st_size for path in MODELS.rglob("*.safetensors")]
    assert len(sizes) == len(NETS)
    assert sum(sizes) <= LARGEST
