"""Grades of query-object/product pairs, known by what was seen and not by who found it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.guides.models import GuideVersion
from labelapp.tasks.models import Label, Project, Task


class QueuedPair(models.Model):
    """A pair that stands in a task, so that it is asked once per project, question and guide version."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="queued_pairs")
    crop_hash = models.CharField(max_length=64)
    product_image = models.CharField(max_length=64, help_text="SHA-256 of the product's picture")
    question_version = models.PositiveSmallIntegerField()
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="queued_pairs")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "crop_hash", "product_image", "question_version", "guide_version"],
                name="queued_pair_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.crop_hash[:8]} with {self.product_image[:8]}"


class LabelEvent(models.Model):
    """A submitted label that has yet to be turned into judgements; written inside the submit transaction."""

    label = models.OneToOneField(Label, on_delete=models.CASCADE, related_name="evaluation_event")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"label {self.label_id}"


class Judgement(models.Model):
    """One labeler's grade for one pair (design.md 5.2)."""

    class Origin(models.TextChoices):
        HUMAN = "human", "Human"
        SIMULATED = "simulated", "Simulated"
        MODEL = "model", "Model"

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="judgements")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judgements")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    crop_hash = models.CharField(max_length=64)
    product_image = models.CharField(max_length=64)
    question_version = models.PositiveSmallIntegerField()
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="judgements")
    grade = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["label", "crop_hash", "product_image"], name="judgement_once_per_label"
            ),
            models.CheckConstraint(condition=models.Q(grade__lte=4), name="judgement_grade_known"),
            models.CheckConstraint(
                condition=models.Q(origin__in=["human", "simulated", "model"]), name="judgement_origin_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["crop_hash", "product_image", "question_version", "guide_version"],
                name="judgement_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.grade} for {self.crop_hash[:8]} with {self.product_image[:8]}"
