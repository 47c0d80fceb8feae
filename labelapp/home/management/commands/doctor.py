"""Say what is in use and what is wrong with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labelapp.home.doctor import examine

MARKS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


class Command(BaseCommand):
    help = (
        "Says which database, broker, storage, models and versions are in use, and what is wrong with them."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        errors = 0
        for finding in examine():
            errors += finding.state == "error"
            self.stdout.write(f"{MARKS[finding.state]}  {finding.part:<10} {finding.detail}")
            if finding.advice:
                self.stdout.write(f"{'':<21}{finding.advice}")
        if errors:
            raise CommandError(f"{errors} part{'s' if errors > 1 else ''} need attention, see above.")
