"""Boots: a shoe with a shaft."""

import numpy as np

from model_hooks.training.drawn_shop.body import Floats
from model_hooks.training.drawn_shop.feet import ROUND, Foot, paint_sole
from model_hooks.training.drawn_shop.seams import draw_line, seam_colour, shaded


def boot(foot: Foot) -> None:
    """Paint an ankle boot, a calf-high one or a knee-high one."""
    design, body = foot.design, foot.body
    heel, tall = design.knob("heel", 0.0, 0.2), design.knob("shaft")
    top = (0.885, 0.845, 0.735)[int(tall * 2.99)] - 0.03 * (tall * 2.99 % 1)
    wide = design.knob("width", 1.12, 1.55)
    shares = np.linspace(0.955, top, 6)
    halves = [max(body.thickness(min(share, 0.95)) * wide, 0.15 * foot.length) for share in shares]
    centres = [body.leg(foot.side, share) for share in shares]
    paint_sole(foot, shaded(design.trim, 0.8), thick=design.knob("sole", 0.035, 0.11), heel=heel)
    point = design.knob("toe", -0.02, 0.1)
    back = [(-0.05, 0.0), (-0.05, 0.16), (0.02, 0.3), (0.08, 0.44)]
    toe = [(0.5, 0.44), (0.58, 0.3), (0.78, 0.22 - point / 2), (1.0 + point, 0.15 - point)]
    foot.fill([*back, *toe, (1.04 + point, 0.0)])
    sides = [
        [(x + way * half, body.level(share)) for x, half, share in zip(centres, halves, shares, strict=True)]
        for way in (-1, 1)
    ]
    foot.layer.fill(np.vstack([sides[0], sides[1][::-1]]), design.material, relief=ROUND)
    _boot_top(foot, np.array(sides))
    _boot_closure(foot, np.array(sides))


def _boot_top(foot: Foot, sides: Floats) -> None:
    """Paint the opening of the shaft, or a folded cuff."""
    high, next_ = sides[:, -1], sides[:, -2]
    if foot.design.knob("cuff") > 0.6:
        low = high + (next_ - high) * min(
            0.035 * foot.body.height / max(float(next_[0, 1] - high[0, 1]), 1.0), 1.5
        )
        grow = np.array([(-0.004, 0), (0.004, 0)]) * foot.body.height
        foot.layer.fill(np.vstack([high + grow, (low + grow)[::-1]]), foot.design.trim)
    else:
        draw_line(
            foot.layer,
            high + np.array((0, 0.006 * foot.body.height)),
            seam_colour(foot.design),
            0.004 * foot.body.height,
        )


def _boot_closure(foot: Foot, sides: Floats) -> None:
    """Paint laces, a zip or an elastic gore."""
    closure, middle = foot.design.knob("closure"), sides.mean(axis=0)
    if closure < 0.35:
        h = foot.body.height
        for y in np.arange(middle[-1, 1] + 0.022 * h, middle[0, 1] + 0.01 * h, 0.016 * h):
            x = float(np.interp(-y, -middle[:, 1], middle[:, 0])) + foot.out * 0.008 * h
            for way in (-1, 1):
                rung = [(x - 0.011 * h, y + way * 0.005 * h), (x + 0.011 * h, y - way * 0.005 * h)]
                draw_line(foot.layer, rung, foot.design.trim, 0.0035 * h, rounds=0)
    elif closure < 0.7:
        draw_line(
            foot.layer,
            middle - (foot.out * 0.004 * foot.body.height, 0),
            foot.design.trim,
            0.004 * foot.body.height,
        )
    else:
        gore = [(0.18, 0.2), (0.13, 0.5), (0.4, 0.5), (0.34, 0.2)]
        foot.fill(gore, shaded(foot.design.trim, 0.9), rounds=1)
        for x in (0.2, 0.26, 0.32):
            foot.line([(x, 0.24), (x, 0.46)], shaded(foot.design.trim, 0.6), width=0.012, rounds=0)
