from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from model_hooks.training.drawn_shop.accessories import KINDS as ACCESSORIES
from model_hooks.training.drawn_shop.backdrops import interior, room_shell, street
from model_hooks.training.drawn_shop.bags import KINDS as BAGS
from model_hooks.training.drawn_shop.body import Body, mannequin, pose
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import GENDERS, Design, Kind, Material

KINDS = (*BAGS, *ACCESSORIES)
NAMES = [kind.name for kind in KINDS]
WIDTH, HEIGHT = 300, 400
TALL = 360.0


def _design(kind: Kind, seed: int) -> Design:
    rng = np.random.default_rng(seed)
    shape = {knob: float(rng.uniform()) for knob in kind.knobs}
    material = Material("red", (186, 32, 40), kind.patterns[0], kind.fabrics[0])
    return Design("d", kind.category, kind.name, None, shape, material, (60, 44, 34), seed)


def _worn(kind: Kind, design: Design, body: Body, *, scale: int = 1) -> Layer:
    layer = Layer((0, 0, WIDTH * scale, HEIGHT * scale), body.height, np.random.default_rng(4))
    assert kind.wear is not None
    kind.wear(layer, design, body)
    return layer


def _standing(scale: int = 1) -> Body:
    return mannequin(TALL * scale, at=(WIDTH * scale / 2, 20.0 * scale))


def _bounds(layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    bounds = layer.bounds()
    assert bounds is not None, "nothing is painted"
    return np.array(bounds)


def test_names_are_unique_and_genders_known() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(set(kind.genders) <= set(GENDERS) for kind in KINDS)
    assert all(0 < low < high for low, high in (kind.price for kind in KINDS))


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_it_is_painted_within_reach_of_every_pose(kind: Kind) -> None:
    for seed in range(21):
        rng = np.random.default_rng(seed)
        gender = "men" if seed % 2 else "women"
        body = pose(rng, TALL, gender=gender, at=(WIDTH / 2, 20.0)) if seed else _standing()
        x0, y0, x1, y1 = _bounds(_worn(kind, _design(kind, seed), body))
        assert 0.02 * TALL < x1 - x0 < 0.5 * TALL
        assert 0.015 * TALL < y1 - y0 < 0.6 * TALL
        assert x0 > 0
        assert x1 < WIDTH
        assert y1 < HEIGHT


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_the_same_design_is_painted_alike_and_grows_with_the_body(kind: Kind) -> None:
    design = _design(kind, 7)
    once, again = (_worn(kind, design, _standing()).image().tobytes() for _ in range(2))
    assert once == again
    small = _bounds(_worn(kind, design, _standing()))
    large = _bounds(_worn(kind, design, _standing(2), scale=2))
    assert np.abs(large / 2 - small).max() <= 2


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_every_knob_changes_the_picture(kind: Kind) -> None:
    design = _design(kind, 7)
    for knob in kind.knobs:
        pictures = set()
        for value in (0.1, 0.5, 0.9):
            design = _design(kind, 7)
            moved = Design(**{**vars(design), "shape": {**design.shape, knob: value}})
            pictures.add(_worn(kind, moved, _standing(2), scale=2).image().tobytes())
        assert len(pictures) > 1, knob


@pytest.mark.parametrize("backdrop", [street, interior, lambda size, rng: room_shell(size, rng)[0]])
def test_a_backdrop_has_the_asked_size_and_follows_its_seed(
    backdrop: Callable[[tuple[int, int], np.random.Generator], Image.Image],
) -> None:
    pictures = {backdrop((96, 128), np.random.default_rng(seed)).tobytes() for seed in range(24)}
    assert len(pictures) == 24
    for size in ((480, 640), (97, 61)):
        once, again = (backdrop(size, np.random.default_rng(5)) for _ in range(2))
        assert once.size == size
        assert once.mode == "RGB"
        assert once.tobytes() == again.tobytes()
        assert np.asarray(once).std() > 1


def test_the_floor_of_a_room_begins_in_the_lower_part() -> None:
    lines = [room_shell((160, 120), np.random.default_rng(seed))[1] for seed in range(30)]
    assert 0.6 * 120 <= min(lines) < max(lines) <= 0.75 * 120
