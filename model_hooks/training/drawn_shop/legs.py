"""What pants and shorts are made of: two legs, a waistband, pockets, hems."""

from dataclasses import dataclass

import numpy as np

from model_hooks.training.drawn_shop.body import Body, Floats
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, rectangle, smooth
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.seams import draw_line, seam_colour

LEGGED = Relief(roundness=0.5, folds=0.5)


@dataclass(frozen=True)
class Cut:
    """Levels as shares of the body's height; widths as factors on the bare leg, except `hem`.

    Attributes
    ----------
    hem
        Half the width of a leg's end, as a share of the height.
    """

    top: float
    end: float
    thigh: float
    knee: float
    hem: float

    def half(self, body: Body, share: float) -> float:
        """Return half the width of a trouser leg at a level."""
        thigh, knee = body.thickness(0.56) * self.thigh, body.thickness(0.725) * self.knee
        at_end = max(self.hem * body.height, body.thickness(min(self.end, 0.95)) * 1.08)
        if self.end < 0.73:
            return float(np.interp(share, (0.55, self.end), (thigh, max(at_end, thigh * 0.8))))
        return float(np.interp(share, (0.55, 0.70, self.end), (thigh, max(knee, 0.6 * thigh), at_end)))


def _outer(body: Body, side: int, cut: Cut, share: float) -> float:
    """Return the x of the outer edge at a level; above the legs it eases into the trunk's."""
    out = 2 * side - 1
    if share >= 0.56:
        return body.leg(side, share) + out * cut.half(body, share)
    thigh = (body.leg(side, 0.56) - body.axis(0.51)) * out + cut.half(body, 0.56)
    spread = np.interp(share, (0.42, 0.56), (0, max(thigh - body.trunk(0.51), 0)))
    return body.axis(share) + out * (body.trunk(share) + 0.004 * body.height + float(spread))


def leg_outline(body: Body, side: int, cut: Cut) -> Floats:
    """Return the outline of one half of the garment, from the waist to the end of the leg."""
    out = 2 * side - 1
    shares = [0.56, *np.linspace(0.62, cut.end, 6)] if cut.end > 0.65 else [0.56, cut.end]
    trunk = [share for share in (cut.top, 0.43, 0.47, 0.51) if share >= cut.top]
    outer = [(_outer(body, side, cut, share), body.level(share)) for share in [*trunk, *shares]]
    inner = []
    for share in shares:
        gap = 0.009 * body.height * (share - 0.545) / (cut.end - 0.545)
        x = max((body.leg(side, share) - body.axis(0.54)) * out - cut.half(body, share), gap)
        inner.append((body.axis(0.54) + out * x, body.level(share)))
    centre = [
        (body.axis(0.545) - out * 0.5, body.level(0.545)),
        (body.axis(cut.top) - out * 0.5, body.level(cut.top)),
    ]
    left, right = smooth(outer, closed=False, rounds=1), smooth(inner[::-1], closed=False, rounds=1)
    return np.vstack([left, right, centre])


def paint_legs(layer: Layer, design: Design, body: Body, cut: Cut) -> None:
    """Paint both legs and the seam between them."""
    origin = (body.axis(cut.top), body.level(cut.top))
    for side in (0, 1):
        turn = float(np.arctan2(body.hips[side][0] - body.ankles[side][0], 0.45 * body.height))
        outline = leg_outline(body, side, cut)
        layer.fill(outline, design.material, origin=origin, turn=turn, relief=LEGGED)
    rise = [(body.axis(share), body.level(share)) for share in (cut.top, 0.5, 0.545)]
    draw_line(layer, rise, seam_colour(design), 0.003 * body.height)


def waist_outline(layer: Layer, body: Body, *, top: float, deep: float) -> Floats:
    """Return the outline of a waistband."""
    spots = []
    for share in (top, top + deep):
        half = body.trunk(share) + 0.005 * body.height
        spots.append([(body.axis(share) + out * half, body.level(share)) for out in (-1, 1)])
    (left, right), (low_left, low_right) = spots
    sag = (body.axis(top), right[1] + 0.006 * body.height)
    low = (body.axis(top + deep), low_right[1] + 0.006 * body.height)
    return np.array([left, sag, right, low_right, low, low_left])


def waistband(layer: Layer, design: Design, body: Body, cut: Cut) -> None:
    """Paint a waistband with loops, a button and a fly."""
    h, deep = body.height, 0.02
    layer.fill(waist_outline(layer, body, top=cut.top, deep=deep), design.material, shade=0.86)
    seam = seam_colour(design)
    middle, top = body.axis(cut.top), body.level(cut.top)
    for share in (-0.62, 0.62):
        x = middle + share * body.trunk(cut.top)
        layer.fill(rectangle(x - 0.003 * h, top, 0.006 * h, 0.026 * h), seam)
    layer.fill(ellipse((middle, top + 0.015 * h), (0.0055 * h, 0.0055 * h)), design.trim)
    fly = [(0.016, 0.028), (0.016, 0.075), (0.010, 0.095), (0.0, 0.105)]
    draw_line(layer, np.array(fly) * h + (middle, top), seam, 0.0025 * h)


def elastic(layer: Layer, design: Design, body: Body, cut: Cut) -> None:
    """Paint a ribbed waistband with a drawstring."""
    h = body.height
    layer.fill(waist_outline(layer, body, top=cut.top, deep=0.026), design.material, shade=0.82)
    middle, top = body.axis(cut.top), body.level(cut.top)
    for share in np.linspace(-0.85, 0.85, 9):
        x = middle + share * body.trunk(cut.top)
        rib = [(x, top + 0.004 * h), (x, top + 0.026 * h)]
        draw_line(layer, rib, seam_colour(design), 0.002 * h, rounds=0)
    for out in (-1, 1):
        cord = [(0, 0.018), (out * 0.008, 0.045), (out * 0.006, 0.075)]
        draw_line(layer, np.array(cord) * h + (middle, top), design.trim, 0.0045 * h)


def pockets(layer: Layer, design: Design, body: Body, cut: Cut, *, slant: float) -> None:
    """Paint the openings of the side pockets: round (slant 0) to steep (slant 1)."""
    h = body.height
    for out in (-1, 1):
        start, end = cut.top + 0.026, cut.top + 0.075 + 0.03 * slant
        inner = body.axis(start) + out * body.trunk(start) * (0.5 + 0.22 * slant)
        outer = body.axis(end) + out * (body.trunk(end) + 0.003 * h) * 0.98
        bend = (inner + out * 0.008 * h * (1 - slant), body.level(end) - 0.008 * h * (1 + slant))
        line = [(inner, body.level(start)), bend, (outer, body.level(end))]
        draw_line(layer, line, seam_colour(design), 0.0035 * h)


def leg_ends(layer: Layer, design: Design, body: Body, cut: Cut, *, deep: float, shade: float) -> None:
    """Paint a turned-up or ribbed end on both legs."""
    for side in (0, 1):
        edges = [cut.end - deep, cut.end + 0.002]
        centres = [(body.leg(side, share), body.level(share)) for share in edges]
        halves = [cut.half(body, min(share, cut.end)) + 0.003 * body.height for share in edges]
        left = [(x - half, y) for (x, y), half in zip(centres, halves, strict=True)]
        right = [(x + half, y) for (x, y), half in zip(centres, halves, strict=True)]
        layer.fill([*left, *right[::-1]], design.material, shade=shade)
        draw_line(layer, [left[0], right[0]], seam_colour(design), 0.003 * body.height, rounds=0)


def lines_down(layer: Layer, design: Design, body: Body, cut: Cut, *, at: float, width: float) -> None:
    """Paint a line down each leg: a crease in the middle (at 0) or a stripe at the side (at 1)."""
    colour = design.trim if width > 0.005 else seam_colour(design)
    for side in (0, 1):
        out = 2 * side - 1
        shares = np.linspace(cut.top + 0.02 if at > 0.9 else 0.47 if at > 0.5 else 0.54, cut.end - 0.004, 8)
        inset = out * width * body.height / 2
        line = []
        for share in shares:
            middle = body.leg(side, share) if share > 0.54 else body.axis(share)
            edge = _outer(body, side, cut, share) - inset
            line.append((middle + at * (edge - middle), body.level(share)))
        draw_line(layer, line, colour, width * body.height)


def patches(layer: Layer, design: Design, body: Body, cut: Cut) -> None:
    """Paint pockets on the outside of the thighs."""
    h = body.height
    low = min(0.60, cut.end - 0.075)
    for side in (0, 1):
        x = body.leg(side, low) + (2 * side - 1) * cut.half(body, low) * 0.42
        pouch = rectangle(x - 0.023 * h, body.level(low), 0.046 * h, 0.055 * h)
        layer.fill(pouch, design.material, shade=0.84)
        flap = rectangle(x - 0.025 * h, body.level(low), 0.05 * h, 0.018 * h)
        layer.fill(flap, design.material, shade=0.74)
        layer.fill(ellipse((x, body.level(low) + 0.012 * h), (0.003 * h, 0.003 * h)), design.trim)


def rips(layer: Layer, design: Design, body: Body, cut: Cut) -> None:
    """Paint frayed places: bright threads across the leg."""
    h, rng = body.height, np.random.default_rng(design.seed)
    levels = (0.60, 0.71) if cut.end > 0.73 else (cut.end - 0.045,)
    for level in levels:
        side = int(rng.integers(2))
        for row in range(4):
            x, y = body.leg(side, level) + rng.uniform(-0.006, 0.006) * h, body.level(level + 0.006 * row)
            half = rng.uniform(0.4, 0.7) * body.thickness(level)
            draw_line(layer, [(x - half, y), (x + half, y)], (226, 228, 230), 0.003 * h, rounds=0)
