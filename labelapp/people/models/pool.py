"""Pools: groups of labelers of one kind."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class Pool(models.Model):
    """A group of labelers of one kind; a project asks pools for answers."""

    class Kind(models.TextChoices):
        IN_HOUSE = "in_house", "In-house"
        FIXED_VENDOR = "fixed_vendor", "Fixed vendor"
        CROWD = "crowd", "Crowd"
        MODEL = "model", "Model"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    is_simulated = models.BooleanField(default=False, help_text="Its members are simulated people.")
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="people.PoolMembership", related_name="pools"
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["in_house", "fixed_vendor", "crowd", "model"]),
                name="pool_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PoolMembershipQuerySet(models.QuerySet["PoolMembership"]):
    def current(self, at: dt.datetime | None = None) -> "PoolMembershipQuerySet":
        at = at or timezone.now()
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), since__lte=at)


class PoolMembership(models.Model):
    """Who belonged to which pool from when to when; rows are ended, not deleted."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)

    objects = PoolMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "user"], condition=models.Q(until=None), name="pool_membership_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="pool_membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.pool_id}"
