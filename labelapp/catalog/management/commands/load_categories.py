"""manage.py load_categories: our coarse categories and the nodes that roll up to them."""

from typing import Any

from django.core.management.base import BaseCommand

from labelapp.catalog.categories import load_categories
from labelapp.catalog.models import Category


class Command(BaseCommand):
    help = "Load the coarse fashion and home-decor categories; safe to repeat."

    def handle(self, **options: Any) -> None:
        count = load_categories()
        coarse = Category.objects.coarse().count()
        if options["verbosity"]:
            self.stdout.write(f"{count} categories are loaded, {coarse} of them coarse.")
