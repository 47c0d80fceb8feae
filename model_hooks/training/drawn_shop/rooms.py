"""Furnished rooms: which home goods stand together, and how."""

import numpy as np

from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.furnishing import METRES, SEATS, TOPS, TRIES, Pick, Placement, Room

__all__ = ["Placement", "place_furniture"]

WALL_CLOCKS = ("round_clock", "square_clock")
STANDING_SHELVES = ("bookcase", "ladder_shelf")
SMALL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lamps", ("table_lamp",)),
    ("plants", ("succulent",)),
    ("clocks", ("mantel_clock",)),
)


def place_furniture(
    pick: Pick, rng: np.random.Generator, *, size: tuple[int, int], floor: float
) -> list[Placement]:
    """Furnish a room with some four to eight things.

    Parameters
    ----------
    pick
        Draws a design of a category.
    size
        Width and height of the picture in pixels.
    floor
        The y where the wall ends and the floor begins.

    Returns
    -------
    The things from back to front.
    """
    room = Room(pick, rng, size, floor)
    recipes = (_lounge, _bedroom, _dining, _study)
    recipe = recipes[int(rng.choice(len(recipes), p=(0.4, 0.25, 0.2, 0.15)))]
    recipe(room)
    return room.furnished()


def _lounge(room: Room) -> None:
    middle = room.between(0.42, 0.58)
    sofa = room.stand(room.pick("sofas"), middle, room.between(0.25, 0.4))
    if room.chance(0.75):
        _rug(room, middle, room.between(0.85, 0.98))
    _cushions(room, sofa, int(room.rng.integers(1, 4)))
    left, right = _beside(sofa)
    first, second = (left, right) if room.chance(0.5) else (right, left)
    _side(room, first)
    if room.chance(0.7):
        _side(room, second)
    if room.chance(0.5):
        table = room.find("tables", ("coffee_table",))
        if table is not None:
            _small(
                room, room.stand(table, middle + room.between(-0.06, 0.06), room.between(0.85, 0.95)), 0.35
            )
    elif room.chance(0.5):
        _seat_at_edge(room)
    _above(room, sofa)


def _bedroom(room: Room) -> None:
    middle = room.between(0.4, 0.6)
    bed = room.stand(room.pick("beds"), middle, room.between(0.5, 0.66))
    if room.chance(0.6):
        _rug(room, middle + room.between(-0.05, 0.05), 0.99)
    _cushions(room, bed, int(room.rng.integers(1, 3)))
    left, right = _beside(bed)
    first, second = (left, right) if room.chance(0.5) else (right, left)
    _bedside(room, first)
    if room.chance(0.75):
        _side(room, second)
    _above(room, bed)


def _bedside(room: Room, spot: tuple[float, int]) -> None:
    table = room.find("tables", ("side_table",))
    if table is None:
        _side(room, spot)
        return
    stood = _stand_beside(room, table, spot, room.between(0.15, 0.3))
    _small(room, stood, 0.95)


def _dining(room: Room) -> None:
    middle, depth = room.between(0.44, 0.56), room.between(0.5, 0.68)
    table = room.find("tables", ("dining_table",)) or room.pick("tables")
    stood = room.stand(table, middle, depth)
    if room.chance(0.6):
        _rug(room, middle, depth + 0.28)
    for side in (-1, 1):
        chair = room.find("chairs", ("dining_chair", "stool"))
        if chair is not None and (side < 0 or room.chance(0.75)):
            reach = (stood.box[2] / 2) / room.width + room.between(0.01, 0.05)
            room.stand(chair, middle + side * reach, depth + room.between(-0.15, 0.2))
    _small(room, stood, 0.6)
    _corner(room, stood, 0.85)
    lamp = room.find("lamps", ("pendant_lamp",)) if room.chance(0.75) else None
    if lamp is not None:
        room.hang(lamp, middle + room.between(-0.05, 0.05), -0.02)
    _wall(room, (0.12, 0.88), stood.box[1] / room.height)


def _study(room: Room) -> None:
    middle = room.between(0.38, 0.62)
    desk = room.find("tables", ("desk",)) or room.pick("tables")
    stood = room.stand(desk, middle, room.between(0.25, 0.4))
    chair = room.find("chairs", ("office_chair", "dining_chair"))
    if chair is not None:
        room.stand(chair, middle + room.between(-0.16, 0.1), room.between(0.66, 0.8))
    _small(room, stood, 0.9)
    left, right = _beside(stood)
    shelf = room.find("shelves", STANDING_SHELVES)
    first, second = (left, right) if room.chance(0.5) else (right, left)
    if shelf is not None:
        _stand_beside(room, shelf, first, 0.12)
    _side(room, second)
    if room.chance(0.5):
        _rug(room, middle, 0.97)
    _above(room, stood)


def _beside(placement: Placement) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return the x of both ends of a thing with the way that leads away from it."""
    x, _, w, _ = placement.box
    return (x, -1), (x + w, 1)


def _stand_beside(room: Room, design: Design, spot: tuple[float, int], depth: float) -> Placement:
    """Stand a thing next to the main one, at most a quarter hidden by it or cut by the picture's edge."""
    x, way = spot
    w, _ = room.measure(design, room.base(depth))
    middle = x + way * w * room.between(0.36, 0.62)
    inside = (0.3 * w, room.width - 0.3 * w)
    return room.stand(design, float(np.clip(middle, *inside)) / room.width, depth)


def _side(room: Room, spot: tuple[float, int]) -> None:
    """Furnish one side of the main thing: lamp, plant, shelf, chair or small table."""
    sort = room.rng.uniform()
    if sort < 0.3:
        design = room.find("lamps", ("floor_lamp",))
    elif sort < 0.6:
        design = room.find("plants", ("indoor_tree", "leafy_plant", "upright_plant"))
    elif sort < 0.75:
        design = room.find("shelves", STANDING_SHELVES)
    elif sort < 0.87:
        design = room.find("chairs", ("armchair",))
    else:
        design = room.find("tables", ("side_table",))
    if design is None:
        return
    chair = design.kind == "armchair"
    stood = _stand_beside(room, design, spot, room.between(0.5, 0.7) if chair else room.between(0.08, 0.24))
    if chair and room.chance(0.5):
        _cushions(room, stood, 1)
    elif design.kind in TOPS:
        _small(room, stood, 0.9 if design.kind == "side_table" else 0.4)


def _corner(room: Room, main: Placement, chance: float) -> None:
    """Put something tall into one corner, or into both."""
    x, _, w, _ = main.box
    corners = [(0.1, x / room.width), (0.9, 1 - (x + w) / room.width)]
    first = int(room.rng.integers(2))
    for number in (first, 1 - first):
        middle, free = corners[number]
        if free < 0.12 or not room.chance(chance):
            continue
        category, kinds = (
            ("plants", ("indoor_tree", "leafy_plant")) if room.chance(0.5) else ("shelves", STANDING_SHELVES)
        )
        design = room.find(category, kinds)
        if design is not None:
            room.stand(design, middle, 0.08)
        chance *= 0.6


def _cushions(room: Room, seat: Placement, count: int) -> None:
    """Lay cushions on a sofa, a bed or a chair, side by side with little overlap."""
    x, y, w, h = seat.box
    start, end, foot = SEATS[seat.design.kind]
    if seat.mirrored:
        start, end = 1 - end, 1 - start
    for place in _spread(room, count, start, end):
        design = room.pick("cushions")
        wide, tall = room.measure(design, y + h)
        room.put(design, (x + place * w - wide / 2, y + foot * h - tall, wide, tall), y + h + 0.2)


def _spread(room: Room, count: int, start: float, end: float) -> list[float]:
    if end - start < 0.05:
        return [start]
    if count == 1:
        return [room.between(start, end)]
    return [
        start + (end - start) * number / (count - 1) + room.between(-0.03, 0.03) for number in range(count)
    ]


def _rug(room: Room, middle: float, depth: float) -> None:
    design = room.pick("rugs")
    base = min(room.base(depth), room.height * 1.01)
    w, h = room.measure(design, base)
    h = min(h, 0.85 * (base - room.floor))
    room.put(design, (middle * room.width - w / 2, base - h, w, h), -1)


def _small(room: Room, support: Placement, chance: float) -> None:
    """Stand a lamp, a small plant or a clock on a thing."""
    if support.design.kind not in TOPS or not room.chance(chance):
        return
    category, kinds = SMALL[int(room.rng.choice(3, p=(0.45, 0.35, 0.2)))]
    design = room.find(category, kinds)
    if design is not None and support.box[1] > METRES[design.kind] * 1.2 * room.metre:
        wide = support.design.kind in ("dining_table", "coffee_table", "desk")
        room.stand_on(design, support, room.between(0.2, 0.75) if wide else 0.5)


def _above(room: Room, main: Placement) -> None:
    """Hang something on the wall over the main thing, where there is room."""
    x, y, w, _ = main.box
    _wall(room, ((x + 0.1 * w) / room.width, (x + 0.9 * w) / room.width), y / room.height)


def _wall(room: Room, span: tuple[float, float], below: float) -> None:
    """Hang a clock or a shelf between two x and above a y, where nothing is in the way."""
    sort = room.rng.uniform()
    if sort > 0.85:
        return
    design = room.find("clocks", WALL_CLOCKS) if sort < 0.5 else room.find("shelves", ("wall_shelf",))
    if design is None:
        return
    w, h = room.measure(design, room.floor)
    lowest = min(below - h / room.height - 0.03, 0.22)
    for _ in range(TRIES if lowest > 0.02 else 0):
        middle, y = room.between(*span), room.between(0.02, lowest)
        if room.is_free((middle * room.width - w / 2, y * room.height, w, h)):
            room.hang(design, middle, y)
            return


def _seat_at_edge(room: Room) -> None:
    """Stand a chair near the viewer, partly cut off by the picture's edge."""
    chair = room.find("chairs", ("armchair", "stool"))
    taken = any(placement.design.kind == "armchair" for _, placement in room.placed)
    if chair is None or taken:
        return
    w, _ = room.measure(chair, room.base(0.9))
    inside = room.between(0.12, 0.45) * w / room.width
    room.stand(chair, inside if room.chance(0.5) else 1 - inside, 0.9)
