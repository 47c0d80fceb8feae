"""Freeze a corpus."""

from argparse import ArgumentParser
from typing import Any

from labelapp.catalog.models.domain import Domain
from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.corpora import CorpusQuery, freeze_corpus
from labelapp.evaluations.management.commands.embed_corpus import embed
from labelapp.evaluations.models import ModelVersion


class Command(EvaluationsCommand):
    help = "Freezes the products that systems may return, and has them embedded if an embedder is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--source", help="only products imported under this name")
        parser.add_argument("--domain", choices=Domain.values)
        parser.add_argument("--embedder", metavar="NAME/VERSION")
        parser.add_argument("--wait", action="store_true", help="until the workers have embedded it")

    def act(self, **options: Any) -> None:
        reference = options["embedder"]
        embedder = ModelVersion.objects.get_embedder(reference) if reference else None
        corpus = freeze_corpus(options["slug"], CorpusQuery(options["source"], options["domain"]), by=None)
        self.stdout.write(f"Corpus {corpus} has {corpus.size} products.")
        if embedder is not None:
            embed(self, corpus, embedder, wait=options["wait"])
