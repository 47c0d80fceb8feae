"""Lapels, hoods, quilting and what else jackets and coats have.

Places and sizes are in body heights, as in `upper_body`.
"""

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.canvas import CLOTH, FLAT, Relief, smooth
from model_hooks.training.drawn_shop.designs import Colour, Material
from model_hooks.training.drawn_shop.garment_details import ribs, zip_line
from model_hooks.training.drawn_shop.upper_body import (
    ARMPIT,
    NECK,
    SIDES,
    Cut,
    Sleeve,
    Spots,
    Tailor,
    half_width,
    mirrored,
    shoulder_x,
)

Paint = Material | Colour | None


def slit(tailor: Tailor, x: float, y: float, *, length: float = 0.05, slant: float = 0.35) -> None:
    """Draw a welt pocket on both sides; x is its inner, upper end."""
    for side in SIDES:
        line = [(x, y), (x + length * slant, y + length * (1 - slant))]
        tailor.seam(mirrored(line, side), width=0.009)
        tailor.seam(mirrored(line, side), width=0.004, colour=(30, 30, 34))


def flap(tailor: Tailor, x: float, y: float, *, width: float = 0.056, height: float = 0.02) -> None:
    """Sew a flap pocket on both sides; x is its middle."""
    for side in SIDES:
        lid = [
            (x - width / 2, y),
            (x + width / 2, y + 0.003),
            (x + width / 2, y + height),
            (x - width / 2, y + height - 0.003),
        ]
        tailor.edged(mirrored(lid, side), shade=0.92)


def lapels(
    tailor: Tailor, width: float, *, break_at: float, notch: float, edge: float, paint: Paint = None
) -> None:
    """Fill two lapels from the neck to where the front closes, and the collar above their notch."""
    middle = NECK + (0.25 + 0.2 * notch) * (break_at - NECK)
    for side in SIDES:
        lapel = [
            (0.034, NECK),
            (0.040 + width * 0.45, middle - 0.016),
            (0.034 + width * 1.2, middle - 0.018 * notch),
            (edge + 0.010 + width * 0.55, (middle + 2 * break_at) / 3 - 0.01),
            (edge, break_at),
        ]
        tailor.edged(mirrored(lapel, side), shade=0.94, paint=paint)
        above = [
            (0.022, NECK - 0.018),
            (0.044, NECK - 0.008),
            (0.048 + width * 0.75, middle - 0.034),
            (0.038 + width * 0.40, middle - 0.010),
            (0.031, NECK + 0.012),
        ]
        tailor.edged(mirrored(above, side), shade=1.04, paint=paint)


def hood(tailor: Tailor, size: float, *, fur: bool = False) -> None:
    """Fill a hood that lies on the shoulders, on both sides of the neck."""
    for side in SIDES:
        roll = [
            (0.018, NECK - 0.034),
            (0.040 + size * 0.7, NECK - 0.030),
            (0.050 + size * 1.3, NECK + 0.004),
            (0.040 + size, NECK + 0.024 + size * 0.3),
            (0.004, NECK + 0.060),
            (0.016, NECK + 0.034),
            (0.030, NECK + 0.002),
        ]
        shape = [(float(x), float(y)) for x, y in smooth(mirrored(roll, side))]
        tailor.cloth(shape, shade=0.88, relief=CLOTH)
        tailor.seam([*shape, shape[0]])
        if fur:
            _fur(
                tailor,
                mirrored(
                    [(0.020, NECK - 0.034), (0.031, NECK), (0.020, NECK + 0.030), (0.006, NECK + 0.058)], side
                ),
                0.008 + size * 0.15,
            )


def _fur(tailor: Tailor, line: Spots, depth: float) -> None:
    """Fill a jagged trim along the inner edge of a hood."""
    way = smooth(line, closed=False)
    steps = np.linspace(0, len(way) - 1, 25)
    way = np.stack([np.interp(steps, np.arange(len(way)), way[:, axis]) for axis in (0, 1)], axis=1)
    ahead = np.gradient(way, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    jag = np.where(np.arange(25) % 2 == 0, 1.0, 0.6)[:, None] * depth
    spots = [(float(x), float(y)) for x, y in np.vstack([way + across * jag, (way - across * jag)[::-1]])]
    tailor.cloth(spots, paint=tailor.design.trim, relief=Relief(roundness=0.8))


def buckle(tailor: Tailor, x: float, y: float, *, height: float) -> None:
    """Draw a belt's buckle and loose end."""
    size = height * 0.75
    frame = [
        (x - size, y - 0.003),
        (x + size, y - 0.003),
        (x + size, y + height + 0.003),
        (x - size, y + height + 0.003),
    ]
    tailor.seam([*frame, frame[0]], width=0.005, colour=tailor.design.trim)
    end = [
        (x + size, y + 0.004),
        (x + size + 0.018, y + 0.004),
        (x + size + 0.03, y + 0.075),
        (x + size + 0.012, y + 0.078),
    ]
    tailor.edged(end, shade=0.84)


def half_rib(tailor: Tailor, cut: Cut, side: int, *, height: float, edge: float, paint: Paint = None) -> None:
    """Fill one half of a waistband, from the front edge to the side; ribbed if it is high."""
    top = cut.hem - height
    outer = half_width(tailor.body, cut, top)
    steps = np.linspace(edge, outer, 7).tolist()
    over = mirrored([(x, top) for x in steps], side)
    under = mirrored([(edge + (x - edge) * 0.97, cut.hem) for x in steps], side)
    tailor.cloth([*over, *under[::-1]], shade=0.85, relief=FLAT, paint=paint)
    tailor.seam(over)
    ribs(tailor, over, under)


def quilts(tailor: Tailor, cut: Cut, heights: NDArray[np.float64], *, gap: float) -> None:
    """Draw quilted rows across both fronts: each begins with a shadow, then a highlight."""
    for shift, colour in ((0.0, tailor.seam_colour), (0.0055, _lighter(tailor.design.material.rgb))):
        for side in SIDES:
            serpent: list[tuple[float, float]] = []
            for y in heights[:-1].tolist():
                outer = half_width(tailor.body, cut, y) if y > ARMPIT else shoulder_x(tailor.body)
                xs = np.linspace(gap, outer, 7)
                ys = y + shift + 0.004 * np.sin(np.pi * (xs - gap) / max(outer - gap, 0.01))
                row = list(zip(xs.tolist(), ys.tolist(), strict=True))
                serpent += [*row, *((x, below + 0.0042) for x, below in row[::-1])]
            tailor.cloth(mirrored(serpent, side), paint=colour, relief=FLAT)


def quilted_sleeves(tailor: Tailor, sleeve: Sleeve, rows: int) -> None:
    """Draw the seams across quilted sleeves."""
    for side in SIDES:
        shares = np.linspace(0.2, 0.9, rows)
        line = tailor.arm(side, np.concatenate([shares, [1.0]]))
        ahead = np.diff(line, axis=0)
        across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
        across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
        half = (sleeve.top + (sleeve.end - sleeve.top) * shares) / 2 * tailor.body.height
        ends = across * half[:, None] * 0.93
        below = ahead / np.linalg.norm(ahead, axis=1, keepdims=True) * max(0.0042 * tailor.body.height, 0.8)
        middle = line[:-1]
        seams = np.stack([middle - ends, middle + ends, middle + ends + below, middle - ends + below], axis=1)
        tailor.layer.fill(seams.reshape(-1, 2), tailor.seam_colour)


def stand_collar(tailor: Tailor, height: float, gap: float) -> None:
    """Fill a padded collar that stands around the neck."""
    for side in SIDES:
        inner = 0.8 * gap
        part = [
            (inner, NECK + 0.026),
            (inner + 0.006 * bool(gap), NECK + 0.016 - height),
            (0.042 + 0.4 * gap, NECK + 0.004 - height),
            (0.048 + 0.4 * gap, NECK - height / 2),
            (0.050 + 0.4 * gap, NECK + 0.004),
            (0.036 + 0.4 * gap, NECK + 0.022),
        ]
        tailor.edged(mirrored(part, side), shade=0.92)
        seam = [(inner, NECK + 0.018 - height / 2), (0.047, NECK + 0.010 - height / 2)]
        tailor.seam(mirrored(seam, side))


def ribbed_collar(tailor: Tailor, end: tuple[float, float], height: float, *, paint: Paint = None) -> None:
    """Fill a ribbed band around the neck, whose two ends meet, or hang apart, at `end`."""
    x, y = end
    for side in SIDES:
        inner = [(0.034, NECK - 0.016), (0.036, NECK), (0.6 * x + 0.4 * 0.036, 0.7 * y + 0.3 * NECK), (x, y)]
        outer = [
            (0.044, NECK - 0.014),
            (0.036 + height * 0.9, NECK + 0.004),
            (0.6 * x + 0.4 * 0.036 + height * 0.8, 0.7 * y + 0.3 * NECK + height * 0.5),
            (x + height * 0.3, y + height * 0.9),
        ]
        band = mirrored([*inner, *outer[::-1]], side)
        tailor.edged(band, shade=0.86, paint=paint)


def _lighter(colour: Colour) -> Colour:
    red, green, blue = colour
    return red + (255 - red) // 4, green + (255 - green) // 4, blue + (255 - blue) // 4


def front_edge(gap: float, hem: float, *, start: float, top: float = 0.036, rounded: float = 0.0) -> Spots:
    """Return the right front edge from the neck to the hem; it reaches the middle at `start`."""
    x, far = 1.25 * gap, 0.28 * rounded
    lower = [(x, hem - rounded), (x + far, hem - far), (x + rounded, hem)] if rounded else [(1.3 * gap, hem)]
    return [(top, NECK), (gap, start), (1.1 * gap, (start + hem) / 2), *lower]


def fronts(tailor: Tailor, cut: Cut, edge: Spots) -> None:
    """Fill both halves; a closed front laps over a little, so that no seam shines through."""
    closed = edge[1][0] <= 0
    left = [(x - 0.012, y) if closed and y > edge[0][1] else (x, y) for x, y in edge]
    tailor.panel(cut, -1, left)
    tailor.panel(cut, 1, left if closed else edge)


def front_buttons(
    tailor: Tailor, x: float, span: tuple[float, float], *, count: int, double: bool = False
) -> None:
    """Sew buttons on, in one row or two."""
    heights = np.linspace(*span, max(count, 1)).tolist()
    rows = (-max(x, 0.0) - 0.030, max(x, 0.0) + 0.030) if double else (-x - 0.009 if x else 0.004,)
    tailor.dots([(row, y) for row in rows for y in heights], radius=0.0062)


def front_zip(tailor: Tailor, edge: Spots, gap: float) -> None:
    """Draw a zip: closed in the middle, or its teeth along both edges."""
    if not gap:
        zip_line(tailor, edge[1][1], edge[-1][1])
        return
    for side in SIDES:
        tailor.seam(mirrored(edge[1:], side), width=0.006, colour=tailor.design.trim)
