"""One question about one item."""

import uuid

from django.db import models
from django.db.models.functions import Now

from labelapp.tasks.models.project import Project


class Task(models.Model):
    """The payload names catalog rows; the signature lets the same item be added twice without effect."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    payload = models.JSONField()
    signature = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "signature"], name="task_signature_once_per_project")
        ]

    def __str__(self) -> str:
        return str(self.public_id)
