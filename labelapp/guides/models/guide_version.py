"""One text of a guide; immutable once published."""

from django.conf import settings
from django.db import models

from labelapp.guides.models.guide import Guide


class GuideVersionQuerySet(models.QuerySet["GuideVersion"]):
    def published(self) -> "GuideVersionQuerySet":
        return self.exclude(published_at=None)


class GuideVersion(models.Model):
    """Every label names the version its labeler had before them."""

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="Markdown")
    change_note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = GuideVersionQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guide_version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="guide_version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.guide} v{self.number}"
