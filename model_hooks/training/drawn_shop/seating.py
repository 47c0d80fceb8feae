"""Armchairs and sofas, and with them what `chairs` and `bedding` draw."""

from model_hooks.training.drawn_shop import bedding, chairs
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, Pen, arc, deep, seam_of

COVERS = ("linen", "velvet", "leather", "knit")
PRINTS = ("solid", "striped", "plaid", "floral", "dotted")
BODY_KNOBS = ("arm", "arm_height", "back", "leg", "leg_style", "curve", "cushions")


def _legs(pen: Pen, design: Design, places: tuple[float, ...], top: float) -> None:
    style = design.shape["leg_style"]
    for x in places:
        lean = 0.03 * (1 if x > 0.5 else -1) if style > 0.66 else 0.0
        if style < 0.33:
            pen.slab((x - 0.022, top - 0.02, x + 0.022, 1), design.trim)
        else:
            pen.taper([(x - lean, top - 0.02), (x, 0.985)], [0.034, 0.016], design.trim)


def _back(pen: Pen, design: Design, span: tuple[float, float], seats: int) -> None:
    left, right = span
    rise = 0.14 * design.shape["curve"]
    outline = [(left, 0.56), (left, rise), *_hump(left, right, rise), (right, rise), (right, 0.56)]
    pen.shape(outline, design.material, rounds=1, shade=0.88, relief=SOFT)
    top = rise + design.knob("back", 0.03, 0.15)
    loose = seats if design.shape["cushions"] > 0.4 else 1
    width = (right - left - 0.02) / loose
    for number in range(loose):
        start = left + 0.01 + number * width
        pen.slab(
            (start, top, start + width - 0.006, 0.56), design.material, radius=0.18, shade=0.98, relief=SOFT
        )
    seam = seam_of(design.material.rgb)
    for number in range(1, loose):
        pen.line(
            [(left + 0.007 + number * width, top + 0.02), (left + 0.007 + number * width, 0.5)], seam, 0.006
        )
    pen.line([(left + 0.03, top), (right - 0.03, top)], seam, 0.004)
    if design.shape["cushions"] > 0.75:
        for number in range(2 * loose):
            pen.dot((left + 0.01 + (number + 0.5) * width / 2, 0.32), 0.009, seam)


def _hump(left: float, right: float, rise: float) -> list[tuple[float, float]]:
    middle = (left + right) / 2
    return [
        (left + (middle - left) * 0.3, 0.25 * rise),
        (middle, 0),
        (right - (right - middle) * 0.3, 0.25 * rise),
    ]


def _seat(pen: Pen, design: Design, span: tuple[float, float], seats: int) -> None:
    left, right = span
    base, width = 1 - design.knob("leg", 0.05, 0.2), (right - left) / seats
    pen.slab((left - 0.01, 0.66, right + 0.01, base), design.material, shade=0.8)
    for number in range(seats):
        a, b = left + number * width, left + (number + 1) * width - 0.004
        pen.slab((a, 0.49, b, 0.7), design.material, radius=0.3, shade=0.92, relief=SOFT)
        inset = 0.025 / seats
        pen.shape(
            [(a + inset, 0.49), (b - inset, 0.49), (b, 0.585), (a, 0.585)],
            design.material,
            rounds=1,
            shade=1.06,
        )
        pen.line([(a + 0.01, 0.59), (b - 0.01, 0.59)], seam_of(design.material.rgb), 0.005)
    pen.line([(left, 0.487), (right, 0.487)], deep(design.material.rgb, 0.5), 0.008)
    for number in range(1, seats):
        x = left + number * width - 0.002
        pen.line([(x, 0.5), (x, 0.69)], deep(design.material.rgb, 0.45), 0.005)
    pen.line([(left, 0.71), (right, 0.71)], deep(design.material.rgb, 0.45), 0.007)


def _arms(pen: Pen, design: Design, width: float) -> None:
    top, base = design.knob("arm_height", 0.46, 0.26), 1 - design.knob("leg", 0.05, 0.2)
    curve = design.shape["curve"]
    for left in (0.0, 1 - width):
        inner = left + width if left == 0 else left
        lean = -0.02 if left == 0 else 0.02
        pen.shape(
            [
                (inner - width / 2, top),
                (inner + lean * 0.2, top),
                (inner - lean, top + 0.18),
                (inner - lean, 0.62),
                (inner - width / 2, base),
            ],
            design.material,
            shade=0.7,
        )
        pen.slab(
            (left, top, left + width, base),
            design.material,
            radius=0.12 + 0.38 * curve,
            shade=0.94,
            relief=SOFT,
        )
        pen.line(
            [(left + width * 0.2, top + 0.07), (left + width * 0.2, base - 0.03)],
            seam_of(design.material.rgb),
            0.004,
        )


def _upholstered(layer: Layer, design: Design, box: Box, *, seats: int) -> None:
    pen = Pen(layer, box)
    share = (0.8, 0.62, 0.46)[seats - 1]
    arm = design.knob("arm", 0.12, 0.26) * share
    base = 1 - design.knob("leg", 0.05, 0.2)
    _legs(pen, design, (0.05, 0.95) if seats < 3 else (0.04, 0.5, 0.96), base)
    _back(pen, design, (arm * 0.55, 1 - arm * 0.55), seats)
    _seat(pen, design, (arm * 0.96, 1 - arm * 0.96), seats)
    _arms(pen, design, arm)


def _armchair(layer: Layer, design: Design, box: Box) -> None:
    _upholstered(layer, design, box, seats=1)


def _two_seats(layer: Layer, design: Design, box: Box) -> None:
    _upholstered(layer, design, box, seats=2)


def _three_seats(layer: Layer, design: Design, box: Box) -> None:
    _upholstered(layer, design, box, seats=3)


def _chesterfield(layer: Layer, design: Design, box: Box) -> None:
    pen, material = Pen(layer, box), design.material
    base, roll = 1 - design.knob("leg", 0.06, 0.16), design.knob("roll", 0.1, 0.17)
    _legs(pen, design, (0.07, 0.5, 0.93), base)
    pen.slab((0.04, 0.04, 0.96, 0.62), material, radius=0.1, shade=0.86, relief=SOFT)
    rows, columns = 3, 6 + int(design.shape["tufts"] * 5)
    seam = seam_of(material.rgb)
    for row in range(rows):
        for column in range(columns - row % 2):
            x = 0.13 + 0.74 * (column + 0.5 * (row % 2)) / (columns - 1)
            pen.line([(x, 0.2 + 0.13 * row), (x + 0.37 / (columns - 1), 0.08 + 0.13 * row)], seam, 0.0035)
            pen.dot((x, 0.2 + 0.13 * row), 0.008, deep(material.rgb, 0.5))
    pen.slab((0.02, 0, 0.98, 0.12), material, radius=0.5, shade=1.05, relief=SOFT)
    seats = 2 if design.shape["seats"] < 0.5 else 3
    pen.slab((0.1, 0.62, 0.9, base), material, shade=0.82)
    width = (1 - 2 * roll * 0.9) / seats
    for number in range(seats):
        start = roll * 0.9 + number * width
        pen.slab((start, 0.52, start + width - 0.005, 0.73), material, radius=0.3, relief=SOFT)
    for left in (0.0, 1 - roll):
        _rolled_arm(pen, design, (left, left + roll), base)


def _rolled_arm(pen: Pen, design: Design, span: tuple[float, float], base: float) -> None:
    left, right = span
    top = design.knob("arm_height", 0.02, 0.2)
    middle, half = (left + right) / 2, (right - left) / 2
    radius = half * pen.w / pen.h
    pen.slab(
        (left + half * 0.3, top + radius, right - half * 0.3, base), design.material, shade=0.94, relief=SOFT
    )
    pen.disc((middle, top + radius), (half, radius), design.material, shade=1.02, relief=SOFT)
    for share in (0.72, 0.3):
        pen.line(
            arc((middle, top + radius), (half * share, radius * share), -3.6, 0.5),
            seam_of(design.material.rgb),
            0.004,
        )


def _sectional(layer: Layer, design: Design, box: Box) -> None:
    pen, material = Pen(layer, box), design.material
    chaise, foot = design.knob("chaise", 0.28, 0.42), design.knob("reach", 0.84, 0.9)
    back, arm = design.knob("back", 0.16, 0.0), design.knob("arm", 0.06, 0.13)
    base = 0.8
    for x, y in ((0.96, 0.88), (chaise + 0.04, 0.88), (0.04, 1.0), (chaise - 0.04, 1.0)):
        pen.slab((x - 0.012, base, x + 0.012, y), design.trim)
    pen.slab((0.0, back, 1 - arm * 0.4, 0.6), material, radius=0.14, shade=0.88, relief=SOFT)
    seats = 2 if design.shape["cushions"] < 0.5 else 3
    width = (1 - arm * 0.9 - 0.02) / (seats + 1)
    for number in range(seats + 1):
        start = 0.015 + number * width
        pen.slab(
            (start, back + 0.07, start + width - 0.006, 0.52), material, radius=0.2, shade=0.99, relief=SOFT
        )
    pen.slab((chaise, 0.56, 1 - arm * 0.5, base), material, shade=0.8)
    width = (1 - arm - chaise) / seats
    for number in range(seats):
        start = chaise + number * width
        pen.slab((start, 0.46, start + width - 0.005, 0.66), material, radius=0.25, shade=0.94, relief=SOFT)
        pen.slab((start + 0.004, 0.46, start + width - 0.009, 0.56), material, radius=0.3, shade=1.06)
    pen.slab(
        (1 - arm, design.knob("arm_height", 0.38, 0.24), 1, base + 0.02),
        material,
        radius=0.3,
        shade=0.94,
        relief=SOFT,
    )
    _chaise(pen, design, chaise, foot)


def _chaise(pen: Pen, design: Design, right: float, foot: float) -> None:
    material = design.material
    pen.shape(
        [(right - 0.03, 0.5), (right + 0.01, 0.62), (right + 0.01, foot + 0.08), (right - 0.03, foot + 0.08)],
        material,
        shade=0.66,
    )
    pen.slab((0.0, foot - 0.16, right, foot + 0.09), material, radius=0.12, shade=0.86, relief=SOFT)
    pen.shape(
        [(0.03, 0.46), (right - 0.03, 0.46), (right, foot - 0.1), (0.0, foot - 0.1)],
        material,
        rounds=1,
        shade=1.06,
    )
    pen.line([(0.01, foot - 0.1), (right - 0.01, foot - 0.1)], seam_of(material.rgb), 0.005)
    pen.line([(0.01, foot), (right - 0.01, foot)], seam_of(material.rgb), 0.004)


def _armchair_proportion(design: Design) -> float:
    return design.knob("arm", 0.82, 1.08)


KINDS: tuple[Kind, ...] = (
    Kind(
        "armchair",
        "chairs",
        BODY_KNOBS,
        COVERS,
        PRINTS,
        (190, 890),
        ("armchair", "lounge chair"),
        place=_armchair,
        proportion=_armchair_proportion,
    ),
    Kind(
        "two_seater",
        "sofas",
        BODY_KNOBS,
        COVERS,
        PRINTS,
        (350, 1400),
        ("two-seater sofa", "loveseat"),
        place=_two_seats,
        proportion=lambda d: d.knob("arm", 1.55, 1.85),
    ),
    Kind(
        "three_seater",
        "sofas",
        BODY_KNOBS,
        COVERS,
        PRINTS,
        (480, 2200),
        ("three-seater sofa", "couch"),
        place=_three_seats,
        proportion=lambda d: d.knob("arm", 2.1, 2.5),
    ),
    Kind(
        "chesterfield",
        "sofas",
        ("leg", "leg_style", "roll", "tufts", "seats", "arm_height"),
        ("leather", "velvet"),
        ("solid",),
        (700, 2900),
        ("chesterfield sofa",),
        place=_chesterfield,
        proportion=lambda d: d.knob("seats", 2.0, 2.6),
        share=0.7,
    ),
    Kind(
        "sectional",
        "sofas",
        ("chaise", "reach", "back", "arm", "arm_height", "cushions"),
        COVERS,
        ("solid", "striped", "plaid"),
        (800, 3200),
        ("corner sofa", "sectional sofa"),
        place=_sectional,
        proportion=lambda d: d.knob("cushions", 2.0, 2.4),
        share=0.7,
    ),
    *chairs.KINDS,
    *bedding.KINDS,
)
