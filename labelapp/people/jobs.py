"""Jobs about people."""

from celery import shared_task

from labelapp.people.models import FailedSignIn


@shared_task(ignore_result=True)
def forget_failed_sign_ins() -> None:
    FailedSignIn.objects.old().delete()
