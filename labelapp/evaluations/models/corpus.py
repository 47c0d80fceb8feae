"""The products a system may return, frozen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.catalog.models import Image, Product
from labelapp.evaluations.errors import UnknownName
from labelapp.evaluations.models.model_version import ModelVersion


class CorpusSnapshotQuerySet(models.QuerySet["CorpusSnapshot"]):
    def get_by_slug(self, slug: str) -> "CorpusSnapshot":
        found = self.filter(slug=slug).first()
        if found is None:
            known = self.values_list("slug", flat=True)
            raise UnknownName("corpus", slug, known, how="freeze one: manage.py freeze_corpus")
        return found


class CorpusSnapshot(models.Model):
    """A frozen list of products with the attributes they had on that day."""

    slug = models.SlugField(max_length=60, unique=True)
    query = models.JSONField(default=dict)
    size = models.PositiveIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = CorpusSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.slug

    def categories(self) -> list[tuple[str | None, int]]:
        """Coarse categories with their numbers of products, the most frequent first."""
        counted = self.items.order_by().values_list("category").annotate(number=models.Count("pk"))
        return list(counted.order_by("-number", "category"))


class CorpusItem(models.Model):
    """One product as it was when the corpus was frozen; category is the coarse slug."""

    corpus = models.ForeignKey(CorpusSnapshot, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40, null=True)
    gender = models.CharField(max_length=6, null=True)
    price = models.FloatField(null=True)
    merchant = models.CharField(max_length=120)
    domain = models.CharField(max_length=12)
    source = models.CharField(max_length=60)

    class Meta:
        ordering = ["product_id"]
        constraints = [models.UniqueConstraint(fields=["corpus", "product"], name="corpus_item_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.corpus_id}"


class CorpusIndex(models.Model):
    """A corpus searched by one embedder's codes; `version` is what the retrieval engine calls it."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    corpus = models.ForeignKey(CorpusSnapshot, on_delete=models.CASCADE, related_name="indexes")
    embedder = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="indexes")
    engine = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    version = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)
    finish_attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "corpus indexes"
        constraints = [
            models.UniqueConstraint(fields=["corpus", "embedder", "engine"], name="corpus_index_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "ready", "failed", "cancelled"]),
                name="corpus_index_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | ~models.Q(version=""),
                name="corpus_index_ready_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.corpus} by {self.embedder}"

    @property
    def shown_state(self) -> str:
        """The word of the state mark."""
        return "done" if self.state == self.State.READY else self.state
