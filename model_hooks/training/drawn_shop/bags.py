"""Bags: totes, handbags, crossbody bags, backpacks, clutches, bucket bags."""

import numpy as np

from model_hooks.training.drawn_shop.bag_parts import (
    SEAM,
    SOFT,
    STIFF,
    Outline,
    add_clasp,
    arch,
    in_hand,
    sack_of,
)
from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, rectangle, smooth
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.frame import Frame, metal_of, moved, seam_of, tinted


def _wear_tote(layer: Layer, design: Design, body: Body) -> None:
    """Paint a soft open bag on two handles."""
    frame = in_hand(layer, body)
    half, foot = design.knob("width", 0.085, 0.13), design.knob("handle", 0.05, 0.11)
    end, bottom = foot + design.knob("height", 0.15, 0.25), half * design.knob("taper", 0.72, 1.12)
    grip, seam = design.knob("grip", 0.3, 0.62) * half, seam_of(design.material)
    strap = design.trim if design.knob("base") > 0.4 else design.material
    frame.band(arch(grip * 0.94, 0.004, foot + 0.01), strap, 0.011, shade=0.72)
    sack = sack_of(half, bottom, (foot, end), design.knob("corner", 0.05, 0.5))
    frame.fill(sack, design.material, relief=SOFT)
    if design.knob("base") > 0.6:
        low = foot + (end - foot) * design.knob("base", 1.1, 0.6)
        width = half + (bottom - half) * (low - foot) / (end - foot)
        frame.fill(
            sack_of(width, bottom, (low, end), design.knob("corner", 0.05, 0.5)), design.trim, relief=STIFF
        )
    if design.knob("pocket") > 0.5:
        wide, deep = half * design.knob("pocket", 0.1, 0.7), (end - foot) * 0.45
        pocket = rectangle(-wide, foot + 0.05, 2 * wide, deep, radius=0.012)
        frame.fill(pocket, seam)
        frame.fill(pocket * 0.97 + (0, 0.03 * (foot + 0.05 + deep / 2)), design.material, shade=1.05)
    frame.band([(-half, foot + 0.012), (half, foot + 0.012)], seam, SEAM)
    frame.band(arch(grip, 0.0, foot + 0.035), strap, 0.012)
    for x in (-grip, grip):
        frame.fill(rectangle(x - 0.009, foot + 0.014, 0.018, 0.024, radius=0.003), strap, shade=0.86)


def _close_handbag(frame: Frame, design: Design, half: float, y: tuple[float, float]) -> None:
    """Paint a zip, a flap with a clasp, or two belts with a lock, by the knob `flap`."""
    (y0, y1), seam, how = y, seam_of(design.material), design.knob("flap")
    if how < 0.33:
        metal = metal_of(design)
        frame.band([(-half * 0.92, y0 + 0.012), (half * 0.92, y0 + 0.012)], seam, 0.008)
        frame.band([(-half * 0.9, y0 + 0.012), (half * 0.9, y0 + 0.012)], metal, 0.003)
        frame.fill(rectangle(half * 0.62, y0 + 0.01, 0.008, 0.024, radius=0.003), metal)
        frame.band([(-half * 0.98, y1 - 0.045), (half * 0.98, y1 - 0.045)], seam, SEAM)
        add_clasp(frame, design, (0, y0 + (y1 - y0) * (0.3 + how)), 0.01)
        return
    if how < 0.7:
        deep = y0 + (y1 - y0) * (0.35 + 0.8 * (how - 0.33))
        flap = smooth([(-half, y0), (-half * 1.03, deep - 0.02), (-half * 0.8, deep), (half * 0.8, deep),
                       (half * 1.03, deep - 0.02), (half, y0)], rounds=1)  # fmt: skip
        frame.fill(moved(flap, (0, 0.003)), seam)
        frame.fill(flap, design.material, shade=1.06, relief=STIFF)
        add_clasp(frame, design, (0, deep - 0.004), 0.011)
        return
    for x in (-half * 0.55, half * 0.55):
        frame.fill(rectangle(x - 0.008, y0, 0.016, (y1 - y0) * 0.4, radius=0.004), design.trim)
        frame.fill(rectangle(x - 0.01, y0 + (y1 - y0) * 0.3, 0.02, 0.01), metal_of(design))
    frame.band([(-half, y0 + 0.03), (half, y0 + 0.03)], design.trim, 0.01)
    add_clasp(frame, design, (0, y0 + 0.03), 0.011)


def _wear_handbag(layer: Layer, design: Design, body: Body) -> None:
    """Paint a stiff bag with an arched handle."""
    frame = in_hand(layer, body)
    half, foot = design.knob("width", 0.08, 0.125), design.knob("handle", 0.035, 0.085)
    end, top = foot + design.knob("height", 0.1, 0.185), half * design.knob("taper", 0.62, 1.08)
    grip, thick = top * design.knob("grip", 0.35, 0.75), design.knob("strap", 0.008, 0.015)
    strap = design.trim if design.knob("strap") > 0.5 else design.material
    seam = seam_of(design.material)
    frame.band(arch(grip * 0.9, 0.006, foot + 0.012), strap, thick, shade=0.7)
    sack = sack_of(top, half, (foot, end), design.knob("corner", 0.04, 0.75))
    frame.fill(sack, seam)
    frame.fill((sack - (0, (foot + end) / 2)) * 0.975 + (0, (foot + end) / 2), design.material, relief=STIFF)
    _close_handbag(frame, design, top, (foot, end))
    frame.band(arch(grip, 0.0, foot + 0.022), strap, thick)
    for x in (-grip, grip):
        frame.fill(ellipse((x, foot + 0.02), (0.009, 0.009)), metal_of(design))


def _wear_crossbody(layer: Layer, design: Design, body: Body) -> None:
    """Paint a small bag at the hip, its strap over the other shoulder."""
    hand = int(layer.rng.integers(2))
    side, h = (1.0 if hand else -1.0), body.height
    hip, shoulder = body.hips[hand], body.shoulders[1 - hand]
    spot = hip[0] + side * 0.45 * body.seat, hip[1] - 0.06 * h + design.knob("hang", 0.0, 0.07) * h
    frame = Frame(layer, spot, h, float(layer.rng.normal(0, 0.03)), side)
    half, deep = design.knob("width", 0.088, 0.125), design.knob("height", 0.12, 0.185)
    strap = design.trim if design.knob("strap") > 0.6 else design.material
    start = np.array(shoulder) * 0.6 + np.array(body.neck) * 0.4 - (0, 0.012 * h)
    ends = frame.at([(-half * 0.9, 0.012), (half * 0.9, 0.012), (half * 1.02, -0.05)])
    thick = design.knob("strap", 0.007, 0.016)
    layer.stroke([ends[1], ends[2]], strap, thick * h, shade=0.7)
    layer.stroke([start, ends[0]], strap, thick * h, shade=0.9)
    middle = start * 0.4 + ends[0] * 0.6
    layer.fill(ellipse(middle.tolist(), (thick * 0.85 * h, thick * 0.85 * h)), metal_of(design))
    radius = design.knob("corner", 0.006, 1.0) * min(half, deep / 2)
    case = rectangle(-half, 0, 2 * half, deep, radius=radius)
    if design.knob("corner") > 0.6:
        case = sack_of(half, half, (0.0, deep), 1.0)
    frame.fill(case, seam_of(design.material))
    inner = (case - (0, deep / 2)) * 0.965 + (0, deep / 2)
    frame.fill(inner, design.material, relief=STIFF)
    _close_crossbody(frame, design, inner, deep)


def _close_crossbody(frame: Frame, design: Design, case: Outline, deep: float) -> None:
    """Paint a flap (straight, round or pointed) or a zip with a front pocket."""
    seam, half = seam_of(design.material), float(case[:, 0].max())
    if design.knob("flap") < 0.25:
        frame.band([(-half * 0.85, deep * 0.16), (half * 0.85, deep * 0.16)], metal_of(design), 0.004)
        low, tip = deep * (0.36 + design.knob("flap")), deep * design.knob("point", 0.0, 0.3)
        frame.band([(-half * 0.9, low), (0, low + 2 * tip), (half * 0.9, low)], seam, SEAM * 1.5)
        add_clasp(frame, design, (0, deep * 0.34), 0.008)
        frame.fill(rectangle(half * 0.6, deep * 0.15, 0.009, 0.03, radius=0.004), design.trim)
        return
    low = deep * design.knob("flap", 0.35, 0.85)
    flap = case.copy()
    flap[:, 1] = np.minimum(flap[:, 1], low - np.abs(flap[:, 0]) / half * deep * 0.28 * design.knob("point"))
    frame.fill(moved(flap, (0, 0.004)), seam)
    frame.fill(flap, design.material, shade=1.08, relief=STIFF)
    frame.fill(rectangle(-0.011, low - 0.026, 0.022, 0.04, radius=0.005), design.trim)
    add_clasp(frame, design, (0, low), 0.008)


def _wear_backpack(layer: Layer, design: Design, body: Body) -> None:
    """Paint a rucksack, carried by its loop."""
    frame = in_hand(layer, body)
    half, tall = design.knob("width", 0.08, 0.11), design.knob("height", 0.2, 0.275)
    top, seam = 0.022, seam_of(design.material)
    for x in (-1, 1):
        frame.band([(x * half * 0.5, top), (x * half * 1.22, top + tall * 0.45),
            (x * half * 0.9, top + tall * 0.92)],
                   design.trim, 0.014, shade=0.85)  # fmt: skip
    frame.band(arch(0.022, 0.0, top + 0.012), design.trim, 0.009)
    if design.knob("sides") > 0.45:
        out = half * design.knob("sides", 0.0, 0.25)
        for left in (-half - out, half - 0.02):
            pouch = rectangle(left, top + tall * 0.58, out + 0.02, tall * 0.34, radius=0.018)
            frame.fill(pouch, design.material, shade=0.8)
    case = rectangle(-half, top, 2 * half, tall, radius=design.knob("round", 0.025, 0.1))
    frame.fill(case, design.material, relief=STIFF)
    wide, deep = half * design.knob("pocket", 0.6, 0.86), tall * design.knob("pocket", 0.3, 0.46)
    pocket = rectangle(-wide, top + tall * 0.95 - deep, 2 * wide, deep, radius=0.022)
    frame.fill(pocket - (0, 0.004), seam)
    paint = design.trim if design.knob("contrast") > 0.6 else design.material
    frame.fill(pocket, paint, shade=1.05, relief=STIFF)
    frame.band([(-wide * 0.8, top + tall * 0.95 - deep * 0.78),
        (wide * 0.8, top + tall * 0.95 - deep * 0.78)],
               metal_of(design), 0.003)  # fmt: skip
    _close_backpack(frame, design, half, (top, top + tall))


def _close_backpack(frame: Frame, design: Design, half: float, y: tuple[float, float]) -> None:
    """Paint a buckled lid or a zip that runs around the top, by the knob `lid`."""
    (top, end), seam = y, seam_of(design.material)
    tall, radius = end - top, design.knob("round", 0.025, 0.1)
    if design.knob("lid") < 0.5:
        line = [(-half * 0.86, top + tall * 0.48), (-half * 0.86, top + radius * 0.7),
            (-half * 0.5, top + 0.018),
                (half * 0.5, top + 0.018), (half * 0.86, top + radius * 0.7),
                (half * 0.86, top + tall * 0.48)]  # fmt: skip
        frame.band(line, seam, 0.007)
        frame.band(line, metal_of(design), 0.0025)
        return
    low = tall * design.knob("lid", 0.24, 0.5)
    lid = rectangle(-half * 1.03, top - 0.004, half * 2.06, low, radius=radius)
    frame.fill(moved(lid, (0, 0.005)), seam)
    frame.fill(lid, design.material, shade=1.08, relief=STIFF)
    for x in (-half * 0.45, half * 0.45):
        frame.fill(rectangle(x - 0.007, top + low * 0.5, 0.014, low * 0.5 + 0.05, radius=0.004), design.trim)
        frame.fill(rectangle(x - 0.01, top + low + 0.008, 0.02, 0.014, radius=0.002), metal_of(design))


def _add_loop(frame: Frame, design: Design, half: float, y0: float) -> None:
    """Paint a loop for the wrist, or a tassel, or neither."""
    if design.knob("loop") > 0.66:
        loop = [
            (half * 0.9, 0.0),
            (half + 0.035, 0.01),
            (half + 0.03, 0.09),
            (half + 0.012, 0.09),
            (half * 0.9, 0.01),
        ]
        frame.band(moved(loop, (0, y0 + 0.015)), design.trim, 0.008)
    elif design.knob("loop") > 0.33:
        frame.band(
            [(half * 0.96, y0 + 0.02), (half + 0.014, y0 + 0.03), (half + 0.016, y0 + 0.05)],
            seam_of(design.material),
            0.004,
        )
        frame.fill(moved(sack_of(0.006, 0.01, (0, 0.045), 0.05), (half + 0.016, y0 + 0.045)), design.trim)


def _wear_clutch(layer: Layer, design: Design, body: Body) -> None:
    """Paint a flat purse in the hand."""
    frame = in_hand(layer, body, swing=0.1)
    half, deep = design.knob("width", 0.085, 0.13), design.knob("height", 0.085, 0.14)
    y0, seam, low = -0.012, seam_of(design.material), design.knob("flap", 0.3, 0.85)
    _add_loop(frame, design, half, y0)
    case = rectangle(-half, y0, 2 * half, deep, radius=design.knob("corner", 0.004, 0.05))
    frame.fill(case, design.material, relief=STIFF)
    edge = y0 + deep * low * (1 - design.knob("point"))
    flap = np.array([(-half, y0 + 0.004), (-half, edge), (-half * 0.12, y0 + deep * low),
        (half * 0.12, y0 + deep * low),
                     (half, edge), (half, y0 + 0.004)])  # fmt: skip
    flap = smooth(flap, rounds=2 if design.knob("corner") > 0.5 else 1)
    frame.fill(moved(flap, (0, 0.004)), seam)
    frame.fill(flap, design.trim if design.knob("contrast") > 0.66 else design.material, shade=1.07)
    add_clasp(frame, design, (0, y0 + deep * low - 0.008), design.knob("clasp", 0.008, 0.012))
    if design.knob("contrast") < 0.33:
        frame.band([(-half * 0.7, y0 + deep - 0.01), (half * 0.7, y0 + deep - 0.01)], design.trim, 0.006)


def _wear_bucket(layer: Layer, design: Design, body: Body) -> None:
    """Paint a round bag that is drawn together by a string."""
    frame = in_hand(layer, body)
    foot, half = design.knob("handle", 0.045, 0.1), design.knob("width", 0.068, 0.1)
    end, mouth = foot + design.knob("height", 0.14, 0.215), half * design.knob("mouth", 0.7, 1.15)
    seam, string = seam_of(design.material), design.trim
    frame.band(arch(mouth * 0.85, 0.0, foot + 0.02), string, design.knob("strap", 0.007, 0.016))
    frame.fill(ellipse((0, foot), (mouth, mouth * 0.2)), design.material, shade=0.5)
    sack = np.array([(-mouth, foot), (-half * 1.02, foot + 0.06), (-half, end - 0.02),
        (-half * 0.86, end), (half * 0.86, end),
                     (half, end - 0.02), (half * 1.02, foot + 0.06), (mouth, foot),
                     (mouth * 0.5, foot + mouth * 0.16),
                     (-mouth * 0.5, foot + mouth * 0.16)])  # fmt: skip
    frame.fill(smooth(sack), design.material, relief=Relief(roundness=0.8, folds=0.5))
    base = end - (end - foot) * design.knob("base", 0.05, 0.34)
    frame.fill(sack_of(half * 1.0, half * 0.97, (base, end), 0.3), tinted(design.trim, 0.95), relief=STIFF)
    line = foot + 0.032
    frame.band(
        [(-mouth * 0.98, line - 0.008), (0, line + 0.012), (mouth * 0.98, line - 0.008)], string, 0.006
    )
    for x in np.linspace(-0.75, 0.75, 6):
        frame.fill(ellipse((x * mouth, line + 0.004 - 0.008 * abs(x)), (0.004, 0.004)), metal_of(design))
    drop = line + design.knob("tassel", 0.03, 0.09)
    for x in (-0.012, 0.012):
        frame.band([(0, line + 0.002), (x * 0.6, (line + drop) / 2), (x, drop)], string, 0.005, shade=0.9)
        frame.fill(moved(sack_of(0.004, 0.008, (drop, drop + 0.025), 0.05), (x, 0)), seam)


KINDS: tuple[Kind, ...] = (
    Kind("tote", "bags", ("width", "height", "taper", "handle", "grip", "base", "pocket", "corner"),
         ("cotton", "leather", "denim", "knit"), ("solid", "striped", "plaid", "floral", "dotted", "graphic"),
         (12, 140), ("tote bag", "shopper", "market tote"), ("women", "unisex"), _wear_tote),
    Kind("handbag", "bags",
        ("width", "height", "taper", "handle", "grip", "strap", "flap", "clasp", "corner"),
         ("leather", "leather", "silk"), ("solid", "solid", "animal", "plaid"), (45, 420),
         ("handbag", "top-handle bag", "structured bag"), ("women",), _wear_handbag, share=1.3),
    Kind("crossbody", "bags", ("width", "height", "corner", "flap", "point", "strap", "hang", "clasp"),
         ("leather", "denim", "cotton"), ("solid", "solid", "animal", "striped", "dotted"), (25, 220),
         ("crossbody bag", "saddle bag", "shoulder bag"), ("women", "unisex"), _wear_crossbody, share=1.2),
    Kind("backpack", "bags", ("width", "height", "round", "pocket", "sides", "lid", "contrast"),
         ("cotton", "leather", "denim"), ("solid", "solid", "plaid", "dotted", "floral", "graphic"),
         (29, 190),
         ("backpack", "rucksack", "daypack"), ("men", "women", "unisex"), _wear_backpack),
    Kind("clutch", "bags", ("width", "height", "flap", "point", "corner", "clasp", "loop", "contrast"),
         ("leather", "silk", "lace"), ("solid", "solid", "floral", "animal", "striped"), (19, 160),
         ("clutch", "envelope clutch", "evening bag"), ("women",), _wear_clutch, share=0.7),
    Kind("bucket_bag", "bags", ("width", "height", "mouth", "handle", "strap", "base", "tassel"),
         ("leather", "cotton", "knit", "denim"), ("solid", "solid", "striped", "floral", "animal"), (35, 240),
         ("bucket bag", "drawstring bag"), ("women",), _wear_bucket, share=0.8),
)  # fmt: skip
