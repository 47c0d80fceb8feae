"""Chance that is bound to a seed and a place, not to the order of calls."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def chance(seed: int, number: int) -> float:
    """Return the seed's `number`th random value, 0..1."""
    cell = (np.full(1, number, np.float32), np.zeros(1, np.float32))
    return float(speckle(cell, seed)[0])


def speckle(cell: tuple[Floats, Floats], seed: int) -> Floats:
    """Return a random value 0..1 per whole-numbered cell (column, row), alike for alike cells."""
    x, y = (part.astype(np.int64).astype(np.uint32) for part in cell)
    mixed = (
        x * np.uint32(0x8DA6B343) ^ y * np.uint32(0xD8163841) ^ np.uint32((seed * 0xCB1AB31F) & 0xFFFFFFFF)
    )
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    mixed = (mixed ^ (mixed >> np.uint32(12))) * np.uint32(0x297A2D39)
    mixed ^= mixed >> np.uint32(15)
    return (mixed & np.uint32(0xFFFFFF)).astype(np.float32) / np.float32(0x1000000)
