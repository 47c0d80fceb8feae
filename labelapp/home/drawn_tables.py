"""A drawn shop as tables to import: each row comes with its picture, which is never a file."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labelapp.catalog.errors import RowRefused
from labelapp.catalog.importing.run import TOGETHER
from labelapp.catalog.models import Scene
from labelapp.catalog.rows import Row
from model_hooks.training.drawn_shop import shop, tables
from model_hooks.training.drawn_shop.pairs import creator_pairs
from model_hooks.training.drawn_shop.scenes import DrawnScene, SceneObject

PROCESSES = 2
SAID_IN_TITLES = " (drawn)"
TITLE_AT_MOST = 300
HELD_AT_MOST = 2 * TOGETHER
"""Pictures of the rows at hand, and of those before them."""

Values = Mapping[str, Any]


class DrawnTable:
    """Rows under headings and their pictures; both a table and a source of pictures for `run_import`."""

    def __init__(self, headings: Iterable[str], drawn: Iterator[tuple[Values, bytes]]) -> None:
        self._headings = list(headings)
        self._drawn = drawn
        self._held = OrderedDict[str, bytes]()

    def headings(self) -> list[str]:
        return self._headings

    def rows(self) -> Iterator[Row]:
        for number, (values, picture) in enumerate(self._drawn, start=1):
            if picture:
                self._hold(values["file"], picture)
            yield Row(number, dict(values))

    def digest(self, name: str) -> str:
        return hashlib.sha256(self.read(name)).hexdigest()

    def read(self, name: str) -> bytes:
        if name not in self._held:
            raise RowRefused(f"The picture {name!r} was drawn too long ago; start the import again.")
        return self._held[name]

    def _hold(self, name: str, picture: bytes) -> None:
        self._held[name] = picture
        if len(self._held) > HELD_AT_MOST:
            self._held.popitem(last=False)


def drawn_products(plan: shop.Plan, *, first: int) -> DrawnTable:
    """The products of the shop from a number on; the truth about each stands in its further columns."""
    drawn = shop.draw_products(plan, processes=PROCESSES, first=first)
    rows = ((_said(tables.product_row(design)), picture) for design, picture in drawn)
    return DrawnTable((*tables.PRODUCT_COLUMNS, "drawn"), rows)


def drawn_scenes(plan: shop.Plan, *, first: int) -> DrawnTable:
    """The scenes of the shop from a number on, with the objects that can be seen in them."""
    drawn = shop.draw_scenes(plan, processes=PROCESSES, first=first)
    rows = ((_scene_values(scene), picture) for scene, picture in drawn)
    return DrawnTable((*tables.SCENE_COLUMNS, "drawn", "objects"), rows)


def drawn_pairs(plan: shop.Plan, source: str) -> DrawnTable:
    """What creators claim about the imported scenes; most of it is wrong, as in the paper."""
    pairs = creator_pairs(_scenes_of(source), shop.stock(plan.products, plan.seed), plan.seed)
    rows = ((tables.pair_row(pair), b"") for pair in pairs)
    return DrawnTable(tables.PAIR_COLUMNS, rows)


def _scene_values(scene: DrawnScene) -> Values:
    return _said(tables.scene_row(scene)) | {"objects": tables.scene_line(scene)["objects"]}


def _said(row: Values) -> dict[str, Any]:
    """Say in the title and in a column of its own that a program has drawn the picture."""
    title = f"{row['title'][: TITLE_AT_MOST - len(SAID_IN_TITLES)]}{SAID_IN_TITLES}"
    return {**row, "title": title, "drawn": True}


def _scenes_of(source: str) -> Iterator[DrawnScene]:
    """Give the scenes back as they were drawn, from what was imported."""
    for scene in Scene.objects.filter(source=source).select_related("image").order_by("external_id"):
        objects = tuple(
            SceneObject(**one | {"box": tuple(one["box"])}) for one in scene.annotations["objects"]
        )
        size = scene.image.width, scene.image.height
        yield DrawnScene(scene.external_id, scene.title, scene.domain, size, objects)
