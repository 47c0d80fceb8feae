"""Go on with a run."""

from argparse import ArgumentParser
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.management.commands.evaluate import wait_for_run
from labelapp.evaluations.models import EvaluationRun
from labelapp.evaluations.runs import resume_run


class Command(EvaluationsCommand):
    help = "Tries again what failed or was called off in a run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="id, or the beginning of it")
        parser.add_argument("--wait", action="store_true", help="until the run is over")

    def act(self, **options: Any) -> None:
        run = resume_run(EvaluationRun.objects.get_by_reference(options["run"]), by=None)
        self.stdout.write(f"Run {run.public_id} is {run.state}.")
        if options["wait"]:
            wait_for_run(self, run)
