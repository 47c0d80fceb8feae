"""Pants and shorts; with skirts they are what covers the legs."""

from collections.abc import Mapping

from model_hooks.training.drawn_shop import skirts
from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import GENDERS, Design, Kind
from model_hooks.training.drawn_shop.legs import (
    Cut,
    elastic,
    leg_ends,
    lines_down,
    paint_legs,
    patches,
    pockets,
    rips,
    waist_outline,
    waistband,
)
from model_hooks.training.drawn_shop.lengths import Bands, length_of, words_of
from model_hooks.training.drawn_shop.seams import draw_line

PANTS: Bands = (("midi", 0.790, 0.845), ("full", 0.915, 0.962))
SHORTS: Bands = (("mini", 0.575, 0.61), ("knee", 0.68, 0.715))


def _jeans(layer: Layer, design: Design, body: Body) -> None:
    flare = design.knob("hem_width")
    cut = Cut(
        top=design.knob("rise", 0.445, 0.395),
        end=length_of(design, PANTS),
        thigh=design.knob("width", 1.06, 1.3),
        knee=design.knob("width", 1.1, 1.5),
        hem=0.021 + 0.03 * flare + 0.008 * design.knob("width"),
    )
    paint_legs(layer, design, body, cut)
    pockets(layer, design, body, cut, slant=0.0)
    lines_down(layer, design, body, cut, at=0.86, width=0.0032)
    waistband(layer, design, body, cut)
    if design.knob("rips") > 0.62:
        rips(layer, design, body, cut)
    if design.knob("cuff") > 0.6:
        leg_ends(layer, design, body, cut, deep=0.03, shade=1.18)


def _chinos(layer: Layer, design: Design, body: Body) -> None:
    cut = Cut(
        top=design.knob("rise", 0.435, 0.395),
        end=length_of(design, PANTS),
        thigh=design.knob("width", 1.12, 1.38),
        knee=design.knob("width", 1.15, 1.6),
        hem=design.knob("taper", 0.044, 0.026),
    )
    paint_legs(layer, design, body, cut)
    pockets(layer, design, body, cut, slant=1.0)
    if design.knob("crease") > 0.5:
        lines_down(layer, design, body, cut, at=0.0, width=0.003)
    waistband(layer, design, body, cut)
    if design.knob("patches") > 0.65:
        patches(layer, design, body, cut)
    if design.knob("cuff") > 0.55:
        leg_ends(layer, design, body, cut, deep=0.026, shade=0.85)


def _wide(layer: Layer, design: Design, body: Body) -> None:
    cut = Cut(
        top=design.knob("rise", 0.42, 0.375),
        end=length_of(design, PANTS),
        thigh=design.knob("width", 1.18, 1.36),
        knee=design.knob("width", 1.7, 2.4),
        hem=design.knob("flare", 0.046, 0.092),
    )
    paint_legs(layer, design, body, cut)
    if design.knob("crease") > 0.4:
        lines_down(layer, design, body, cut, at=0.0, width=0.003)
    if design.knob("crease") > 0.75:
        lines_down(layer, design, body, cut, at=0.45, width=0.003)
    if design.knob("sash") > 0.6:
        skirts.sash(layer, design, body, top=cut.top, deep=0.034)
    else:
        waistband(layer, design, body, cut)
        pockets(layer, design, body, cut, slant=1.0)


def _joggers(layer: Layer, design: Design, body: Body) -> None:
    tight = design.knob("width") < 0.4
    cut = Cut(
        top=design.knob("rise", 0.43, 0.385),
        end=length_of(design, PANTS),
        thigh=1.05 if tight else design.knob("width", 1.1, 1.42),
        knee=1.08 if tight else design.knob("width", 1.2, 1.9),
        hem=0.018 if tight else design.knob("cuff", 0.024, 0.030),
    )
    paint_legs(layer, design, body, cut)
    stripe = design.knob("stripe")
    if stripe > 0.45:
        lines_down(layer, design, body, cut, at=1.0, width=0.012 if stripe < 0.75 else 0.022)
    if tight:
        layer.fill(waist_outline(layer, body, top=cut.top, deep=0.045), design.material, shade=0.84)
        return
    elastic(layer, design, body, cut)
    pockets(layer, design, body, cut, slant=0.7)
    if design.knob("cuff") > 0.4:
        leg_ends(layer, design, body, cut, deep=0.034, shade=0.76)


def _denim_shorts(layer: Layer, design: Design, body: Body) -> None:
    cut = _short_cut(design, (1.08, 1.35))
    paint_legs(layer, design, body, cut)
    pockets(layer, design, body, cut, slant=0.0)
    waistband(layer, design, body, cut)
    if design.knob("rips") > 0.6:
        rips(layer, design, body, cut)
    if design.knob("cuff") > 0.35:
        leg_ends(layer, design, body, cut, deep=design.knob("cuff", 0.012, 0.03), shade=1.16)


def _bermuda(layer: Layer, design: Design, body: Body) -> None:
    cut = _short_cut(design, (1.2, 1.5))
    paint_legs(layer, design, body, cut)
    pockets(layer, design, body, cut, slant=1.0)
    if design.knob("crease") > 0.6:
        lines_down(layer, design, body, cut, at=0.0, width=0.003)
    if design.knob("patches") > 0.6:
        patches(layer, design, body, cut)
    waistband(layer, design, body, cut)
    if design.knob("cuff") > 0.5:
        leg_ends(layer, design, body, cut, deep=0.022, shade=0.84)


def _sport_shorts(layer: Layer, design: Design, body: Body) -> None:
    cut = _short_cut(design, (1.15, 1.6))
    paint_legs(layer, design, body, cut)
    stripe = design.knob("stripe")
    if stripe > 0.35:
        lines_down(layer, design, body, cut, at=1.0, width=0.012 if stripe < 0.7 else 0.024)
    if design.knob("edge") > 0.5:
        for side in (0, 1):
            x, half = body.leg(side, cut.end), cut.half(body, cut.end)
            y = body.level(cut.end - 0.005)
            draw_line(layer, [(x - half, y), (x + half, y)], design.trim, 0.01 * body.height, rounds=0)
    elastic(layer, design, body, cut)


def _short_cut(design: Design, width: tuple[float, float]) -> Cut:
    end = length_of(design, SHORTS)
    return Cut(
        top=design.knob("rise", 0.44, 0.39),
        end=end,
        thigh=design.knob("width", *width),
        knee=design.knob("width", *width),
        hem=0.036 + 0.018 * design.knob("width"),
    )


def _pants(shape: Mapping[str, float]) -> dict[str, str]:
    return words_of(shape, PANTS)


def _shorts(shape: Mapping[str, float]) -> dict[str, str]:
    return words_of(shape, SHORTS)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="jeans",
        category="pants",
        knobs=("length", "rise", "width", "hem_width", "rips", "cuff"),
        fabrics=("denim", "denim", "denim", "cotton"),
        patterns=("solid",),
        price=(29, 140),
        words=("jeans", "denim pants", "five-pocket jeans"),
        genders=GENDERS,
        wear=_jeans,
        shape_attributes=_pants,
        share=1.3,
    ),
    Kind(
        name="chinos",
        category="pants",
        knobs=("length", "rise", "width", "taper", "crease", "patches", "cuff"),
        fabrics=("cotton", "cotton", "leather", "knit"),
        patterns=("solid", "striped", "plaid"),
        price=(29, 120),
        words=("chinos", "trousers", "slacks"),
        genders=GENDERS,
        wear=_chinos,
        shape_attributes=_pants,
    ),
    Kind(
        name="wide-leg trousers",
        category="pants",
        knobs=("length", "rise", "width", "flare", "crease", "sash"),
        fabrics=("cotton", "silk", "knit", "leather"),
        patterns=("solid", "striped", "plaid", "floral", "dotted", "animal"),
        price=(35, 160),
        words=("wide-leg trousers", "palazzo pants", "culottes"),
        genders=("women", "women", "unisex"),
        wear=_wide,
        shape_attributes=_pants,
    ),
    Kind(
        name="joggers",
        category="pants",
        knobs=("length", "rise", "width", "cuff", "stripe"),
        fabrics=("cotton", "knit"),
        patterns=("solid", "solid", "animal", "floral", "graphic"),
        price=(19, 80),
        words=("joggers", "track pants", "sweatpants"),
        genders=GENDERS,
        wear=_joggers,
        shape_attributes=_pants,
    ),
    Kind(
        name="denim shorts",
        category="shorts",
        knobs=("length", "rise", "width", "rips", "cuff"),
        fabrics=("denim",),
        patterns=("solid",),
        price=(19, 70),
        words=("denim shorts", "jean shorts", "cut-off shorts"),
        genders=GENDERS,
        wear=_denim_shorts,
        shape_attributes=_shorts,
    ),
    Kind(
        name="bermuda shorts",
        category="shorts",
        knobs=("length", "rise", "width", "crease", "patches", "cuff"),
        fabrics=("cotton", "cotton", "leather", "knit"),
        patterns=("solid", "striped", "plaid", "floral", "dotted"),
        price=(19, 80),
        words=("bermuda shorts", "chino shorts", "walking shorts"),
        genders=GENDERS,
        wear=_bermuda,
        shape_attributes=_shorts,
    ),
    Kind(
        name="sport shorts",
        category="shorts",
        knobs=("length", "rise", "width", "stripe", "edge"),
        fabrics=("cotton", "knit", "silk"),
        patterns=("solid", "solid", "striped", "floral", "graphic"),
        price=(12, 55),
        words=("sport shorts", "running shorts", "gym shorts"),
        genders=GENDERS,
        wear=_sport_shorts,
        shape_attributes=_shorts,
    ),
    *skirts.KINDS,
)
