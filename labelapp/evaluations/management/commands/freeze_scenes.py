"""Freeze a scene set."""

from argparse import ArgumentParser
from typing import Any

from labelapp.catalog.models.domain import Domain
from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.scene_sets import SceneQuery, freeze_scenes


class Command(EvaluationsCommand):
    help = "Freezes a list of scenes for evaluations to run over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--source", help="only scenes imported under this name")
        parser.add_argument("--domain", choices=Domain.values)
        parser.add_argument("--limit", type=int, metavar="N", help="draw N scenes at random")
        parser.add_argument("--seed", type=int, default=0, help="of the draw; the same seed draws the same")

    def act(self, **options: Any) -> None:
        query = SceneQuery(options["source"], options["domain"], options["limit"])
        made = freeze_scenes(options["slug"], query, seed=options["seed"], by=None)
        self.stdout.write(f"Scene set {made} has {made.size} scenes.")
