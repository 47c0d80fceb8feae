"""Fill the demo: a drawn shop, the default models, two systems, one run, and simulated people if wanted."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from labelapp.catalog.errors import CatalogError
from labelapp.catalog.importing.command import BarWatch
from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.management.commands.embed_corpus import embed
from labelapp.evaluations.management.commands.evaluate import wait_for_run
from labelapp.evaluations.models import EvaluationRun
from labelapp.home.demo_shop import ShopSize, load_shop
from labelapp.home.demo_steps import MODELS, freeze, register_models, start, two_systems
from labelapp.home.management.commands.load_demo import add_size, size_from
from labelapp.home.management.commands.simulate_labelers import simulate_run

RUN_SCENES = 120


class Command(EvaluationsCommand):
    help = "Loads a drawn shop, registers models, runs two systems; whatever is there already is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_size(parser)
        parser.add_argument(
            "--run-scenes", type=int, default=RUN_SCENES, metavar="N", help="scenes to run the systems over"
        )
        parser.add_argument("--models", type=Path, default=MODELS, metavar="DIR", help="with NAME/VERSION")
        parser.add_argument("--simulate", action="store_true", help="let simulated people judge")

    def act(self, **options: Any) -> None:
        size = size_from(options)
        if not self._load(size):
            raise KeyboardInterrupt
        run = self._run(size, options)
        if options["simulate"]:
            simulate_run(self, run, size.source)

    def _load(self, size: ShopSize) -> bool:
        try:
            done = load_shop(size, lambda name, total: BarWatch(total, name))
        except CatalogError as refused:
            raise CommandError(str(refused)) from refused
        counts = ", ".join(f"{one.created + one.unchanged:,} {one.kind.lower()}" for one in done)
        self.stdout.write(f"Shop {size.source}: {counts}.")
        return not done[-1].is_stopped

    def _run(self, size: ShopSize, options: dict[str, Any]) -> EvaluationRun:
        models = register_models(options["models"])
        ready = freeze(size.source, models, scenes=options["run_scenes"], seed=size.seed)
        embed(self, ready.corpus, ready.embedder, wait=True)
        run = start(ready, two_systems(ready))
        wait_for_run(self, run)
        return run
