"""Fill an empty database with the people, the guide and the project of the demo."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from labelapp.home.bootstrap import bootstrap


class Command(BaseCommand):
    help = "Makes the demo's personas, categories, guide and project where they are missing; repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if len(password) < 8:
            raise CommandError("Set DEMO_PASSWORD to the personas' password, of 8 characters or more.")
        call_command("load_categories", verbosity=0)
        bootstrap(password)
