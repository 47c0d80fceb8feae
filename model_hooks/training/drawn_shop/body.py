"""The figure that wears the clothes: joints of an upright body seen from the front."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Point = tuple[float, float]
Pair = tuple[Point, Point]
"""Left and right as the viewer sees them."""
Floats = NDArray[np.float64]
LEG = np.array(
    [
        (0.50, 0.088),
        (0.54, 0.089),
        (0.60, 0.083),
        (0.66, 0.070),
        (0.725, 0.057),
        (0.78, 0.059),
        (0.83, 0.052),
        (0.90, 0.037),
        (0.95, 0.033),
    ]
)
"""Levels along a leg and its full width there, in heights of the body."""
FOOT = 0.13
"""Length of a foot in heights of the body."""


@dataclass(frozen=True)
class Body:
    """Joints in pixels of the picture; lengths follow from the height.

    Attributes
    ----------
    height
        Crown to sole, in pixels.
    head
        Centre of the head, which is an ellipse of `head_radii`.
    chest, waist, seat
        Half the width of the trunk at armpits, waist and hips, in pixels.
    limb
        Factor on the thickness of arms and legs.
    """

    height: float
    gender: str
    head: Point
    head_radii: Point
    neck: Point
    shoulders: Pair
    elbows: Pair
    wrists: Pair
    middle: Point
    hips: Pair
    knees: Pair
    ankles: Pair
    chest: float
    waist: float
    seat: float
    limb: float

    @property
    def crotch(self) -> Point:
        """Where the legs part."""
        (left, right), drop = self.hips, 0.03 * self.height
        return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2 + drop

    def level(self, share: float) -> float:
        """Return the y of a level, 0 at the crown and 1 at the soles."""
        return self.head[1] + (share - 0.068) * self.height

    def axis(self, share: float) -> float:
        """Return the x of the trunk's middle line at a level."""
        spine = (self.neck, self.middle, self.crotch)
        return float(np.interp(self.level(share), [y for _, y in spine], [x for x, _ in spine]))

    def trunk(self, share: float) -> float:
        """Return half the trunk's width in pixels at a level."""
        halves = (self.chest, self.chest * 0.97, self.waist, self.seat * 0.94, self.seat, self.seat)
        return float(np.interp(share, (0.22, 0.27, 0.385, 0.45, 0.50, 0.54), halves))

    def leg(self, side: int, share: float) -> float:
        """Return the x of the axis of a leg at a level; side 0 is the viewer's left."""
        joints = (self.hips[side], self.knees[side], self.ankles[side])
        return float(np.interp(self.level(share), [y for _, y in joints], [x for x, _ in joints]))

    def thickness(self, share: float) -> float:
        """Return half the width in pixels of a bare leg at a level."""
        return float(np.interp(share, LEG[:, 0], LEG[:, 1])) * self.height * self.limb / 2

    def on_foot(self, side: int, places: ArrayLike) -> Floats:
        """Return the pixels of places on a foot.

        Parameters
        ----------
        side
            0 is the viewer's left. The toes point outwards and, since they are nearer to the viewer, down.
        places
            `(N, 2)` along the foot from heel 0 to toe 1, and upwards from the ground; both in foot lengths.
        """
        along, up = np.asarray(places, np.float64).T
        (x, y), length, out = self.ankles[side], FOOT * self.height, 2 * side - 1
        ground = y + 0.038 * self.height
        return np.stack(
            [x + out * length * 0.9 * (along - 0.28), ground + length * (0.27 * (along - 0.28) - up)], axis=1
        )


def mannequin(height: float, *, gender: str = "women", at: Point = (0.0, 0.0)) -> Body:
    """Return a body that stands still, arms a little away, its crown at `at`."""
    return _posed(height, gender, at, np.zeros(10))


def pose(rng: np.random.Generator, height: float, *, gender: str, at: Point) -> Body:
    """Return a body that stands, walks or leans."""
    return _posed(height, gender, at, np.clip(rng.normal(0, 0.5, 10), -1, 1))


def _posed(height: float, gender: str, at: Point, move: NDArray[np.float64]) -> Body:
    """Place the joints; the moves are -1..1: lean, arms, elbows, legs, build, hips, head."""
    lean, arm_l, arm_r, bend_l, bend_r, leg_l, leg_r, build, sway, nod = move.tolist()
    broad = (1.08 if gender == "men" else 0.94) * (1 + 0.07 * build)
    hip = (0.96 if gender == "men" else 1.04) * (1 + 0.07 * build)
    h = height

    def spot(x: float, y: float) -> Point:
        aside = sway * 0.02 * np.interp(y, (0.18, 0.50, 0.95), (0, 1, 0))
        return at[0] + (x + lean * 0.04 * (0.5 - y) + float(aside)) * h, at[1] + y * h

    def arm(side: float, swing: float, bend: float) -> tuple[Point, Point, Point]:
        shoulder = (side * 0.098 * broad, 0.178)
        on_hip = swing > 0.62
        out = 0.72 if on_hip else 0.20 + 0.13 * swing
        elbow = (shoulder[0] + side * 0.165 * np.sin(out), shoulder[1] + 0.165 * np.cos(out))
        inward = -0.85 if on_hip else out - 0.12 - 0.5 * max(bend, 0) + 0.25 * max(-bend, 0)
        beside = (0.085 if on_hip else 0.115) * hip - side * elbow[0]
        inward = max(inward, float(np.arcsin(np.clip(beside / 0.145, -0.9, 0.9))))
        wrist = (elbow[0] + side * 0.145 * np.sin(inward), elbow[1] + 0.145 * np.cos(inward))
        return spot(*shoulder), spot(*elbow), spot(*wrist)

    def leg(side: float, move: float) -> tuple[Point, Point, Point]:
        top = (side * 0.052 * hip, 0.50)
        spread = 0.035 + 0.05 * move
        knee = (top[0] + side * 0.235 * spread, 0.725)
        ankle = (knee[0] + side * 0.22 * spread * 0.8, 0.95)
        return spot(*top), spot(*knee), spot(*ankle)

    left, right = arm(-1, arm_l, bend_l), arm(1, arm_r, bend_r)
    left_leg, right_leg = leg(-1, leg_l), leg(1, leg_r)
    return Body(
        height=h,
        gender=gender,
        head=spot(0.012 * nod, 0.068),
        head_radii=(0.046 * h, 0.064 * h),
        neck=spot(0, 0.152),
        shoulders=(left[0], right[0]),
        elbows=(left[1], right[1]),
        wrists=(left[2], right[2]),
        middle=spot(0, 0.39),
        hips=(left_leg[0], right_leg[0]),
        knees=(left_leg[1], right_leg[1]),
        ankles=(left_leg[2], right_leg[2]),
        chest=0.088 * h * broad,
        waist=0.070 * h * (broad + hip) / 2,
        seat=0.096 * h * hip,
        limb=1 + 0.1 * build,
    )
