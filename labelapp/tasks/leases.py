"""Leases on slots: the short transactions they live in, and how they are kept and ended."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected, LockNotAvailable

from labelapp.people.models import User
from labelapp.tasks.errors import QueueBusy
from labelapp.tasks.models import Lapse, Slot
from labelapp.tasks.types.registry import get_task_type

HELD_AT_MOST = 2  # the task on the screen and the one fetched ahead

END = """
WITH ended AS (
    INSERT INTO tasks_lapse (slot_id, labeler_id, lease_token, claimed_at, cause)
    SELECT id, claimed_by_id, lease_token, claimed_at, %(cause)s FROM tasks_slot WHERE id = ANY(%(slots)s)
)
UPDATE tasks_slot SET state = 'open', claimed_by_id = NULL, claimed_at = NULL, lease_until = NULL,
       lease_token = NULL
 WHERE id = ANY(%(slots)s)
"""


@contextmanager
def short_transaction() -> Iterator[None]:
    """One transaction that gives up after two seconds of waiting for a lock."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise QueueBusy("The queue is busy. Nothing is lost; please send it again.") from error
        raise


def lease_end(task_type: str) -> dt.datetime:
    return timezone.now() + get_task_type(task_type).lease


def locked(slot: Slot) -> Slot:
    """Return the slot's row as it is now, locked until the transaction ends."""
    return Slot.objects.select_for_update(of=("self",)).select_related("task", "project").get(pk=slot.pk)


def is_held(slot: Slot, user: User, token: uuid.UUID) -> bool:
    return slot.state == Slot.State.CLAIMED and slot.claimed_by_id == user.pk and slot.lease_token == token


def lapsed(slot: Slot, user: User, token: uuid.UUID) -> Lapse | None:
    """Return the lease of this token if it has ended without an answer."""
    return Lapse.objects.filter(slot=slot, labeler=user, lease_token=token).first()


def end_leases(slots: Sequence[Slot], cause: Lapse.Cause) -> None:
    """Reopen locked, claimed slots and remember who held them."""
    with connection.cursor() as cursor:
        cursor.execute(END, {"slots": [slot.pk for slot in slots], "cause": cause.value})


def sweep_leases(*, batch: int = 500) -> int:
    """Reopen slots whose lease has run out; return how many."""
    swept = 0
    while True:
        with transaction.atomic():
            expired = Slot.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                state=Slot.State.CLAIMED, lease_until__lt=timezone.now()
            )
            slots = list(expired.order_by("lease_until")[:batch])
            if slots:
                end_leases(slots, Lapse.Cause.EXPIRED)
        swept += len(slots)
        if len(slots) < batch:
            return swept
