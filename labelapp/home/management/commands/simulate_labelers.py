"""Let simulated people judge what a run over drawn scenes found."""

import sys
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import EvaluationRun
from labelapp.home.planted_truth import PlantedTruth
from labelapp.home.simulation import open_answers, prepare, simulate


class Command(EvaluationsCommand):
    help = "Lets simulated people answer, in projects of their own, what a run over drawn scenes asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="id, or the beginning of it")

    def act(self, **options: Any) -> None:
        run = EvaluationRun.objects.get_by_reference(options["run"])
        simulate_run(self, run, run.scene_set.query.get("source", ""))


def simulate_run(command: EvaluationsCommand, run: EvaluationRun, source: str) -> None:
    truth = PlantedTruth.of(source)
    if truth is None:
        raise EvaluationsError(
            f"The scenes of run {run.short_id} were not drawn, or by another version of the generator, so"
            " there is no truth to simulate people by."
        )
    projects = prepare(run, truth)
    with tqdm(total=open_answers(projects), unit=" answers", file=sys.stderr, desc="Simulated people") as bar:
        done = simulate(projects, truth, advance=bar.update)
    command.stdout.write(f"Simulated people gave {done.new:,} answers; there are {done.all:,}.")
