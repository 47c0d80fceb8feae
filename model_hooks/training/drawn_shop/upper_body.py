"""What tops, outerwear and dresses share: outlines of trunk, sleeves and collars, and the painting of them.

Spots are given in body heights: x from the trunk's centre line, y below the crown of an upright body.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model_hooks.training.drawn_shop.body import Body, Pair
from model_hooks.training.drawn_shop.canvas import CLOTH, FLAT, Layer, Relief, ellipse, limb, smooth
from model_hooks.training.drawn_shop.designs import Colour, Design, Material
from model_hooks.training.drawn_shop.materials import SEAMLESS

Line = NDArray[np.float64]
Spots = Sequence[tuple[float, float]]

NECK, SHOULDER, ARMPIT, WAIST, SEAT, HIPS, KNEE, ANKLE = 0.150, 0.178, 0.245, 0.375, 0.49, 0.50, 0.725, 0.95
SIDES = (-1, 1)
PRINT = 0.28
"""Where the middle of a print is on the chest."""


@dataclass(frozen=True)
class Cut:
    """How a trunk is tailored.

    Attributes
    ----------
    ease
        Cloth beside the body, in heights on either side.
    waisted
        0..1 from straight to following the waist.
    hem, flare, flare_from
        Where it ends, how much wider it is there, and where it begins to widen.
    tail
        How far the hem hangs lower in the middle (below 0: at the sides).
    """

    ease: float
    waisted: float
    hem: float
    flare: float = 0.0
    flare_from: float = WAIST
    tail: float = 0.0


@dataclass(frozen=True)
class Sleeve:
    """Length 0..1 along the arm, full widths at shoulder and end in heights, and puff 0..1."""

    length: float
    top: float = 0.066
    end: float = 0.046
    puff: float = 0.0


def waistedness(design: Design) -> float:
    """Return how much a garment follows the waist by whom it is made for."""
    return {"men": 0.25, "women": 0.9}.get(design.gender or "", 0.45)


def ink(material: Material) -> Colour:
    """Return the colour of a seam on a material: darker, or lighter on what is nearly black."""
    red, green, blue = material.rgb
    if 0.3 * red + 0.59 * green + 0.11 * blue < 62:
        return int(red * 0.6 + 50), int(green * 0.6 + 50), int(blue * 0.6 + 52)
    return int(red * 0.62), int(green * 0.62), int(blue * 0.62)


def mirrored(spots: Spots, side: int) -> Spots:
    """Return spots of the right side, or their reflection for side -1."""
    return [(x * side, y) for x, y in spots]


def _spine(body: Body) -> tuple[float, float, float, float]:
    """Return the middle between the shoulders, and the way from there to the middle between the hips."""
    (ax, ay), (bx, by) = body.shoulders
    (cx, cy), (dx, dy) = body.hips
    x, y = (ax + bx) / 2, (ay + by) / 2
    return x, y, (cx + dx) / 2 - x, (cy + dy) / 2 - y


def place(body: Body, spots: ArrayLike) -> Line:
    """Return spots of the trunk in pixels of the picture."""
    given = np.asarray(spots, np.float64)
    x, y, right, down = _spine(body)
    share = (given[:, 1] - SHOULDER) / (HIPS - SHOULDER)
    return np.stack([x + share * right + given[:, 0] * body.height, y + share * down], axis=1)


def unplace(body: Body, line: Line) -> Line:
    """Return the spots of the trunk at pixels of the picture."""
    x, y, right, down = _spine(body)
    share = (line[:, 1] - y) / down
    across = (line[:, 0] - x - share * right) / body.height
    return np.stack([across, SHOULDER + share * (HIPS - SHOULDER)], axis=1)


def shoulder_x(body: Body) -> float:
    """Return half the distance of the shoulder joints in heights."""
    return abs(body.shoulders[1][0] - body.shoulders[0][0]) / 2 / body.height


def slope(body: Body, x: float) -> float:
    """Return the y of the shoulder's upper edge."""
    return float(np.interp(abs(x), (0.034, shoulder_x(body)), (NECK, 0.161)))


def half_width(body: Body, cut: Cut, y: float) -> float:
    """Return half the width of the trunk of a garment, in heights."""
    chest, waist, seat = (part / body.height for part in (body.chest, body.waist, body.seat))
    straight = max(chest, 0.97 * seat)
    waist = cut.waisted * waist + (1 - cut.waisted) * straight
    half = float(np.interp(y, (ARMPIT, WAIST, SEAT), (chest, waist, seat + 0.003))) + cut.ease
    if y > cut.flare_from:
        half += cut.flare * (y - cut.flare_from) / max(cut.hem - cut.flare_from, 0.05)
    return max(half, _legs(body, y)) if y > SEAT else half


def _armhole(tip: float) -> Spots:
    """Return the right armhole, from the top of the shoulder down."""
    line = [(tip - 0.006, 0.166), (tip - 0.014, 0.182), (tip - 0.019, 0.206), (tip - 0.013, 0.232)]
    return [(float(x), float(y)) for x, y in smooth(line, closed=False)]


def _legs(body: Body, y: float) -> float:
    """Return how far the legs reach out."""
    x, _, right, _ = _spine(body)

    def reach(pair: Pair, at: float) -> float:
        middle = x + right * (at - SHOULDER) / (HIPS - SHOULDER)
        return max(abs(pair[0][0] - middle), abs(pair[1][0] - middle)) / body.height

    joints = ((body.hips, HIPS), (body.knees, KNEE), (body.ankles, ANKLE))
    return float(np.interp(y, (HIPS, KNEE, ANKLE), [reach(*joint) for joint in joints])) + 0.036 * body.limb


def side_line(body: Body, cut: Cut, *, start: float | None = None) -> Spots:
    """Return the right edge from the shoulder, or from a height `start`, down to the hem."""
    heights = np.linspace(ARMPIT if start is None else start, cut.hem, 9)
    line = [(half_width(body, cut, y), float(y)) for y in heights]
    if start is None:
        tip = shoulder_x(body)
        line = [(tip, slope(body, tip)), (tip + 0.004, SHOULDER + 0.02), *line]
    return [(float(x), float(y)) for x, y in smooth(line, closed=False)]


def hem_line(body: Body, cut: Cut) -> Spots:
    """Return the hem from right to left, without its ends."""
    half = half_width(body, cut, cut.hem)
    steps = np.linspace(0.95, -0.95, 15)
    return [(half * step, cut.hem + cut.tail * (1 - step**2)) for step in steps.tolist()]


def neckline(style: str, *, width: float, depth: float, body: Body) -> Spots:
    """Return a neckline from left to right: `round`, `v`, `square` or `heart`; width is half, in heights."""
    top = slope(body, width)
    if style == "v":
        return [(-width, top), (0, top + depth), (width, top)]
    if style == "square":
        return [(-width, top), (-0.88 * width, top + depth), (0.88 * width, top + depth), (width, top)]
    if style == "heart":
        xs = np.linspace(-0.95, 0.95, 15) * width
        dips = depth * (1.0 - 0.3 * np.sin(np.pi / 2 * np.minimum(1.7 * np.abs(xs) / width, 1)))
        return [(-width, top), *zip(xs.tolist(), (top + dips).tolist(), strict=True), (width, top)]
    angles = np.linspace(np.pi, 0, 15)
    return [(width * np.cos(a), top + depth * np.sin(a)) for a in angles.tolist()]


@dataclass(frozen=True)
class Tailor:
    """Paints parts of one garment on one body."""

    layer: Layer
    design: Design
    body: Body

    @property
    def seam_colour(self) -> Colour:
        """Colour of seams on the main material."""
        return ink(self.design.material)

    @property
    def plain(self) -> Material:
        """The main material, without the print that only the trunk bears."""
        material = self.design.material
        return replace(material, pattern="solid") if material.pattern == "graphic" else material

    def cloth(
        self,
        spots: Spots,
        *,
        shade: float = 1.0,
        relief: Relief = CLOTH,
        paint: Material | Colour | None = None,
    ) -> None:
        """Fill a part of the trunk; the pattern runs on from part to part."""
        x, y = place(self.body, [(-SEAMLESS / 2, PRINT - SEAMLESS / 2)])[0]
        self.layer.fill(
            place(self.body, spots),
            self.design.material if paint is None else paint,
            shade=shade,
            origin=(float(x), float(y)),
            relief=relief,
        )

    def seam(self, spots: Spots, *, width: float = 0.0028, colour: Colour | None = None) -> None:
        """Draw a thin line."""
        line = place(self.body, spots)
        pixels = max(width * self.body.height, 0.8)
        self.layer.fill(limb(line, [pixels] * len(line)), self.seam_colour if colour is None else colour)

    def edged(self, spots: Spots, *, shade: float = 1.0, paint: Material | Colour | None = None) -> None:
        """Fill a flat part that lies on top, such as a collar or a pocket, with its edge drawn."""
        self.cloth(spots, shade=shade, relief=FLAT, paint=paint)
        self.seam([*spots, spots[0]])

    def dots(self, spots: Spots, *, radius: float = 0.0048, colour: Colour | None = None) -> None:
        """Draw buttons."""
        size = max(radius * self.body.height, 1.0)
        for centre in place(self.body, spots).tolist():
            self.layer.fill(ellipse(centre, (size, size)), self.design.trim if colour is None else colour)

    def part(self, spots: Spots) -> None:
        """Cut an opening, such as a slit."""
        self.layer.cut(place(self.body, spots))

    def trunk(self, cut: Cut, neck: Spots) -> None:
        """Fill a closed trunk with a neckline."""
        right = side_line(self.body, cut)
        self.cloth([*neck, *right, *hem_line(self.body, cut), *mirrored(right, -1)[::-1]])

    def panel(self, cut: Cut, side: int, edge: Spots, *, shade: float = 1.0) -> None:
        """Fill one half of a front; the edge runs from the neck to the hem, as on the right."""
        spots = [*side_line(self.body, cut), *edge[::-1]]
        self.cloth(mirrored(spots, side), shade=shade)
        self.seam(mirrored(edge, side))

    def sleeves(self, sleeve: Sleeve, *, shade: float = 0.93, paint: Material | Colour | None = None) -> None:
        """Fill both sleeves, round at the shoulder, with the seam of the armhole."""
        if sleeve.length <= 0:
            return
        tip = shoulder_x(self.body)
        for side in SIDES:
            self.tube(side, sleeve, start=0.0, shade=shade, paint=paint)
            self.seam(mirrored(_armhole(tip), side))

    def cuffs(
        self,
        sleeve: Sleeve,
        height: float,
        *,
        shade: float = 0.82,
        wide: float = 1.0,
        paint: Material | Colour | None = None,
    ) -> None:
        """Fill a band of a share of the arm at the end of both sleeves."""
        for side in SIDES:
            band = replace(sleeve, top=sleeve.end * wide, end=sleeve.end * wide, puff=0.0)
            self.tube(side, band, start=max(sleeve.length - height, 0.02), shade=shade, paint=paint)

    def tube(
        self, side: int, sleeve: Sleeve, *, start: float, shade: float, paint: Material | Colour | None = None
    ) -> None:
        """Fill a part of one sleeve, from a share of the arm to the sleeve's end."""
        line = self.arm(side, np.linspace(start, sleeve.length, 10))
        steps = np.linspace(0, 1, 10)
        widths = sleeve.top + (sleeve.end - sleeve.top) * steps
        widths += sleeve.puff * 0.05 * np.sin(np.pi * steps**0.8) * (1 - 0.2 * steps)
        ahead = line[1] - line[0]
        ahead /= max(float(np.linalg.norm(ahead)), 1e-9)
        if start <= 0:
            cap = np.array([0.014, 0.0125, 0.009, 0.004]) * self.body.height
            line = np.vstack([line[0] - cap[:, None] * ahead, line])
            widths = np.concatenate([sleeve.top * np.array([0.16, 0.42, 0.64, 0.79]), widths])
            widths[4:7] *= np.array([0.87, 0.94, 0.98])
        outline = limb(line, (widths * self.body.height).tolist())
        if start <= 0:
            outline = self._set_in(outline, side)
        self.layer.fill(
            outline,
            self.plain if paint is None else paint,
            shade=shade,
            turn=float(np.arctan2(-ahead[0], ahead[1])),
            origin=(float(line[0, 0]), float(line[0, 1])),
            relief=CLOTH if start <= 0 else FLAT,
        )

    def _set_in(self, outline: Line, side: int) -> Line:
        """Move what of a sleeve's head lies on the chest out to the armhole."""
        spots = unplace(self.body, outline)
        hole = np.array(_armhole(shoulder_x(self.body)))
        least = np.where(spots[:, 1] < hole[-1, 1], np.interp(spots[:, 1], hole[:, 1], hole[:, 0]), -1.0)
        spots[:, 0] = side * np.maximum(side * spots[:, 0], least)
        return place(self.body, spots)

    def arm(self, side: int, shares: NDArray[np.float64]) -> Line:
        """Return places along an arm: 0 at the shoulder, 1 at the wrist."""
        index = (side + 1) // 2
        joints = [self.body.shoulders[index], self.body.elbows[index], self.body.wrists[index]]
        line = smooth(joints, closed=False)
        way = np.concatenate([[0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
        at = shares * way[-1]
        return np.stack([np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])], axis=1)
