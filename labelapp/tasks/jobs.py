"""Jobs of the queue."""

from celery import shared_task

from labelapp.tasks import leases


@shared_task(ignore_result=True)
def sweep_leases() -> None:
    leases.sweep_leases()
