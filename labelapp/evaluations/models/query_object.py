"""What a system found in a scene, and what it would show for it."""

import uuid

from django.db import models

from labelapp.catalog.models import Image, Product, Scene
from labelapp.evaluations.models.evaluation_run import EvaluationRun
from labelapp.evaluations.models.system import System


class QueryObject(models.Model):
    """A detected box; x, y, w, h are the whole pixels that were cropped from the upright picture."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(EvaluationRun, on_delete=models.CASCADE, related_name="query_objects")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="query_objects")
    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="query_objects")
    image = models.ForeignKey(
        Image, on_delete=models.PROTECT, related_name="+", help_text="The picture that was looked at"
    )
    position = models.PositiveSmallIntegerField()
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    w = models.PositiveIntegerField()
    h = models.PositiveIntegerField()
    label = models.CharField(max_length=120, help_text="The model's own label")
    category = models.CharField(max_length=40, null=True, help_text="Our coarse category; empty if unmapped")
    gender = models.CharField(max_length=6, null=True)
    score = models.FloatField()
    crop_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["scene_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "system", "scene", "position"], name="query_object_once"),
            models.CheckConstraint(
                condition=models.Q(w__gte=1, h__gte=1), name="query_object_box_has_pixels"
            ),
        ]
        indexes = [models.Index(fields=["crop_hash"], name="query_object_crop")]

    def __str__(self) -> str:
        return f"{self.label} in {self.scene_id}"


class Candidate(models.Model):
    """A product at a rank; ties in distance are ordered by product id."""

    query_object = models.ForeignKey(QueryObject, on_delete=models.CASCADE, related_name="candidates")
    rank = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    image = models.ForeignKey(
        Image, on_delete=models.PROTECT, related_name="+", help_text="The product's picture in the corpus"
    )
    distance = models.PositiveIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["query_object", "rank"], name="candidate_rank_once"),
            models.UniqueConstraint(fields=["query_object", "product"], name="candidate_product_once"),
            models.CheckConstraint(condition=models.Q(rank__gte=1), name="candidate_rank_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.rank}"
