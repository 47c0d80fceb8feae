"""The verbs of the queue: claim, renew, save a draft, skip, give back; `labels.submit` is the sixth.

Slots are rows, one per wanted answer; a claim turns an open row into a lease in one statement. All verbs
run under READ COMMITTED in one short transaction each.
"""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Min
from django.utils import timezone

from labelapp.people.models import PoolMembership, User
from labelapp.tasks.errors import LeaseLost
from labelapp.tasks.gates import closed_gate
from labelapp.tasks.leases import (
    HELD_AT_MOST,
    end_leases,
    is_held,
    lapsed,
    lease_end,
    locked,
    short_transaction,
)
from labelapp.tasks.models import Draft, Lapse, Project, Skip, Slot
from labelapp.tasks.states import Nothing, QueueState

# A task goes to a labeler once per ask: not again while held, after an answer (also a late one) or a skip.
# OFFSET 0 keeps each NOT EXISTS a look-up per row; as a join it would read all that the labeler ever did.
CLAIM = """
UPDATE tasks_slot SET state = 'claimed', claimed_by_id = %(user)s, claimed_at = %(now)s,
       lease_until = %(until)s, lease_token = %(token)s
 WHERE id = (
    SELECT s.id FROM tasks_slot s
     WHERE s.project_id = %(project)s AND s.pool_id = %(pool)s AND s.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM tasks_slot m
                        WHERE m.task_id = s.task_id AND m.claimed_by_id = %(user)s AND m.ask_no = s.ask_no
                          AND m.state IN ('claimed', 'done') OFFSET 0)
       AND NOT EXISTS (SELECT 1 FROM tasks_skip k
                        WHERE k.task_id = s.task_id AND k.labeler_id = %(user)s OFFSET 0)
       AND NOT EXISTS (SELECT 1 FROM tasks_label l JOIN tasks_slot a ON a.id = l.slot_id
                        WHERE l.task_id = s.task_id AND l.labeler_id = %(user)s AND a.ask_no = s.ask_no
                       OFFSET 0)
     ORDER BY s.rank, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
RETURNING id
"""
LOOKED_AT = 1000


def claim(user: User, project: Project, *, holding: Collection[uuid.UUID] = ()) -> Slot | Nothing:
    """Return a claim of mine that the client does not hold, else a new one, else why there is none."""
    with short_transaction():
        pools = _my_pools(user, project)
        if not pools:
            return Nothing(QueueState.UNQUALIFIED)
        if project.state != Project.State.ACTIVE:
            return Nothing(QueueState.PAUSED if project.state == Project.State.PAUSED else QueueState.DONE)
        held = list(Slot.objects.held_by(user, project).select_related("task"))
        for slot in held:
            if slot.lease_token not in holding and _extend(slot, project):
                return slot
        if len(held) >= HELD_AT_MOST:
            return Nothing(QueueState.FULL, min(slot.lease_until for slot in held if slot.lease_until))
        if nothing := closed_gate(user, project):
            return nothing
        return _take_first(user, project, pools) or _why_nothing(user, project, pools)


def renew(slot: Slot, *, by: User, token: uuid.UUID) -> Slot:
    """Extend a lease; one that ran out is had back while nobody else has taken the slot."""
    with short_transaction():
        return _kept(locked(slot), by, token)


def save_draft(slot: Slot, answer: Mapping[str, Any], *, by: User, token: uuid.UUID) -> Slot:
    """Keep an incomplete answer, and the lease with it."""
    with short_transaction():
        slot = _kept(locked(slot), by, token)
        Draft.objects.bulk_create(
            [Draft(slot=slot, labeler=by, answer=dict(answer), saved_at=timezone.now())],
            update_conflicts=True,
            unique_fields=["slot", "labeler"],
            update_fields=["answer", "saved_at"],
        )
        return slot


def skip(slot: Slot, reason: Skip.Reason, *, by: User, token: uuid.UUID, comment: str = "") -> None:
    """Hand the task on to others, for good; the same skip sent twice is one."""
    with short_transaction():
        slot = locked(slot)
        if not _ended_as(slot, by, token, Lapse.Cause.SKIPPED):
            Skip.objects.bulk_create(
                [Skip(slot=slot, task=slot.task, labeler=by, reason=reason, comment=comment)],
                ignore_conflicts=True,
            )
            slot.drafts.filter(labeler=by).delete()
            end_leases([slot], Lapse.Cause.SKIPPED)


def give_back(slot: Slot, *, by: User, token: uuid.UUID) -> None:
    """Let go of a claim; the task may come again, and its draft with it."""
    with short_transaction():
        slot = locked(slot)
        if not _ended_as(slot, by, token, Lapse.Cause.RETURNED):
            end_leases([slot], Lapse.Cause.RETURNED)


def draft_for(slot: Slot, user: User) -> Draft | None:
    """Return the newest draft of this labeler for the slot's task, from an earlier claim too."""
    return Draft.objects.filter(slot__task=slot.task_id, labeler=user).order_by("-saved_at").first()


def _my_pools(user: User, project: Project) -> list[int]:
    """Return the pools through which the user may work; locked, so that one person's claims queue up."""
    mine = PoolMembership.objects.current().filter(user=user, pool__projects=project).order_by("pk")
    return list(mine.select_for_update(of=("self",), no_key=True).values_list("pool_id", flat=True))


def _take_first(user: User, project: Project, pools: Collection[int]) -> Slot | None:
    for pool in pools:
        try:
            taken = _take(user, project, pool)
        except IntegrityError:
            # A renewal in another tab took a slot of the very task meanwhile; now the claim sees it.
            taken = _take(user, project, pool)
        if taken is not None:
            return Slot.objects.select_related("task").get(pk=taken)
    return None


def _take(user: User, project: Project, pool: int) -> int | None:
    values: dict[str, Any] = {
        "user": user.pk,
        "project": project.pk,
        "pool": pool,
        "now": timezone.now(),
        "until": lease_end(project.task_type),
        "token": uuid.uuid4(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _why_nothing(user: User, project: Project, pools: Collection[int]) -> Nothing:
    """Tell "all answered" from "others hold the rest" (with the first lease to end)."""
    slots = Slot.objects.filter(project=project, pool__in=pools)
    claimed = slots.filter(state=Slot.State.CLAIMED).for_labeler(user)
    until = claimed.aggregate(first=Min("lease_until"))["first"]
    if until is not None:
        return Nothing(QueueState.LEASED, max(until, timezone.now()))
    # The claim has just gone through all that is open; only what was locked then can be left.
    first_open = slots.filter(state=Slot.State.OPEN).order_by("rank", "pk")[:LOOKED_AT]
    if Slot.objects.filter(pk__in=first_open.values("pk")).for_labeler(user).exists():
        return Nothing(QueueState.LEASED, timezone.now())  # another claim had it locked this very moment
    return Nothing(QueueState.DONE)


def _kept(slot: Slot, user: User, token: uuid.UUID) -> Slot:
    if is_held(slot, user, token) and _extend(slot, slot.project):
        return slot
    lapse = lapsed(slot, user, token)
    if lapse is None or lapse.cause != Lapse.Cause.EXPIRED or not _may_have_back(slot, user):
        raise LeaseLost(
            "This task went to someone else or was answered already. "
            "What you have here is safe; you can still send it, and the next task is waiting."
        )
    slot.state, slot.claimed_by, slot.claimed_at = Slot.State.CLAIMED, user, lapse.claimed_at
    slot.lease_token, slot.lease_until = token, lease_end(slot.project.task_type)
    try:
        with transaction.atomic():
            slot.save(update_fields=["state", "claimed_by", "claimed_at", "lease_token", "lease_until"])
    except IntegrityError as error:
        raise LeaseLost("You hold this task in another window; go on there. Nothing is lost.") from error
    lapse.delete()
    return slot


def _may_have_back(slot: Slot, user: User) -> bool:
    return slot.state == Slot.State.OPEN and Slot.objects.held_by(user, slot.project).count() < HELD_AT_MOST


def _extend(slot: Slot, project: Project) -> bool:
    """Extend a lease unless it ended since the slot was read."""
    slot.lease_until = lease_end(project.task_type)
    same = Slot.objects.filter(pk=slot.pk, state=Slot.State.CLAIMED, lease_token=slot.lease_token)
    return same.update(lease_until=slot.lease_until) == 1


def _ended_as(slot: Slot, user: User, token: uuid.UUID, cause: Lapse.Cause) -> bool:
    """Tell a first request from a repeated one; refuse whoever holds no such lease."""
    if is_held(slot, user, token):
        return False
    lapse = lapsed(slot, user, token)
    if lapse is not None and lapse.cause == cause:
        return True
    raise LeaseLost("This task is no longer yours: its lease ended or it was answered. Nothing is lost.")
