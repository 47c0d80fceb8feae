"""Headwear: hats with a brim, peaked caps, knitted beanies."""

import numpy as np

from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, rectangle, smooth
from model_hooks.training.drawn_shop.designs import Design, Kind
from model_hooks.training.drawn_shop.frame import Frame, metal_of, moved, seam_of, tinted

_ROUND = Relief(roundness=0.55)
_SEAM = 0.0016


def on_head(layer: Layer, body: Body) -> Frame:
    """Return a frame at the centre of the head, tilted with it; a cap looks either way."""
    (x, y), (neck_x, neck_y) = body.head, body.neck
    lean = float(np.arctan2(x - neck_x, neck_y - y))
    side = 1.0 if layer.rng.integers(2) else -1.0
    return Frame(layer, body.head, body.height, lean + float(layer.rng.normal(0, 0.02)), side)


def _wear_hat(layer: Layer, design: Design, body: Body) -> None:
    """Paint a hat with a brim all around: fedora, bowler, boater or sun hat."""
    frame = on_head(layer, body)
    reach, droop = design.knob("brim", 0.072, 0.125), design.knob("droop", -0.022, 0.026)
    foot, tall = -0.03, design.knob("crown", 0.05, 0.092)
    half, top = 0.053, 0.053 * design.knob("taper", 0.62, 1.02)
    brim = smooth([(-reach, foot + droop), (-half, foot - 0.008), (half, foot - 0.008), (reach, foot + droop),
                   (half, foot + 0.026 + droop * 0.3), (-half, foot + 0.026 + droop * 0.3)])  # fmt: skip
    frame.fill(moved(brim, (0, 0.003)), seam_of(design.material))
    frame.fill(brim, design.material, shade=0.92)
    dent = design.knob("dent", -0.014, 0.02)
    crown = [(-half, foot + 0.004), (-top, foot - tall), (-top * 0.5, foot - tall - 0.006),
        (0, foot - tall + dent),
             (top * 0.5, foot - tall - 0.006), (top, foot - tall), (half, foot + 0.004),
             (0, foot + 0.016)]  # fmt: skip
    rounds = 1 if design.knob("dent") > 0.7 else 2
    frame.fill(smooth(crown, rounds=rounds), design.material, relief=_ROUND)
    wide = design.knob("ribbon", 0.008, 0.026)
    ribbon = [(-half * 0.985, foot + 0.002), (-half * 0.97, foot - wide), (0, foot - wide + 0.009),
              (half * 0.97, foot - wide), (half * 0.985, foot + 0.002), (0, foot + 0.013)]  # fmt: skip
    frame.fill(ribbon, design.trim, relief=_ROUND)
    if design.knob("ribbon") > 0.55:
        for x in (half * 0.5, half * 0.78):
            frame.fill(
                rectangle(x, foot - wide - 0.002, 0.011, wide + 0.005, radius=0.004), design.trim, shade=0.75
            )


def _add_badge(frame: Frame, design: Design, middle: tuple[float, float]) -> None:
    """Paint a round or square badge, of metal on a contrasting panel."""
    size = design.knob("badge", 0.006, 0.018)
    box = rectangle(middle[0] - size, middle[1] - size * 0.7, 2 * size, 1.4 * size, radius=0.003)
    paint = metal_of(design) if design.knob("panel") > 0.5 else design.trim
    frame.fill(ellipse(middle, (size, size)) if design.knob("badge") > 0.7 else box, paint)


def _wear_cap(layer: Layer, design: Design, body: Body) -> None:
    """Paint a peaked cap, its visor turned a little to one side."""
    frame = on_head(layer, body)
    foot, tall = -0.026, design.knob("crown", 0.05, 0.078)
    half, seam = 0.054, seam_of(design.material)
    square = design.knob("square", 0.55, 0.98)
    crown = smooth([(-half, foot), (-half * 1.02, foot - tall * 0.6), (-half * square, foot - tall),
                    (half * square, foot - tall), (half * 1.02, foot - tall * 0.6), (half, foot),
                    (0, foot + 0.008)])  # fmt: skip
    frame.fill(crown, design.material, relief=_ROUND)
    front = design.knob("panel") > 0.5
    if front:
        panel = [
            (-half * 0.42, foot),
            (-half * 0.3, foot - tall * 0.9),
            (half * 0.45, foot - tall * 0.93),
            (half * 0.72, foot),
        ]
        frame.fill(smooth(panel, rounds=1), design.trim, shade=1.03)
    for x in (-half * 0.42, half * 0.72):
        frame.band([(x, foot), (x * 1.05, foot - tall * 0.5), (x * 0.2, foot - tall * 0.97)], seam, _SEAM)
    frame.fill(ellipse((0.004, foot - tall * 0.97), (0.007, 0.004)), seam if front else design.trim)
    if design.knob("badge") > 0.35:
        _add_badge(frame, design, (half * 0.16, foot - tall * 0.48))
    long = design.knob("visor", 0.02, 0.052)
    visor = smooth([(-half * 0.9, foot - 0.006), (half * 0.2, foot + 0.002), (half * 1.05, foot - 0.008),
                    (half + long, foot + 0.012), (half * 0.9, foot + 0.012 + long * 0.35),
                    (-half * 0.2, foot + 0.01 + long * 0.3)])  # fmt: skip
    frame.fill(moved(visor, (0, 0.003)), seam, shade=0.8)
    frame.fill(visor, design.trim if design.knob("panel") < 0.25 else design.material, shade=0.9)


def _wear_beanie(layer: Layer, design: Design, body: Body) -> None:
    """Paint a knitted hat with or without cuff, pompom and slack."""
    frame = on_head(layer, body)
    foot, tall = -0.014, design.knob("crown", 0.06, 0.11)
    half, top = 0.053, 0.053 * design.knob("taper", 0.3, 0.9)
    slack, seam = design.knob("slack", -0.012, 0.022), seam_of(design.material)
    if design.knob("pompom") > 0.4:
        ball = design.knob("pompom", 0.006, 0.034)
        middle = (slack, foot - tall - ball * 0.6)
        angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        radii = ball * np.where(np.arange(40) % 2, 0.86, 1.08)
        fluff = np.stack([middle[0] + radii * np.cos(angles), middle[1] + radii * np.sin(angles)], axis=1)
        frame.fill(fluff, design.trim, relief=_ROUND)
    dome = smooth([(-half, foot), (-half * 1.05, foot - tall * 0.5), (-top + slack, foot - tall),
                   (top + slack, foot - tall), (half * 1.05, foot - tall * 0.5), (half, foot)])  # fmt: skip
    frame.fill(dome, design.material, relief=_ROUND)
    for x in np.linspace(-0.72, 0.72, 7):
        frame.band([(half * x, foot), (half * x * 1.02, foot - tall * 0.5),
                    (top * x * 0.6 + slack, foot - tall * 0.95)], seam, 0.0009)  # fmt: skip
    deep = design.knob("cuff", 0.014, 0.04)
    paint = design.trim if design.knob("contrast") > 0.6 else design.material
    cuff = rectangle(-half * 1.06, foot - deep + 0.004, half * 2.12, deep, radius=0.008)
    frame.fill(cuff, paint, shade=1.06, relief=_ROUND)
    for x in np.linspace(-0.88, 0.88, 11):
        frame.band([(half * x, foot - deep + 0.006), (half * x, foot + 0.002)], tinted(seam, 0.95), 0.0011)
    if 0.3 < design.knob("contrast") < 0.6:
        frame.fill(rectangle(0.008, foot - deep * 0.72, 0.022, deep * 0.5, radius=0.002), design.trim)


HEADWEAR: tuple[Kind, ...] = (
    Kind("hat", "accessories", ("brim", "droop", "crown", "taper", "dent", "ribbon"),
        ("cotton", "leather", "knit"),
         ("solid", "solid", "plaid", "striped"), (19, 120), ("fedora", "brimmed hat", "sun hat"),
         ("men", "women", "unisex"), _wear_hat, share=1.2),
    Kind("cap", "accessories", ("crown", "square", "panel", "badge", "visor"), ("cotton", "denim", "leather"),
         ("solid", "solid", "plaid", "graphic", "animal"), (12, 45), ("cap", "baseball cap"),
         ("men", "women", "unisex"), _wear_cap),
    Kind("beanie", "accessories", ("crown", "taper", "slack", "pompom", "cuff", "contrast"), ("knit",),
         ("solid", "solid", "striped", "plaid"), (10, 49), ("beanie", "knitted hat", "bobble hat"),
         ("men", "women", "unisex"), _wear_beanie),
)  # fmt: skip
