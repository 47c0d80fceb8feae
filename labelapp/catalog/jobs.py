"""Jobs of the catalog."""

from celery import shared_task

from labelapp.catalog import uploads


@shared_task
def import_upload(batch_id: int) -> None:
    uploads.run_upload(batch_id)


@shared_task
def sweep_imports() -> None:
    uploads.sweep()
