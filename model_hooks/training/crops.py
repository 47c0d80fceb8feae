"""Pictures of products, from the catalog and cut out of scenes, as one array for training and measuring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_hooks.adapters.pictures import as_rgb
from model_hooks.adapters.tiny.trimming import product_box
from model_hooks.errors import ModelUseError
from model_hooks.training.drawn_shop.designs import ATTRIBUTES, CATEGORIES, GENDERS
from model_hooks.training.shop_files import DESIGNS, TRUTH, read_lines

Pixels = NDArray[np.uint8]
Box = Sequence[float]
"""x, y, w, h in pixels."""

HEADS: Mapping[str, tuple[str, ...]] = {"category": CATEGORIES, "gender": GENDERS, **ATTRIBUTES}
"""What is predicted of a crop, and the values in output order."""
MARGIN = 0.1
"""What is kept around a box on each side, in its own sides: room to move it."""
STORED = 136
"""Side of a stored crop, margin included; the box itself takes 113 pixels."""


@dataclass(frozen=True)
class Product:
    """One line of `designs.jsonl`."""

    id: str
    path: Path
    family: str
    words: Mapping[str, str]
    """Head to value; only what applies."""


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene: its box, its product and the words for it."""

    box: tuple[float, float, float, float]
    product: str
    category: str


@dataclass(frozen=True)
class Scene:
    """One line of `truth.jsonl`."""

    id: str
    path: Path
    objects: tuple[SceneObject, ...]


@dataclass(frozen=True)
class World:
    """A folder that the drawn shop has written."""

    products: tuple[Product, ...]
    scenes: tuple[Scene, ...]
    row: Mapping[str, int] = field(repr=False)
    """Product id to its place in `products`."""

    def family_numbers(self) -> NDArray[np.int64]:
        """Return for each product the number of its family."""
        numbers = {name: number for number, name in enumerate(dict.fromkeys(p.family for p in self.products))}
        return np.array([numbers[product.family] for product in self.products], np.int64)

    def labels(self) -> dict[str, NDArray[np.int64]]:
        """Return for each head the place of each product's value, -1 where it does not apply."""
        return {
            head: np.array(
                [values.index(p.words[head]) if p.words.get(head) in values else -1 for p in self.products],
                np.int64,
            )
            for head, values in HEADS.items()
        }

    def applies(self) -> dict[str, list[str]]:
        """Return for each head that some categories lack the categories that have it."""
        found: dict[str, list[str]] = {}
        for head in HEADS:
            having = {p.words["category"] for p in self.products if head in p.words}
            if head != "category" and having != {p.words["category"] for p in self.products}:
                found[head] = [category for category in CATEGORIES if category in having]
        return found


def read_world(folder: Path) -> World:
    """Read `designs.jsonl` and `truth.jsonl` of a drawn shop's folder.

    Raises
    ------
    ModelUseError
        If one of them is missing or not as the drawn shop writes it.
    """
    try:
        products = tuple(_product(folder, line) for line in read_lines(folder / DESIGNS))
        scenes = tuple(_scene(folder, line) for line in read_lines(folder / TRUTH))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUseError(
            f"{folder} is no folder of the drawn shop ({error!r}); draw one with "
            "`python -m model_hooks.training.drawn_shop`."
        ) from error
    return World(products, scenes, {product.id: row for row, product in enumerate(products)})


def _product(folder: Path, line: Mapping[str, Any]) -> Product:
    words = {"category": line["category"], "gender": line["gender"], **line["attributes"]}
    applying = {head: value for head, value in words.items() if value is not None}
    path = _file(folder, "products", line["file"])
    return Product(line["id"], path, line["family"] or line["id"], applying)


def _scene(folder: Path, line: Mapping[str, Any]) -> Scene:
    objects = tuple(
        SceneObject(tuple(map(float, each["box"])), each["product"], each["category"])  # type: ignore[arg-type]  # 4 numbers
        for each in line["objects"]
    )
    return Scene(line["id"], _file(folder, "scenes", line["file"]), objects)


def _file(folder: Path, kind: str, name: str) -> Path:
    return folder / name if "/" in name else folder / kind / name


@dataclass(frozen=True)
class Stored:
    """Boxes cut out of pictures, with a margin around each.

    Attributes
    ----------
    pixels
        `(N, STORED, STORED, 3)` RGB; the box itself is the middle, `MARGIN` of its sides lie around it.
    proportion
        `(N,)` width of each box divided by its height.
    """

    pixels: Pixels
    proportion: NDArray[np.float32]

    @classmethod
    def empty(cls, count: int) -> "Stored":
        """Make room for some."""
        return cls(np.empty((count, STORED, STORED, 3), np.uint8), np.empty(count, np.float32))

    def put(self, row: int, picture: Image.Image, box: Box) -> None:
        """Cut a box out of an RGB picture."""
        self.pixels[row] = with_margin(picture, box)
        self.proportion[row] = box[2] / box[3]

    def at(self, rows: NDArray[np.int64]) -> "Stored":
        """Return some of them."""
        return Stored(self.pixels[rows], self.proportion[rows])


@dataclass(frozen=True)
class Crops:
    """Pictures of products.

    Attributes
    ----------
    product
        `(N,)` place of each crop's product in the world.
    from_scene
        `(N,)` cut out of a scene, not a catalog picture.
    """

    stored: Stored
    product: NDArray[np.int64]
    from_scene: NDArray[np.bool_]


def load_crops(world: World) -> Crops:
    """Load every catalog picture and every scene object, about 55 kB each."""
    known = [[o for o in scene.objects if o.product in world.row] for scene in world.scenes]
    count = len(world.products) + sum(map(len, known))
    stored = Stored.empty(count)
    product = np.empty(count, np.int64)
    for row, each in enumerate(world.products):
        picture = opened(each.path)
        stored.put(row, picture, product_box(picture))
        product[row] = row
    row = len(world.products)
    for scene, objects in zip(world.scenes, known, strict=True):
        picture = opened(scene.path)
        for each_object in objects:
            stored.put(row, picture, each_object.box)
            product[row] = world.row[each_object.product]
            row += 1
    return Crops(stored, product, np.arange(count) >= len(world.products))


def opened(path: Path) -> Image.Image:
    """Return a picture of a file in RGB, fully read."""
    with Image.open(path) as picture:
        picture.load()
        return as_rgb(picture)


def with_margin(picture: Image.Image, box: Box) -> Pixels:
    """Cut a box and its margin out of an RGB picture; beyond the picture its edge goes on."""
    x, y, w, h = box
    left, right = max(x - MARGIN * w, 0), min(x + (1 + MARGIN) * w, picture.width)
    top, bottom = max(y - MARGIN * h, 0), min(y + (1 + MARGIN) * h, picture.height)
    across, down = STORED / (w * (1 + 2 * MARGIN)), STORED / (h * (1 + 2 * MARGIN))
    width, height = (
        min(max(round((end - start) * factor), 1), STORED)
        for start, end, factor in ((left, right, across), (top, bottom, down))
    )
    inner = picture.resize((width, height), Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    before_x = min(round((left - x + MARGIN * w) * across), STORED - width)
    before_y = min(round((top - y + MARGIN * h) * down), STORED - height)
    sides = ((before_y, STORED - height - before_y), (before_x, STORED - width - before_x), (0, 0))
    return np.pad(np.asarray(inner), sides, mode="edge")
