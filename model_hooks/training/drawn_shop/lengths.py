"""How far down the legs a garment reaches, so that the lengths' names can be told apart by eye."""

from collections.abc import Mapping

from model_hooks.training.drawn_shop.designs import Design

Bands = tuple[tuple[str, float, float], ...]
"""A name of `LOWER_BODY_LENGTHS` with the levels of the shortest and longest hem; gaps lie between them."""


def length_of(design: Design, bands: Bands) -> float:
    """Return the level of the hem as a share of the body's height."""
    value = design.knob("length") * len(bands)
    index = min(int(value), len(bands) - 1)
    _, shortest, longest = bands[index]
    return shortest + (longest - shortest) * (value - index)


def words_of(shape: Mapping[str, float], bands: Bands) -> dict[str, str]:
    """Return the attribute that says the length."""
    index = min(int(shape["length"] * len(bands)), len(bands) - 1)
    return {"lower_body_length": bands[index][0]}
