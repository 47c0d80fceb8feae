"""Freeze a system."""

from argparse import ArgumentParser
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.models import CorpusSnapshot, ModelVersion
from labelapp.evaluations.systems import RESTRICTABLE, SystemPlan, create_system


class Command(EvaluationsCommand):
    help = "Freezes a visual shopping system: detector, embedder, corpus and restriction rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--detector", required=True, metavar="NAME/VERSION")
        parser.add_argument("--embedder", required=True, metavar="NAME/VERSION")
        parser.add_argument("--corpus", required=True, metavar="SLUG")
        parser.add_argument("--name", default="", help="as people read it; default: the slug")
        parser.add_argument(
            "--restrict",
            action="append",
            default=[],
            choices=RESTRICTABLE,
            help="to the predicted category, to the predicted gender and unisex; may be given twice",
        )
        parser.add_argument("--where", default="", metavar="TEXT", help="as in: NOT price < 50")
        parser.add_argument(
            "--threshold", type=float, help="least detector score; default: the detector's own"
        )

    def act(self, **options: Any) -> None:
        plan = SystemPlan(
            slug=options["slug"],
            name=options["name"],
            detector=ModelVersion.objects.get_detector(options["detector"]),
            embedder=ModelVersion.objects.get_embedder(options["embedder"]),
            corpus=CorpusSnapshot.objects.get_by_slug(options["corpus"]),
            restrict=frozenset(options["restrict"]),
            where=options["where"],
            threshold=options["threshold"],
        )
        system = create_system(plan, by=None)
        self.stdout.write(
            f"System {system.slug} is frozen: {system.detector}, {system.embedder}, {system.corpus}."
        )
