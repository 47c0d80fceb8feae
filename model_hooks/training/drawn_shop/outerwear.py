"""Outerwear: blazer, coat, bomber, denim jacket, puffer, parka; worn open or closed."""

from typing import Any

import numpy as np

from model_hooks.training.drawn_shop import garment_details as details
from model_hooks.training.drawn_shop import jacket_details as jacket
from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import FLAT, Layer
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.upper_body import (
    NECK,
    SIDES,
    WAIST,
    Cut,
    Sleeve,
    Tailor,
    half_width,
    mirrored,
    waistedness,
)

OPEN = 0.45
"""Above this value of the knob `open` the front edges part."""


def _gap(design: Design) -> float:
    """Return how far an open front's edge stands from the middle, 0 when closed."""
    opened = design.knob("open")
    return 0.0 if opened <= OPEN else 0.014 + 0.052 * (opened - OPEN)


def _wear_blazer(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    cut = Cut(0.012 + 0.02 * wide, waistedness(design) * (1 - 0.7 * wide), design.knob("length", 0.47, 0.59))
    double = design.knob("buttons") > 0.7
    count = 3 if double else 1 + int(design.knob("buttons", 0, 4))
    start = (0.29 if double else 0.37 - 0.04 * count) if not gap else 0.34
    edge = jacket.front_edge(
        gap, cut.hem, start=start, rounded=0.0 if double else design.knob("hem", 0.01, 0.05)
    )
    jacket.fronts(tailor, cut, edge)
    for side in SIDES:
        tailor.seam(mirrored([(0.058, 0.25), (0.054, WAIST), (0.062, cut.hem - 0.06)], side), width=0.002)
    if design.knob("pockets") < 0.35:
        jacket.slit(tailor, 0.036 + gap, 0.425, length=0.04, slant=0.9)
    elif design.knob("pockets") < 0.7:
        jacket.flap(tailor, 0.066 + 0.3 * gap, 0.425, width=0.05)
    else:
        for side in SIDES:
            details.pocket(tailor, side * (0.064 + 0.3 * gap), 0.415, (0.054, 0.062))
    sleeve = Sleeve(1.0, 0.072 + 0.012 * wide, 0.054)
    tailor.sleeves(sleeve)
    jacket.lapels(
        tailor, design.knob("lapel", 0.018, 0.05), break_at=start, notch=design.knob("notch"), edge=gap
    )
    jacket.front_buttons(
        tailor, gap, (start + 0.01, start + 0.01 + 0.04 * (count - 1)), count=count, double=double
    )


def _wear_coat(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    flare = design.knob("flare", 0.0, 0.05)
    belted = design.knob("belt") > 0.5
    waisted = 0.9 if belted else waistedness(design) * (1 - wide)
    cut = Cut(0.016 + 0.026 * wide, waisted, design.knob("length", 0.6, 0.86), flare=flare)
    double = design.knob("buttons") > 0.5
    start = 0.25 + 0.06 * design.knob("lapel") if not gap else 0.32
    jacket.fronts(tailor, cut, jacket.front_edge(gap, cut.hem, start=start))
    jacket.slit(tailor, 0.056 + gap, 0.44, length=0.065)
    tailor.sleeves(Sleeve(1.0, 0.076 + 0.014 * wide, 0.06))
    if design.knob("collar") < 0.3:
        details.collar(tailor, 0.07, open_to=0.5 * (start - NECK), gap=gap)
    elif design.knob("collar") < 0.85 or gap:
        width = design.knob("lapel", 0.022, 0.055)
        jacket.lapels(tailor, width, break_at=start, notch=design.knob("collar"), edge=gap)
    if not gap or not belted:
        span = (start + 0.015, 0.36 if belted else 0.54)
        jacket.front_buttons(
            tailor,
            gap,
            span,
            count=2 if belted else 3 + int(2.99 * design.knob("buttons") % 3),
            double=double,
        )
    if belted and not gap:
        details.belt(tailor, cut, WAIST, height=0.022)
        jacket.buckle(tailor, 0.012, WAIST, height=0.022)
    elif belted:
        for side in SIDES:
            half = half_width(body, cut, WAIST)
            tie = [(gap, WAIST), (half, WAIST - 0.004), (half, WAIST + 0.018), (gap, WAIST + 0.022)]
            tailor.edged(mirrored(tie, side), shade=0.8)


def _wear_bomber(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    cut = Cut(0.018 + 0.024 * wide, 0.1, design.knob("length", 0.43, 0.53))
    rib = design.knob("rib", 0.02, 0.045)
    edge = jacket.front_edge(gap, cut.hem, start=NECK + 0.03)
    jacket.fronts(tailor, cut, edge)
    jacket.slit(tailor, 0.046 + 0.5 * gap, 0.36, length=0.05, slant=design.knob("pockets", 0.2, 0.6))
    for side in SIDES:
        jacket.half_rib(tailor, cut, side, height=rib, edge=1.3 * gap, paint=_rib_paint(design))
    sleeve = Sleeve(1.0, 0.08 + 0.016 * wide, 0.06)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, rib * 1.6, wide=0.84, paint=_rib_paint(design))
    jacket.ribbed_collar(tailor, edge[1], 0.017, paint=_rib_paint(design))
    jacket.front_zip(tailor, edge, gap)
    if design.knob("stripe") > 0.6:
        tailor.cuffs(Sleeve(0.3, 0.08, 0.085 + 0.012 * wide), 0.05, paint=design.trim)


def _rib_paint(design: Design) -> tuple[int, int, int] | None:
    return design.trim if design.knob("stripe") > 0.45 else None


def _wear_denim_jacket(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    cut = Cut(0.012 + 0.022 * wide, waistedness(design) * 0.6 * (1 - wide), design.knob("length", 0.41, 0.53))
    edge = jacket.front_edge(gap, cut.hem, start=NECK + 0.03)
    jacket.fronts(tailor, cut, edge)
    yoke = design.knob("yoke", 0.225, 0.265)
    for side in SIDES:
        tailor.seam(mirrored([(gap, yoke), (half_width(body, cut, 0.25) - 0.02, yoke)], side))
        slant = design.knob("seams", 0.0, 0.03)
        tailor.seam(mirrored([(0.036 + gap, yoke), (0.03 + gap - slant, cut.hem - 0.025)], side))
        tailor.seam(mirrored([(0.064 + 0.7 * gap, yoke), (0.05 + gap, cut.hem - 0.025)], side))
        if design.knob("pockets") > 0.25:
            details.pocket(tailor, side * (0.05 + 0.7 * gap), yoke, (0.036, 0.046), flap=True)
        waistband = [(1.3 * gap, cut.hem - 0.024), (half_width(body, cut, cut.hem) - 0.002, cut.hem - 0.024)]
        tailor.seam(mirrored(waistband, side))
    if design.knob("pockets") > 0.65:
        jacket.slit(tailor, 0.06 + 0.5 * gap, 0.35, length=0.05, slant=0.25)
    sleeve = Sleeve(1.0, 0.072 + 0.014 * wide, 0.054)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.07, wide=1.04)
    if not gap:
        details.placket(tailor, NECK + 0.045, cut.hem, count=6)
    else:
        tailor.dots([(-1.2 * gap - 0.008, y) for y in np.linspace(0.21, cut.hem - 0.012, 6).tolist()])
    details.collar(
        tailor,
        design.knob("collar", 0.03, 0.06),
        gap=gap,
        paint=design.trim if design.knob("collar") > 0.8 else None,
    )


def _wear_puffer(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    cut = Cut(0.03 + 0.028 * wide, 0.2, design.knob("length", 0.44, 0.72))
    edge = jacket.front_edge(gap, cut.hem, start=NECK + 0.02)
    rows = round(design.knob("quilting", 5, 12) * (1 + 1.2 * (cut.hem - 0.44)))
    jacket.fronts(tailor, cut, edge)
    heights = np.linspace(0.20, cut.hem, rows + 1)
    jacket.quilts(tailor, cut, heights, gap=1.15 * gap)
    if design.knob("sleeve") > 0.2:
        sleeve = Sleeve(1.0, 0.094 + 0.018 * wide, 0.074)
        tailor.sleeves(sleeve)
        jacket.quilted_sleeves(tailor, sleeve, max(rows, 4))
        tailor.cuffs(sleeve, 0.035, wide=0.85)
    if design.knob("hood") > 0.5:
        jacket.hood(tailor, design.knob("hood", 0.012, 0.036), fur=design.knob("hood") > 0.85)
    else:
        jacket.stand_collar(tailor, 0.03 + 0.03 * design.knob("hood"), gap)
    jacket.front_zip(tailor, edge, gap)
    if design.knob("pockets") > 0.4:
        jacket.slit(tailor, 0.06 + 0.5 * gap, 0.4, length=0.045, slant=0.3)


def _wear_parka(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide, gap = design.knob("width"), _gap(design)
    drawn = design.knob("drawstring") > 0.5
    cut = Cut(
        0.022 + 0.024 * wide,
        0.7 if drawn else 0.1,
        design.knob("length", 0.55, 0.72),
        flare=0.02,
    )
    edge = jacket.front_edge(gap, cut.hem, start=NECK + 0.035, rounded=design.knob("hem", 0.001, 0.05))
    jacket.fronts(tailor, cut, edge)
    if not gap:
        flap = [(-0.016, NECK + 0.03), (0.014, NECK + 0.03), (0.014, cut.hem), (-0.016, cut.hem)]
        tailor.cloth(flap, shade=0.93, relief=FLAT)
        tailor.seam(flap[1:3])
        tailor.seam([flap[0], flap[3]])
        tailor.dots([(0.006, y) for y in np.linspace(0.21, cut.hem - 0.05, 6).tolist()])
    else:
        jacket.front_zip(tailor, edge, gap)
    if drawn:
        for side in SIDES:
            tie = [(1.1 * gap + 0.016, WAIST), (half_width(body, cut, WAIST), WAIST)]
            tailor.seam(mirrored(tie, side), width=0.006)
            end = [(0.024 + gap, WAIST), (0.028 + gap, WAIST + 0.05)]
            tailor.seam(mirrored(end, side), width=0.004, colour=design.trim)
    for side in SIDES:
        details.pocket(
            tailor, side * (0.066 + 0.4 * gap), 0.43, (0.054, design.knob("pockets", 0.05, 0.075)), flap=True
        )
        if design.knob("pockets") > 0.5:
            details.pocket(tailor, side * (0.056 + 0.5 * gap), 0.25, (0.042, 0.046), flap=True)
    sleeve = Sleeve(1.0, 0.08 + 0.016 * wide, 0.064)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.05, wide=1.02)
    jacket.hood(tailor, design.knob("hood", 0.018, 0.04), fur=design.knob("fur") > 0.4)


def _kind(name: str, extra: tuple[str, ...], **given: Any) -> Kind:
    """Return a kind of outerwear; all have width, length and an open front."""
    return Kind(name=name, category="outerwear", knobs=("width", "length", "open", *extra), **given)


EVERYONE = ("men", "women", "unisex")
KINDS = (
    _kind(
        "blazer",
        ("buttons", "lapel", "notch", "pockets", "hem"),
        fabrics=("cotton", "silk", "knit"),
        patterns=("solid", "plaid", "striped"),
        price=(59, 249),
        words=("blazer", "suit jacket"),
        genders=("men", "women"),
        wear=_wear_blazer,
    ),
    _kind(
        "coat",
        ("buttons", "lapel", "collar", "belt", "flare"),
        fabrics=("cotton", "knit", "leather"),
        patterns=("solid", "plaid", "animal"),
        price=(89, 399),
        words=("coat", "trench coat", "long coat"),
        genders=EVERYONE,
        wear=_wear_coat,
    ),
    _kind(
        "bomber",
        ("rib", "pockets", "stripe"),
        fabrics=("silk", "leather", "cotton"),
        patterns=("solid", "floral", "animal"),
        price=(49, 229),
        words=("bomber jacket", "bomber"),
        genders=EVERYONE,
        wear=_wear_bomber,
    ),
    _kind(
        "denim_jacket",
        ("yoke", "seams", "pockets", "collar"),
        fabrics=("denim", "denim", "leather"),
        patterns=("solid",),
        price=(49, 149),
        words=("trucker jacket", "jacket"),
        genders=EVERYONE,
        wear=_wear_denim_jacket,
    ),
    _kind(
        "puffer",
        ("quilting", "hood", "sleeve", "pockets"),
        fabrics=("silk", "cotton", "leather"),
        patterns=("solid", "solid", "animal", "plaid"),
        price=(59, 299),
        words=("puffer jacket", "quilted jacket"),
        genders=EVERYONE,
        wear=_wear_puffer,
    ),
    _kind(
        "parka",
        ("pockets", "drawstring", "hood", "fur", "hem"),
        fabrics=("cotton",),
        patterns=("solid",),
        price=(79, 329),
        words=("parka", "hooded coat"),
        genders=EVERYONE,
        wear=_wear_parka,
        share=0.8,
    ),
)
