"""manage.py import_scenes FILE --images DIR --source NAME [--domain DOMAIN]."""

from labelapp.catalog.importing.command import ImportCommand
from labelapp.catalog.models import ImportBatch


class Command(ImportCommand):
    help = "Import scenes and their pictures from CSV, JSONL or Parquet."
    kind = ImportBatch.Kind.SCENES
