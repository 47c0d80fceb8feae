"""A task that a labeler handed back with a reason."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.tasks.models.project import Project
from labelapp.tasks.models.slot import Slot
from labelapp.tasks.models.task import Task


class SkipQuerySet(models.QuerySet["Skip"]):
    def latest_of(self, project: Project) -> "SkipQuerySet":
        """What labelers of a project handed back, the newest first, with who it was."""
        return self.filter(task__project=project).select_related("labeler", "task").order_by("-pk")


class Skip(models.Model):
    """The task is not offered to this labeler again."""

    class Reason(models.TextChoices):
        UNCLEAR = "unclear", "The question is unclear here"
        BROKEN = "broken", "The pictures are broken"
        OTHER = "other", "Another reason"

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="skips")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="skips")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skips")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = SkipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "labeler"], name="skip_once_per_labeler"),
            models.CheckConstraint(
                condition=models.Q(reason__in=["unclear", "broken", "other"]), name="skip_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.labeler_id} skipped {self.task_id}"
