"""The ledger of model work: chunks are cut, leased, renewed, finished, failed and sent out again.

All of it are single statements on `WorkChunk` rows. Who holds a chunk's lease token may finish it, nobody
else; so a worker that was taken for dead and is not cannot write a result a second time.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from labelapp.evaluations.models import CorpusIndex, EvaluationRun, WorkChunk

ATTEMPTS_AT_MOST = 3
DOUBLINGS_AT_MOST = 3
# Chunks of which workers are told at a time; more messages would only pile up in the broker.
HINTED_AT_MOST = 64
State = WorkChunk.State

LEASE = """
UPDATE evaluations_workchunk
   SET state = 'leased', lease_token = %(token)s, lease_until = %(until)s, attempts = attempts + 1,
       started_at = %(now)s, finished_at = NULL
 WHERE id = %(chunk)s AND state = 'pending'
RETURNING id
"""
# A hint is out until its pause is over; those that are out leave room for so many fewer.
DUE = """
UPDATE evaluations_workchunk
   SET sends = sends + 1, due_at = %(now)s + %(pause)s * power(2, least(sends, %(doublings)s))
 WHERE id IN (SELECT id FROM evaluations_workchunk
               WHERE state = 'pending' AND due_at <= %(now)s
               ORDER BY due_at, id
               LIMIT greatest(0, %(limit)s - (SELECT count(*) FROM evaluations_workchunk
                                               WHERE state = 'pending' AND sends > 0 AND due_at > %(now)s))
                 FOR UPDATE SKIP LOCKED)
RETURNING id, due_at
"""


class LeaseLost(Exception):  # noqa: N818  # it is a state of affairs, not a fault
    """The chunk was cancelled, or its lease ended and another worker may have it."""


def cut_run(run: EvaluationRun, system_id: int, scene_ids: Sequence[int]) -> None:
    """Cut the scenes into chunks for one system; a repeated cut adds nothing."""
    _cut(scene_ids, settings.CHUNK_SCENES, run=run, system_id=system_id)


def cut_index(index: CorpusIndex, product_ids: Sequence[int]) -> None:
    """Cut the products into chunks; a repeated cut adds nothing."""
    _cut(product_ids, settings.CHUNK_PRODUCTS, index=index)


def _cut(ids: Sequence[int], size: int, **owner: Any) -> None:
    starts = range(0, len(ids), size)
    chunks = (
        WorkChunk(position=position, item_ids=list(ids[start : start + size]), **owner)
        for position, start in enumerate(starts)
    )
    WorkChunk.objects.bulk_create(chunks, batch_size=500, ignore_conflicts=True)


def lease(chunk_id: int) -> WorkChunk | None:
    """Take a pending chunk, or None if it is done, somebody else's, cancelled or gone."""
    values: dict[str, Any] = {
        "chunk": chunk_id,
        "now": timezone.now(),
        "until": _lease_end(),
        "token": uuid.uuid4(),
    }
    with connection.cursor() as cursor:
        cursor.execute(LEASE, values)
        if cursor.fetchone() is None:
            return None
    related = ("run__scene_set", "system__detector", "system__embedder", "system__corpus", "index__embedder")
    return WorkChunk.objects.select_related(*related).get(pk=chunk_id)


def renew(chunk: WorkChunk) -> None:
    """Extend the lease; raises `LeaseLost` if it is no longer ours."""
    if not _mine(chunk).update(lease_until=_lease_end()):
        raise LeaseLost


def finish(chunk: WorkChunk, *, left_out: int = 0) -> None:
    """Mark the chunk done; call it in the transaction that writes its result. Raises `LeaseLost`."""
    done = {"state": State.DONE, "lease_until": None, "error": "", "finished_at": timezone.now()}
    if not _mine(chunk).update(**done, left_out=left_out):
        raise LeaseLost


def fail(chunk: WorkChunk, error: str) -> None:
    """Put the chunk back to be tried later, or aside if it was tried often enough."""
    if chunk.attempts >= ATTEMPTS_AT_MOST:
        changes: dict[str, Any] = {"state": State.FAILED, "finished_at": timezone.now()}
    else:
        pause = dt.timedelta(seconds=settings.CHUNK_HINT_SECONDS) / 4 * 2 ** (chunk.attempts - 1)
        changes = {"state": State.PENDING, "due_at": timezone.now() + pause, "sends": 0}
    _mine(chunk).update(**changes, lease_until=None, error=error)


def cancel(chunks: "QuerySet[WorkChunk]") -> int:
    """Call off what is not done; a worker in the middle of it finds its lease gone."""
    open_chunks = chunks.filter(state__in=[State.PENDING, State.LEASED])
    return open_chunks.update(state=State.CANCELLED, lease_until=None, finished_at=timezone.now())


def reopen(chunks: "QuerySet[WorkChunk]") -> int:
    """Let what failed or was called off be tried anew."""
    return chunks.filter(state__in=[State.FAILED, State.CANCELLED]).update(
        state=State.PENDING, attempts=0, sends=0, due_at=timezone.now(), error="", finished_at=None
    )


def end_leases() -> int:
    """Take chunks back from workers that fell silent; the third time, set them aside."""
    expired = WorkChunk.objects.filter(state=State.LEASED, lease_until__lt=timezone.now())
    silent = f"Workers fell silent {ATTEMPTS_AT_MOST} times over this chunk: killed, or out of memory."
    lost = expired.filter(attempts__gte=ATTEMPTS_AT_MOST).update(
        state=State.FAILED, lease_until=None, finished_at=timezone.now(), error=silent
    )
    back = expired.update(state=State.PENDING, lease_until=None, due_at=timezone.now(), sends=0)
    return lost + back


def due_chunks(limit: int = HINTED_AT_MOST) -> dict[int, dt.datetime]:
    """Return the pending chunks that workers are to be told of, each with the time when it is due again.

    Once `limit` chunks were told of and wait, there are no more until one of them is taken or due again.
    """
    pause = dt.timedelta(seconds=settings.CHUNK_HINT_SECONDS)
    values: dict[str, Any] = {
        "now": timezone.now(),
        "pause": pause,
        "doublings": DOUBLINGS_AT_MOST,
        "limit": limit,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, values)
        return dict(sorted(cursor.fetchall()))


def has_open(chunks: "QuerySet[WorkChunk]") -> bool:
    return chunks.filter(state__in=[State.PENDING, State.LEASED]).exists()


def _mine(chunk: WorkChunk) -> "QuerySet[WorkChunk]":
    return WorkChunk.objects.filter(pk=chunk.pk, state=State.LEASED, lease_token=chunk.lease_token)


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=settings.CHUNK_LEASE_SECONDS)
