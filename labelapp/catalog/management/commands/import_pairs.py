"""manage.py import_pairs FILE --source NAME [--scene-source NAME] [--product-source NAME]."""

from argparse import ArgumentParser
from typing import Any

from labelapp.catalog.importing.command import ImportCommand
from labelapp.catalog.models import ImportBatch


class Command(ImportCommand):
    help = "Import which product is in which scene, with the creator's box if there is one."
    kind = ImportBatch.Kind.PAIRS
    pictures = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--scene-source", help="the source of the scenes, if it is another")
        parser.add_argument("--product-source", help="the source of the products, if it is another")

    def chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        return {name: options[name] or "" for name in ("scene_source", "product_source")}
