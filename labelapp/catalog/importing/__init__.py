"""Importing products, scenes and pairs: rows stream, and bad ones are set aside."""

from labelapp.catalog.importing.run import Watch, run_import
from labelapp.catalog.importing.sources import PictureArchive, PictureFolder

__all__ = ["PictureArchive", "PictureFolder", "Watch", "run_import"]
