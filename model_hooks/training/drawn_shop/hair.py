"""Hair of the people in the scenes: behind the body, over the forehead, and locks over the clothes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, smooth
from model_hooks.training.drawn_shop.designs import Colour
from model_hooks.training.drawn_shop.seams import draw_line, shaded

HAIR_STYLES: Mapping[str, tuple[str, ...]] = {
    "men": ("buzz", "crop", "parted", "curly", "swept"),
    "women": ("long", "wavy", "bob", "bun", "ponytail", "curly", "parted", "fringe"),
}
SOFT = Relief(roundness=0.35)
Places = Sequence[tuple[float, float]]
FALLING: Mapping[str, float] = {"long": 2.3, "wavy": 2.5, "fringe": 1.9}
"""How far hair falls below the middle of the head, in half heads."""
CAPS: Mapping[str, Places] = {
    "buzz": [(-1.02, -0.1), (-1.02, -0.7), (-0.5, -1.09), (0.5, -1.09), (1.02, -0.7), (1.02, -0.1),
             (0.9, -0.4), (0.55, -0.6), (-0.55, -0.6), (-0.9, -0.4)],
    "crop": [(-1.06, 0.0), (-1.12, -0.8), (-0.5, -1.28), (0.5, -1.28), (1.12, -0.8), (1.06, 0.0),
             (0.93, -0.2), (0.85, -0.5), (0.3, -0.48), (-0.1, -0.6), (-0.8, -0.45), (-0.93, -0.2)],
    "swept": [(-1.05, 0.02), (-1.16, -0.8), (-0.75, -1.36), (0.35, -1.42), (1.1, -1.0), (1.06, 0.0),
              (0.93, -0.3), (0.7, -0.66), (-0.2, -0.72), (-0.85, -0.5), (-0.93, -0.2)],
    "parted": [(-1.08, 0.12), (-1.14, -0.75), (-0.55, -1.26), (0.4, -1.26), (1.12, -0.75), (1.08, 0.12),
               (0.95, -0.25), (0.4, -0.86), (-0.3, -0.5), (-0.95, -0.2)],
    "long": [(-1.1, 0.5), (-1.14, -0.75), (-0.55, -1.2), (0.55, -1.2), (1.14, -0.75), (1.1, 0.5),
             (0.92, 0.1), (0.72, -0.45), (0.0, -0.92), (-0.72, -0.45), (-0.92, 0.1)],
    "bun": [(-1.03, 0.1), (-1.08, -0.75), (-0.5, -1.16), (0.5, -1.16), (1.08, -0.75), (1.03, 0.1),
            (0.92, -0.3), (0.55, -0.72), (0.0, -0.8), (-0.55, -0.72), (-0.92, -0.3)],
    "fringe": [(-1.1, 0.5), (-1.14, -0.75), (-0.55, -1.2), (0.55, -1.2), (1.14, -0.75), (1.1, 0.5),
               (0.9, 0.1), (0.82, -0.24), (0.3, -0.2), (-0.3, -0.2), (-0.82, -0.24), (-0.9, 0.1)],
}  # fmt: skip
"""Outlines of the hair over the forehead, in half heads from the head's middle."""
ALIKE: Mapping[str, str] = {"wavy": "long", "bob": "parted", "ponytail": "bun", "curly": "buzz"}


def draw_hair_behind(layer: Layer, body: Body, style: str, colour: Colour) -> None:
    """Paint what lies behind head and shoulders."""
    if style in FALLING:
        drop, wave = FALLING[style], 0.12 if style == "wavy" else 0.0
        right = [(0.7, -1.1), (1.15, -0.6), (1.16 + wave, 0.2), (1.2 - wave, 0.8), (1.32 + wave, 1.4)]
        right += [(1.28 - wave, drop * 0.85), (0.9, drop)]
        layer.fill(smooth(_on_head(body, _mirrored(right))), colour, shade=0.78)
    elif style == "bob":
        right = [(0.7, -1.1), (1.18, -0.6), (1.25, 0.3), (1.34, 0.95), (0.9, 1.1)]
        layer.fill(smooth(_on_head(body, _mirrored(right))), colour, shade=0.78)
    elif style == "ponytail":
        tail = [(0.2, -0.9), (1.1, -0.85), (1.5, -0.1), (1.55, 0.9), (1.25, 1.7), (1.15, 0.7), (0.9, -0.2)]
        layer.fill(smooth(_on_head(body, tail)), colour, shade=0.85)
    elif style == "bun":
        _fill_circles(layer, body, [(0.0, -1.28)], 0.42, shaded(colour, 0.92))
    elif style == "curly":
        angles = np.linspace(np.pi * 0.88, np.pi * 2.12, 11)
        rings = np.stack([1.05 * np.cos(angles), -0.32 + 0.92 * np.sin(angles)], axis=1)
        _fill_circles(layer, body, rings.tolist(), 0.36, shaded(colour, 0.88))


def draw_hair_in_front(layer: Layer, body: Body, style: str, colour: Colour) -> None:
    """Paint the hair on top of the head and over the forehead."""
    cap = CAPS[ALIKE.get(style, style)]
    layer.fill(smooth(_on_head(body, cap), rounds=2), colour, relief=SOFT)
    if style == "curly":
        angles = np.linspace(np.pi * 1.08, np.pi * 1.92, 7)
        curls = np.stack([0.72 * np.cos(angles), -0.35 + 0.62 * np.sin(angles)], axis=1)
        _fill_circles(layer, body, curls.tolist(), 0.27, colour)
    gleam = shaded(colour, 1.22)
    if style not in ("buzz", "curly"):
        for start in (-0.55, 0.3):
            strand = [(start, -0.78), (start + 0.12, -0.98), (start + 0.36, -1.04)]
            draw_line(layer, _on_head(body, strand), gleam, 0.03 * body.head_radii[1])


def draw_locks(layer: Layer, body: Body, style: str, colour: Colour) -> None:
    """Paint the locks of long hair that fall in front of the shoulders."""
    if style not in FALLING:
        return
    drop, wave = FALLING[style] * 0.94, 0.12 if style == "wavy" else 0.0
    for out in (-1, 1):
        outer = [(1.1, 0.1), (1.2 + wave, 0.7), (1.26 - wave, 1.3), (1.25 + wave, drop * 0.85), (1.0, drop)]
        inner = [(0.62, drop * 0.9), (0.7 + wave, 1.35), (0.88 - wave, 0.85), (0.94, 0.3)]
        lock = [(out * x, y) for x, y in outer + inner]
        layer.fill(smooth(_on_head(body, lock)), colour, relief=SOFT)


def _mirrored(right: Places) -> list[tuple[float, float]]:
    return [*right, *[(-x, y) for x, y in reversed(right)]]


def _on_head(body: Body, places: Places) -> NDArray[np.float64]:
    spots: NDArray[np.float64] = np.asarray(places, np.float64) * body.head_radii + body.head
    return spots


def _fill_circles(layer: Layer, body: Body, middles: Places, radius: float, colour: Colour) -> None:
    size = radius * body.head_radii[1]
    for middle in _on_head(body, middles):
        layer.fill(ellipse(middle.tolist(), (size, size)), colour)
