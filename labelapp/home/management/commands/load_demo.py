"""Draw a shop and import it."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labelapp.catalog.errors import CatalogError
from labelapp.catalog.importing.command import BarWatch
from labelapp.home.demo_shop import Loaded, ShopSize, load_shop


class Command(BaseCommand):
    help = "Draws products, scenes and creators' pairs and imports them; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_size(parser)

    def handle(self, **options: Any) -> None:
        size = size_from(options)
        try:
            done = load_shop(size, lambda name, total: BarWatch(total, name))
        except CatalogError as refused:
            raise CommandError(str(refused)) from refused
        for loaded in done:
            self.stdout.write(_line(size, loaded))
        if done[-1].is_stopped:
            sys.exit(128 + signal.SIGINT)


def add_size(parser: ArgumentParser) -> None:
    usual = ShopSize()
    parser.add_argument("--products", type=int, default=usual.products, metavar="N")
    parser.add_argument("--scenes", type=int, default=usual.scenes, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=usual.seed, metavar="N", help="of the shop; its source is drawn-N"
    )


def size_from(options: dict[str, Any]) -> ShopSize:
    if options["products"] < 1 or options["scenes"] < 1 or options["seed"] < 0:
        raise CommandError("A shop needs a product, a scene and a seed of 0 or more.")
    size = ShopSize(options["products"], options["scenes"], options["seed"])
    try:
        size.plan  # noqa: B018  # refuses what cannot be drawn
    except ValueError as refused:
        raise CommandError(str(refused)) from refused
    return size


def _line(size: ShopSize, loaded: Loaded) -> str:
    verb = "Stopped; start it again to go on." if loaded.is_stopped else f"{loaded.kind} of {size.source}:"
    return f"{verb} {loaded.created:,} created, {loaded.unchanged:,} unchanged, {loaded.rejected:,} rejected"
