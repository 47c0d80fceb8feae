"""The web application in which people make labels and judge a visual shopping system."""

from labelapp.celery import app as celery_app

__all__ = ["celery_app"]
