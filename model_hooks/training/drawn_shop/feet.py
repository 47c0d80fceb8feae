"""One shoe at a time: painting in the foot's own measure, and parts that many shoes have."""

from collections.abc import Sequence

import numpy as np

from model_hooks.training.drawn_shop.body import FOOT, Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, smooth
from model_hooks.training.drawn_shop.designs import Colour, Design, Material
from model_hooks.training.drawn_shop.seams import draw_line, seam_colour, shaded

Places = Sequence[tuple[float, float]]
ROUND = Relief(roundness=0.45)


class Foot:
    """Paints one shoe in the foot's own measure: along from heel 0 to toe 1, and up from the ground."""

    def __init__(self, layer: Layer, design: Design, body: Body, side: int) -> None:
        self.layer, self.design, self.body, self.side = layer, design, body, side
        self.out = 2 * side - 1
        self.length = FOOT * body.height

    def fill(
        self,
        places: Places,
        paint: Material | Colour | None = None,
        *,
        shade: float = 1.0,
        rounds: int = 2,
        relief: Relief = ROUND,
    ) -> None:
        """Fill an outline, with the main material unless another is given."""
        outline = smooth(self.body.on_foot(self.side, places), rounds=rounds)
        turn = 0.35 * self.out
        self.layer.fill(outline, paint or self.design.material, shade=shade, turn=turn, relief=relief)

    def line(
        self, places: Places, colour: Colour | None = None, *, width: float = 0.02, rounds: int = 1
    ) -> None:
        """Draw a line as wide as a share of the foot's length, in the seams' colour unless given."""
        line = self.body.on_foot(self.side, places)
        draw_line(self.layer, line, colour or seam_colour(self.design), width * self.length, rounds=rounds)


def paint_sole(foot: Foot, colour: Colour, *, thick: float, toe: float = 1.04, heel: float = 0.0) -> None:
    """Paint a sole; `heel` makes its back part thicker, downwards."""
    back = [(-0.06, 0.05), (-0.05, -thick - heel), (0.22, -thick - heel), (0.27, -thick)]
    front = [(0.6, -thick), (toe - 0.06, -thick * 0.9), (toe, 0.0), (toe, 0.06)]
    foot.fill([*back, *front], colour, rounds=1, relief=Relief(roundness=0.2))


def paint_laces(foot: Foot, *, low: tuple[float, float], high: tuple[float, float], count: int) -> None:
    """Paint rungs of lace across the tongue, from the toes up to the ankle."""
    for share in np.linspace(0.04, 0.96, count):
        x, y = low[0] + (high[0] - low[0]) * share, low[1] + (high[1] - low[1]) * share
        foot.line([(x - 0.13, y - 0.055), (x - 0.01, y - 0.005)], foot.design.trim, width=0.03, rounds=0)


def sole_colour(design: Design) -> Colour:
    """Return white, or the trim where the shoe itself is white."""
    return (236, 233, 226) if sum(design.material.rgb) < 660 else shaded(design.trim, 1.15)


def ankle_strap(foot: Foot, high: float) -> None:
    """Paint a ring round the ankle that is held from behind."""
    turns = np.linspace(0, 2 * np.pi, 17)
    ring = np.stack([0.28 + 0.19 * np.cos(turns), high + 0.04 * np.sin(turns)], axis=1)
    foot.line(ring.tolist(), shaded(foot.design.material.rgb, 0.8), width=0.05)
    foot.fill([(-0.04, 0.04), (0.08, high + 0.02), (0.14, high + 0.02), (0.05, 0.04)], rounds=0, shade=0.9)
