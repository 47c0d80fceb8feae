"""Surfaces: a ground colour, a pattern and a fabric's texture, as functions of the place on the cloth."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.designs import Colour, Material
from model_hooks.training.drawn_shop.noise import chance, speckle

Floats = NDArray[np.floating[Any]]
Places = tuple[Floats, Floats]
SEAMLESS = 0.20
"""Distance of two prints of a graphic, about the width of a trunk, so that it shows one."""


def surface(material: Material, u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return the colours and the cover of a material at places on it.

    Parameters
    ----------
    u, v
        `(H, W)` place across and along the cloth; 1 is the body's height, or the larger side of a piece of
        furniture.

    Returns
    -------
    `(H, W, 3)` colours 0..1 and `(H, W)` cover 0..1, which is below 1 only where one sees through (lace).
    """
    colours = np.empty((*u.shape, 3), np.float32)
    colours[:] = _unit(material.rgb)
    if material.pattern != "solid":
        cos, sin = np.float32(np.cos(material.angle)), np.float32(np.sin(material.angle))
        PATTERNS_DRAWN[material.pattern](colours, material, (u * cos + v * sin, v * cos - u * sin))
    light, cover = FABRICS_DRAWN[material.fabric](material, (u, v))
    colours *= light[..., None]
    return colours, cover


def _unit(colour: Colour) -> Floats:
    return np.asarray(colour, np.float32) / np.float32(255)


def _mix(colours: Floats, colour: Colour, share: Floats) -> None:
    """Lay a colour over the others, by its share at each place."""
    colours += share[..., None] * (_unit(colour) - colours)


def _edge(distance: Floats, soft: float) -> Floats:
    """Return 1 inside (negative distance), 0 outside, with a soft edge."""
    inside: Floats = np.clip(np.float32(0.5) - distance / np.float32(soft), 0, 1)
    return inside


def _repeat(material: Material, low: float, high: float) -> np.float32:
    return np.float32(low + (high - low) * material.scale)


def _cells(places: Places, size: np.float32, *, stagger: bool = False) -> tuple[Places, Places]:
    """Return the whole cell numbers, and the place within the cell, -0.5..0.5."""
    u, v = places[0] / size, places[1] / size
    row = np.floor(v)
    if stagger:
        u = u + np.float32(0.5) * (row % 2)
    column = np.floor(u)
    return (column, row), (u - column - np.float32(0.5), v - row - np.float32(0.5))


def _striped(colours: Floats, material: Material, places: Places) -> None:
    repeat = _repeat(material, 0.018, 0.06)
    phase = (places[1] / repeat) % 1
    width = 0.2 + 0.3 * chance(material.seed, 1)
    _mix(colours, material.second, _edge(np.abs(phase - 0.5) - np.float32(width / 2), 0.12))
    if chance(material.seed, 2) < 0.4:
        thin = np.abs((phase + 0.5) % 1 - 0.5) - np.float32(0.05)
        _mix(colours, material.third, _edge(thin, 0.1))


def _plaid(colours: Floats, material: Material, places: Places) -> None:
    repeat = _repeat(material, 0.035, 0.09)
    width = np.float32(0.14 + 0.14 * chance(material.seed, 1))
    for place in places:
        phase = (place / repeat) % 1
        _mix(colours, material.second, np.float32(0.55) * _edge(np.abs(phase - 0.5) - width, 0.08))
        line = np.abs((phase + 0.35) % 1 - 0.5) - np.float32(0.035)
        _mix(colours, material.third, np.float32(0.7) * _edge(line, 0.06))


def _dotted(colours: Floats, material: Material, places: Places) -> None:
    _, (x, y) = _cells(places, _repeat(material, 0.016, 0.05), stagger=True)
    radius = np.float32(0.2 + 0.14 * chance(material.seed, 1))
    _mix(colours, material.second, _edge(np.hypot(x, y) - radius, 0.12))


def _floral(colours: Floats, material: Material, places: Places) -> None:
    petals = 4 + int(3 * chance(material.seed, 1))
    for layer, (low, high) in enumerate(((0.04, 0.085), (0.03, 0.06))):
        cell, (x, y) = _cells(places, _repeat(material, low, high), stagger=True)
        x = x + np.float32(0.4) * (speckle(cell, material.seed + 11 * layer) - np.float32(0.5))
        y = y + np.float32(0.4) * (speckle(cell, material.seed + 11 * layer + 1) - np.float32(0.5))
        if layer:
            x, y = x - np.float32(0.28), y + np.float32(0.25)
        distance = np.hypot(x, y)
        angle = np.arctan2(y, x) + 6 * speckle(cell, material.seed + 5)
        size = np.float32(0.3 if layer == 0 else 0.2) * (1 + np.float32(0.35) * np.cos(petals * angle))
        _mix(colours, material.second if layer == 0 else material.third, _edge(distance - size, 0.08))
        _mix(
            colours,
            material.third if layer == 0 else material.second,
            _edge(distance - np.float32(0.09), 0.06),
        )


def _animal(colours: Floats, material: Material, places: Places) -> None:
    repeat = _repeat(material, 0.026, 0.05)
    u, v = places[0] / repeat, places[1] / repeat
    if chance(material.seed, 1) < 0.4:
        wave = np.sin(v * 4 + 1.6 * np.sin(u * 1.7 + material.seed % 7) + np.sin(u * 0.9 + v * 0.6))
        _mix(colours, material.third, _edge(np.float32(0.25) - wave, 0.3))
        return
    cell, (x, y) = _cells((u, v), np.float32(1), stagger=True)
    x = x + np.float32(0.35) * (speckle(cell, material.seed) - np.float32(0.5))
    y = y + np.float32(0.35) * (speckle(cell, material.seed + 1) - np.float32(0.5))
    angle = np.arctan2(y, x) + 6 * speckle(cell, material.seed + 2)
    distance = np.hypot(x, y) / (1 + np.float32(0.2) * np.sin(2 * angle))
    _mix(colours, material.second, _edge(distance - np.float32(0.2), 0.08))
    ring = np.abs(distance - np.float32(0.29)) - np.float32(0.09)
    _mix(colours, material.third, _edge(ring, 0.07) * (np.cos(angle) < 0.75))


def _graphic(colours: Floats, material: Material, places: Places) -> None:
    """Print a mirrored pixel sign, a different one per seed, side by side at the top of the cloth."""
    (_, line), (x, y) = _cells(places, np.float32(SEAMLESS))
    size = np.float32(0.46 + 0.2 * material.scale)
    x, y = x / size + np.float32(0.5), (y + np.float32(0.02)) / size + np.float32(0.5)
    inside = (np.abs(x - 0.5) < 0.5) & (np.abs(y - 0.5) < 0.5)
    count = 5 + 2 * (material.seed % 2)
    column = np.floor(np.clip(x, 0, 0.999) * count)
    row = np.floor(np.clip(y, 0, 0.999) * count)
    column = np.minimum(column, count - 1 - column)
    lit = speckle((column, row), material.seed) < 0.55
    other = speckle((column, row), material.seed + 3) < 0.3
    if chance(material.seed, 4) < 0.45:
        disc = _edge(np.hypot(x - 0.5, y - 0.5) - np.float32(0.62), 0.02)
        _mix(colours, material.third, disc * (line == 0))
    lit &= line == 0
    _mix(colours, material.second, (inside & lit).astype(np.float32))
    _mix(colours, material.third, (inside & lit & other).astype(np.float32))


def _wave(place: Floats, repeat: float) -> Floats:
    wave: Floats = np.sin(place * np.float32(2 * np.pi / repeat))
    return wave


def _mottle(places: Places, size: float, seed: int) -> Floats:
    """Return smooth noise, 0..1."""
    u, v = places[0] / np.float32(size), places[1] / np.float32(size)
    x, y = np.floor(u), np.floor(v)
    s, t = u - x, v - y
    s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
    corners = [speckle((x + dx, y + dy), seed) for dy in (0, 1) for dx in (0, 1)]
    noise: Floats = (corners[0] * (1 - s) + corners[1] * s) * (1 - t) + (
        corners[2] * (1 - s) + corners[3] * s
    ) * t
    return noise


def _opaque(light: Floats) -> tuple[Floats, Floats]:
    return light.astype(np.float32), np.ones_like(light, np.float32)


def _cotton(_material: Material, places: Places) -> tuple[Floats, Floats]:
    return _opaque(np.ones_like(places[0]))


def _denim(material: Material, places: Places) -> tuple[Floats, Floats]:
    worn = _mottle(places, 0.07, material.seed) - np.float32(0.5)
    twill = _wave(places[0] + places[1], 0.011)
    return _opaque(1 + np.float32(0.55) * worn + np.float32(0.14) * twill)


def _leather(material: Material, places: Places) -> tuple[Floats, Floats]:
    crease = _mottle(places, 0.05, material.seed)
    gloss = np.clip(_wave(places[0] + np.float32(0.3) * places[1] + np.float32(0.02) * crease, 0.12), 0, 1)
    grain = _mottle(places, 0.006, material.seed) - np.float32(0.5)
    return _opaque(np.float32(0.74) + np.float32(0.5) * gloss**4 + np.float32(0.2) * grain)


def _knit(_material: Material, places: Places) -> tuple[Floats, Floats]:
    ribs = _wave(places[0], 0.017)
    plait = _wave(places[1] + np.float32(0.35) * np.abs(ribs) * np.float32(0.02), 0.014)
    return _opaque(np.float32(0.9) + np.float32(0.2) * ribs + np.float32(0.12) * plait * np.abs(ribs))


def _lace(material: Material, places: Places) -> tuple[Floats, Floats]:
    _, (x, y) = _cells(places, np.float32(0.022), stagger=True)
    distance, angle = np.hypot(x, y), np.arctan2(y, x)
    petals = np.float32(0.3) * (1 + np.float32(0.4) * np.cos(5 * angle + material.seed % 5))
    hole = _edge(np.abs(distance - petals) - np.float32(0.09), 0.1)
    light = 1 - np.float32(0.12) * _edge(distance - np.float32(0.12), 0.1)
    return light.astype(np.float32), (1 - np.float32(0.8) * hole).astype(np.float32)


def _silk(material: Material, places: Places) -> tuple[Floats, Floats]:
    flow = places[0] + np.float32(0.25) * places[1]
    bend = np.float32(0.05) * _mottle(places, 0.09, material.seed)
    sheen = _wave(flow + bend, 0.11) + np.float32(0.5) * _wave(flow - bend, 0.05)
    return _opaque(1 + np.float32(0.26) * sheen)


def _linen(material: Material, places: Places) -> tuple[Floats, Floats]:
    threads = _wave(places[0], 0.012) + _wave(places[1], 0.012)
    return _opaque(np.float32(0.97) + np.float32(0.06) * threads)


def _velvet(material: Material, places: Places) -> tuple[Floats, Floats]:
    return _opaque(np.float32(0.75) + np.float32(0.5) * _mottle(places, 0.12, material.seed))


def _wood(material: Material, places: Places) -> tuple[Floats, Floats]:
    bend = _mottle((places[0] / 6, places[1]), 0.06, material.seed)
    grain = _wave(places[1] + np.float32(0.05) * bend, 0.03)
    return _opaque(np.float32(0.97) + np.float32(0.13) * grain)


def _metal(_material: Material, places: Places) -> tuple[Floats, Floats]:
    return _opaque(np.float32(1.02) + np.float32(0.13) * _wave(places[0] - places[1], 0.3))


def _rattan(_material: Material, places: Places) -> tuple[Floats, Floats]:
    (column, row), (x, y) = _cells(places, np.float32(0.03))
    over = (column + row) % 2 == 0
    bulge = np.where(over, np.cos(np.pi * y), np.cos(np.pi * x)).astype(np.float32)
    return _opaque(np.float32(0.6) + np.float32(0.5) * bulge)


def _ceramic(_material: Material, places: Places) -> tuple[Floats, Floats]:
    shine = np.clip(_wave(places[0], 0.5), 0, 1) ** 8
    return _opaque(np.float32(0.97) + np.float32(0.25) * shine)


PATTERNS_DRAWN: Mapping[str, Callable[[Floats, Material, Places], None]] = {
    "striped": _striped,
    "plaid": _plaid,
    "floral": _floral,
    "dotted": _dotted,
    "animal": _animal,
    "graphic": _graphic,
}
FABRICS_DRAWN: Mapping[str, Callable[[Material, Places], tuple[Floats, Floats]]] = {
    "cotton": _cotton,
    "denim": _denim,
    "leather": _leather,
    "knit": _knit,
    "lace": _lace,
    "silk": _silk,
    "linen": _linen,
    "velvet": _velvet,
    "wood": _wood,
    "metal": _metal,
    "rattan": _rattan,
    "ceramic": _ceramic,
}
