"""Register a model folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.model_versions import register_model


class Command(EvaluationsCommand):
    help = "Verifies a model folder NAME/VERSION, copies it to MODEL_ROOT and registers it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def act(self, **options: Any) -> None:
        done = register_model(options["folder"], by=None)
        was = "registered" if done.is_new else "was registered already"
        self.stdout.write(f"{done.model} {was}: {done.model.kind}, digest {done.model.digest[:12]}")
        report = done.report
        if report.manifest.model_labels:
            self.stdout.write(
                f"{len(report.mapped)} labels mapped to our categories, {len(report.ignored)} to none."
            )
        if report.unmapped:
            self.stdout.write(
                f"{len(report.unmapped)} labels are not mapped, and what they find is left out: "
                f"{', '.join(report.unmapped)}."
            )
