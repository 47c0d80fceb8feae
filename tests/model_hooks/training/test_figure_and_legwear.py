import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from model_hooks.training.drawn_shop import legwear, shoes
from model_hooks.training.drawn_shop.body import Body, mannequin, pose
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import (
    ATTRIBUTES,
    FABRICS,
    GENDERS,
    PATTERNS,
    Design,
    Kind,
    Material,
)
from model_hooks.training.drawn_shop.figure import draw_figure, draw_over, random_person
from model_hooks.training.drawn_shop.hair import HAIR_STYLES

KINDS = (*legwear.KINDS, *shoes.KINDS)
HEIGHT = 160.0
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def _design(kind: Kind, seed: int) -> Design:
    rng = np.random.default_rng(seed)
    return Design(
        id=str(seed),
        category=kind.category,
        kind=kind.name,
        gender=kind.genders[0],
        shape={knob: float(rng.uniform()) for knob in kind.knobs},
        material=Material("blue", (64, 122, 204)),
        trim=(240, 240, 240),
        seed=seed,
    )


def _worn(kind: Kind, design: Design, body: Body, *, scale: float = 1.0) -> Layer:
    layer = Layer((0, 0, int(150 * scale), int(200 * scale)), body.height, np.random.default_rng(5))
    assert kind.wear is not None
    kind.wear(layer, design, body)
    return layer


def _box(layer: Layer) -> NDArray[np.float64]:
    bounds = layer.bounds()
    assert bounds is not None
    return np.array(bounds, np.float64)


def _is_where_it_belongs(kind: Kind, box: NDArray[np.float64], body: Body) -> bool:
    crown = body.level(0)
    top, bottom = (box[1] - crown) / body.height, (box[3] - crown) / body.height
    inside = bool(box[0] > 0 and box[2] < 150 and 0.3 < top < bottom < 1.09)
    if kind.category == "shoes":
        return inside and top > 0.68 and bottom > 0.97
    return inside and top < 0.47 and bottom > 0.55


@EVERY_KIND
def test_a_garment_covers_its_part_of_a_standing_body(kind: Kind) -> None:
    for seed in range(6):
        body = mannequin(HEIGHT, at=(75, 15))
        assert _is_where_it_belongs(kind, _box(_worn(kind, _design(kind, seed), body)), body)


@EVERY_KIND
def test_a_garment_follows_twenty_poses(kind: Kind) -> None:
    for seed in range(20):
        body = pose(np.random.default_rng(seed), HEIGHT, gender=("men", "women")[seed % 2], at=(75, 15))
        assert _is_where_it_belongs(kind, _box(_worn(kind, _design(kind, seed), body)), body)


@EVERY_KIND
def test_the_same_design_is_drawn_the_same(kind: Kind) -> None:
    body = mannequin(HEIGHT, at=(75, 15))
    first, second = (_worn(kind, _design(kind, 3), body) for _ in range(2))
    assert np.array_equal(first.colours, second.colours)
    assert np.array_equal(first.alpha, second.alpha)


@EVERY_KIND
def test_a_garment_grows_with_the_body(kind: Kind) -> None:
    design = _design(kind, 4)
    small = _box(_worn(kind, design, mannequin(HEIGHT, at=(75, 15))))
    large = _box(_worn(kind, design, mannequin(2 * HEIGHT, at=(150, 30)), scale=2))
    assert np.abs(large - 2 * small).max() <= 4


@EVERY_KIND
def test_a_kind_speaks_in_the_words_of_the_shop(kind: Kind) -> None:
    assert set(kind.fabrics) <= set(FABRICS)
    assert set(kind.patterns) <= set(PATTERNS)
    assert set(kind.genders) <= set(GENDERS)
    for seed in range(20):
        for attribute, value in kind.shape_attributes(_design(kind, seed).shape).items():
            assert value in ATTRIBUTES[attribute]


@pytest.mark.parametrize("kind", legwear.KINDS, ids=lambda kind: kind.name)
def test_lengths_of_different_names_end_at_different_heights(kind: Kind) -> None:
    ends: dict[str, list[float]] = {}
    body = mannequin(HEIGHT, at=(75, 15))
    for seed in range(30):
        design = _design(kind, seed)
        word = kind.shape_attributes(design.shape)["lower_body_length"]
        ends.setdefault(word, []).append((_box(_worn(kind, design, body))[3] - 15) / HEIGHT)
    spans = sorted((min(levels), max(levels)) for levels in ends.values())
    assert len(spans) > 1
    assert all(upper[1] + 0.02 < lower[0] for upper, lower in itertools.pairwise(spans))


@pytest.mark.parametrize("gender", ["men", "women", "unisex"])
def test_people_differ_and_stand_within_their_height(gender: str) -> None:
    people = [random_person(np.random.default_rng(seed), gender) for seed in range(12)]
    assert len({person.skin for person in people}) > 2
    assert {person.hair_style for person in people} <= {
        style for styles in HAIR_STYLES.values() for style in styles
    }
    for seed, person in enumerate(people):
        body = pose(np.random.default_rng(seed), HEIGHT, gender=gender, at=(75, 15))
        layer = Layer((0, 0, 150, 200), HEIGHT, np.random.default_rng(1))
        draw_figure(layer, person, body)
        draw_over(layer, person, body)
        box = _box(layer)
        assert box[0] > 0
        assert box[2] < 150
        assert 0 < box[1] < 20
        assert 170 < box[3] < 186
