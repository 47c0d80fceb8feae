"""Jobs of the evaluations; the ledger knows what there is to do, messages only point to it."""

import logging

from celery import shared_task

from labelapp.evaluations import finishing, hints, ledger, look, work
from labelapp.evaluations.judgements import absorb_labels

logger = logging.getLogger(__name__)


@shared_task
def work_chunk(chunk_id: int) -> None:
    work.work_chunk(chunk_id)
    # The next one is told of at once, so that nobody waits for the sweeper.
    hints.send_due()


@shared_task
def finish_run(run_id: int) -> None:
    finishing.finish_owner(run_id, None)


@shared_task
def finish_index(index_id: int) -> None:
    finishing.finish_owner(None, index_id)


@shared_task
def look_at(system_id: int, scene_id: int) -> None:
    look.prepare(system_id, scene_id)


@shared_task
def sweep() -> None:
    """Do again whatever a dead worker or a lost broker left undone; a step that fails stops no other."""
    for step in (ledger.end_leases, hints.send_due, _send_unfinished, absorb_labels):
        try:
            step()
        except Exception:  # whatever it is, the next sweep tries again
            logger.exception("The sweeper failed to %s", step.__name__)


def _send_unfinished() -> None:
    runs, indexes = work.unfinished()
    hints.send_each("finish_run", runs)
    hints.send_each("finish_index", indexes)
