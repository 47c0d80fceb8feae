"""What a drawn product is: its kind, shape, material and words; and the words that a labeler would use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model_hooks.training.drawn_shop.body import Body
    from model_hooks.training.drawn_shop.canvas import Layer

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""x, y, w, h in pixels."""

FASHION = ("tops", "outerwear", "dresses", "pants", "shorts", "skirts", "shoes", "bags", "accessories")
HOME = ("chairs", "sofas", "tables", "lamps", "rugs", "plants", "clocks", "cushions", "beds", "shelves")
CATEGORIES = FASHION + HOME

COLOURS: Mapping[str, Colour] = {
    "black": (34, 34, 38),
    "white": (240, 238, 232),
    "grey": (136, 138, 142),
    "beige": (205, 182, 145),
    "brown": (112, 72, 44),
    "red": (186, 32, 40),
    "pink": (232, 150, 176),
    "orange": (226, 122, 38),
    "yellow": (234, 200, 62),
    "green": (58, 124, 66),
    "blue": (64, 122, 204),
    "navy": (28, 42, 88),
    "purple": (112, 62, 140),
}
PATTERNS = ("solid", "striped", "plaid", "floral", "dotted", "animal", "graphic")
FABRICS = ("cotton", "denim", "leather", "knit", "lace", "silk")
HOME_FABRICS = ("linen", "velvet", "leather", "knit", "wood", "metal", "rattan", "ceramic")
LOWER_BODY_LENGTHS = ("mini", "knee", "midi", "full")
DRESS_STYLES = ("sheath", "a_line", "skater", "shirt", "wrap")
GENDERS = ("men", "women", "unisex")
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "color": tuple(COLOURS),
    "pattern": PATTERNS,
    "fabric": FABRICS,
    "lower_body_length": LOWER_BODY_LENGTHS,
    "dress_style": DRESS_STYLES,
}
"""The paper's five attributes (6.2.3) with their values; the last three are of fashion only."""


@dataclass(frozen=True)
class Material:
    """How a surface looks.

    Attributes
    ----------
    colour, rgb
        The ground's name in `COLOURS`, and its exact shade.
    pattern, fabric
        Of `PATTERNS`, and of `FABRICS` or `HOME_FABRICS`.
    second, third
        Further colours of the pattern; a solid material does not use them.
    scale, angle
        Size of the pattern's repeat, 0..1 from fine to coarse, and its turn in radians.
    seed
        Which of the endless florals, prints or grains it is.
    """

    colour: str
    rgb: Colour
    pattern: str = "solid"
    fabric: str = "cotton"
    second: Colour = (240, 238, 232)
    third: Colour = (34, 34, 38)
    scale: float = 0.5
    angle: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Design:
    """One product.

    Attributes
    ----------
    shape
        The kind's knobs, each 0..1.
    trim
        Colour of buttons, soles, legs, frames and the like.
    seed
        For details that are drawn at random but belong to the product.
    attributes
        The labeler's words, of `ATTRIBUTES`; only those that apply.
    family, difference
        Products of one family look alike; the difference says in what this one departs from its model:
        `colour`, `pattern`, `shape`, or empty for the model itself.
    """

    id: str
    category: str
    kind: str
    gender: str | None
    shape: Mapping[str, float]
    material: Material
    trim: Colour
    seed: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    difference: str = ""
    title: str = ""
    price: float = 0.0
    merchant: str = ""

    def knob(self, name: str, low: float = 0.0, high: float = 1.0) -> float:
        """Return a knob of the shape, scaled to `low`..`high`."""
        return low + (high - low) * self.shape[name]


def _no_attributes(_shape: Mapping[str, float]) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Kind:
    """One sort of thing within a category, drawn by one function.

    Attributes
    ----------
    knobs
        Names of the shape's parameters, each 0..1.
    wear
        Fashion: draws the thing on a body.
    place
        Home: draws the thing so that it fills a box.
    proportion
        Home: width divided by height of that box, from the shape.
    price
        Lowest and highest usual price.
    words
        What a shop would call it, for titles.
    shape_attributes
        The attributes that follow from the shape (`lower_body_length`, `dress_style`).
    share
        How often the kind comes within its category, relative to its siblings.
    """

    name: str
    category: str
    knobs: tuple[str, ...]
    fabrics: tuple[str, ...]
    patterns: tuple[str, ...]
    price: tuple[float, float]
    words: tuple[str, ...]
    genders: tuple[str, ...] = ()
    wear: "Callable[[Layer, Design, Body], None] | None" = None
    place: "Callable[[Layer, Design, Box], None] | None" = None
    proportion: Callable[[Design], float] = lambda _design: 1.0
    shape_attributes: Callable[[Mapping[str, float]], dict[str, str]] = _no_attributes
    share: float = 1.0
