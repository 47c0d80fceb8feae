"""Scenes: dressed people in the street or in a room, and furnished rooms, with what can be seen where."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model_hooks.training.drawn_shop.backdrops import interior, room_shell, street
from model_hooks.training.drawn_shop.body import Body, pose
from model_hooks.training.drawn_shop.canvas import Layer, Window
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.figure import draw_figure, draw_over, random_person
from model_hooks.training.drawn_shop.kinds import BY_NAME
from model_hooks.training.drawn_shop.light import photographed
from model_hooks.training.drawn_shop.outfits import Wardrobe, outfit
from model_hooks.training.drawn_shop.rooms import Placement, place_furniture
from model_hooks.training.drawn_shop.stage import Camera, Shown, Stage
from model_hooks.training.drawn_shop.tilted import TiltedLayer

FASHION_SIZE = (480, 640)
HOME_SIZE = (640, 480)
FASHION_SHARE = 0.6
STREET_SHARE = 0.6
COMPANY_SHARE = 0.15
"""Share of full views with somebody else behind."""
VIEWS: Mapping[str, float] = {"full": 0.7, "upper": 0.18, "lower": 0.12}
LEAST_VISIBLE = 0.35
LEAST_SIDE = 9
"""Objects that show fewer pixels across are left out: nobody could label them."""
STANDING = ("chairs", "sofas", "tables", "lamps", "plants", "beds", "shelves")
"""Home goods that cast a shadow where they stand."""


LOOSE = ("cushions", "clocks", "plants")
"""Home goods that may stand, hang or lie a little askew."""


@dataclass(frozen=True)
class SceneObject:
    """A product in a scene.

    Attributes
    ----------
    box
        x, y, w, h in whole pixels, around what can be seen.
    product
        Id of the product.
    visible
        Share of the thing's own area that can be seen, 0..1.
    """

    box: tuple[int, int, int, int]
    category: str
    product: str
    attributes: Mapping[str, str]
    visible: float


@dataclass(frozen=True)
class DrawnScene:
    """A scene's truth; its picture comes with it."""

    id: str
    title: str
    domain: str
    size: tuple[int, int]
    objects: tuple[SceneObject, ...]


def draw_scene(wardrobe: Wardrobe, name: str, rng: np.random.Generator) -> tuple[DrawnScene, Image.Image]:
    """Return a scene with products of the wardrobe, as its truth and its picture."""
    if rng.uniform() < FASHION_SHARE:
        stage, title = _people(wardrobe, rng)
        domain, tilt = "fashion", 3.0
    else:
        stage, title = _room(wardrobe, rng)
        domain, tilt = "home_decor", 2.0
    camera = _camera(stage.size, rng, tilt=tilt)
    picture, shown = stage.seen(camera)
    objects = tuple(_object(item) for item in shown if _counts(item))
    scene = DrawnScene(name, title, domain, stage.size, objects)
    return scene, photographed(picture, rng)


def _camera(size: tuple[int, int], rng: np.random.Generator, *, tilt: float) -> Camera:
    """Return a camera held a little askew, so near that no corner of the picture stays empty."""
    degrees = float(np.clip(rng.normal(0, tilt / 2), -tilt, tilt))
    angle = np.deg2rad(abs(degrees))
    zoom = float(np.cos(angle) + np.sin(angle) * max(size) / min(size)) + 0.005
    return Camera(mirrored=bool(rng.uniform() < 0.5), degrees=degrees, zoom=zoom)


def _counts(item: Shown) -> bool:
    return item.visible >= LEAST_VISIBLE and min(item.box[2:]) >= LEAST_SIDE


def _object(item: Shown) -> SceneObject:
    design = item.design
    return SceneObject(item.box, design.category, design.id, design.attributes, round(item.visible, 3))


def _people(wardrobe: Wardrobe, rng: np.random.Generator) -> tuple[Stage, str]:
    outdoors = rng.uniform() < STREET_SHARE
    stage = Stage.on((street if outdoors else interior)(FASHION_SIZE, rng))
    view = str(rng.choice(list(VIEWS), p=list(VIEWS.values())))
    aside = 0.0
    if view == "full" and rng.uniform() < COMPANY_SHARE:
        aside = float(rng.choice([-1, 1]) * rng.uniform(0.12, 0.2))
        behind = _full_view(rng, at=-aside * 1.2, share=(0.66, 0.78))
        _dress(stage, wardrobe, behind, rng)
    body = _framed(view, rng, aside=aside)
    worn = _dress(stage, wardrobe, body, rng)
    who = "Man" if body.gender == "men" else "Woman"
    where = "in the street" if outdoors else "at home"
    main = next(
        (design for design in reversed(worn) if design.category in ("dresses", "outerwear", "tops")), None
    )
    return stage, f"{who} {where}" + (f": {main.title.lower()}" if main else "")


def _framed(view: str, rng: np.random.Generator, *, aside: float) -> Body:
    """Return somebody seen as a whole, from the waist up, or from the waist down."""
    if view == "full":
        return _full_view(rng, at=aside, share=(0.79, 0.9))
    width, height = FASHION_SIZE
    tall = float(rng.uniform(1.5, 2.0)) * height
    x = width * (0.5 + float(rng.uniform(-0.08, 0.08)))
    if view == "upper":
        return pose(rng, tall, gender=_gender(rng), at=(x, height * float(rng.uniform(0.03, 0.1))))
    tall *= 0.85
    foot = height * float(rng.uniform(0.93, 0.97))
    return pose(rng, tall, gender=_gender(rng), at=(x, foot - tall))


def _full_view(rng: np.random.Generator, *, at: float, share: tuple[float, float]) -> Body:
    width, height = FASHION_SIZE
    tall = height * float(rng.uniform(*share))
    x = width * (0.5 + at + float(rng.uniform(-0.04, 0.04)))
    foot = height * float(rng.uniform(0.93, 0.95))
    return pose(rng, tall, gender=_gender(rng), at=(x, foot - tall))


def _gender(rng: np.random.Generator) -> str:
    return "women" if rng.uniform() < 0.6 else "men"


def _dress(stage: Stage, wardrobe: Wardrobe, body: Body, rng: np.random.Generator) -> list[Design]:
    """Paint somebody and what they wear, piece by piece; return what they wear."""
    worn = outfit(wardrobe, body.gender, rng)
    person = random_person(rng, body.gender)
    window = _window(body, stage.size)
    foot = (body.ankles[0][0] + body.ankles[1][0]) / 2, body.ankles[0][1] + 0.045 * body.height
    stage.darken(foot, (0.16 * body.height, 0.022 * body.height), 0.5)
    skin = Layer(window, body.height, rng)
    draw_figure(skin, person, body)
    stage.put(skin)
    for design in worn:
        wear = BY_NAME[design.kind].wear
        if wear is not None:
            layer = Layer(window, body.height, rng)
            wear(layer, design, body)
            stage.put(layer, design)
    over = Layer(window, body.height, rng)
    draw_over(over, person, body)
    stage.put(over)
    return worn


def _window(body: Body, size: tuple[int, int]) -> Window:
    """Return the part that holds the whole body, be it outside the picture, to know what share is seen."""
    x, y = body.neck[0], body.head[1]
    reach = 0.45 * body.height
    return (
        int(min(x - reach, 0)),
        int(min(y - 0.12 * body.height, 0)),
        int(max(x + reach, size[0])),
        int(max(y + 1.0 * body.height, size[1])),
    )


def _room(wardrobe: Wardrobe, rng: np.random.Generator) -> tuple[Stage, str]:
    ground, floor = room_shell(HOME_SIZE, rng)
    stage = Stage.on(ground)

    def pick(category: str) -> Design:
        design = wardrobe.pick(category, rng)
        if design is None:
            raise LookupError(f"The assortment has no {category}; draw more products.")
        return design

    placements = place_furniture(pick, rng, size=HOME_SIZE, floor=floor)
    for placement in placements:
        _furnish(stage, placement, rng, floor=floor)
    largest = max(placements, key=lambda placement: placement.box[2] * placement.box[3])
    return stage, f"Room with {largest.design.title.lower()}"


def _furnish(stage: Stage, placement: Placement, rng: np.random.Generator, *, floor: float) -> None:
    design, (x, y, w, h) = placement.design, placement.box
    place = BY_NAME[design.kind].place
    if place is None:
        raise LookupError(f"The kind {design.kind!r} has no `place`; give it one.")
    if design.category in STANDING and y + h > floor:
        stage.darken((x + w / 2, y + h), (w * 0.5, max(h * 0.05, 4)), 0.35)
    margin = round(0.06 * max(w, h))
    window = (int(x) - margin, int(y) - margin, int(x + w) + margin, int(y + h) + margin)
    tilt = float(rng.uniform(-5, 5)) if design.category in LOOSE else 0.0
    pivot = (x + w / 2, y + h / 2)
    layer = TiltedLayer(window, max(w, h), rng, pivot=pivot, degrees=tilt)
    place(layer, design, placement.box)
    stage.put(layer, design, mirrored=placement.mirrored)
