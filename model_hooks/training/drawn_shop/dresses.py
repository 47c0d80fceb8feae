"""Dresses, one kind for each of `DRESS_STYLES`: sheath, a_line, skater, shirt, wrap."""

from collections.abc import Callable, Mapping

import numpy as np

from model_hooks.training.drawn_shop import garment_details as details
from model_hooks.training.drawn_shop import jacket_details as jacket
from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import CLOTH, Layer
from model_hooks.training.drawn_shop.designs import DRESS_STYLES, Design, Kind
from model_hooks.training.drawn_shop.upper_body import (
    ARMPIT,
    NECK,
    SEAT,
    SIDES,
    WAIST,
    Cut,
    Sleeve,
    Spots,
    Tailor,
    half_width,
    hem_line,
    mirrored,
    neckline,
    side_line,
)

SLEEVELESS = 0.3
"""Below this value of the knob `sleeve` a dress has straps."""


def _style_of_neck(design: Design) -> str:
    return ("round", "v", "square", "heart")[min(int(design.knob("neckline", 0, 4)), 3)]


def _top(tailor: Tailor, cut: Cut, *, style: str, depth: float, sleeve: Sleeve) -> None:
    """Fill the whole dress below a neckline, with straps or sleeves."""
    share = tailor.design.knob("sleeve")
    if share < SLEEVELESS:
        neck = details.bodice(tailor, cut, style, strap=0.006 + 0.06 * share, depth=depth + 0.02)
        tailor.seam(neck, width=0.005)
        return
    width = 0.05 + 0.014 * tailor.design.knob("depth")
    neck = neckline("round" if style == "heart" else style, width=width, depth=depth, body=tailor.body)
    tailor.trunk(cut, neck)
    tailor.sleeves(sleeve)
    tailor.seam(neck, width=0.005)


def _share(design: Design) -> float:
    """Return the length of the sleeves along the arm."""
    return float(np.interp(design.knob("sleeve"), (SLEEVELESS, 1), (0.14, 1.0)))


def _wear_sheath(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    cut = Cut(
        0.001 + 0.008 * design.knob("width"), 1.0, design.knob("length", 0.61, 0.8), -0.016, flare_from=SEAT
    )
    share = _share(design)
    sleeve = Sleeve(share, 0.058, 0.056 - 0.014 * share)
    _top(tailor, cut, style=_style_of_neck(design), depth=design.knob("depth", 0.022, 0.07), sleeve=sleeve)
    for side in SIDES:
        dart = [(0.056, ARMPIT + 0.02), (0.036, WAIST - 0.03), (0.034, WAIST), (0.048, SEAT - 0.03)]
        tailor.seam(mirrored(dart, side), width=0.0024)
    if design.knob("belt") > 0.6:
        details.belt(tailor, cut, WAIST - 0.006, height=0.014, paint=design.trim)
        jacket.buckle(tailor, 0.0, WAIST - 0.006, height=0.014)
    if design.knob("slit") > 0.5:
        top, x = cut.hem - design.knob("slit", 0.0, 0.14), 0.034
        opening = [(x, top), (x + 0.014, cut.hem + 0.003), (x - 0.008, cut.hem + 0.003)]
        tailor.part(opening)
        tailor.seam([(x, top), (x - 0.008, cut.hem)], width=0.003)


def _wear_a_line(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    hem = design.knob("length", 0.6, 0.9)
    flare = design.knob("flare", 0.055, 0.1) + 0.14 * (hem - 0.6)
    cut = Cut(0.008, 0.45, hem, flare, flare_from=ARMPIT, tail=0.014)
    share = _share(design)
    sleeve = Sleeve(share, 0.062, 0.066 + 0.06 * design.knob("bell") * share)
    _top(tailor, cut, style=_style_of_neck(design), depth=design.knob("depth", 0.022, 0.07), sleeve=sleeve)
    yoke = design.knob("seam")
    if yoke > 0.5:
        half = half_width(body, cut, 0.275)
        tailor.seam([(-half, 0.272), (0, 0.28), (half, 0.272)], width=0.004)
        details.gathers(tailor, cut, 0.28, count=6, full=True)
    else:
        for side in SIDES:
            reach = 0.6 * half_width(body, cut, hem)
            tailor.seam(mirrored([(0.05, ARMPIT), (0.05, WAIST), (reach, hem + 0.004)], side), width=0.0024)
    if design.knob("tier") > 0.6:
        _tier(tailor, cut, hem - 0.06)


def _tier(tailor: Tailor, cut: Cut, y: float) -> None:
    """Draw a seam with gathers across a skirt."""
    half = half_width(tailor.body, cut, y)
    line = [(half * s, y + cut.tail * (1 - s * s)) for s in np.linspace(-1, 1, 11).tolist()]
    tailor.seam(line, width=0.004)
    for x, top in line[1:-1]:
        tailor.seam([(x, top), (x * 1.03, top + 0.02)], width=0.002)


def _wear_skater(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    hem = design.knob("length", 0.56, 0.69)
    share = _share(design)
    bodice = Cut(0.0, 1.0, WAIST)
    skirt = Cut(0.004, 1.0, hem, design.knob("flare", 0.11, 0.18), tail=0.022)
    style = _style_of_neck(design)
    _skirt(tailor, skirt, waves=round(design.knob("waves", 4, 8)))
    _top(
        tailor,
        bodice,
        style=style,
        depth=design.knob("depth", 0.022, 0.07),
        sleeve=Sleeve(share, 0.058, 0.048),
    )
    details.gathers(
        tailor, skirt, WAIST, count=round(design.knob("waves", 5, 12)), full=design.knob("waves") > 0.5
    )
    belt = design.knob("belt")
    details.belt(
        tailor, bodice, WAIST - 0.012, height=0.006 + 0.018 * belt, paint=design.trim if belt > 0.6 else None
    )
    if 0.3 < belt <= 0.6:
        details.bow(tailor, WAIST - 0.004, 0.028, x=0.03, tails=1.6)


def _skirt(tailor: Tailor, cut: Cut, *, waves: int) -> None:
    """Fill a skirt from the waist, wide from there on, with a wavy hem."""
    waist = half_width(tailor.body, cut, WAIST)
    end = half_width(tailor.body, cut, cut.hem)
    ys = np.linspace(WAIST - 0.004, cut.hem, 8)
    flow = np.linspace(0, 1, 8) ** 0.8
    right = list(zip((waist + (end - waist) * flow).tolist(), ys.tolist(), strict=True))
    steps = np.linspace(0.98, -0.98, 41)
    bottom = cut.hem + cut.tail * (1 - steps**2) + 0.006 * np.cos(steps * np.pi * waves)
    hem = list(zip((end * steps).tolist(), bottom.tolist(), strict=True))
    tailor.cloth([*right, *hem, *mirrored(right, -1)[::-1]])
    tailor.seam([(x, y - 0.008) for x, y in hem], width=0.002)


def _wear_shirt_dress(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    hem, wide = design.knob("length", 0.6, 0.84), design.knob("width")
    belted = design.knob("belt") > 0.4
    tail = design.knob("tail", -0.02, 0.03)
    cut = Cut(0.01 + 0.016 * wide, 0.9 if belted else 0.25, hem, 0.012 + 0.03 * wide, tail=tail)
    tailor.trunk(cut, neckline("v", width=0.036, depth=0.05, body=body))
    share = (
        0.28 + 0.1 * design.knob("sleeve")
        if design.knob("sleeve") < 0.4
        else design.knob("sleeve", 0.35, 1.0)
    )
    sleeve = Sleeve(share, 0.07, 0.066 if share < 0.5 else 0.054)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.06, wide=1.08)
    details.placket(tailor, NECK + 0.05, hem + tail - 0.004, count=round(design.knob("buttons", 7, 13)))
    for side in SIDES[: round(design.knob("pockets", 0, 2))]:
        details.pocket(tailor, side * -0.046, 0.235, (0.04, 0.044), flap=design.knob("pockets") > 0.7)
    if belted:
        details.belt(
            tailor, cut, WAIST, height=0.017, paint=design.trim if design.knob("belt") > 0.75 else None
        )
        jacket.buckle(tailor, 0.018, WAIST, height=0.017)
        details.gathers(tailor, cut, WAIST + 0.018, count=6)
    details.collar(tailor, design.knob("buttons", 0.035, 0.06), open_to=0.015)


def _wear_wrap(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    hem = design.knob("length", 0.62, 0.88)
    cut = Cut(0.003, 1.0, hem, design.knob("flare", 0.03, 0.085), tail=0.008)
    width, low = 0.052, design.knob("depth", 0.265, 0.315)
    waist = half_width(body, cut, WAIST)
    tailor.trunk(cut, neckline("v", width=width, depth=low - NECK, body=body))
    right = [spot for spot in side_line(body, cut) if spot[1] <= WAIST]
    over = [(width, NECK + 0.004), (0.0, low), (-waist, WAIST), (waist, WAIST), *right[::-1]]
    tailor.cloth(over, shade=1.03)
    tailor.seam(
        [(width, NECK + 0.004), (0.006, low - 0.008), (-waist * 0.5, 0.5 * (low + WAIST)), (-waist, WAIST)],
        width=0.006,
    )
    tailor.seam([(-width, NECK + 0.004), (0.0, low)], width=0.006)
    _overlap(tailor, cut, design.knob("overlap", 0.1, 0.7))
    share = _share(design) if design.knob("sleeve") > 0.15 else 0.14
    puff = 0.7 * max(design.knob("puff") - 0.4, 0)
    tailor.sleeves(Sleeve(share, 0.064, 0.05 + 0.05 * design.knob("puff") * share, puff=puff))
    if design.knob("puff") > 0.6:
        details.ruffle(tailor, _overlap_line(tailor, cut, design.knob("overlap", 0.1, 0.7)), 0.016)
    details.belt(tailor, cut, WAIST - 0.006, height=0.016)
    details.bow(tailor, WAIST + 0.002, design.knob("bow", 0.02, 0.045), x=-waist * 0.7, tails=3.0)


def _overlap_line(tailor: Tailor, cut: Cut, reach: float) -> Spots:
    """Return the edge of the upper half of a wrapped skirt, from the tie to the hem."""
    waist, end = half_width(tailor.body, cut, WAIST), half_width(tailor.body, cut, cut.hem)
    low = cut.hem + cut.tail * (1 - (reach - 0.5) ** 2) - 0.003
    start, stop = np.array((-waist * 0.7, WAIST + 0.01)), np.array((end * (reach - 0.5), low))
    ways = np.linspace(0, 1, 9)[:, None]
    line = start + (stop - start) * np.concatenate([ways**1.5, ways], axis=1)
    return [(float(x), float(y)) for x, y in line]


def _overlap(tailor: Tailor, cut: Cut, reach: float) -> None:
    """Draw the wrapped skirt: its lower half in shadow, its edge, and the opening at the hem."""
    line = _overlap_line(tailor, cut, reach)
    x, y = line[-1]
    left = mirrored([spot for spot in side_line(tailor.body, cut) if spot[1] > WAIST], -1)
    under = [spot for spot in hem_line(tailor.body, cut)[::-1] if spot[0] < x]
    tailor.cloth([*line, *under[::-1], *left[::-1]], shade=0.84, relief=CLOTH)
    tailor.seam(line, width=0.005)
    tailor.part([(x, y + 0.01), (x - 0.002, y - 0.045), (x - 0.026, y + 0.01)])


def _always(style: str) -> Callable[[Mapping[str, float]], dict[str, str]]:
    def attributes(_shape: Mapping[str, float]) -> dict[str, str]:
        return {"dress_style": style}

    return attributes


Wear = Callable[[Layer, Design, Body], None]
STYLES: Mapping[str, tuple[Wear, tuple[str, ...], tuple[str, ...], tuple[float, float]]] = {
    "sheath": (
        _wear_sheath,
        ("width", "length", "neckline", "depth", "sleeve", "belt", "slit"),
        ("sheath dress", "pencil dress"),
        (39, 179),
    ),
    "a_line": (
        _wear_a_line,
        ("length", "flare", "neckline", "depth", "sleeve", "bell", "seam", "tier"),
        ("A-line dress", "flared dress"),
        (35, 159),
    ),
    "skater": (
        _wear_skater,
        ("length", "flare", "neckline", "depth", "sleeve", "waves", "belt"),
        ("skater dress", "fit-and-flare dress"),
        (29, 99),
    ),
    "shirt": (
        _wear_shirt_dress,
        ("width", "length", "sleeve", "belt", "tail", "buttons", "pockets"),
        ("shirt dress",),
        (39, 149),
    ),
    "wrap": (
        _wear_wrap,
        ("length", "flare", "depth", "sleeve", "puff", "overlap", "bow"),
        ("wrap dress",),
        (39, 169),
    ),
}
FABRICS_WORN: Mapping[str, tuple[str, ...]] = {
    "sheath": ("cotton", "silk", "leather", "lace", "knit"),
    "a_line": ("cotton", "silk", "lace", "denim"),
    "skater": ("cotton", "silk", "lace"),
    "shirt": ("cotton", "denim", "silk"),
    "wrap": ("silk", "cotton", "knit"),
}
PATTERNS_WORN: Mapping[str, tuple[str, ...]] = {
    "sheath": ("solid", "plaid", "striped", "animal", "floral"),
    "a_line": ("solid", "floral", "dotted", "striped"),
    "skater": ("solid", "floral", "dotted", "plaid"),
    "shirt": ("solid", "striped", "plaid", "dotted", "floral"),
    "wrap": ("solid", "floral", "dotted", "animal"),
}


def _kind(style: str) -> Kind:
    wear, knobs, words, price = STYLES[style]
    return Kind(
        name=f"{style}_dress",
        category="dresses",
        knobs=knobs,
        fabrics=FABRICS_WORN[style],
        patterns=PATTERNS_WORN[style],
        price=price,
        words=words,
        genders=("women",),
        wear=wear,
        shape_attributes=_always(style),
    )


KINDS = tuple(_kind(style) for style in DRESS_STYLES)
