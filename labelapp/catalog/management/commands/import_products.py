"""manage.py import_products FILE --images DIR --source NAME [--map-categories MAP.csv] [--domain DOMAIN]."""

from argparse import ArgumentParser
from pathlib import Path

from labelapp.catalog.importing.command import ImportCommand
from labelapp.catalog.models import ImportBatch


class Command(ImportCommand):
    help = "Import products and their pictures from CSV, JSONL or Parquet."
    kind = ImportBatch.Kind.PRODUCTS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--map-categories",
            type=Path,
            help="CSV with the columns value and category (a slug or Google id)",
        )
