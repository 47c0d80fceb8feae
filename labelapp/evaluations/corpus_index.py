"""Which corpora can be searched by which embedder, and having the workers make it so."""

from django.conf import settings
from django.db import transaction

from labelapp.evaluations import ledger
from labelapp.evaluations.engines import retriever
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.hints import send_due_on_commit
from labelapp.evaluations.models import CorpusIndex, CorpusSnapshot, ModelVersion
from labelapp.people.audit import record
from labelapp.people.models import User

State = CorpusIndex.State


def ready_index(corpus: CorpusSnapshot, embedder: ModelVersion) -> CorpusIndex:
    """Return the index to search, or say how to get one."""
    engine = settings.RETRIEVAL_ENGINE
    index = CorpusIndex.objects.filter(corpus=corpus, embedder=embedder, engine=engine).first()
    if index is not None and index.state == State.READY:
        return index
    standing = f"its index is {index.get_state_display().lower()}" if index else "it was never embedded by it"
    raise EvaluationsError(
        f"Corpus {corpus} has no codes of {embedder} for the engine {engine}: {standing}. "
        f"Run `manage.py embed_corpus {corpus} {embedder} --wait` first."
    )


def is_gone(index: CorpusIndex) -> bool:
    """Tell whether the engine has lost an index that was ready: a dropped table, a removed snapshot."""
    return index.state == State.READY and index.version not in retriever(index.engine).versions()


@transaction.atomic
def embed_corpus(corpus: CorpusSnapshot, embedder: ModelVersion, *, by: User | None) -> CorpusIndex:
    """Let workers make the index; a ready one stays, one that failed, was called off or is lost goes on."""
    retriever(settings.RETRIEVAL_ENGINE)
    index, is_new = CorpusIndex.objects.select_for_update().get_or_create(
        corpus=corpus, embedder=embedder, engine=settings.RETRIEVAL_ENGINE
    )
    if is_new:
        ledger.cut_index(index, list(corpus.items.values_list("product_id", flat=True)))
        send_due_on_commit()
        record(by, "embedded corpus", corpus, embedder=str(embedder), engine=index.engine)
    elif index.state in {State.FAILED, State.CANCELLED} or is_gone(index):
        ledger.reopen(index.chunks.all())
        index.state, index.error, index.finished_at, index.finish_attempts = State.RUNNING, "", None, 0
        index.save(update_fields=["state", "error", "finished_at", "finish_attempts"])
        send_due_on_commit()
        record(by, "resumed embedding", corpus, embedder=str(embedder), engine=index.engine)
    return index


@transaction.atomic
def cancel_index(index: CorpusIndex, *, by: User | None) -> None:
    """Call off what is not embedded yet; what is, stays in the store."""
    index = CorpusIndex.objects.select_for_update().get(pk=index.pk)
    if index.state == State.RUNNING:
        ledger.cancel(index.chunks.all())
        index.state = State.CANCELLED
        index.save(update_fields=["state"])
        record(by, "cancelled embedding", index.corpus, embedder=str(index.embedder))
