"""Short forms of the verbs for tests."""

import uuid
from typing import Any

from labelapp.catalog.models import Product
from labelapp.people.models import User
from labelapp.tasks.labels import Envelope, Submitted, submit
from labelapp.tasks.models import Project, Slot
from labelapp.tasks.queue import claim
from labelapp.tasks.states import Nothing
from labelapp.tasks.types.registry import get_task_type
from labelapp.tasks.types.relevance.payload import product_ids


def claimed(user: User, project: Project, *holding: Slot) -> Slot:
    """Claim, and insist on getting a task."""
    slot = claim(user, project, holding=[token(held) for held in holding])
    assert isinstance(slot, Slot), slot
    return slot


def nothing(user: User, project: Project, *holding: Slot) -> Nothing:
    """Claim, and insist on getting none."""
    got = claim(user, project, holding=[token(held) for held in holding])
    assert isinstance(got, Nothing), got
    return got


def token(slot: Slot) -> uuid.UUID:
    assert slot.lease_token is not None
    return slot.lease_token


def grades_of(slot: Slot, grade: int = 3) -> dict[str, Any]:
    """An answer that gives every candidate the same grade."""
    products = Product.objects.filter(pk__in=product_ids(slot.task.payload))
    return {"grades": {str(product.public_id): grade for product in products}}


def envelope(slot: Slot, client_uuid: uuid.UUID | None = None) -> Envelope:
    return Envelope(lease_token=token(slot), client_uuid=client_uuid or uuid.uuid4(), seconds=12.5)


def send(user: User, slot: Slot, *, grade: int = 3, client_uuid: uuid.UUID | None = None) -> Submitted:
    """Submit under the lease that the slot object carries."""
    answer = get_task_type("relevance").answer_from_json(slot.task.payload, grades_of(slot, grade))
    return submit(slot, answer, by=user, envelope=envelope(slot, client_uuid))


def expire(*slots: Slot) -> None:
    """Let the leases of slots be over, as if their time had passed."""
    from labelapp.tasks.leases import sweep_leases

    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(lease_until="2020-01-01T00:00Z")
    assert sweep_leases() == len(slots)
