"""Something a shop sells."""

import uuid

from django.db import models
from django.db.models.functions import Now

from labelapp.catalog.models.category import Category
from labelapp.catalog.models.domain import Domain
from labelapp.catalog.models.image import Image


class ProductQuerySet(models.QuerySet["Product"]):
    def listed(self) -> "ProductQuerySet":
        """Bring what a list shows, in one query."""
        return self.select_related("image", "category__coarse")


class Product(models.Model):
    """A product with one catalog picture; empty gender, price or category means unknown."""

    class Gender(models.TextChoices):
        MEN = "men", "Men"
        WOMEN = "women", "Women"
        UNISEX = "unisex", "Unisex"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="products")
    title = models.CharField(max_length=300, blank=True)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    merchant_provided = models.BooleanField(default=False, help_text="The category came from the merchant")
    gender = models.CharField(max_length=6, choices=Gender.choices, null=True, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    merchant = models.CharField(max_length=120, blank=True)
    domain = models.CharField(max_length=12, choices=Domain.choices)
    url = models.URLField(max_length=500, blank=True)
    annotations = models.JSONField(default=dict, help_text="Further columns of the import, as given")
    created_at = models.DateTimeField(db_default=Now())

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="product_external_id_once_per_source"
            ),
            models.CheckConstraint(
                condition=models.Q(gender=None) | models.Q(gender__in=["men", "women", "unisex"]),
                name="product_gender_known",
            ),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(price__gte=0), name="product_price_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__in=["fashion", "home_decor"]), name="product_domain_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id
