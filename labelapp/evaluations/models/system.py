"""A visual shopping system under test."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.evaluations.errors import UnknownName
from labelapp.evaluations.models.corpus import CorpusSnapshot
from labelapp.evaluations.models.model_version import ModelVersion


class SystemQuerySet(models.QuerySet["System"]):
    def get_by_slug(self, slug: str) -> "System":
        found = self.select_related("detector", "embedder", "corpus").filter(slug=slug).first()
        if found is None:
            known = self.values_list("slug", flat=True)
            raise UnknownName("system", slug, known, how="make one: manage.py create_system")
        return found


class System(models.Model):
    """Frozen: detector, embedder, corpus and restriction rule never change after creation."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    detector = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    embedder = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    corpus = models.ForeignKey(CorpusSnapshot, on_delete=models.PROTECT, related_name="systems")
    threshold = models.FloatField(help_text="Boxes below this detector score are dropped")
    restrict_category = models.BooleanField(default=True, help_text="category = predicted category")
    restrict_gender = models.BooleanField(default=False, help_text="gender in {predicted, unisex}")
    where = models.CharField(max_length=2000, blank=True, help_text="A further restriction, in the text form")
    depth = models.PositiveSmallIntegerField(default=5)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = SystemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold__gte=0, threshold__lte=1), name="system_threshold_is_a_score"
            ),
            models.CheckConstraint(condition=models.Q(depth__gte=1), name="system_depth_from_one"),
        ]

    def __str__(self) -> str:
        return self.name
