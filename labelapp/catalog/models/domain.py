"""The two shopping domains of the paper."""

from django.db import models


class Domain(models.TextChoices):
    FASHION = "fashion", "Fashion"
    HOME_DECOR = "home_decor", "Home decor"
