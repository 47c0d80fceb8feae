"""Taking answers in: once each, and never losing one."""

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from django.db import IntegrityError, transaction

from labelapp.guides.models import GuideVersion
from labelapp.people.models import User
from labelapp.tasks.errors import LeaseLost, UuidReused
from labelapp.tasks.leases import is_held, lapsed, locked, short_transaction
from labelapp.tasks.models import Label, Lapse, Slot
from labelapp.tasks.signals import label_submitted
from labelapp.tasks.types.registry import Answer, InvalidAnswer, get_task_type

SECONDS_AT_MOST = 7 * 24 * 3600.0
REUSED = "This 'client_uuid' belongs to another answer; make a new one for each answer."


class Outcome(StrEnum):
    COUNTED = "counted"
    REPLAYED = "replayed"
    SURPLUS = "surplus"


@dataclass(frozen=True)
class Envelope:
    """What travels with an answer."""

    lease_token: uuid.UUID
    client_uuid: uuid.UUID
    seconds: float

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Envelope":
        """Read it from a form or a JSON body; raises `InvalidAnswer`."""
        return cls(
            lease_token=uuid_from(data, "lease_token"),
            client_uuid=uuid_from(data, "client_uuid"),
            seconds=_seconds(data.get("seconds")),
        )


@dataclass(frozen=True)
class Submitted:
    """What became of an answer."""

    label: Label
    outcome: Outcome

    @property
    def message(self) -> str:
        if self.outcome == Outcome.SURPLUS:
            return "This task was finished elsewhere meanwhile. Your answer is kept, but it does not count."
        return "Saved."


def submit(slot: Slot, answer: Answer, *, by: User, envelope: Envelope) -> Submitted:
    """Store an answer; the same client uuid again returns what the first time stored."""
    with short_transaction():
        slot = locked(slot)
        first = Label.objects.filter(client_uuid=envelope.client_uuid).first()
        if first is not None:
            return _replayed(first, slot, by)
        counts = _wins(slot, by, envelope.lease_token)
        label = _store(slot, answer, by, envelope, is_surplus=not counts)
        slot.drafts.filter(labeler=by).delete()
        if counts:
            label_submitted.send(sender=Label, label=label)
        return Submitted(label, Outcome.COUNTED if counts else Outcome.SURPLUS)


def uuid_from(data: Mapping[str, Any], field: str) -> uuid.UUID:
    value = data.get(field)
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise InvalidAnswer(f"'{field}' must be a UUID.", field=field) from None


def _seconds(value: object) -> float:
    is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
    try:
        seconds = float(str(value)) if is_number else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 <= seconds <= SECONDS_AT_MOST:
        raise InvalidAnswer("'seconds' must be a number of seconds from 0 up to a week.", field="seconds")
    return seconds


def _replayed(label: Label, slot: Slot, user: User) -> Submitted:
    if label.labeler_id != user.pk or label.slot_id != slot.pk:
        raise UuidReused(REUSED)
    return Submitted(label, Outcome.SURPLUS if label.is_surplus else Outcome.REPLAYED)


def _wins(slot: Slot, user: User, token: uuid.UUID) -> bool:
    """Finish the slot with this answer if it may still be had; refuse whoever never held it."""
    if is_held(slot, user, token):
        _finish(slot, user, token)
        return True
    if slot.state == Slot.State.DONE and slot.claimed_by_id == user.pk and slot.lease_token == token:
        return False  # answered from another window
    lapse = lapsed(slot, user, token)
    if lapse is None:
        raise LeaseLost("This lease is not yours or not of this task; claim the task again.")
    return _wins_late(slot, user, lapse)


def _wins_late(slot: Slot, user: User, lapse: Lapse) -> bool:
    """A late answer counts while the slot is open and its labeler has not answered the task elsewhere."""
    slot.claimed_at = lapse.claimed_at
    if slot.state != Slot.State.OPEN or lapse.cause == Lapse.Cause.SKIPPED:
        return False
    if Label.objects.filter(task=slot.task_id, labeler=user, slot__ask_no=slot.ask_no).exists():
        return False
    try:
        with transaction.atomic():
            _finish(slot, user, lapse.lease_token)
    except IntegrityError:
        return False  # the labeler holds another slot of the same task
    return True


def _finish(slot: Slot, user: User, token: uuid.UUID) -> None:
    slot.state, slot.claimed_by, slot.lease_token, slot.lease_until = Slot.State.DONE, user, token, None
    slot.save(update_fields=["state", "claimed_by", "claimed_at", "lease_token", "lease_until"])


def _store(slot: Slot, answer: Answer, user: User, envelope: Envelope, *, is_surplus: bool) -> Label:
    label = Label(
        client_uuid=envelope.client_uuid,
        task=slot.task,
        slot=slot,
        labeler=user,
        pool_id=slot.pool_id,
        guide_version=_guide_version(slot),
        question_version=get_task_type(slot.project.task_type).question_version,
        answer=answer.to_json(),
        seconds=envelope.seconds,
        is_surplus=is_surplus,
    )
    try:
        with transaction.atomic():
            label.save(force_insert=True)
    except IntegrityError as error:
        if "client_uuid" not in _constraint(error):
            raise
        raise UuidReused(REUSED) from error
    return label


def _constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that refused."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def _guide_version(slot: Slot) -> GuideVersion:
    """Return the version that stood when the labeler was given the task."""
    versions = GuideVersion.objects.published().filter(guide=slot.project.guide_id).order_by("-number")
    return versions.filter(published_at__lte=slot.claimed_at).first() or slot.project.guide_version()
