"""Skirts: pencil, A-line, pleated and wrapped."""

from collections.abc import Callable, Mapping

import numpy as np

from model_hooks.training.drawn_shop.body import Body, Floats
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, smooth
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.lengths import Bands, length_of, words_of
from model_hooks.training.drawn_shop.seams import draw_line, seam_colour

ALL: Bands = (
    ("mini", 0.59, 0.63),
    ("knee", 0.705, 0.735),
    ("midi", 0.81, 0.85),
    ("full", 0.925, 0.955),
)
NARROW = ALL[:3]
LONG: Bands = (ALL[2], ALL[3])
HANGING = Relief(roundness=0.45, folds=0.6)


def panel(body: Body, *, top: float, end: float, hem: float) -> Floats:
    """Return the outline of a skirt whose hem is `hem` times as wide as the seat."""
    ease = 0.005 * body.height
    shares = [top, *[share for share in (0.44, 0.48, 0.52) if share < end - 0.02]]
    halves = [body.trunk(share) + ease for share in shares]
    reach = max(body.seat * hem, _legs_half(body, end))
    for step in (0.33, 0.66, 1.0):
        shares.append(0.52 + (end - 0.52) * step)
        halves.append(body.seat + ease + (reach - body.seat - ease) * step)
    axes = [body.axis(share) for share in shares]
    sag = 0.012 * body.height
    left = [(x - half, body.level(share)) for x, half, share in zip(axes, halves, shares, strict=True)]
    right = [(x + half, body.level(share)) for x, half, share in zip(axes, halves, shares, strict=True)]
    low = [(axes[-1] + part * reach, body.level(end) + sag * (1 - part**2)) for part in (-0.6, 0.0, 0.6)]
    sides = [smooth(line, closed=False, rounds=1) for line in (left, right)]
    return np.vstack([sides[0], low, sides[1][::-1]])


def _legs_half(body: Body, share: float) -> float:
    """Return half the width that both legs need at a level."""
    reach = [abs(body.leg(side, share) - body.axis(share)) for side in (0, 1)]
    return max(reach) + body.thickness(min(share, 0.95)) * 1.12


def sash(layer: Layer, design: Design, body: Body, *, top: float, deep: float) -> None:
    """Paint a sash that is tied at the side."""
    h = body.height
    _waist(layer, design, body, top=top, deep=deep)
    x = body.axis(top) + 0.45 * body.trunk(top)
    y = body.level(top + deep / 2)
    for bow in ([(0, 0), (0.045, -0.014), (0.045, 0.012)], [(0, 0), (-0.04, -0.008), (-0.036, 0.018)]):
        layer.fill(smooth(np.array(bow) * h + (x, y), rounds=1), design.material, shade=0.74)
    for end in (
        [(-0.003, 0), (0.006, 0.11), (0.022, 0.105), (0.008, 0)],
        [(0, 0), (-0.02, 0.085), (-0.004, 0.09)],
    ):
        layer.fill(np.array(end) * h + (x, y), design.material, shade=0.8)
    layer.fill(ellipse((x, y), (0.010 * h, 0.012 * h)), design.material, shade=0.66)


def _waist(layer: Layer, design: Design, body: Body, *, top: float, deep: float) -> None:
    rows = []
    for share in (top, top + deep):
        half, x, y = body.trunk(share) + 0.007 * body.height, body.axis(share), body.level(share)
        rows.append([(x - half, y), (x, y + 0.005 * body.height), (x + half, y)])
    layer.fill([*rows[0], *rows[1][::-1]], design.material, shade=0.82)


def _down(layer: Layer, design: Design, body: Body, *, levels: tuple[float, float], spread: Floats) -> None:
    """Paint lines that run down and apart; `spread` is `(N, 2)` half-width shares at both levels."""
    x0, x1 = body.axis(levels[0]), body.axis(levels[1])
    for start, end in spread:
        line = [(x0 + start, body.level(levels[0])), (x1 + end, body.level(levels[1]))]
        draw_line(layer, line, seam_colour(design), 0.003 * body.height, rounds=0)


def _buttons(layer: Layer, design: Design, body: Body, *, top: float, end: float) -> None:
    h = body.height
    _down(layer, design, body, levels=(top, end), spread=np.array([(0.012 * h, 0.012 * h)]))
    for share in np.arange(top + 0.03, end - 0.01, 0.042):
        layer.fill(ellipse((body.axis(share), body.level(share)), (0.0065 * h, 0.0065 * h)), design.trim)


def _hem_line(layer: Layer, design: Design, outline: Floats, *, up: float, width: float) -> None:
    """Paint a seam or a band of the trim along the hem."""
    count = (len(outline) - 3) // 2
    low = outline[count - 1 : count + 4] - (0, up)
    inset = np.array([(width, 0)] + [(0, 0)] * 3 + [(-width, 0)])
    draw_line(layer, low + inset, design.trim if width > 2 * up / 3 else seam_colour(design), width)


def _pencil(layer: Layer, design: Design, body: Body) -> None:
    h, end, top = body.height, length_of(design, NARROW), design.knob("rise", 0.42, 0.375)
    outline = panel(body, top=top, end=end, hem=design.knob("hem", 0.78, 1.0))
    layer.fill(outline, design.material, relief=HANGING)
    slit = design.knob("slit")
    if slit > 0.4:
        x, place = body.axis(end), (0.0 if slit < 0.7 else 0.45) * body.seat
        deep = (0.12 + 0.14 * slit) * (end - 0.40) * h
        low = body.level(end) + 0.016 * h
        layer.cut([(x + place - 0.009 * h, low), (x + place, low - deep), (x + place + 0.009 * h, low)])
    _waist(layer, design, body, top=top, deep=design.knob("band", 0.015, 0.04))
    half = body.trunk(0.44) * 0.5
    if design.knob("darts") > 0.5:
        _down(
            layer,
            design,
            body,
            levels=(top + 0.02, 0.46),
            spread=np.array([(-half, -half * 1.1), (half, half * 1.1)]),
        )
    if design.knob("front") > 0.6:
        _buttons(layer, design, body, top=top, end=end)


def _a_line(layer: Layer, design: Design, body: Body) -> None:
    h, end, top = body.height, length_of(design, ALL), design.knob("rise", 0.43, 0.375)
    hem = 1.15 + design.knob("flare", 0.1, 0.75) * (end - 0.45) / 0.3
    outline = panel(body, top=top, end=end, hem=hem)
    layer.fill(outline, design.material, relief=HANGING)
    if design.knob("edge") > 0.5:
        _hem_line(layer, design, outline, up=0.014 * h, width=0.012 * h)
    if design.knob("front") > 0.55:
        _buttons(layer, design, body, top=top, end=end)
    if design.knob("pockets") > 0.5:
        for out in (-1, 1):
            x, y = body.axis(0.46) + out * body.seat * 0.55, body.level(0.47)
            patch = np.array([(-0.025, 0), (0.025, 0), (0.025, 0.045), (0, 0.055), (-0.025, 0.045)]) * h
            layer.fill(patch + np.array((x, y)), design.material, shade=0.82)
            draw_line(
                layer,
                np.array([(-0.025, 0.006), (0.025, 0.006)]) * h + (x, y),
                seam_colour(design),
                0.003 * h,
            )
    _waist(layer, design, body, top=top, deep=design.knob("band", 0.014, 0.038))


def _pleated(layer: Layer, design: Design, body: Body) -> None:
    h, end, top = body.height, length_of(design, ALL), design.knob("rise", 0.42, 0.375)
    hem = 1.25 + design.knob("flare", 0.15, 0.8) * (end - 0.45) / 0.3
    outline = panel(body, top=top, end=end, hem=hem)
    layer.fill(outline, design.material, relief=Relief(roundness=0.4))
    count = 2 * int(design.knob("pleats", 3, 8)) + 1
    half = (body.trunk(top) * 0.94, max(body.seat * hem, _legs_half(body, end)) * 0.95)
    edges = np.linspace(-1, 1, count)
    yoke = top + design.knob("yoke", 0.02, 0.09)
    start = np.interp(yoke, (top, 0.50), (half[0], body.seat * 0.96))
    for left, right in zip(edges[:-1:2], edges[1::2], strict=False):
        axis, low = body.axis(end), body.level(end) + 0.004 * h
        strip = [(left * start, yoke), (right * start, yoke)]
        points = [(body.axis(yoke) + x, body.level(share)) for x, share in strip]
        fold = [*points, (axis + right * half[1], low), (axis + left * half[1], low)]
        origin = (body.axis(top), body.level(top))
        layer.fill(fold, design.material, shade=0.8, origin=origin)
    if design.knob("edge") > 0.55:
        _hem_line(layer, design, outline, up=0.016 * h, width=0.012 * h)
    _waist(layer, design, body, top=top, deep=0.018)


def _wrap(layer: Layer, design: Design, body: Body) -> None:
    h, end, top = body.height, length_of(design, LONG), design.knob("rise", 0.425, 0.375)
    hem = design.knob("flare", 1.05, 1.75)
    outline = panel(body, top=top, end=end, hem=hem)
    layer.fill(outline, design.material, relief=HANGING)
    reach = outline[:, 0].max() - body.axis(end)
    x, low = body.axis(end) + design.knob("overlap", -0.4, 0.4) * reach, body.level(end) + 0.03 * h
    peak = body.level(end) - design.knob("slit", 0.25, 0.7) * (end - 0.53) * h
    opening = [(x, peak), (x + 0.26 * reach, low), (x - 0.05 * reach, low)]
    layer.cut(opening)
    inside = body.level(end) - 0.02 * h
    part = (inside - peak) / (low - peak)
    under = [(x, peak), (x + 0.26 * reach * part, inside), (x - 0.05 * reach * part, inside)]
    layer.fill(under, design.material, shade=0.5)
    edge = [(body.axis(top) + 0.5 * body.trunk(top), body.level(top + 0.02)), opening[0]]
    draw_line(layer, edge, seam_colour(design), 0.004 * h, rounds=0)
    if design.knob("tie") > 0.5:
        sash(layer, design, body, top=top, deep=0.03)
    else:
        _waist(layer, design, body, top=top, deep=0.022)


def _of(bands: Bands) -> Callable[[Mapping[str, float]], dict[str, str]]:
    return lambda shape: words_of(shape, bands)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="pencil skirt",
        category="skirts",
        knobs=("length", "rise", "hem", "slit", "band", "darts", "front"),
        fabrics=("cotton", "denim", "leather", "knit", "lace"),
        patterns=("solid", "striped", "plaid", "floral", "dotted", "animal"),
        price=(19, 120),
        words=("pencil skirt", "fitted skirt", "tube skirt"),
        genders=("women",),
        wear=_pencil,
        shape_attributes=_of(NARROW),
    ),
    Kind(
        name="A-line skirt",
        category="skirts",
        knobs=("length", "rise", "flare", "edge", "front", "pockets", "band"),
        fabrics=("cotton", "denim", "leather", "knit", "lace", "silk"),
        patterns=("solid", "striped", "plaid", "floral", "dotted", "animal", "graphic"),
        price=(19, 110),
        words=("A-line skirt", "flared skirt", "swing skirt"),
        genders=("women",),
        wear=_a_line,
        shape_attributes=_of(ALL),
        share=1.3,
    ),
    Kind(
        name="pleated skirt",
        category="skirts",
        knobs=("length", "rise", "flare", "pleats", "yoke", "edge"),
        fabrics=("cotton", "silk", "leather", "knit"),
        patterns=("solid", "striped", "plaid", "floral", "dotted"),
        price=(25, 140),
        words=("pleated skirt", "box pleat skirt", "tennis skirt"),
        genders=("women",),
        wear=_pleated,
        shape_attributes=_of(ALL),
    ),
    Kind(
        name="wrap skirt",
        category="skirts",
        knobs=("length", "rise", "flare", "overlap", "slit", "tie"),
        fabrics=("cotton", "silk", "lace"),
        patterns=("solid", "striped", "floral", "dotted", "animal"),
        price=(25, 150),
        words=("wrap skirt", "maxi skirt", "boho skirt"),
        genders=("women",),
        wear=_wrap,
        shape_attributes=_of(LONG),
        share=0.8,
    ),
)
