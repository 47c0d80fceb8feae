"""What bags share: the hand that holds them, sacks, handles, clasps."""

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, rectangle
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.frame import Frame, metal_of

Outline = NDArray[np.float64]
STIFF = Relief(roundness=0.35)
SOFT = Relief(roundness=0.5, folds=0.35)
SEAM = 0.0022


def in_hand(layer: Layer, body: Body, *, swing: float = 0.04) -> Frame:
    """Return a frame whose (0, 0) is in a hand that hangs down, in either if both do."""
    hand, lower = int(layer.rng.integers(2)), body.wrists[1][1] - body.wrists[0][1]
    if abs(lower) > 0.03 * body.height:
        hand = int(lower > 0)
    x, y = body.wrists[hand]
    turn = float(np.clip(layer.rng.normal(0, swing), -2 * swing, 2 * swing))
    return Frame(layer, (x, y + 0.025 * body.height), body.height, turn, 1.0 if hand else -1.0)


def sack_of(top: float, bottom: float, y: tuple[float, float], corner: float) -> Outline:
    """Return a trapezoid of two half widths, its lower corners rounded by `corner` (0..1)."""
    y0, y1 = y
    c = min(max(corner, 0.04) * min(top, bottom) * 0.8, (y1 - y0) * 0.9)
    angles = np.linspace(0, np.pi / 2, 7)
    bend = np.stack([bottom - c + c * np.cos(angles), y1 - c + c * np.sin(angles)], axis=1)
    right = np.vstack([[(top, y0)], bend])
    return np.vstack([right * (-1, 1), right[::-1]])


def arch(half: float, top: float, foot: float) -> list[tuple[float, float]]:
    """Return the line of a handle that rises from two feet to `top`."""
    rise = foot - top
    shoulder = top + 0.3 * rise
    return [
        (-half, foot),
        (-half, shoulder),
        (-half * 0.6, top),
        (half * 0.6, top),
        (half, shoulder),
        (half, foot),
    ]


def add_clasp(frame: Frame, design: Design, at: tuple[float, float], size: float) -> None:
    """Paint a round, square or bar-shaped clasp."""
    metal, (x, y), form = metal_of(design), at, design.knob("clasp")
    if form < 0.33:
        frame.fill(ellipse(at, (size, size)), metal)
        frame.fill(ellipse(at, (size * 0.5, size * 0.5)), metal, shade=0.7)
    elif form < 0.66:
        frame.fill(rectangle(x - size, y - size, 2 * size, 2 * size, radius=size * 0.3), metal)
        frame.fill(rectangle(x - size * 0.45, y - size * 0.5, size * 0.9, size), metal, shade=0.6)
    else:
        frame.fill(rectangle(x - 2 * size, y - size * 0.55, 4 * size, size * 1.1, radius=size * 0.5), metal)
        frame.band([(x - 1.4 * size, y), (x + 1.4 * size, y)], metal, size * 0.3, shade=0.65)
