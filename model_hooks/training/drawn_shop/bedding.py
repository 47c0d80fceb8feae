"""Beds and cushions."""

import numpy as np

from model_hooks.training.drawn_shop.canvas import FLAT, Layer, Relief, smooth
from model_hooks.training.drawn_shop.designs import Box, Colour, Design, Kind
from model_hooks.training.drawn_shop.pen import DRAPED, SOFT, Pen, arc, deep, pale, seam_of

TEXTILES = ("linen", "velvet", "knit")
PRINTS = ("solid", "striped", "plaid", "floral", "dotted")
BED_KNOBS = ("turn", "head", "leg", "spread", "pillows", "style", "length")
SHEET: Colour = (236, 232, 224)


def _headboard(pen: Pen, design: Design, right: float) -> None:
    """Draw the panel at the head, of wood in the colour of the trim."""
    style, top = design.shape["style"], design.knob("head", 0.16, 0.0)
    frame = design.trim
    if style < 0.4:
        pen.slab((0, top, right, 0.8), frame, radius=0.05)
        pen.slab((0.03, top + 0.05, right - 0.03, 0.5), frame, radius=0.04, shade=0.86)
        return
    for x in (0.0, right - 0.035):
        pen.slab((x, max(top - 0.03, 0), x + 0.035, 0.84), frame, shade=0.95)
    if style < 0.7:
        for share in np.linspace(0.0, 0.24, 4):
            pen.slab((0.02, top + 0.02 + share, right - 0.02, top + 0.075 + share), frame)
    else:
        for x in np.linspace(0.05, right - 0.05, 9):
            pen.line([(x, top + 0.03), (x, 0.6)], frame, 0.012, shade=0.9)
        pen.slab((0, top, right, top + 0.05), frame, radius=0.4)


def _soft_headboard(pen: Pen, design: Design, right: float) -> None:
    style, top = design.shape["style"], design.knob("head", 0.16, 0.02)
    material, seam = design.material, seam_of(design.material.rgb)
    outline = [(0, 0.8), (0, top), (right / 2, top - 0.05), (right, top), (right, 0.8)]
    pen.shape(outline, material, rounds=3 if style > 0.5 else 0, relief=SOFT)
    if style < 0.35:
        for x in np.linspace(0, right, 7)[1:-1]:
            pen.line([(x, top), (x, 0.6)], seam, 0.005)
    elif style > 0.65:
        for row in range(3):
            for x in np.linspace(0.08, right - 0.08, 6 - row % 2):
                pen.dot((x, top + 0.1 + 0.1 * row), 0.008, deep(material.rgb, 0.45))
    else:
        pen.slab((0.03, top + 0.05, right - 0.03, 0.75), material, radius=0.06, shade=0.93)


def _pillows(pen: Pen, design: Design, span: tuple[float, float], y: float) -> None:
    left, right = span
    count = 2 if design.shape["pillows"] < 0.7 else 3
    width = (right - left - 0.04) / count
    for number in range(count):
        start = left + 0.02 + number * width
        outline = [
            (start, y),
            (start + width / 2, y - 0.015),
            (start + width - 0.012, y),
            (start + width - 0.012, y + 0.13),
            (start + width / 2, y + 0.145),
            (start, y + 0.13),
        ]
        paint = pale(design.material.rgb, 0.72) if number % 2 and count == 3 else SHEET
        pen.shape(outline, paint, rounds=1, relief=SOFT)
        pen.line([(start + 0.02, y + 0.135), (start + width - 0.03, y + 0.135)], deep(SHEET, 0.3), 0.005)


def _mattress(pen: Pen, design: Design, right: float, *, soft_frame: bool) -> None:
    """Draw what lies before the headboard, the foot end nearer and to the right."""
    turn, head, foot, bottom = 1 - right, 0.44, 0.72, 1 - design.knob("leg", 0.03, 0.1)
    frame = design.material if soft_frame else design.trim
    for x in (turn + 0.03, 0.96):
        pen.slab((x - 0.018, bottom - 0.02, x + 0.018, 1), design.trim, shade=0.8)
    pen.shape([(0.02, 0.5), (turn, foot + 0.04), (turn, bottom), (0.02, 0.82)], frame, shade=0.68)
    pen.shape([(0.02, head), (turn, foot), (turn, 0.86), (0.02, 0.62)], SHEET, shade=0.8)
    pen.slab((turn, 0.8, 1, bottom), frame, shade=0.86)
    pen.shape([(0.02, head), (right - 0.02, head), (1, foot), (turn, foot)], SHEET)
    _pillows(pen, design, (0.03, right - 0.02), 0.38)
    start = design.knob("spread", 0.28, 0.6)
    upper = head + (foot - head) * start
    left, end = 0.02 + (turn - 0.02) * start, right - 0.02 + (1 - right + 0.02) * start
    pen.shape(
        [(left, upper), (end, upper), (1, foot), (turn, foot)], design.material, shade=1.04, relief=DRAPED
    )
    hang = 0.86
    pen.shape([(left, upper), (turn, foot), (turn, hang), (left, upper + 0.14)], design.material, shade=0.76)
    pen.slab((turn, foot - 0.002, 1, hang), design.material, shade=0.9, relief=DRAPED)
    pen.shape(
        [
            (left, upper - 0.04),
            (end - 0.01, upper - 0.04),
            (end + 0.01, upper + 0.01),
            (left + 0.01, upper + 0.01),
        ],
        pale(design.material.rgb, 0.5),
    )


def _right(design: Design) -> float:
    return design.knob("turn", 0.95, 0.74)


def _framed_bed(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    _headboard(pen, design, _right(design))
    _mattress(pen, design, _right(design), soft_frame=False)


def _soft_bed(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    _soft_headboard(pen, design, _right(design))
    _mattress(pen, design, _right(design), soft_frame=True)


def _bed_proportion(design: Design) -> float:
    return design.knob("length", 1.25, 1.75)


def _edge(pen: Pen, design: Design, outline: list[tuple[float, float]]) -> None:
    """Draw the piping: a wider outline below the cushion."""
    middle = np.array([0.5, 0.5])
    grown = middle + (np.asarray(outline) - middle)
    pen.shape(
        grown, design.trim if design.shape["piping"] > 0.35 else deep(design.material.rgb, 0.3), rounds=2
    )
    width = design.knob("piping", 0.012, 0.04)
    inner = middle + (np.asarray(outline) - middle) * (1 - 2 * width)
    pen.layer.fill(smooth(pen.at(inner), rounds=2), design.material, relief=Relief(roundness=0.45))


def _square(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    sag = design.knob("puff", 0.1, 0.015)
    tassels = design.shape["tassels"] > 0.65
    near, far = (0.07, 0.93) if tassels else (0.0, 1.0)
    sides = [(near, near), (far, near), (far, far), (near, far)]
    outline: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(sides, sides[1:] + sides[:1], strict=True):
        mx, my = (ax + bx) / 2, (ay + by) / 2
        corner = [(ax, ay)] * (3 if design.shape["corners"] < 0.5 else 1)
        outline += [*corner, (mx + (0.5 - mx) * 2 * sag, my + (0.5 - my) * 2 * sag)]
    if tassels:
        for x, y in sides:
            ox, oy = (0.035 if x > 0.5 else -0.035), (0.035 if y > 0.5 else -0.035)
            pen.taper(
                [(x - ox * 3, y - oy * 3), (x, y), (x + ox * 1.6, y + oy * 1.6)],
                [0.02, 0.03, 0.06],
                design.trim,
            )
    _edge(pen, design, outline)
    _middle(pen, design)


def _middle(pen: Pen, design: Design) -> None:
    """Draw what sits on the cushion: a button with pleats, a panel, or nothing."""
    seam, style = seam_of(design.material.rgb), design.shape["centre"]
    if style < 0.3:
        for turn in np.arange(6) * np.pi / 3:
            pen.line([(0.5, 0.5), (0.5 + 0.15 * np.cos(turn), 0.5 + 0.15 * np.sin(turn))], seam, 0.008)
        pen.dot((0.5, 0.5), 0.04, design.trim)
    elif style > 0.75:
        for corner in (
            [(0.2, 0.2), (0.8, 0.2)],
            [(0.8, 0.2), (0.8, 0.8)],
            [(0.8, 0.8), (0.2, 0.8)],
            [(0.2, 0.8), (0.2, 0.2)],
        ):
            pen.line(corner, design.trim, 0.018)


def _round(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    rim, seam = design.knob("piping", 0.01, 0.05), seam_of(design.material.rgb)
    pen.disc(
        (0.5, 0.5),
        (0.5, 0.5),
        design.trim if design.shape["piping"] > 0.35 else deep(design.material.rgb, 0.3),
    )
    pen.disc((0.5, 0.5), (0.5 - rim, 0.5 - rim), design.material, relief=Relief(roundness=0.6))
    pleats, reach = 6 + int(design.shape["pleats"] * 14), design.knob("reach", 0.2, 0.42)
    for turn in np.arange(pleats) * 2 * np.pi / pleats:
        way = np.array([np.cos(turn), np.sin(turn)])
        pen.line([0.5 + way * 0.05, 0.5 + way * reach], seam, 0.008)
    pen.dot((0.5, 0.5), design.knob("button", 0.03, 0.08), design.trim)


def _bolster(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    cap = design.knob("cap", 0.1, 0.22)
    pen.slab((0, 0, 1, 1), design.material, radius=design.knob("ends", 0.25, 0.5), shade=0.84)
    pen.slab((0.01, 0.02, 0.99, 0.7), design.material, radius=design.knob("ends", 0.25, 0.5), shade=1.02)
    pen.slab((0.01, 0.12, 0.99, 0.42), design.material, radius=0.5, shade=1.1)
    for x in (cap, 1 - cap):
        pen.slab(
            (x - 0.012, 0.01, x + 0.012, 0.99),
            design.trim if design.shape["piping"] > 0.4 else seam_of(design.material.rgb),
        )
    if design.shape["bands"] > 0.5:
        for x in (cap + 0.07, 1 - cap - 0.07):
            pen.slab((x - 0.02, 0.01, x + 0.02, 0.99), design.trim, shade=0.9)
    pen.line(arc((0.02, 0.5), (0.04, 0.3), -1.3, 1.3), seam_of(design.material.rgb), 0.008)


def _lumbar(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    sag = design.knob("puff", 0.1, 0.0)
    outline = [
        (0, 0),
        (0, 0),
        (0.5, sag),
        (1, 0),
        (1, 0),
        (1 - sag * 0.6, 0.5),
        (1, 1),
        (1, 1),
        (0.5, 1 - sag),
        (0, 1),
        (0, 1),
        (sag * 0.6, 0.5),
    ]
    _edge(pen, design, [(float(x), float(y)) for x, y in outline])
    if design.shape["stripe"] > 0.4:
        half = design.knob("stripe", 0.0, 0.14)
        pen.slab((0.5 - half, 0.08 + sag, 0.5 + half, 0.92 - sag), design.trim, relief=FLAT)
    if design.shape["ends"] > 0.5:
        for x in (0.12, 0.88):
            pen.line([(x, 0.1), (x, 0.9)], seam_of(design.material.rgb), 0.012)


KINDS: tuple[Kind, ...] = (
    Kind(
        "framed_bed",
        "beds",
        BED_KNOBS,
        ("linen", "knit"),
        PRINTS,
        (180, 1200),
        ("double bed", "wooden bed"),
        place=_framed_bed,
        proportion=_bed_proportion,
    ),
    Kind(
        "upholstered_bed",
        "beds",
        BED_KNOBS,
        ("linen", "velvet", "leather"),
        ("solid",),
        (320, 1900),
        ("upholstered bed", "box spring bed"),
        place=_soft_bed,
        proportion=_bed_proportion,
    ),
    Kind(
        "square_cushion",
        "cushions",
        ("puff", "piping", "corners", "tassels", "centre"),
        TEXTILES,
        PRINTS,
        (9, 60),
        ("cushion", "throw pillow"),
        place=_square,
        share=1.5,
    ),
    Kind(
        "round_cushion",
        "cushions",
        ("piping", "pleats", "reach", "button"),
        TEXTILES,
        PRINTS,
        (14, 70),
        ("round cushion",),
        place=_round,
        share=0.6,
    ),
    Kind(
        "bolster",
        "cushions",
        ("cap", "ends", "piping", "bands", "length"),
        TEXTILES,
        PRINTS,
        (15, 80),
        ("bolster", "neck roll"),
        place=_bolster,
        proportion=lambda d: d.knob("length", 2.0, 3.0),
        share=0.5,
    ),
    Kind(
        "lumbar_cushion",
        "cushions",
        ("puff", "piping", "stripe", "ends", "length"),
        TEXTILES,
        PRINTS,
        (12, 70),
        ("lumbar cushion", "long cushion"),
        place=_lumbar,
        proportion=lambda d: d.knob("length", 1.4, 2.0),
        share=0.8,
    ),
)
