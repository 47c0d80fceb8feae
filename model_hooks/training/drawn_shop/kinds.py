"""Every kind of thing that the shop sells."""

from model_hooks.training.drawn_shop import (
    accessories,
    bags,
    decor,
    dresses,
    furniture,
    legwear,
    outerwear,
    seating,
    shoes,
    tops,
)
from model_hooks.training.drawn_shop.designs import CATEGORIES, Kind

KINDS: tuple[Kind, ...] = (
    *tops.KINDS,
    *outerwear.KINDS,
    *dresses.KINDS,
    *legwear.KINDS,
    *shoes.KINDS,
    *bags.KINDS,
    *accessories.KINDS,
    *seating.KINDS,
    *furniture.KINDS,
    *decor.KINDS,
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_CATEGORY = {
    category: tuple(kind for kind in KINDS if kind.category == category) for category in CATEGORIES
}
