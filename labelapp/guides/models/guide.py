"""A training guide, known by its versions."""

from django.db import models


class Guide(models.Model):
    """What labelers are taught for a kind of question."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title
