"""The people of the scenes: bodies in neutral underwear, with faces and hair, for clothes to go on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model_hooks.training.drawn_shop.body import LEG, Body
from model_hooks.training.drawn_shop.canvas import Layer, Relief, ellipse, limb, smooth
from model_hooks.training.drawn_shop.designs import Colour
from model_hooks.training.drawn_shop.hair import HAIR_STYLES, draw_hair_behind, draw_hair_in_front, draw_locks
from model_hooks.training.drawn_shop.seams import draw_line, shaded

SKINS: tuple[Colour, ...] = (
    (246, 215, 193),
    (236, 194, 164),
    (224, 176, 140),
    (198, 144, 106),
    (160, 108, 76),
    (120, 78, 54),
    (102, 68, 50),
)
HAIR_COLOURS: tuple[Colour, ...] = (
    (34, 28, 28),
    (58, 40, 30),
    (92, 60, 38),
    (140, 92, 52),
    (206, 168, 104),
    (150, 70, 40),
    (150, 148, 146),
)
IRISES: tuple[Colour, ...] = ((60, 42, 30), (84, 60, 36), (70, 100, 130), (80, 110, 80))
UNDERWEAR: Colour = (198, 197, 196)
BODILY = Relief(roundness=0.45)


@dataclass(frozen=True)
class Person:
    """How somebody looks, apart from pose and clothes.

    Attributes
    ----------
    hair_style
        Of `HAIR_STYLES`.
    jaw
        0..1 from a narrow to a broad chin.
    brows
        Thickness of the eyebrows, 0..1.
    smile
        0..1 from a straight mouth to a smiling one.
    beard
        0 none, 1 stubble, 2 full.
    """

    gender: str
    skin: Colour
    hair: Colour
    hair_style: str
    iris: Colour
    jaw: float = 0.5
    brows: float = 0.5
    smile: float = 0.5
    beard: int = 0


def random_person(rng: np.random.Generator, gender: str) -> Person:
    """Return a person; anyone who is not of `men` or `women` gets the looks of either."""
    looks = gender if gender in HAIR_STYLES else ("men", "women")[int(rng.integers(2))]
    styles = HAIR_STYLES[looks]
    tone = int(rng.integers(len(SKINS)))
    fair = len(HAIR_COLOURS) if tone < 4 else 2
    return Person(
        gender=looks,
        skin=SKINS[tone],
        hair=HAIR_COLOURS[int(rng.integers(fair))],
        hair_style=styles[int(rng.integers(len(styles)))],
        iris=IRISES[int(rng.integers(len(IRISES)))] if tone < 3 else IRISES[0],
        jaw=float(rng.uniform(0.4, 1) if looks == "men" else rng.uniform(0, 0.5)),
        brows=float(rng.uniform(0.4, 1) if looks == "men" else rng.uniform(0, 0.6)),
        smile=float(rng.uniform()),
        beard=int(rng.choice(3, p=(0.5, 0.3, 0.2))) if looks == "men" else 0,
    )


def draw_figure(layer: Layer, person: Person, body: Body) -> None:
    """Paint somebody in grey underwear; clothes go on top, then `draw_over`."""
    draw_hair_behind(layer, body, person.hair_style, person.hair)
    for side in (0, 1):
        _draw_leg(layer, person, body, side)
    _draw_trunk(layer, person, body)
    for side in (0, 1):
        _draw_arm(layer, person, body, side)
    _draw_head(layer, person, body)
    draw_hair_in_front(layer, body, person.hair_style, person.hair)


def draw_over(layer: Layer, person: Person, body: Body) -> None:
    """Paint what lies over the clothes: the hands, and locks of long hair that fall to the front."""
    for side in (0, 1):
        _draw_hand(layer, person, body, side)
    draw_locks(layer, body, person.hair_style, person.hair)


def _draw_leg(layer: Layer, person: Person, body: Body, side: int) -> None:
    line = [(body.leg(side, share), body.level(share)) for share in LEG[:, 0]]
    widths = [2 * body.thickness(share) for share in LEG[:, 0]]
    foot = [(0.03, 0.02), (0.01, 0.12), (0.13, 0.26), (0.15, 0.42), (0.41, 0.42), (0.5, 0.3)]
    toes = [(0.72, 0.17), (0.93, 0.12), (0.99, 0.06), (0.96, 0.01), (0.6, 0.0), (0.4, 0.03), (0.2, 0.0)]
    layer.fill(smooth(body.on_foot(side, foot + toes)), person.skin, shade=0.97)
    layer.fill(smooth(limb(line, widths), rounds=1), person.skin, relief=BODILY)
    knee = np.array([(-0.012, -0.012), (-0.006, 0.006), (0.006, 0.006), (0.012, -0.012)]) * body.height
    draw_line(layer, knee + body.knees[side], shaded(person.skin, 0.86), 0.003 * body.height)


def _draw_arm(layer: Layer, person: Person, body: Body, side: int) -> None:
    h = body.height * body.limb
    joints = np.array((body.shoulders[side], body.elbows[side], body.wrists[side]))
    shares = np.array((0.0, 0.3, 1.0, 1.3, 2.0))
    line = np.stack([np.interp(shares, (0, 1, 2), joints[:, axis]) for axis in (0, 1)], axis=1)
    line[0] += ((0.5 - side) * 0.012 * h, -0.008 * h)
    outline = limb(line, [0.036 * h, 0.052 * h, 0.042 * h, 0.042 * h, 0.027 * h])
    layer.fill(smooth(outline, rounds=2), person.skin, relief=Relief(roundness=0.3))
    _draw_hand(layer, person, body, side)


def _draw_hand(layer: Layer, person: Person, body: Body, side: int) -> None:
    """Paint a relaxed hand that goes on where the forearm ends."""
    h = body.height
    elbow, wrist = np.array(body.elbows[side]), np.array(body.wrists[side])
    ahead = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    inward = np.array((-ahead[1], ahead[0])) * (1 - 2 * side) * (-1)

    def spot(along: float, across: float) -> NDArray[np.float64]:
        place: NDArray[np.float64] = wrist + (ahead * along + inward * across) * h
        return place

    thumb = [spot(0.012, 0.010), spot(0.032, 0.019), spot(0.046, 0.018)]
    layer.fill(limb(thumb, [0.014 * h, 0.012 * h, 0.007 * h]), shaded(person.skin, 0.93))
    palm = [(-0.006, -0.013), (0.03, -0.020), (0.055, -0.018), (0.078, -0.009), (0.082, 0.002)]
    back = [(0.06, 0.013), (0.03, 0.016), (-0.006, 0.013)]
    layer.fill(smooth([spot(*place) for place in palm + back]), person.skin)
    for across in (-0.009, -0.002, 0.005):
        finger = [spot(0.046, across), spot(0.072, across * 0.8)]
        draw_line(layer, finger, shaded(person.skin, 0.84), 0.0018 * h, rounds=0)


def _across(body: Body, halves: ArrayLike) -> list[tuple[float, float]]:
    """Return an outline that is even about the trunk's middle line, from `(N, 2)` levels and half widths."""
    rows = [(body.axis(share), body.level(share), half) for share, half in np.asarray(halves, float)]
    return [(x - half, y) for x, y, half in rows] + [(x + half, y) for x, y, half in reversed(rows)]


def _draw_trunk(layer: Layer, person: Person, body: Body) -> None:
    h = body.height
    shoulder = (body.shoulders[1][0] - body.shoulders[0][0]) / 2
    down = [(share, body.trunk(share) * 0.97) for share in (0.24, 0.30, 0.385, 0.44, 0.49, 0.52)]
    thick = (0.029 if person.gender == "men" else 0.022) * h
    top = [(0.148, thick), (0.158, shoulder * 0.55), (0.166, shoulder * 0.92), (0.178, shoulder * 1.13)]
    top += [(0.195, shoulder * 1.2)]
    layer.fill(smooth(_across(body, top + down), rounds=1), person.skin, relief=BODILY)
    neck = [(body.head[0], 0.11, 0.95), (body.axis(0.15), 0.148, 1.0), (body.axis(0.16), 0.168, 1.5)]
    throat = [(x - part * thick, body.level(share)) for x, share, part in neck]
    throat += [(x + part * thick, body.level(share)) for x, share, part in reversed(neck)]
    layer.fill(smooth(throat, rounds=1), person.skin, shade=0.88)
    scoop = [
        (body.axis(0.2) + x * shoulder, body.level(y)) for x, y in ((0.5, 0.17), (0, 0.26), (-0.5, 0.17))
    ]
    edge = [(0.168, shoulder * 0.72), (0.21, shoulder * 0.76), (0.245, body.chest * 0.99)]
    vest = _across(body, [*edge, *[(share, half * 1.02) for share, half in down[1:4]]])
    corners = vest[: len(vest)] + [tuple(point) for point in smooth(scoop, closed=False)]
    layer.fill(corners, UNDERWEAR, relief=BODILY)
    for side in (0, 1):
        shares = (0.48, 0.52, 0.56, 0.585)
        line = [(body.leg(side, share), body.level(share)) for share in shares]
        layer.fill(limb(line, [2.06 * body.thickness(share) for share in shares]), UNDERWEAR, shade=0.92)
    briefs = [(share, body.trunk(share)) for share in (0.43, 0.46, 0.50, 0.525)]
    layer.fill(_across(body, briefs), UNDERWEAR, shade=0.92)


def _draw_head(layer: Layer, person: Person, body: Body) -> None:
    (x, y), (rx, ry) = body.head, body.head_radii
    for out in (-1, 1):
        layer.fill(
            ellipse((x + out * rx * 0.98, y + 0.12 * ry), (0.14 * rx, 0.17 * ry)), person.skin, shade=0.9
        )
    chin = 0.30 + 0.16 * person.jaw
    right = [
        (0.5, -1.04),
        (0.98, -0.55),
        (1.0, 0.0),
        (0.93, 0.45),
        (0.62 + 0.2 * person.jaw, 0.8),
        (chin, 1.02),
    ]
    outline = np.array(right + [(-px, py) for px, py in reversed(right)]) * (rx, ry) + (x, y)
    layer.fill(smooth(outline), person.skin, relief=Relief(roundness=0.25))
    if person.beard:
        _draw_beard(layer, person, body)
    _draw_face(layer, person, body)


def _draw_beard(layer: Layer, person: Person, body: Body) -> None:
    (x, y), (rx, ry) = body.head, body.head_radii
    full = 0.1 if person.beard == 2 else 0.0
    half = [(0.98, 0.1), (0.95, 0.5), (0.66 + 0.18 * person.jaw, 0.86 + full), (0.36, 1.06 + full)]
    inner = [(0.28, 0.46), (0.6, 0.46), (0.8, 0.2)]
    right = [
        *half,
        *[(-px, py) for px, py in reversed(half)],
        *[(-px, py) for px, py in reversed(inner)],
        *inner,
    ]
    mixed = np.asarray(person.skin) * 0.62 + np.asarray(person.hair) * 0.38
    stubble: Colour = (int(mixed[0]), int(mixed[1]), int(mixed[2]))
    layer.fill(
        smooth(np.array(right) * (rx, ry) + (x, y), rounds=1), person.hair if person.beard == 2 else stubble
    )


def _draw_face(layer: Layer, person: Person, body: Body) -> None:
    (x, y), (rx, ry) = body.head, body.head_radii

    def place(points: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(points, np.float64) * (rx, ry) + (x, y)

    for out in (-1, 1):
        brow = place([(out * 0.2, -0.13), (out * 0.42, -0.2), (out * 0.64, -0.12)])
        draw_line(layer, brow, shaded(person.hair, 0.7), (0.05 + 0.06 * person.brows) * ry)
        centre = (x + out * 0.41 * rx, y + 0.06 * ry)
        layer.fill(ellipse(centre, (0.17 * rx, 0.075 * ry)), (248, 246, 242))
        layer.fill(ellipse(centre, (0.085 * rx, 0.072 * ry)), person.iris)
        lid = place([(out * 0.23, 0.05), (out * 0.4, -0.03), (out * 0.6, 0.04)])
        draw_line(layer, lid, (46, 34, 30), (0.05 if person.gender == "women" else 0.035) * ry)
    nose = place([(0.03, 0.1), (0.12, 0.34), (0.0, 0.39), (-0.09, 0.36)])
    draw_line(layer, nose, shaded(person.skin, 0.76), 0.035 * ry)
    lift = 0.05 * person.smile
    lips = [(-0.3, 0.6 - lift), (-0.1, 0.585), (0, 0.6), (0.1, 0.585), (0.3, 0.6 - lift), (0, 0.72)]
    red = np.asarray(person.skin) * 0.55 + np.array((176, 62, 66)) * 0.42
    mouth: Colour = (int(red[0]), int(red[1]), int(red[2]))
    layer.fill(smooth(place(lips), rounds=1), mouth, shade=1.0 if person.gender == "women" else 0.92)
    draw_line(
        layer, place([(-0.3, 0.6 - lift), (0, 0.635), (0.3, 0.6 - lift)]), shaded(mouth, 0.7), 0.022 * ry
    )
