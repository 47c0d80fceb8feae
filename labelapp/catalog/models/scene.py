"""A picture of a dressed person or a furnished room."""

import uuid

from django.db import models
from django.db.models.functions import Now

from labelapp.catalog.models.domain import Domain
from labelapp.catalog.models.image import Image


class SceneQuerySet(models.QuerySet["Scene"]):
    def listed(self) -> "SceneQuerySet":
        """Bring what a list shows, in one query."""
        return self.select_related("image").annotate(pair_count=models.Count("pairs"))


class Scene(models.Model):
    """What a visual search starts from."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="scenes")
    domain = models.CharField(max_length=12, choices=Domain.choices)
    title = models.CharField(max_length=300, blank=True)
    annotations = models.JSONField(default=dict, help_text="Further columns of the import, as given")
    created_at = models.DateTimeField(db_default=Now())

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="scene_external_id_once_per_source"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__in=["fashion", "home_decor"]), name="scene_domain_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id
