"""Write a run's candidates and judgements as CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from labelapp.evaluations.exports import export_run
from labelapp.evaluations.models import EvaluationRun


class Command(BaseCommand):
    help = "Writes candidates.csv and judgements.csv of a run into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=UUID, help="as the run's page and `evaluate` print it")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        run = EvaluationRun.objects.filter(public_id=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']}.")
        for name, rows in export_run(run, options["out"]).items():
            self.stdout.write(f"{options['out'] / name}: {rows} rows")
