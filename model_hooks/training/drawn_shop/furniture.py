"""Tables, and with them the shelves of `shelves`."""

from model_hooks.training.drawn_shop import shelves
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Box, Design, Kind
from model_hooks.training.drawn_shop.pen import SOFT, Corners, Pen, both_sides, seam_of

BOARDS = ("wood", "metal", "rattan")
CASES = ("wood", "metal")


def _top(pen: Pen, design: Design, depth: float, thick: float, *, bevel: float = 0.06) -> None:
    """Draw a table's top from slightly above."""
    pen.shape([(bevel, 0), (1 - bevel, 0), (1, depth), (0, depth)], design.material, shade=1.07)
    pen.slab((0, depth, 1, depth + thick), design.material, shade=0.82)


def _oval_top(pen: Pen, design: Design, depth: float, thick: float) -> None:
    pen.disc((0.5, depth / 2 + thick), (0.5, depth / 2), design.material, shade=0.76)
    pen.slab((0, depth / 2, 1, depth / 2 + thick), design.material, shade=0.82)
    pen.disc((0.5, depth / 2), (0.5, depth / 2), design.material, shade=1.07)


def _four_legs(pen: Pen, design: Design, under: float, inset: float) -> None:
    for back in (0.06, 0.0):
        for x in (inset + back, 1 - inset - back):
            lean = design.knob("lean", 0.0, 0.06) * (1 if x > 0.5 else -1)
            foot, shade = (0.9, 0.7) if back else (0.985, 1.0)
            pen.taper([(x, under - 0.02), (x + lean, foot)], [0.05, 0.028], design.trim, shade=shade)
    pen.slab((inset, under, 1 - inset, under + 0.09), design.trim, shade=0.78)


def _trestles(pen: Pen, design: Design, under: float, inset: float) -> None:
    reach = design.knob("lean", 0.03, 0.1)
    for x in (inset + 0.06, 1 - inset - 0.06):
        pen.line([(x - reach, under), (x + reach, 0.97)], design.trim, 0.03)
        pen.line([(x + reach, under), (x - reach, 0.97)], design.trim, 0.03, shade=0.85)
    pen.line([(inset + 0.06, 0.66), (1 - inset - 0.06, 0.66)], design.trim, 0.025, shade=0.8)


def _column(pen: Pen, design: Design, under: float, _inset: float) -> None:
    half = design.knob("lean", 0.06, 0.14)
    side = [(half, under - 0.02), (half * 0.5, 0.6), (half * 2.2, 0.96)]
    pen.shape(both_sides(side), design.trim, rounds=1, relief=SOFT)
    pen.slab((0.5 - half * 2.3, 0.93, 0.5 + half * 2.3, 1), design.trim, radius=0.3, shade=0.85)


def _dining_table(layer: Layer, design: Design, box: Box) -> None:
    pen, style = Pen(layer, box), design.shape["legs"]
    depth, thick = design.knob("depth", 0.14, 0.3), design.knob("thick", 0.05, 0.11)
    stand = _four_legs if style < 0.4 else _trestles if style < 0.7 else _column
    stand(pen, design, depth + thick, design.knob("inset", 0.04, 0.2))
    if design.shape["oval"] > 0.55:
        _oval_top(pen, design, depth, thick)
    else:
        _top(pen, design, depth, thick)


def _coffee_table(layer: Layer, design: Design, box: Box) -> None:
    pen = Pen(layer, box)
    depth, thick = design.knob("depth", 0.26, 0.46), design.knob("thick", 0.07, 0.16)
    under, inset = depth + thick, design.knob("inset", 0.06, 0.2)
    lean, width = design.knob("lean", -0.02, 0.06), design.knob("leg", 0.018, 0.045)
    oval = design.shape["oval"] > 0.5
    for x, shade, foot in (
        (inset + 0.08, 0.7, 0.88),
        (1 - inset - 0.08, 0.7, 0.88),
        (inset, 1.0, 0.97),
        (1 - inset, 1.0, 0.97),
    ):
        away = lean * (1 if x > 0.5 else -1)
        top = depth * 0.7 if oval else under - 0.03
        pen.taper([(x, top), (x + away, foot)], [width * 1.2, width], design.trim, shade=shade)
    if design.shape["board"] > 0.5:
        pen.shape(
            [(inset + 0.06, 0.75), (0.94 - inset, 0.75), (1 - inset, 0.83), (inset, 0.83)],
            design.material,
            shade=0.8,
        )
        pen.slab((inset, 0.83, 1 - inset, 0.87), design.material, shade=0.65)
    elif design.shape["board"] < 0.2 and not oval:
        pen.slab((inset, under - 0.01, 1 - inset, under + 0.2), design.material, shade=0.88)
        pen.line([(0.5, under), (0.5, under + 0.19)], seam_of(design.material.rgb), 0.005)
        for x in (0.4, 0.6):
            pen.dot((x, under + 0.1), 0.012, design.trim)
    (_oval_top if oval else _top)(pen, design, depth, thick)


def _side_table(layer: Layer, design: Design, box: Box) -> None:
    pen, style = Pen(layer, box), design.shape["legs"]
    depth, thick = design.knob("depth", 0.12, 0.24), design.knob("thick", 0.025, 0.09)
    reach = design.knob("reach", 0.2, 0.4)
    if style < 0.4:
        pen.slab((0.47, depth / 2, 0.53, 0.93), design.trim)
        pen.disc((0.5, 0.95), (reach, 0.05), design.trim, shade=0.75)
        pen.disc((0.5, 0.93), (reach, 0.05), design.trim, shade=0.95)
    elif style < 0.7:
        for x, foot, shade in ((0.0, 0.93, 0.75), (-1, 0.98, 1.0), (1, 0.98, 1.0)):
            leg = [(0.5 + x * 0.25, depth * 0.8), (0.5 + x * reach, foot)]
            pen.taper(leg, [0.05, 0.03], design.trim, shade=shade)
    else:
        side = [(reach, depth), (design.knob("waist", 0.14, 0.4), 0.55), (reach, 0.97), (0, 1.0)]
        pen.shape(both_sides(side), design.material, rounds=2, shade=0.88, relief=SOFT)
    if style < 0.7 and design.shape["waist"] > 0.6:
        pen.disc((0.5, 0.72), (reach * 0.85, 0.06), design.material, shade=0.85)
    _oval_top(pen, design, depth, thick)


def _desk(layer: Layer, design: Design, box: Box) -> None:
    pen, material = Pen(layer, box), design.material
    depth, thick = design.knob("depth", 0.1, 0.22), design.knob("thick", 0.04, 0.08)
    under, left = depth + thick, 0.97 - design.knob("block", 0.24, 0.38)
    for x, shade, end in ((0.1, 0.7, 0.9), (0.05, 1.0, 0.985), (0.95, 1.0, 0.985)):
        pen.taper([(x, under), (x, end)], [0.034, 0.024], design.trim, shade=shade)
    drawers = 1 + int(design.shape["drawers"] * 2.99)
    if drawers > 1:
        pen.taper([(left + 0.02, 0.7), (left + 0.02, 0.985)], [0.034, 0.024], design.trim)
    bottom = under + (0.97 - design.knob("foot", 0.0, 0.25) - under) * (0.45 if drawers == 1 else 1)
    pen.slab((left, under, 0.97, bottom), material, shade=0.8)
    inner = [(left, under), (left - 0.02, under), (left - 0.02, bottom - 0.04), (left, bottom)]
    pen.shape(inner, material, shade=0.55)
    _drawers(pen, design, (left, under, 0.97, bottom), drawers)
    if design.shape["handle"] > 0.5:
        pen.slab((0.06, under, left, under + 0.12), material, shade=0.86)
    _top(pen, design, depth, thick, bevel=0.05)


def _drawers(pen: Pen, design: Design, block: Corners, count: int) -> None:
    left, top, right, bottom = block
    middle, half = (left + right) / 2, design.knob("handle", 0.01, 0.07)
    height = (bottom - top) / count
    for number in range(count):
        y = top + 0.015 + number * height
        pen.slab((left + 0.015, y, right - 0.015, y + height - 0.025), design.material, shade=0.95)
        grip = y + height / 2 - 0.01
        pen.line([(middle - half, grip), (middle + half, grip)], design.trim, 0.018)


PLAIN = ("solid",)
KINDS: tuple[Kind, ...] = (
    Kind(
        "dining_table",
        "tables",
        ("legs", "depth", "thick", "inset", "lean", "oval"),
        ("wood", "metal"),
        PLAIN,
        (160, 1400),
        ("dining table", "kitchen table"),
        place=_dining_table,
        proportion=lambda d: d.knob("inset", 1.9, 1.5),
    ),
    Kind(
        "coffee_table",
        "tables",
        ("depth", "thick", "inset", "lean", "leg", "oval", "board"),
        BOARDS,
        PLAIN,
        (60, 520),
        ("coffee table",),
        place=_coffee_table,
        proportion=lambda d: d.knob("inset", 2.6, 1.8),
    ),
    Kind(
        "side_table",
        "tables",
        ("legs", "depth", "thick", "reach", "waist"),
        BOARDS,
        PLAIN,
        (35, 260),
        ("side table", "occasional table"),
        place=_side_table,
        proportion=lambda d: d.knob("reach", 0.75, 1.05),
        share=0.8,
    ),
    Kind(
        "desk",
        "tables",
        ("depth", "thick", "block", "foot", "drawers", "handle"),
        CASES,
        PLAIN,
        (110, 780),
        ("desk", "writing desk"),
        place=_desk,
        proportion=lambda d: d.knob("block", 1.75, 1.4),
        share=0.8,
    ),
    *shelves.KINDS,
)
