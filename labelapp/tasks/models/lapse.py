"""A lease that ended without an answer."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.tasks.models.slot import Slot


class Lapse(models.Model):
    """Proof that a labeler once held a slot, so that what they send late is still taken in."""

    class Cause(models.TextChoices):
        EXPIRED = "expired", "The lease expired"
        RETURNED = "returned", "Handed back"
        SKIPPED = "skipped", "Skipped with a reason"

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="lapses")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lapses")
    lease_token = models.UUIDField(unique=True)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    claimed_at = models.DateTimeField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cause__in=["expired", "returned", "skipped"]), name="lapse_cause_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.labeler_id} lost {self.slot_id}"
