"""Rules that the database keeps for people's records."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from labelapp.people import audit
from labelapp.people.models import PoolMembership, Role
from tests import personas
from tests.factories import make_pool

pytestmark = pytest.mark.django_db


def test_a_role_is_given_once() -> None:
    lena = personas.lena()
    with pytest.raises(IntegrityError):
        lena.roles.create(name=Role.Name.LABELER)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(IntegrityError):
        personas.lena().roles.create(name="king")


def test_an_admin_has_every_role_and_an_outsider_none() -> None:
    assert personas.ada().has_role(Role.Name.EXPERT)
    assert not personas.olga().has_role(Role.Name.LABELER, Role.Name.EXPERT, Role.Name.ENGINEER)


def test_an_open_membership_exists_once_and_may_begin_anew_after_its_end() -> None:
    lena, pool = personas.lena(), make_pool()
    with pytest.raises(IntegrityError), transaction.atomic():
        pool.memberships.create(user=lena)
    pool.memberships.update(until=timezone.now())
    assert not PoolMembership.objects.current().filter(user=lena).exists()
    pool.memberships.create(user=lena)
    assert PoolMembership.objects.current().filter(user=lena).count() == 1


def test_an_audit_event_can_neither_be_changed_nor_deleted() -> None:
    event = audit.record(None, "tested", "the trigger")
    event.verb = "forged"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()
