"""Catalog pictures: one product on a plain ground, as a shop would photograph it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from model_hooks.training.drawn_shop.body import Body, mannequin
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.kinds import BY_NAME
from model_hooks.training.drawn_shop.stage import Stage
from model_hooks.training.drawn_shop.tilted import TiltedLayer

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
TILTED_SHARE = 0.5
SHADOW_FINENESS = 4


def catalog_picture(design: Design, rng: np.random.Generator) -> Image.Image:
    """Return the product alone, `SIZE` by `SIZE` pixels; fashion is worn by nobody."""
    filled = SIZE * rng.uniform(*FILLED)
    degrees = float(rng.uniform(-TILT, TILT)) if rng.uniform() < TILTED_SHARE else 0.0
    draw = _worn if BY_NAME[design.kind].wear else _placed
    layer = draw(design, filled, rng, degrees=degrees)
    stage = Stage.on(Image.new("RGB", (SIZE, SIZE), GROUNDS[int(rng.integers(len(GROUNDS)))]))
    stage.pixels *= _shadow(layer, rng)[..., None]
    stage.put(layer)
    return stage.picture()


def _layer(unit: float, rng: np.random.Generator, *, degrees: float) -> Layer:
    window, middle = (0, 0, SIZE, SIZE), (SIZE / 2, SIZE / 2)
    if not degrees:
        return Layer(window, unit, rng)
    return TiltedLayer(window, unit, rng, pivot=middle, degrees=degrees)


def _worn(design: Design, filled: float, rng: np.random.Generator, *, degrees: float) -> Layer:
    """Draw on a mannequin so near that the product takes `filled` pixels."""
    gender = "men" if design.gender == "men" else "women"
    view = int(rng.integers(2**31))
    x0, y0, x1, y1 = _extent(design, gender, view)
    scale = filled / max(x1 - x0, y1 - y0)
    corner = (SIZE / 2 - (x0 + x1) / 2 * scale, SIZE / 2 - (y0 + y1) / 2 * scale)
    layer = _layer(scale, np.random.default_rng(view), degrees=degrees)
    _wear(layer, design, mannequin(scale, gender=gender, at=corner))
    return layer


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


def _placed(design: Design, filled: float, rng: np.random.Generator, *, degrees: float) -> Layer:
    kind = BY_NAME[design.kind]
    if kind.place is None:
        raise ValueError(f"The kind {design.kind!r} has neither `wear` nor `place`; give it one.")
    proportion = kind.proportion(design)
    width, height = filled * min(proportion, 1), filled / max(proportion, 1)
    layer = _layer(filled, rng, degrees=degrees)
    kind.place(layer, design, ((SIZE - width) / 2, (SIZE - height) / 2, width, height))
    return layer


def _shadow(layer: Layer, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the brightness that the product's soft shadow leaves on the ground, a little below it."""
    covered = Image.fromarray((np.clip(layer.alpha, 0, 1) * 255).astype(np.uint8)).reduce(SHADOW_FINENESS)
    soft = covered.filter(ImageFilter.GaussianBlur(rng.uniform(1.5, 3)))
    shift = (float(rng.integers(-2, 3)), float(rng.integers(1, 3)))
    moved = soft.transform(soft.size, Image.Transform.AFFINE, (1, 0, -shift[0], 0, 1, -shift[1]))
    dark = np.asarray(moved.resize((SIZE, SIZE), Image.Resampling.BILINEAR), np.float32)
    brightness: NDArray[np.float32] = 1 - dark * np.float32(rng.uniform(0.1, 0.24) / 255)
    return brightness
