"""A creator's word that a product is in a scene."""

from django.db import models
from django.db.models.functions import Now

from labelapp.catalog.models.product import Product
from labelapp.catalog.models.scene import Scene


class ScenePair(models.Model):
    """Scene and product, with the creator's box if there is one (whole picture pixels, upright)."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="pairs")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pairs")
    source = models.CharField(max_length=60)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    w = models.FloatField(null=True, blank=True)
    h = models.FloatField(null=True, blank=True)
    annotations = models.JSONField(default=dict, help_text="Further columns of the import, as given")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "product", "source"], name="scene_pair_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(x=None, y=None, w=None, h=None)
                | models.Q(x__isnull=False, y__isnull=False, w__isnull=False, h__isnull=False)
                & models.Q(x__gte=0, y__gte=0, w__gt=0, h__gt=0),
                name="scene_pair_box_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene_id} with {self.product_id}"
