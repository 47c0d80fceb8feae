"""A picture, known by the SHA-256 of its original bytes."""

import datetime as dt
import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

EPOCH = dt.date(1970, 1, 1)


def today_as_epoch_day() -> int:
    return (timezone.now().date() - EPOCH).days


class Image(models.Model):
    """Width and height are those of the upright picture; files live in the storage under the hash."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    format = models.CharField(max_length=8)
    bytes = models.PositiveIntegerField()
    storage_name = models.CharField(max_length=200)
    display_name = models.CharField(
        max_length=200, help_text="Rendition with largest side 1600, upright, RGB"
    )
    thumbnail_name = models.CharField(
        max_length=200, help_text="Rendition with largest side 320, upright, RGB"
    )
    epoch_day = models.PositiveIntegerField(default=today_as_epoch_day)
    perceptual_hash = models.BigIntegerField(help_text="64-bit difference hash, as a signed integer")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(width__gte=1, height__gte=1), name="image_has_pixels"),
            models.CheckConstraint(
                condition=models.Q(format__in=["JPEG", "PNG", "WEBP", "GIF", "TIFF"]),
                name="image_format_allowed",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="image_sha256_is_hex"
            ),
        ]
        indexes = [models.Index(fields=["perceptual_hash"], name="image_perceptual_hash")]

    def __str__(self) -> str:
        return self.sha256[:12]
