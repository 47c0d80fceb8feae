"""What a person may do."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Role(models.Model):
    """One role of one user."""

    class Name(models.TextChoices):
        ADMIN = "admin", "Admin"
        LABELER = "labeler", "Labeler"
        EXPERT = "expert", "Expert"
        ENGINEER = "ml_engineer", "ML engineer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=20, choices=Name.choices)
    granted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="role_once_per_user"),
            models.CheckConstraint(
                condition=models.Q(name__in=["admin", "labeler", "expert", "ml_engineer"]),
                name="role_name_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.name}"
