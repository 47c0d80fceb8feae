"""Messages that point workers to the ledger; any of them may be lost or doubled without harm."""

import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.db import transaction

from labelapp.evaluations import ledger

logger = logging.getLogger(__name__)

# Workers take turns between queues, so that somebody who waits before a page overtakes the chunks of runs.
QUEUE_OF = {"look_at": "look"}
OTHERS = "inference"


def send(job: str, *ids: int, expires: dt.datetime | None = None) -> bool:
    """Send a job to the workers. Without a broker it is dropped here; what the ledger holds is sent again."""
    name, queue = f"labelapp.evaluations.jobs.{job}", QUEUE_OF.get(job, OTHERS)
    try:
        current_app.send_task(name, args=ids, queue=queue, expires=expires)
    except Exception as error:  # whatever the broker's library raises
        logger.warning("The broker did not take %s%s (%s).", job, ids, error)
        return False
    return True


def send_each(job: str, ids: Iterable[int]) -> bool:
    """Send a job per id, up to the first that the broker does not take."""
    return all(send(job, pk) for pk in ids)


def send_due() -> None:
    """Send a hint for every chunk that is due; it is void when the next one for that chunk is."""
    for pk, due_at in ledger.due_chunks().items():
        if not send("work_chunk", pk, expires=due_at):
            return


def send_due_on_commit() -> None:
    """Send them once the rows just written are there for workers to see."""
    transaction.on_commit(partial(send_due), robust=True)
