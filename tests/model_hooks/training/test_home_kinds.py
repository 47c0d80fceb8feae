import numpy as np
import pytest

from model_hooks.training.drawn_shop import decor, furniture, seating
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import HOME, HOME_FABRICS, PATTERNS, Design, Kind, Material
from model_hooks.training.drawn_shop.furnishing import METRES
from model_hooks.training.drawn_shop.rooms import Placement, place_furniture

KINDS: tuple[Kind, ...] = (*seating.KINDS, *furniture.KINDS, *decor.KINDS)
SIZE = (640, 480)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def design_of(kind: Kind, rng: np.random.Generator) -> Design:
    material = Material("blue", (64, 122, 204), fabric=kind.fabrics[0])
    shape = {name: float(rng.random()) for name in kind.knobs}
    return Design("d", kind.category, kind.name, None, shape, material, (112, 72, 44), int(rng.integers(99)))


def drawn(kind: Kind, design: Design) -> Layer:
    wide = min(kind.proportion(design), 1.0) * 100
    box = (10.0, 10.0, wide, wide / kind.proportion(design))
    layer = Layer((0, 0, 120, 120), max(box[2:]), np.random.default_rng(0))
    assert kind.place is not None
    kind.place(layer, design, box)
    return layer


@each_kind
def test_a_kind_is_complete(kind: Kind) -> None:
    assert 4 <= len(kind.knobs) <= 8
    assert set(kind.fabrics) <= set(HOME_FABRICS)
    assert set(kind.patterns) <= set(PATTERNS)
    assert 0 < kind.price[0] < kind.price[1]
    assert kind.name in METRES


@each_kind
def test_a_thing_fills_its_box(kind: Kind) -> None:
    for seed in range(4):
        design = design_of(kind, np.random.default_rng(seed))
        wide = min(kind.proportion(design), 1.0) * 100
        tall = wide / kind.proportion(design)
        x0, y0, x1, y1 = drawn(kind, design).bounds() or (0, 0, 0, 0)
        assert min(x0, y0) >= 7
        assert max(x1 - wide, y1 - tall) <= 14
        assert (x1 - x0) / wide > 0.55
        assert (y1 - y0) / tall > 0.7


@each_kind
def test_a_design_is_always_drawn_alike_and_another_shape_is_not(kind: Kind) -> None:
    one, other = (design_of(kind, np.random.default_rng(seed)) for seed in (1, 2))
    assert np.array_equal(drawn(kind, one).alpha, drawn(kind, one).alpha)
    assert not np.array_equal(drawn(kind, one).colours, drawn(kind, other).colours)


def test_every_category_of_the_home_has_kinds() -> None:
    assert {kind.category for kind in KINDS} == set(HOME)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def furnished(seed: int) -> list[Placement]:
    rng = np.random.default_rng(seed)

    def pick(category: str) -> Design:
        kinds = [kind for kind in KINDS if kind.category == category]
        return design_of(kinds[int(rng.integers(len(kinds)))], rng)

    return place_furniture(pick, rng, size=SIZE, floor=300)


def test_the_same_seed_furnishes_the_same_room() -> None:
    assert furnished(3) == furnished(3)


@pytest.mark.parametrize("seed", range(20))
def test_a_room_holds_several_things_mostly_within_the_picture(seed: int) -> None:
    placements = furnished(seed)
    assert 3 <= len(placements) <= 12
    for placement in placements:
        x, y, w, h = placement.box
        across = min(x + w, SIZE[0]) - max(x, 0)
        down = min(y + h, SIZE[1]) - max(y, 0)
        assert across * down > 0.5 * w * h, placement
