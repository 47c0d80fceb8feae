"""Have a corpus embedded and indexed."""

from argparse import ArgumentParser
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.corpus_index import embed_corpus
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import CorpusIndex, CorpusSnapshot, ModelVersion


class Command(EvaluationsCommand):
    help = "Has the workers embed a corpus by an embedder; goes on with what failed or was cancelled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("corpus", metavar="SLUG")
        parser.add_argument("embedder", metavar="NAME/VERSION")
        parser.add_argument("--wait", action="store_true", help="until the workers have embedded it")

    def act(self, **options: Any) -> None:
        corpus = CorpusSnapshot.objects.get_by_slug(options["corpus"])
        embed(self, corpus, ModelVersion.objects.get_embedder(options["embedder"]), wait=options["wait"])


def embed(command: EvaluationsCommand, corpus: CorpusSnapshot, embedder: ModelVersion, *, wait: bool) -> None:
    index = embed_corpus(corpus, embedder, by=None)
    if wait:
        _wait(command, index)
    index.refresh_from_db()
    if index.state == CorpusIndex.State.FAILED:
        raise EvaluationsError(
            f"Corpus {corpus} could not be embedded by {embedder}: {index.error} "
            f"`manage.py embed_corpus {corpus} {embedder}` tries again."
        )
    command.stdout.write(f"Index of {corpus} by {embedder}: {index.get_state_display().lower()}.")


def _wait(command: EvaluationsCommand, index: CorpusIndex) -> None:
    def is_over() -> bool:
        index.refresh_from_db(fields=["state"])
        return index.state != CorpusIndex.State.RUNNING

    command.wait_for(index.chunks.all(), is_over=is_over, unit="products")
