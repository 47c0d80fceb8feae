"""What a camera does to a scene: colour of the light, exposure, falling light, blur and noise."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Floats = NDArray[np.floating[Any]]


def photographed(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return the picture as if taken under some light, by some camera."""
    width, height = picture.size
    if rng.uniform() < 0.5:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))
    pixels: Floats = np.asarray(picture, np.float32) / np.float32(255)
    pixels = pixels ** np.float32(rng.uniform(0.78, 1.3))
    warmth, tint = rng.uniform(-0.13, 0.13), rng.uniform(-0.05, 0.05)
    exposure = rng.uniform(0.72, 1.18)
    cast = np.array([1 + warmth, 1 + tint, 1 - warmth], np.float32) * np.float32(exposure)
    pixels = pixels * cast * _falling_light((width, height), rng)[..., None]
    haze = np.float32(rng.uniform(0, 0.1))
    pixels = pixels * (1 - haze) + haze * np.float32(0.8)
    noise = rng.standard_normal((height, width), np.float32) * np.float32(rng.uniform(0.003, 0.02))
    pixels = np.clip(pixels + noise[..., None], 0, 1)
    return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8))


def _falling_light(size: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return light that grows from one side of the picture to the other, 0.8..1.2."""
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.2)
    x = np.linspace(-1, 1, size[0], dtype=np.float32) * np.float32(np.cos(angle))
    y = np.linspace(-1, 1, size[1], dtype=np.float32) * np.float32(np.sin(angle))
    slope: Floats = 1 + np.float32(strength) * (x[None] + y[:, None])
    return slope
