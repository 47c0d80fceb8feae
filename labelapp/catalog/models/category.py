"""Product categories: Google's taxonomy and our coarse roll-up."""

from django.db import models

from labelapp.catalog.models.domain import Domain


class CategoryQuerySet(models.QuerySet["Category"]):
    def coarse(self) -> "CategoryQuerySet":
        return self.exclude(slug=None)


class Category(models.Model):
    """A node of Google's product taxonomy; the coarse ones carry a slug, the others roll up to these."""

    google_id = models.PositiveIntegerField(primary_key=True)
    path = models.CharField(max_length=300, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    slug = models.SlugField(max_length=40, null=True, blank=True, unique=True)
    name = models.CharField(max_length=120)
    domain = models.CharField(max_length=12, choices=Domain.choices, null=True, blank=True)
    coarse = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug=None) | models.Q(coarse__isnull=False, coarse=models.F("google_id")),
                name="category_coarse_is_its_own",
            ),
        ]

    def __str__(self) -> str:
        return self.name
