"""Call a run off."""

from argparse import ArgumentParser
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.models import EvaluationRun
from labelapp.evaluations.runs import cancel_run


class Command(EvaluationsCommand):
    help = "Calls off what is not done of a run; resume_run goes on from there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="id, or the beginning of it")

    def act(self, **options: Any) -> None:
        run = cancel_run(EvaluationRun.objects.get_by_reference(options["run"]), by=None)
        self.stdout.write(f"Run {run.public_id} is {run.state}.")
