"""Wrong passwords, kept for a while so that guessing can be slowed down."""

import datetime as dt

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

WINDOW = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=1)
# From one address a name is refused soon; from anywhere only much later, so that a stranger cannot cheaply
# lock somebody out, while many addresses still cannot guess for ever.
MOST_FAILURES = 10
MOST_FAILURES_ANYWHERE = 100


class FailedSignInQuerySet(models.QuerySet["FailedSignIn"]):
    def is_throttled(self, username: str, address: str | None) -> bool:
        recent = self.filter(username=username.lower(), at__gt=timezone.now() - WINDOW)
        here = models.Count("pk", filter=models.Q(address=address) if address else models.Q(address=None))
        counts = recent.aggregate(here=here, anywhere=models.Count("pk"))
        return bool(counts["here"] >= MOST_FAILURES or counts["anywhere"] >= MOST_FAILURES_ANYWHERE)

    def old(self) -> "FailedSignInQuerySet":
        """Failures that no limit looks at any more."""
        return self.filter(at__lt=timezone.now() - KEPT)


class FailedSignIn(models.Model):
    """One wrong password for a name, whether somebody has that name or not."""

    username = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True, blank=True, help_text="Of the client, where known")
    at = models.DateTimeField(db_default=Now())

    objects = FailedSignInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["username", "at"], name="failed_sign_in_recent")]

    def __str__(self) -> str:
        return self.username
