"""manage.py import_taxonomy FILE: Google's full product taxonomy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labelapp.catalog.categories import import_taxonomy
from labelapp.catalog.errors import CatalogError
from labelapp.catalog.models import Category


class Command(BaseCommand):
    help = "Import Google's product taxonomy (taxonomy-with-ids.en-US.txt); safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            count = import_taxonomy(options["file"])
        except CatalogError as refused:
            raise CommandError(str(refused)) from refused
        rolled = Category.objects.exclude(coarse=None).count()
        self.stdout.write(f"{count:,} categories are loaded; {rolled:,} roll up to a coarse one.")
