"""What a worker does with a hint, and what the sweeper finds undone."""

import logging

from labelapp.evaluations import ledger
from labelapp.evaluations.corpus_build import embed_chunk
from labelapp.evaluations.errors import in_words
from labelapp.evaluations.finishing import finish_owner
from labelapp.evaluations.models import CorpusIndex, EvaluationRun, WorkChunk
from labelapp.evaluations.pipeline import run_chunk

logger = logging.getLogger(__name__)


def work_chunk(chunk_id: int) -> None:
    """Do a chunk if it is there to be had; without effect when repeated."""
    chunk = ledger.lease(chunk_id)
    if chunk is None:
        return
    try:
        _do(chunk)
    except ledger.LeaseLost:
        logger.info("Let go of %s: it was cancelled or taken over.", chunk)
        return
    except Exception as error:  # any fault counts against the chunk; of a lost database the lease's end tells
        logger.exception("%s failed at attempt %s", chunk, chunk.attempts)
        ledger.fail(chunk, in_words(error))
    finish_owner(chunk.run_id, chunk.index_id)


def _do(chunk: WorkChunk) -> None:
    if chunk.run_id is not None:
        run_chunk(chunk)
    else:
        embed_chunk(chunk)


def unfinished() -> tuple[list[int], list[int]]:
    """Return runs and indexes that have no open chunk left and wait to be finished."""
    open_chunks = WorkChunk.objects.filter(state__in=[WorkChunk.State.PENDING, WorkChunk.State.LEASED])
    runs = EvaluationRun.objects.filter(state=EvaluationRun.State.RUNNING)
    indexes = CorpusIndex.objects.filter(state=CorpusIndex.State.RUNNING)
    return (
        list(runs.exclude(pk__in=open_chunks.exclude(run=None).values("run")).values_list("pk", flat=True)),
        list(
            indexes.exclude(pk__in=open_chunks.exclude(index=None).values("index")).values_list(
                "pk", flat=True
            )
        ),
    )
