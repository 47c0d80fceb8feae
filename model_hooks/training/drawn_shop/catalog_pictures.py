"""Catalog pictures: one product on a plain ground, as a shop would photograph it."""

import numpy as np
from PIL import Image, ImageFilter

from model_hooks.training.drawn_shop.body import Body, mannequin
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.kinds import BY_NAME

SIZE = 400
FILLED = (0.72, 0.86)
"""Share of the picture's side that the product's longer side takes."""
ROUGH = (160, 800)
"""Heights of the mannequin by which the product's extent is found: the second for small things."""
ENOUGH = 40
"""Pixels that a product must cover for its extent to be trusted."""
TILT = 4.0
"""Degrees by which some products are turned."""
GROUNDS = ((255, 255, 255), (255, 255, 255), (246, 245, 243), (240, 241, 243), (243, 238, 232))
SHADOW_FINENESS = 4


def catalog_picture(design: Design, rng: np.random.Generator) -> Image.Image:
    """Return the product alone, `SIZE` by `SIZE` pixels; fashion is worn by nobody."""
    filled = SIZE * rng.uniform(*FILLED)
    cutout = _worn(design, filled, rng) if BY_NAME[design.kind].wear else _placed(design, filled, rng)
    if rng.uniform() < 0.5:
        angle = float(rng.uniform(-TILT, TILT))
        cutout = cutout.rotate(angle, Image.Resampling.BILINEAR)
    ground = Image.new("RGB", (SIZE, SIZE), GROUNDS[int(rng.integers(len(GROUNDS)))])
    _drop_shadow(ground, cutout, rng)
    ground.paste(cutout, (0, 0), cutout)
    return ground


def _worn(design: Design, filled: float, rng: np.random.Generator) -> Image.Image:
    """Draw on a mannequin so near that the product takes `filled` pixels."""
    gender = "men" if design.gender == "men" else "women"
    view = int(rng.integers(2**31))
    x0, y0, x1, y1 = _extent(design, gender, view)
    scale = filled / max(x1 - x0, y1 - y0)
    corner = (SIZE / 2 - (x0 + x1) / 2 * scale, SIZE / 2 - (y0 + y1) / 2 * scale)
    layer = Layer((0, 0, SIZE, SIZE), scale, np.random.default_rng(view))
    _wear(layer, design, mannequin(scale, gender=gender, at=corner))
    return layer.image()


def _extent(design: Design, gender: str, view: int) -> tuple[float, float, float, float]:
    """Return what the product covers, in heights of a mannequin whose crown is at 0, 0."""
    for height in ROUGH:
        window = (-height // 2, -height // 4, height // 2, height * 5 // 4)
        layer = Layer(window, height, np.random.default_rng(view))
        _wear(layer, design, mannequin(height, gender=gender))
        found = layer.bounds()
        if found and max(found[2] - found[0], found[3] - found[1]) >= ENOUGH:
            break
    else:
        if found is None:
            raise ValueError(f"The {design.kind} {design.id} drew nothing; look at its `wear`.")
    x0, y0, x1, y1 = (side / height for side in found)
    return x0, y0, x1, y1


def _wear(layer: Layer, design: Design, body: Body) -> None:
    wear = BY_NAME[design.kind].wear
    if wear is None:
        raise ValueError(f"The kind {design.kind!r} is of fashion but has no `wear`; give it one.")
    wear(layer, design, body)


def _placed(design: Design, filled: float, rng: np.random.Generator) -> Image.Image:
    kind = BY_NAME[design.kind]
    if kind.place is None:
        raise ValueError(f"The kind {design.kind!r} has neither `wear` nor `place`; give it one.")
    proportion = kind.proportion(design)
    width, height = filled * min(proportion, 1), filled / max(proportion, 1)
    layer = Layer((0, 0, SIZE, SIZE), filled, rng)
    kind.place(layer, design, ((SIZE - width) / 2, (SIZE - height) / 2, width, height))
    return layer.image()


def _drop_shadow(ground: Image.Image, cutout: Image.Image, rng: np.random.Generator) -> None:
    """Lay the product's soft shadow onto the ground, a little below it."""
    small = cutout.getchannel("A").reduce(SHADOW_FINENESS)
    soft = small.filter(ImageFilter.GaussianBlur(rng.uniform(1.5, 3)))
    strength = float(rng.uniform(0.12, 0.3))
    soft = soft.point(lambda cover: int(cover * strength))
    shift = int(rng.integers(-6, 7)), int(rng.integers(4, 9))
    ground.paste((60, 58, 56), shift, soft.resize(cutout.size, Image.Resampling.BILINEAR))
