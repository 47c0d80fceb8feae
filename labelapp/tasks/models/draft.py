"""Work in progress."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.tasks.models.slot import Slot


class Draft(models.Model):
    """The last state a labeler's browser saved for a slot; it may be incomplete."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="drafts")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    answer = models.JSONField()
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "labeler"], name="draft_once_per_slot_and_labeler")
        ]

    def __str__(self) -> str:
        return f"draft of {self.slot_id}"
