"""Accessories: headwear, scarves, belts, glasses, necklaces, watches."""

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import CLOTH, Layer, Relief, ellipse, rectangle, smooth
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.frame import Frame, metal_of, moved, seam_of, tinted
from model_hooks.training.drawn_shop.headwear import HEADWEAR, on_head

Outline = NDArray[np.float64]
_ROUND = Relief(roundness=0.55)
_SEAM = 0.0016


def _scarf_end(frame: Frame, design: Design, x: float, length: float) -> None:
    """Paint one hanging end with its border and fringe."""
    wide, tilt = design.knob("wide", 0.026, 0.05), x * 0.35
    top, end = -0.004, length
    left, right = x - wide / 2, x + wide / 2
    fringe = design.knob("fringe", -0.012, 0.03)
    if fringe > 0:
        for place in np.linspace(left + 0.003, right - 0.003, 8):
            frame.band(
                [(place + tilt, end - 0.004), (place + tilt * 1.05, end + fringe)], design.trim, 0.0028
            )
    strip = [(left * 0.7, top), (right * 0.7, top), (right + tilt * 0.6, length * 0.5), (right + tilt, end),
             (left + tilt, end), (left + tilt * 0.6, length * 0.5)]  # fmt: skip
    frame.fill(strip, design.material, relief=CLOTH)
    for number in range(int(design.knob("border", 0, 2.99))):
        y = end - 0.014 - 0.017 * number
        frame.band([(left + tilt, y), (right + tilt, y)], design.trim, design.knob("border", 0.005, 0.01))


def _snood(frame: Frame, design: Design, ring: float, low: float) -> None:
    """Paint the lower part of a scarf without ends: a bib with a border and a fringe."""
    aside, end = design.knob("uneven", -0.035, 0.035), low + design.knob("long", 0.0, 0.09)
    wide = ring * design.knob("wide", 0.8, 1.05)
    bib = [(-wide, low * 0.2), (-wide * 0.75, low), (aside, end), (wide * 0.75, low), (wide, low * 0.2)]
    edge = smooth(bib, closed=False)
    if design.knob("fringe") > 0.3:
        for x, y in edge[2:-2:2]:
            frame.band([(x, y), (x, y + design.knob("fringe", 0.0, 0.03))], design.trim, 0.0035)
    frame.fill(edge, design.material, shade=0.92, relief=CLOTH)
    if design.knob("border") > 0.33:
        frame.band(moved(edge[1:-1], (0, -0.006)), design.trim, design.knob("border", 0.001, 0.01))


def _wear_scarf(layer: Layer, design: Design, body: Body) -> None:
    """Paint a scarf that is wound around the neck, its ends hanging."""
    side = 1.0 if layer.rng.integers(2) else -1.0
    frame = Frame(layer, body.neck, body.height, float(layer.rng.normal(0, 0.03)), side)
    long, style = design.knob("long", 0.1, 0.3), design.knob("style")
    ring, thick = 0.058 + 0.016 * design.knob("bulk"), design.knob("bulk", 0.034, 0.062)
    frame.fill(ellipse((0, -0.012), (ring * 0.9, thick * 0.4)), design.material, shade=0.55)
    if style < 0.6:
        _scarf_end(frame, design, -0.024, long * design.knob("uneven", 1.0, 0.55) + 0.03)
        _scarf_end(frame, design, 0.026 if style < 0.3 else -0.004, long + 0.03)
    elif style < 0.8:
        _scarf_end(frame, design, design.knob("uneven", -0.03, 0.03), long + 0.04)
    else:
        _snood(frame, design, ring, thick)
    collar = smooth([(-ring, -0.024), (-ring * 0.55, -0.012), (0, -0.004), (ring * 0.55, -0.012),
        (ring, -0.024),
                     (ring * 1.06, thick * 0.3), (ring * 0.6, thick * 0.9), (0, thick * 1.12),
                     (-ring * 0.6, thick * 0.9),
                     (-ring * 1.06, thick * 0.3)])  # fmt: skip
    frame.fill(collar, design.material, shade=1.04, relief=CLOTH)
    seam = seam_of(design.material)
    for drop in (0.3, 0.62):
        frame.band([(-ring * 0.96, thick * (drop - 0.5)), (-ring * 0.1, thick * drop * 1.15),
            (ring * 0.9, thick * (drop - 0.25))],
                   seam, 0.0022)  # fmt: skip
    if 0.3 <= style < 0.6:
        knot = rectangle(-0.024, thick * 0.5, 0.04, 0.042, radius=0.013)
        frame.fill(knot, design.material, shade=0.9, relief=CLOTH)


def _wear_belt(layer: Layer, design: Design, body: Body) -> None:
    """Paint a belt around the waist, with a buckle and a loose end."""
    low, h = design.knob("rise", 0.0, 0.3), body.height
    hips = np.mean(body.hips, axis=0)
    spot = np.array(body.middle) * (1 - low) + hips * low
    half = (body.waist * (1 - low) + body.seat * low) / h * 1.13
    side = 1.0 if layer.rng.integers(2) else -1.0
    frame = Frame(layer, (float(spot[0]), float(spot[1])), h, float(layer.rng.normal(0, 0.015)), side)
    wide, sag, seam = design.knob("wide", 0.02, 0.042), 0.009, seam_of(design.material)
    curve = [(-half, -sag), (-half * 0.5, 0.002), (0, sag * 0.6), (half * 0.5, 0.002), (half, -sag)]
    if design.knob("tail") > 0.3:
        drop = design.knob("tail", 0.0, 0.13)
        end = (half * 0.46, 0.012 + drop)
        frame.band(
            [(0.01, 0.004), (half * 0.34, 0.01), (half * 0.45, drop * 0.5), end],
            design.material,
            wide * 0.9,
            shade=0.9,
        )
    frame.band(curve, seam, wide)
    frame.band(curve, design.material, wide * 0.9)
    if design.knob("stitch") > 0.5:
        for y in (-wide * 0.36, wide * 0.36):
            frame.band(moved(curve, (0, y)), design.trim, 0.0016)
    for x in np.linspace(0.35, 0.85, 4):
        if design.knob("stitch") < 0.75:
            frame.fill(ellipse((half * x, sag * (0.5 - x)), (0.0028, 0.0028)), metal_of(design))
    _buckle(frame, design, wide)


def _buckle(frame: Frame, design: Design, wide: float) -> None:
    """Paint a square, round or plate buckle."""
    metal, form = metal_of(design), design.knob("buckle")
    tall = wide * design.knob("size", 0.58, 0.85)
    broad, y = tall * design.knob("size", 0.9, 1.25), 0.004
    if form < 0.4:
        frame.fill(rectangle(-broad, y - tall, 2 * broad, 2 * tall, radius=tall * form * 1.2), metal)
        frame.fill(rectangle(-broad * 0.68, y - tall * 0.62, broad * 1.36, tall * 1.24,
            radius=tall * form * 0.7),
                   design.material, shade=0.8)  # fmt: skip
        frame.band([(-broad * 0.8, y), (broad * 0.9, y)], metal, tall * 0.2, shade=0.85)
    elif form < 0.7:
        frame.fill(ellipse((0, y), (broad, tall * 1.1)), metal)
        frame.fill(ellipse((0, y), (broad * 0.66, tall * 0.72)), design.material, shade=0.8)
        frame.band([(0, y - tall * 0.2), (0, y + tall)], metal, tall * 0.24, shade=0.85)
    else:
        frame.fill(rectangle(-broad * 1.1, y - tall, 2.2 * broad, 2 * tall, radius=tall * 0.3), metal)
        frame.fill(
            rectangle(-broad * 0.85, y - tall * 0.75, 1.7 * broad, 1.5 * tall, radius=tall * 0.2),
            metal,
            shade=0.78,
        )
        frame.fill(ellipse((0, y), (tall * 0.4, tall * 0.4)), metal, shade=1.15)


def _lens(design: Design, x: float) -> Outline:
    """Return the outline of one lens (round, square, cat's eye or teardrop), its outer side to the right."""
    wide, tall, form = (
        design.knob("wide", 0.019, 0.0265),
        design.knob("tall", 0.015, 0.025),
        design.knob("form"),
    )
    if form < 0.25:
        round_ = (wide + tall) / 2
        return ellipse((x, 0), (round_, round_ * design.knob("corner", 0.8, 1.08)))
    if form < 0.5:
        return rectangle(
            x - wide, -tall * 0.9, 2 * wide, 1.8 * tall, radius=0.012 * design.knob("corner") + 0.003
        )
    if form < 0.75:
        lift = tall * design.knob("corner", 1.1, 1.8)
        cat = [(x - wide, -tall * 0.7), (x + wide * 0.6, -tall), (x + wide * 1.15, -lift),
            (x + wide, tall * 0.2),
               (x + wide * 0.3, tall), (x - wide * 0.6, tall * 0.9), (x - wide, tall * 0.1)]  # fmt: skip
        return smooth(cat)
    low = design.knob("corner", 0.9, 1.5)
    drop = [(x - wide * 0.9, -tall), (x + wide, -tall), (x + wide * 1.15, 0), (x + wide * 0.6, tall * low),
            (x - wide * 0.1, tall * (low + 0.05)), (x - wide * 0.8, tall * 0.4)]  # fmt: skip
    return smooth(drop)


def _wear_glasses(layer: Layer, design: Design, body: Body) -> None:
    """Paint glasses or sunglasses on the face."""
    head = on_head(layer, body)
    frame = Frame(layer, (head.spot[0], head.spot[1] + 0.002 * body.height), body.height, head.turn)
    rim, dark = design.knob("rim", 0.0025, 0.007), design.knob("tint")
    glass = (212, 226, 232) if dark < 0.35 else tinted(design.trim, 0.55 if dark > 0.65 else 0.9)
    eye = design.knob("wide", 0.019, 0.0265) + 0.0045
    outline = _lens(design, eye)
    arm_y = float(outline[:, 1].min()) * 0.55
    for side in (-1, 1):
        frame.band(
            [(side * (eye + 0.018), arm_y), (side * (2 * eye + 0.001), arm_y - 0.002)],
            design.material,
            rim * 1.3,
        )
        lens = outline * (side, 1)
        middle = lens.mean(axis=0)
        frame.fill((lens - middle) * (1 + 1.9 * rim / 0.022) + middle, design.material)
        frame.fill(lens, glass)
        shine = np.array([(-0.010, 0.006), (0.002, -0.010), (0.0065, -0.010), (-0.0055, 0.006)]) + middle
        frame.fill(shine, tinted(glass, 1.3 if dark > 0.35 else 1.09))
    high = arm_y * design.knob("bridge", 0.2, 1.5)
    frame.band([(-0.008, high + 0.003), (0, high - 0.003), (0.008, high + 0.003)], design.material, rim * 1.2)
    if design.knob("bridge") > 0.75:
        top = float(outline[:, 1].min()) - rim * 0.4
        frame.band([(-eye, top), (eye, top)], design.material, rim)


def _wear_necklace(layer: Layer, design: Design, body: Body) -> None:
    """Paint a string of large beads, or a chain with a pendant."""
    frame = Frame(layer, body.neck, body.height, float(layer.rng.normal(0, 0.02)))
    wide, deep = design.knob("wide", 0.036, 0.052), design.knob("drop", 0.045, 0.125)
    bead = design.knob("bead", 0.004, 0.0105)
    turns = np.linspace(-1, 1, round(2 * (wide + deep) / (1.9 * bead)))
    line = np.stack(
        [wide * np.sin(turns * np.pi / 2), -0.008 + deep * np.cos(turns * np.pi / 2) ** 1.2], axis=1
    )
    if design.knob("bead") < 0.35:
        frame.band(line, metal_of(design), design.knob("grow", 0.002, 0.008))
    else:
        grows, long = design.knob("grow", 0.0, 0.6), design.knob("form", 0.65, 1.35)
        for place, turn in zip(line, turns, strict=True):
            size = bead * (1 - grows * abs(float(turn)))
            frame.fill(ellipse(place.tolist(), (size / long, size * long)), design.material, relief=_ROUND)
    size, foot = design.knob("pendant", 0.008, 0.024), deep - 0.004
    if design.knob("bead") > 0.35 and design.knob("pendant") < 0.45:
        return
    shapes = (ellipse((0, foot + size), (size, size)),
              np.array([(0, foot - 0.002), (size * 0.8, foot + size), (0, foot + 2.4 * size),
              (-size * 0.8, foot + size)]),
              rectangle(-size * 0.6, foot, size * 1.2, size * 2.2, radius=size * 0.4))  # fmt: skip
    pendant = shapes[min(2, int(design.knob("form", 0, 3)))]
    middle = pendant.mean(axis=0)
    frame.fill((pendant - middle) * 1.2 + middle, metal_of(design))
    frame.fill((pendant - middle) * 0.95 + middle, design.material, relief=_ROUND)


def _wear_watch(layer: Layer, design: Design, body: Body) -> None:
    """Paint a bold watch on a wrist."""
    hand = int(layer.rng.integers(2))
    (x, y), (elbow_x, elbow_y) = body.wrists[hand], body.elbows[hand]
    turn = float(np.arctan2(elbow_x - x, y - elbow_y))
    spot = x + 0.1 * (elbow_x - x), y + 0.1 * (elbow_y - y)
    frame = Frame(layer, spot, body.height, turn)
    wide, half = design.knob("band", 0.016, 0.026), 0.0185 * body.limb
    frame.fill(rectangle(-half, -wide / 2, 2 * half, wide, radius=0.004), design.material, relief=_ROUND)
    for place in (-0.72, 0.72):
        frame.band(
            [(half * place, -wide * 0.48), (half * place, wide * 0.48)], seam_of(design.material), _SEAM
        )
    size, metal = design.knob("dial", 0.013, 0.0185), metal_of(design)
    tall = size * design.knob("form", 0.85, 1.3)
    dial = rectangle(-size, -tall, 2 * size, 2 * tall, radius=size * design.knob("corner", 0.1, 1.2))
    frame.fill(dial, metal)
    frame.fill(rectangle(size * 0.9, -0.002, size * 0.3, 0.004), metal, shade=0.8)
    face = (236, 234, 226) if design.knob("face") < 0.5 else tinted(design.trim, 0.75)
    frame.fill(dial * design.knob("rim", 0.66, 0.88), face)
    hands = tinted(metal, 0.45) if design.knob("face") < 0.5 else (236, 234, 226)
    for angle, reach in ((design.knob("face", 0, 6.28), 0.42), (design.knob("rim", 0, 6.28), 0.62)):
        frame.band([(0, 0), (size * reach * np.sin(angle), -size * reach * np.cos(angle))], hands, 0.002)


_PRINTS = ("solid", "striped", "plaid", "floral", "dotted", "animal")
KINDS: tuple[Kind, ...] = (
    *HEADWEAR,
    Kind("scarf", "accessories", ("long", "wide", "bulk", "style", "uneven", "fringe", "border"),
         ("knit", "silk", "cotton"), _PRINTS, (15, 110), ("scarf", "wrap scarf", "fringed scarf"),
         ("men", "women", "unisex"), _wear_scarf, share=1.6),
    Kind("belt", "accessories", ("rise", "wide", "tail", "stitch", "buckle", "size"),
        ("leather", "leather", "denim"),
         ("solid", "solid", "solid", "animal", "striped"), (15, 90), ("belt", "waist belt", "buckled belt"),
         ("men", "women", "unisex"), _wear_belt),
    Kind("glasses", "accessories", ("wide", "tall", "form", "corner", "rim", "tint", "bridge"), ("metal",),
         ("solid", "solid", "animal"), (19, 180), ("sunglasses", "glasses", "shades"),
         ("men", "women", "unisex"), _wear_glasses, share=0.9),
    Kind("necklace", "accessories", ("wide", "drop", "bead", "grow", "pendant", "form"), ("metal",),
        ("solid",),
         (9, 120), ("necklace", "pendant necklace", "bead necklace"), ("women",), _wear_necklace, share=0.4),
    Kind("watch", "accessories", ("band", "dial", "form", "corner", "face", "rim"), ("leather", "metal"),
        ("solid",),
         (39, 400), ("watch", "wristwatch"), ("men", "women", "unisex"), _wear_watch, share=0.2),
)  # fmt: skip
