import numpy as np
import pytest
from numpy.typing import NDArray

from model_hooks.training.drawn_shop import dresses, outerwear, tops
from model_hooks.training.drawn_shop.body import Body, mannequin, pose
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import (
    ATTRIBUTES,
    DRESS_STYLES,
    FABRICS,
    GENDERS,
    PATTERNS,
    Design,
    Kind,
    Material,
)

KINDS = tops.KINDS + outerwear.KINDS + dresses.KINDS
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def _design(kind: Kind, rng: np.random.Generator, **knobs: float) -> Design:
    return Design(
        id="p1",
        category=kind.category,
        kind=kind.name,
        gender=str(rng.choice(kind.genders)),
        shape={name: float(rng.random()) for name in kind.knobs} | knobs,
        material=Material("blue", (64, 122, 204), fabric=kind.fabrics[0]),
        trim=(20, 20, 20),
        seed=int(rng.integers(1000)),
    )


def _worn(kind: Kind, design: Design, body: Body) -> Layer:
    edge = round(body.height)
    layer = Layer((0, 0, edge, edge), body.height, np.random.default_rng(5))
    assert kind.wear is not None
    kind.wear(layer, design, body)
    return layer


def _pixels(layer: Layer) -> NDArray[np.uint8]:
    return np.asarray(layer.image())


@EVERY_KIND
def test_a_garment_covers_the_trunk_of_anyone_and_stays_near_the_body(kind: Kind) -> None:
    rng = np.random.default_rng(3)
    bodies = [mannequin(120, gender=gender, at=(60, 0)) for gender in ("men", "women")]
    bodies += [pose(rng, 120, gender=("men", "women")[n % 2], at=(60, 0)) for n in range(20)]
    reach = 0.22 * 120
    for body in bodies:
        box = _worn(kind, _design(kind, rng), body).bounds()
        assert box is not None
        x0, y0, x1, y1 = box
        assert 0.10 * 120 < y0 < 0.19 * 120
        assert 0.36 * 120 < y1 < 0.95 * 120
        assert x0 < body.shoulders[0][0] + 0.04 * 120
        assert x1 > body.shoulders[1][0] - 0.04 * 120
        assert x0 > min(*(p[0] for p in (*body.shoulders, *body.elbows, *body.wrists))) - reach
        assert x1 < max(*(p[0] for p in (*body.shoulders, *body.elbows, *body.wrists))) + reach


@EVERY_KIND
def test_every_knob_changes_the_picture(kind: Kind) -> None:
    body = mannequin(100, at=(50, 0))
    seeds = np.random.default_rng(8).integers(1000, size=4).tolist()

    def pictures(**knobs: float) -> list[bytes]:
        designs = [_design(kind, np.random.default_rng(seed), **knobs) for seed in seeds]
        return [_worn(kind, design, body).image().tobytes() for design in designs]

    for knob in kind.knobs:
        assert pictures(**{knob: 0.05}) != pictures(**{knob: 0.95}), knob


@EVERY_KIND
def test_the_same_design_is_painted_alike_twice(kind: Kind) -> None:
    body, design = mannequin(100, at=(50, 0)), _design(kind, np.random.default_rng(1))
    assert np.array_equal(_pixels(_worn(kind, design, body)), _pixels(_worn(kind, design, body)))


@EVERY_KIND
def test_a_garment_grows_with_the_body(kind: Kind) -> None:
    design = _design(kind, np.random.default_rng(2))
    small, large = (_worn(kind, design, mannequin(h, at=(h / 2, 0))).bounds() for h in (100, 300))
    assert small is not None
    assert large is not None
    assert np.allclose(np.array(small) * 3, large, atol=5)


@EVERY_KIND
def test_the_words_of_a_kind_are_those_of_the_labelers(kind: Kind) -> None:
    assert set(kind.fabrics) <= set(FABRICS)
    assert set(kind.patterns) <= set(PATTERNS)
    assert set(kind.genders) <= set(GENDERS)
    assert 0 < kind.price[0] < kind.price[1]
    for name, value in kind.shape_attributes(dict.fromkeys(kind.knobs, 0.5)).items():
        assert value in ATTRIBUTES[name]


def test_each_dress_style_has_its_kind() -> None:
    assert [kind.shape_attributes({})["dress_style"] for kind in dresses.KINDS] == list(DRESS_STYLES)


@pytest.mark.parametrize("kind", outerwear.KINDS, ids=lambda kind: kind.name)
def test_an_open_front_shows_what_is_beneath(kind: Kind) -> None:
    body = mannequin(300, at=(150, 0))
    middle = slice(round(0.38 * 300), round(0.42 * 300)), slice(148, 153)
    for opened, covered in ((0.1, 1.0), (0.9, 0.0)):
        design = _design(kind, np.random.default_rng(4), open=opened)
        assert np.allclose(_worn(kind, design, body).alpha[middle], covered, atol=0.05)
