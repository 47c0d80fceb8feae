"""The Celery application; its jobs stand in each app's `jobs.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labelapp.settings")
app = Celery("labelapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The threads of a web server ask for the current application too.
app.set_default()
app.autodiscover_tasks(related_name="jobs")
