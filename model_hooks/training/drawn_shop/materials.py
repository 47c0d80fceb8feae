"""Surfaces: a ground colour, a fabric's texture and a pattern, as functions of the place on the cloth."""

import numpy as np
from numpy.typing import NDArray

from model_hooks.training.drawn_shop.designs import Material

Floats = NDArray[np.float32]


def surface(material: Material, u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return the colours and the cover of a material at places on it.

    Parameters
    ----------
    u, v
        `(H, W)` place across and along the cloth; 1 is the body's height or the furniture's larger side.

    Returns
    -------
    `(H, W, 3)` colours 0..1 and `(H, W)` cover 0..1, which is below 1 only where one sees through (lace).
    """
    ground: Floats = np.asarray(material.rgb, np.float32) / np.float32(255)
    colours = np.broadcast_to(ground, (*u.shape, 3)).copy()
    return colours, np.ones_like(u)
