"""Tops: t-shirt, shirt, blouse, tank top, sweater, hoodie."""

from model_hooks.training.drawn_shop import garment_details as details
from model_hooks.training.drawn_shop import jacket_details as jacket
from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.upper_body import (
    NECK,
    SIDES,
    WAIST,
    Cut,
    Sleeve,
    Tailor,
    hem_line,
    mirrored,
    neckline,
    waistedness,
)


def _round_or_v(design: Design) -> str:
    return "v" if design.knob("neckline") > 0.66 else "round"


def _wear_t_shirt(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide = design.knob("width")
    cut = Cut(0.006 + 0.024 * wide, waistedness(design) * (1 - wide), design.knob("length", 0.43, 0.56))
    scoop = 0.33 < design.knob("neckline") <= 0.66
    width = 0.058 if scoop else 0.044
    neck = neckline(_round_or_v(design), width=width, depth=design.knob("depth", 0.022, 0.075), body=body)
    tailor.trunk(cut, neck)
    hem = cut.hem - 0.01
    tailor.seam(hem_line(body, Cut(cut.ease, cut.waisted, hem)), width=0.002)
    long = design.knob("sleeve") > 0.8
    length = 0.98 if long else design.knob("sleeve", 0.16, 0.62)
    sleeve = Sleeve(length, 0.064 + 0.022 * wide, 0.046 if long else 0.066 + 0.03 * wide)
    tailor.sleeves(sleeve)
    ringer = design.knob("trim") > 0.72
    details.collar_band(tailor, neck, 0.013, paint=design.trim if ringer else None)
    tailor.cuffs(sleeve, 0.05 if ringer else 0.02, paint=design.trim if ringer else None)
    if design.knob("pocket") > 0.6:
        details.pocket(tailor, 0.046, 0.25, (0.036, 0.044))


def _wear_shirt(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide = design.knob("width")
    tail = design.knob("tail", -0.004, 0.04)
    cut = Cut(
        0.006 + 0.02 * wide,
        waistedness(design) * (1 - 0.6 * wide),
        design.knob("length", 0.46, 0.56),
        tail=tail,
    )
    camp = design.knob("collar") > 0.7
    neck = neckline("v", width=0.036, depth=0.085 if camp else 0.03, body=body)
    tailor.trunk(cut, neck)
    length = design.knob("sleeve")
    shown = 0.3 + 0.3 * length if length < 0.35 else 0.62 if length < 0.5 else 0.99
    sleeve = Sleeve(shown, 0.066 + 0.016 * wide, 0.066 if shown < 0.5 else 0.05)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.07 if shown > 0.6 else 0.03, wide=1.08)
    start = NECK + (0.095 if camp else 0.04)
    details.placket(tailor, start, cut.hem + tail, count=round(design.knob("buttons", 4, 8)))
    for side in (
        SIDES[: 1 + round(design.knob("pockets", 0, 2))][::-1] if design.knob("pockets") > 0.3 else ()
    ):
        details.pocket(tailor, side * -0.047, 0.235, (0.04, 0.046), flap=design.knob("pockets") > 0.7)
    if 0.4 < design.knob("collar") <= 0.7:
        details.collar_band(tailor, neck, 0.02)
    else:
        details.collar(tailor, design.knob("collar", 0.03, 0.065), open_to=0.05 if camp else 0.0)


def _wear_blouse(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    length, peplum = design.knob("length", 0.44, 0.54), design.knob("peplum")
    flare = 0.045 * max(peplum - 0.5, 0) * 2
    cut = Cut(0.008 + 0.014 * design.knob("width"), 0.9 if flare else 0.5, length, flare=flare, tail=0.014)
    style = "v" if design.knob("neckline") < 0.4 else "square" if design.knob("neckline") > 0.75 else "round"
    neck = neckline(style, width=0.05, depth=design.knob("depth", 0.03, 0.095), body=body)
    tailor.trunk(cut, neck)
    if flare:
        details.belt(tailor, Cut(cut.ease, cut.waisted, 0.6), WAIST - 0.01, height=0.008)
        details.gathers(tailor, cut, WAIST)
    share = design.knob("sleeve", 0.25, 0.95)
    sleeve = Sleeve(share, 0.064, 0.042, puff=design.knob("puff", 0.1, 1.0))
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.06, wide=0.95)
    front = design.knob("front")
    if front < 0.33:
        details.bow(tailor, neck[len(neck) // 2][1] + 0.004, 0.03 + 0.02 * design.knob("depth"))
    elif front < 0.66:
        details.ruffle(tailor, neck, 0.02)
    else:
        details.collar_band(tailor, neck, 0.008)
        details.placket(tailor, neck[len(neck) // 2][1] + 0.006, cut.hem + 0.012, count=7)


def _wear_tank_top(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide = design.knob("width")
    cut = Cut(
        0.002 + 0.02 * wide,
        waistedness(design) * (1 - 0.5 * wide),
        design.knob("length", 0.38, 0.54),
        flare=0.02 * wide,
        tail=design.knob("hem", -0.008, 0.02),
    )
    style = ("round", "v", "square", "heart")[min(int(design.knob("neckline", 0, 4)), 3)]
    strap = design.knob("strap", 0.007, 0.025)
    neck = details.bodice(tailor, cut, style, strap=strap, depth=design.knob("depth", 0.05, 0.1))
    tailor.seam(neck, width=0.006)
    tailor.seam(hem_line(body, cut), width=0.005)
    if design.knob("panel") > 0.7:
        for side in SIDES:
            tailor.seam(mirrored([(0.04, 0.26), (0.034, WAIST), (0.045, cut.hem)], side))
    elif design.knob("panel") < 0.25:
        details.placket(tailor, neck[len(neck) // 2][1], neck[len(neck) // 2][1] + 0.07, count=3)


def _wear_sweater(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide = design.knob("width")
    cut = Cut(
        0.012 + 0.026 * wide, waistedness(design) * (0.7 - 0.7 * wide), design.knob("length", 0.42, 0.57)
    )
    collar = design.knob("neckline")
    style = "v" if 0.35 < collar <= 0.6 else "round"
    depth = 0.09 if style == "v" else 0.014 if collar > 0.6 else 0.03
    neck = neckline(style, width=0.044, depth=depth, body=body)
    tailor.trunk(cut, neck)
    rib = design.knob("rib", 0.015, 0.055)
    details.ribbing(tailor, cut, rib)
    sleeve = Sleeve(design.knob("sleeve", 0.7, 1.02), 0.07 + 0.026 * wide, 0.05 + 0.014 * wide)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, rib * 1.8, wide=0.9)
    for number in range(round(design.knob("cables", 0, 5))):
        count = round(design.knob("cables", 0, 5))
        details.cable(tailor, (number - (count - 1) / 2) * 0.15 / max(count, 2), 0.24, cut.hem - rib)
    if collar > 0.8:
        details.roll_neck(tailor, 0.13, 0.045)
    elif collar > 0.6:
        details.roll_neck(tailor, 0.143, 0.042)
    else:
        details.collar_band(tailor, neck, 0.018, ribbed=True)


def _wear_hoodie(layer: Layer, design: Design, body: Body) -> None:
    tailor = Tailor(layer, design, body)
    wide = design.knob("width")
    cut = Cut(
        0.014 + 0.024 * wide, waistedness(design) * (0.6 - 0.6 * wide), design.knob("length", 0.45, 0.57)
    )
    zipped = design.knob("zip") > 0.5
    neck = neckline("v" if zipped else "round", width=0.042, depth=0.05 if zipped else 0.03, body=body)
    tailor.trunk(cut, neck)
    details.ribbing(tailor, cut, 0.03)
    pocket = design.knob("pocket", 0.05, 0.075)
    details.kangaroo(tailor, pocket, (cut.hem - 0.125, cut.hem - 0.03))
    if zipped:
        details.zip_line(tailor, NECK + 0.045, cut.hem)
    sleeve = Sleeve(1.0, 0.074 + 0.022 * wide, 0.056 + 0.012 * wide)
    tailor.sleeves(sleeve)
    tailor.cuffs(sleeve, 0.06, wide=0.85)
    jacket.hood(tailor, design.knob("hood", 0.016, 0.034))
    if design.knob("cords") > 0.3:
        length = design.knob("cords", 0.03, 0.1)
        for side in SIDES:
            start = NECK + 0.05
            tailor.seam(
                [(side * 0.022, start), (side * 0.024, start + length)], width=0.0045, colour=design.trim
            )


KINDS = (
    Kind(
        name="t_shirt",
        category="tops",
        knobs=("width", "length", "neckline", "depth", "sleeve", "trim", "pocket"),
        fabrics=("cotton", "knit", "silk"),
        patterns=("solid", "striped", "graphic", "dotted", "animal", "floral"),
        price=(9, 49),
        words=("T-shirt", "tee"),
        genders=("men", "women", "unisex"),
        wear=_wear_t_shirt,
        share=1.4,
    ),
    Kind(
        name="shirt",
        category="tops",
        knobs=("width", "length", "sleeve", "collar", "buttons", "pockets", "tail"),
        fabrics=("cotton", "denim", "silk"),
        patterns=("solid", "striped", "plaid", "dotted", "floral"),
        price=(25, 99),
        words=("shirt", "button-down shirt"),
        genders=("men", "women", "unisex"),
        wear=_wear_shirt,
        share=1.2,
    ),
    Kind(
        name="blouse",
        category="tops",
        knobs=("width", "length", "neckline", "depth", "sleeve", "puff", "front", "peplum"),
        fabrics=("silk", "cotton", "lace"),
        patterns=("solid", "floral", "dotted", "striped", "animal"),
        price=(25, 110),
        words=("blouse",),
        genders=("women",),
        wear=_wear_blouse,
    ),
    Kind(
        name="tank_top",
        category="tops",
        knobs=("width", "length", "neckline", "depth", "strap", "hem", "panel"),
        fabrics=("cotton", "knit", "silk", "lace"),
        patterns=("solid", "striped", "floral", "graphic", "dotted"),
        price=(8, 39),
        words=("tank top", "sleeveless top"),
        genders=("women", "unisex"),
        wear=_wear_tank_top,
        share=0.8,
    ),
    Kind(
        name="sweater",
        category="tops",
        knobs=("width", "length", "neckline", "rib", "sleeve", "cables"),
        fabrics=("knit", "cotton"),
        patterns=("solid", "striped", "plaid", "dotted", "graphic"),
        price=(29, 149),
        words=("sweater", "jumper", "pullover"),
        genders=("men", "women", "unisex"),
        wear=_wear_sweater,
    ),
    Kind(
        name="hoodie",
        category="tops",
        knobs=("width", "length", "zip", "pocket", "hood", "cords"),
        fabrics=("cotton", "knit"),
        patterns=("solid", "graphic", "striped", "animal"),
        price=(29, 99),
        words=("hoodie", "hooded sweatshirt"),
        genders=("men", "women", "unisex"),
        wear=_wear_hoodie,
        share=0.8,
    ),
)
