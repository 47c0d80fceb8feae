"""Collars, pockets, plackets and the like, as they come on tops, outerwear and dresses.

Places and sizes are in body heights, as in `upper_body`.
"""

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.canvas import FLAT, Relief, smooth
from model_hooks.training.drawn_shop.designs import Colour, Material
from model_hooks.training.drawn_shop.upper_body import (
    ARMPIT,
    NECK,
    SIDES,
    Cut,
    Spots,
    Tailor,
    half_width,
    hem_line,
    mirrored,
    neckline,
    shoulder_x,
    side_line,
    slope,
)

Paint = Material | Colour | None


def collar_band(
    tailor: Tailor, neck: Spots, height: float, *, paint: Paint = None, ribbed: bool = False
) -> None:
    """Fill a band that follows a neckline."""
    over = _evenly(smooth(neck, closed=False), 25)
    middle = over[:, 1].min()
    grown = over.copy()
    grown[:, 0] *= 1 + 0.55 * height / max(float(np.abs(over[:, 0]).max()), 0.01)
    grown[:, 1] += height * (0.25 + 0.75 * (over[:, 1] - middle) / max(float(np.ptp(over[:, 1])), 1e-6))
    outer = [(float(x), float(y)) for x, y in grown]
    inner = [(float(x), float(y)) for x, y in over]
    tailor.cloth([*inner, *outer[::-1]], shade=0.86, relief=FLAT, paint=paint)
    tailor.seam(outer)
    if ribbed:
        ribs(tailor, inner[::2], outer[::2])


def _evenly(line: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return points at even distances along a line."""
    way = np.concatenate([[0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
    at = np.linspace(0, way[-1], count)
    return np.stack([np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])], axis=1)


def pocket(tailor: Tailor, x: float, y: float, size: tuple[float, float], *, flap: bool = False) -> None:
    """Sew a patch pocket on: the middle of its upper edge, width and height."""
    half, height = size[0] / 2, size[1]
    low = y + height
    patch = [(x - half, y), (x + half, y), (x + half, low - 0.01), (x, low), (x - half, low - 0.01)]
    tailor.edged(patch, shade=0.96)
    drop = height * 0.36 if flap else 0.009
    if flap:
        lid = [
            (x - half, y),
            (x + half, y),
            (x + half, y + drop * 0.7),
            (x, y + drop),
            (x - half, y + drop * 0.7),
        ]
        tailor.edged(lid, shade=0.9)
        tailor.dots([(x, y + drop * 0.72)], radius=0.004)
    else:
        tailor.seam([(x - half, y + drop), (x + half, y + drop)], width=0.002)


def placket(tailor: Tailor, top: float, bottom: float, *, count: int, x: float = 0.0) -> None:
    """Draw a button placket down the front."""
    half = 0.009
    tailor.cloth(
        [(x - half, top), (x + half, top), (x + half, bottom), (x - half, bottom)], shade=0.97, relief=FLAT
    )
    for edge in (x - half, x + half):
        tailor.seam([(edge, top), (edge, bottom)], width=0.002)
    gap = (bottom - top) / max(count, 1)
    tailor.dots([(x, top + gap * (number + 0.4)) for number in range(count)])


def zip_line(tailor: Tailor, top: float, bottom: float, *, x: float = 0.0) -> None:
    """Draw a zip with its pull."""
    tailor.seam([(x, top), (x, bottom)], width=0.010)
    tailor.seam([(x, top), (x, bottom)], width=0.0045, colour=tailor.design.trim)
    tailor.seam([(x + 0.002, top + 0.006), (x + 0.002, top + 0.024)], width=0.008, colour=tailor.design.trim)


def collar(
    tailor: Tailor, length: float, *, open_to: float = 0.0, gap: float = 0.0, paint: Paint = None
) -> None:
    """Fill a turned-down collar.

    Its points have a length, `open_to` lets it lie open that far down, `gap` parts it in front.
    """
    front = NECK + 0.030 + open_to
    for side in SIDES:
        leaf = [
            (0.020, NECK - 0.022),
            (0.042, NECK - 0.006),
            (0.046 + 0.35 * length + 0.3 * gap, NECK + 0.012 + 0.75 * length + 0.5 * open_to),
            (0.022 + 0.2 * length + 0.5 * gap, NECK + 0.03 + 0.75 * length + 0.6 * open_to),
            (0.001 + 0.8 * gap, front),
            (0.030, NECK + 0.006),
        ]
        tailor.edged(mirrored(leaf, side), shade=1.06, paint=paint)


def gathers(tailor: Tailor, cut: Cut, top: float, *, count: int = 9, full: bool = False) -> None:
    """Draw pleats that fan out below a seam."""
    start, end = half_width(tailor.body, cut, top), half_width(tailor.body, cut, cut.hem)
    for step in np.linspace(-0.85, 0.85, count).tolist():
        bottom = cut.hem + cut.tail * (1 - step**2) - 0.004
        reach = 1.0 if full else 0.55 + 0.3 * np.cos(7 * step)
        spot = start * step + (end * step - start * step) * reach, top + (bottom - top) * reach
        tailor.seam([(start * step, top), (float(spot[0]), float(spot[1]))], width=0.0024)


def bow(tailor: Tailor, y: float, size: float, *, x: float = 0.0, tails: float = 2.2) -> None:
    """Tie a bow with hanging ends."""
    for side in SIDES:
        end = [(0.0, y), (0.008, y), (0.022, y + tails * size), (0.008, y + tails * size + 0.006)]
        tailor.edged([(x + a, b) for a, b in mirrored(end, side)], shade=0.9)
        loop = [(0.0, y), (size * 0.9, y - size * 0.42), (size * 1.1, y), (size * 0.9, y + size * 0.38)]
        tailor.edged([(x + a, b) for a, b in mirrored(loop, side)], shade=1.03)
    knot = [(x - 0.006, y - 0.007), (x + 0.006, y - 0.007), (x + 0.006, y + 0.008), (x - 0.006, y + 0.008)]
    tailor.edged(knot, shade=0.9)


def ruffle(tailor: Tailor, line: Spots, depth: float) -> None:
    """Fill a wavy frill that hangs from a line."""
    over = smooth(line, closed=False)
    steps = np.linspace(0, len(over) - 1, 33)
    xs, ys = (np.interp(steps, np.arange(len(over)), over[:, axis]) for axis in (0, 1))
    waves = depth * (1 + 0.28 * np.sin(np.arange(33) * np.pi / 1.6))
    under = list(zip((xs * 1.18).tolist(), (ys + waves).tolist(), strict=True))
    tailor.cloth([*zip(xs.tolist(), ys.tolist(), strict=True), *under[::-1]], shade=1.05, relief=FLAT)
    tailor.seam(under)


def bodice(tailor: Tailor, cut: Cut, style: str, *, strap: float, depth: float) -> Spots:
    """Fill a sleeveless trunk with straps of half a width; return its neckline."""
    body = tailor.body
    outer = shoulder_x(body) - 0.012
    middle = max(min(0.062, outer - strap), strap + 0.032)
    neck = neckline(style, width=middle - strap, depth=depth, body=body)
    tip = middle + strap
    chest = half_width(body, cut, ARMPIT)
    hole = [(tip, slope(body, tip)), (tip - 0.003, 0.195), (chest - 0.022, 0.226), (chest - 0.004, ARMPIT)]
    armhole = [(float(x), float(y)) for x, y in smooth(hole, closed=False)]
    right = [*armhole, *side_line(body, cut, start=ARMPIT)]
    tailor.cloth([*neck, *right, *hem_line(body, cut), *mirrored(right, -1)[::-1]])
    for side in SIDES:
        tailor.seam(mirrored(armhole, side), width=0.004)
    return neck


def cable(tailor: Tailor, x: float, top: float, bottom: float) -> None:
    """Draw a cable knitted down the front."""
    ys = np.linspace(top, bottom, 28)
    for phase in (0.0, np.pi):
        xs = x + 0.0085 * np.sin((ys - top) * 130 + phase)
        tailor.seam(list(zip(xs.tolist(), ys.tolist(), strict=True)), width=0.0032)


def roll_neck(tailor: Tailor, top: float, half: float) -> None:
    """Fill a tube around the neck."""
    low = NECK + 0.018
    tube = [
        (-half + 0.006, top),
        (half - 0.006, top),
        (half, low - 0.008),
        (0, low + 0.006),
        (-half, low - 0.008),
    ]
    tailor.cloth(tube, shade=0.9, relief=Relief(roundness=0.9))
    tailor.seam(tube[2:])
    steps = np.linspace(-1, 1, 9)
    over = [((half - 0.006) * s, top) for s in steps.tolist()]
    under = [(half * s, low + 0.004 - 0.010 * abs(s)) for s in steps.tolist()]
    ribs(tailor, over, under)


def kangaroo(tailor: Tailor, half: float, span: tuple[float, float]) -> None:
    """Sew the wide pocket of a hoodie on."""
    top, low = span
    patch = [
        (-half * 0.62, top),
        (half * 0.62, top),
        (half, low - 0.03),
        (half, low),
        (-half, low),
        (-half, low - 0.03),
    ]
    tailor.edged(patch, shade=0.95)
    for side in SIDES:
        tailor.seam(mirrored([(half * 0.62, top), (half, low - 0.03)], side), width=0.006)


def belt(tailor: Tailor, cut: Cut, y: float, *, height: float = 0.016, paint: Paint = None) -> None:
    """Fill a band around the trunk."""
    upper, lower = (half_width(tailor.body, cut, at) for at in (y, y + height))
    band = [(-upper, y), (upper, y), (lower, y + height), (-lower, y + height)]
    tailor.cloth(band, shade=0.8, relief=Relief(roundness=0.5), paint=paint)
    tailor.seam([band[0], band[1]])
    tailor.seam([band[3], band[2]])


def ribbing(tailor: Tailor, cut: Cut, height: float) -> None:
    """Fill a ribbed band at the hem."""
    top = cut.hem - height
    upper, lower = half_width(tailor.body, cut, top), half_width(tailor.body, cut, cut.hem) * 0.95
    bow = cut.tail
    steps = np.linspace(-1, 1, 13)
    over = [(upper * s, top + bow * (1 - s * s)) for s in steps.tolist()]
    under = [(lower * s, cut.hem + bow * (1 - s * s)) for s in steps.tolist()]
    tailor.cloth([*over, *under[::-1]], shade=0.86, relief=Relief(roundness=0.6))
    tailor.seam(over)
    ribs(tailor, over, under)


def ribs(tailor: Tailor, over: Spots, under: Spots) -> None:
    """Draw all ribs between two lines as one comb, which is one fill."""
    comb: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(over[1:-1], under[1:-1], strict=True):
        x, y = ax + 0.15 * (bx - ax), ay + 0.15 * (by - ay)
        comb += [(x, y), (bx, by), (bx + 0.0022, by), (x + 0.0022, y)]
    if comb:
        tailor.cloth([*comb, *comb[::-4]], paint=tailor.seam_colour, relief=FLAT)
