"""The job of the queue, as Celery calls it."""

from labelapp.people.models import User
from labelapp.tasks import jobs
from labelapp.tasks.models import Project, Slot
from tests.tasks.steps import claimed


def test_the_sweep_reopens_what_has_lapsed(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    Slot.objects.filter(pk=slot.pk).update(lease_until="2020-01-01T00:00Z")
    jobs.sweep_leases()
    slot.refresh_from_db()
    assert (slot.state, slot.claimed_by, slot.lease_token) == (Slot.State.OPEN, None, None)
