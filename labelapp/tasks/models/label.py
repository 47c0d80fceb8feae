"""One submitted answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.guides.models import GuideVersion
from labelapp.people.models import Pool
from labelapp.tasks.models.slot import Slot
from labelapp.tasks.models.task import Task


class Label(models.Model):
    """Append-only: a database trigger refuses changes. Surplus answers came late and never count."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_uuid = models.UUIDField(
        unique=True, help_text="Chosen by the browser; makes a repeated send harmless"
    )
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="labels")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="labels")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="labels")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="labels")
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="labels")
    question_version = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    seconds = models.FloatField(help_text="Active time on the task")
    is_surplus = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(is_surplus=False), name="label_once_per_slot"
            ),
            models.CheckConstraint(condition=models.Q(seconds__gte=0), name="label_seconds_not_negative"),
        ]
        indexes = [
            models.Index(fields=["labeler", "submitted_at"], name="label_by_labeler"),
            models.Index(fields=["submitted_at"], name="label_by_time"),
            models.Index(fields=["slot"], condition=models.Q(is_surplus=True), name="label_surplus"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
