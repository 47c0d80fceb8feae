"""A frozen list of scenes."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.catalog.models.image import Image
from labelapp.catalog.models.scene import Scene


class SceneSet(models.Model):
    """Drawn once, by a query and a seed, and never changed."""

    slug = models.SlugField(max_length=60, unique=True)
    query = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField()
    scenes = models.ManyToManyField(Scene, through="catalog.SceneSetMember", related_name="scene_sets")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.slug


class SceneSetMember(models.Model):
    """One scene at its place in a set."""

    scene_set = models.ForeignKey(SceneSet, on_delete=models.CASCADE, related_name="members")
    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="+")
    image = models.ForeignKey(
        Image, on_delete=models.PROTECT, related_name="+", help_text="The scene's picture on that day"
    )
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scene_set", "scene"], name="scene_set_member_once"),
            models.UniqueConstraint(fields=["scene_set", "position"], name="scene_set_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scene_set_id}[{self.position}]"
