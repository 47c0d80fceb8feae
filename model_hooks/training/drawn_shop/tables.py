"""Rows and lines by which a drawn shop is written down: CSV for the importers, JSON lines for training."""

import csv
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from model_hooks.training.drawn_shop.designs import ATTRIBUTES, FASHION, Design
from model_hooks.training.drawn_shop.pairs import CreatorPair
from model_hooks.training.drawn_shop.scenes import DrawnScene

CURRENCY = "EUR"
SCENE_COLUMNS = ("file", "id", "title", "domain")
PAIR_COLUMNS = ("scene", "product", "x", "y", "w", "h", "claimed_category", "planted_fault")
PRODUCT_COLUMNS = (
    "file",
    "id",
    "title",
    "category",
    "gender",
    "price",
    "currency",
    "merchant",
    "domain",
    "family",
    "difference",
    "kind",
    *ATTRIBUTES,
)


def product_file(design: Design) -> str:
    """Return where a product's picture lies in the folder."""
    return f"products/p{design.id}.jpg"


def scene_file(scene: DrawnScene) -> str:
    """Return where a scene's picture lies in the folder."""
    return f"scenes/{scene.id}.jpg"


def product_row(design: Design) -> dict[str, Any]:
    """Return a product as a row of products.csv; all but the importer's columns are annotations."""
    return {
        "file": product_file(design),
        "id": design.id,
        "title": design.title,
        "category": design.category,
        "gender": design.gender or "",
        "price": f"{design.price:.2f}",
        "currency": CURRENCY,
        "merchant": design.merchant,
        "domain": "fashion" if design.category in FASHION else "home_decor",
        "family": design.family,
        "difference": design.difference,
        "kind": design.kind,
        **{name: design.attributes.get(name, "") for name in ATTRIBUTES},
    }


def scene_row(scene: DrawnScene) -> dict[str, Any]:
    """Return a scene as a row of scenes.csv."""
    return {"file": scene_file(scene), "id": scene.id, "title": scene.title, "domain": scene.domain}


def pair_row(pair: CreatorPair) -> dict[str, Any]:
    """Return a pair as a row of pairs.csv."""
    box = dict(zip("xywh", pair.box or ("",) * 4, strict=True))
    claim = {"claimed_category": pair.claimed_category, "planted_fault": pair.planted_fault}
    return {"scene": pair.scene, "product": pair.product, **box, **claim}


def product_line(design: Design) -> dict[str, Any]:
    """Return a product as a line of designs.jsonl."""
    return {
        "id": design.id,
        "file": product_file(design),
        "category": design.category,
        "kind": design.kind,
        "gender": design.gender,
        "family": design.family,
        "difference": design.difference,
        "attributes": dict(design.attributes),
        "title": design.title,
        "price": design.price,
        "merchant": design.merchant,
    }


def scene_line(scene: DrawnScene) -> dict[str, Any]:
    """Return a scene with its objects as a line of truth.jsonl."""
    width, height = scene.size
    objects = [
        {
            "box": list(item.box),
            "category": item.category,
            "product": item.product,
            "visible": item.visible,
            "attributes": dict(item.attributes),
        }
        for item in scene.objects
    ]
    place = {"id": scene.id, "file": scene_file(scene), "domain": scene.domain}
    return {**place, "width": width, "height": height, "objects": objects}


class Tables:
    """The files of a shop's folder, open for writing; closes with the stack."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        def opened(name: str) -> TextIO:
            return stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))

        self._designs, self._truth = opened("designs.jsonl"), opened("truth.jsonl")
        self._products = csv.writer(opened("products.csv"))
        self._scenes = csv.writer(opened("scenes.csv"))
        self._pairs = csv.writer(opened("pairs.csv"))
        self._products.writerow(PRODUCT_COLUMNS)
        self._scenes.writerow(SCENE_COLUMNS)
        self._pairs.writerow(PAIR_COLUMNS)

    def product(self, design: Design) -> None:
        """Write a product down."""
        self._products.writerow(product_row(design).values())
        self._designs.write(json.dumps(product_line(design)) + "\n")

    def scene(self, scene: DrawnScene) -> None:
        """Write a scene down."""
        self._scenes.writerow(scene_row(scene).values())
        self._truth.write(json.dumps(scene_line(scene)) + "\n")

    def pair(self, pair: CreatorPair) -> None:
        """Write a pair down."""
        self._pairs.writerow(pair_row(pair).values())
