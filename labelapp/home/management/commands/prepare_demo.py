"""Fill the demo: a drawn shop, the default models, two systems, one run, and simulated people if wanted."""

import os
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
from labelapp.home.demo_shop import AnotherShop, ShopSize, has_drawn_shop, load_shop, others_things
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
        parser.add_argument(
            "--careful",
            action="store_true",
            help="leave a database alone that holds more than the demo's own",
        )
        parser.add_argument("--beside-others", action="store_true", help="but fill it beside these things")

    def act(self, **options: Any) -> None:
        size = size_from(options)
        try:
            left_alone = _left_alone(options) or self._fill(size, options)
        except AnotherShop as refused:
            if not options["careful"]:
                raise CommandError(str(refused)) from refused
            left_alone = f"The shop that is there stays as it is. {refused}"
        self.stdout.write(left_alone or "Everything is in place. Sign in as max to compare two systems.")

    def _fill(self, size: ShopSize, options: dict[str, Any]) -> str:
        """Fill, and say what was left alone."""
        if not self._load(size):
            raise KeyboardInterrupt
        run = self._run(size, options)
        if run.state == EvaluationRun.State.CANCELLED:
            known = run.short_id
            return f"Run {known} was called off and stays so; manage.py resume_run {known} goes on."
        if options["simulate"]:
            simulate_run(self, run, size.source)
        return ""

    def _load(self, size: ShopSize) -> bool:
        try:
            done = load_shop(size, lambda name, total: BarWatch(total, name))
        except AnotherShop:
            raise
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


def _left_alone(options: dict[str, Any]) -> str:
    """Say why nothing is done here, if so: others' things, and no shop that was begun before them.

    A server of one's own is left alone even then.
    """
    if not options["careful"] or options["beside_others"]:
        return ""
    others = others_things()
    if not others or (has_drawn_shop() and not os.environ.get("DATABASE_URL")):
        return ""
    return f"There are {', '.join(others)} of your own, so no shop was drawn; SHOP=1 make demo adds one."
