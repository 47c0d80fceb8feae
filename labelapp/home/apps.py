"""The home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "labelapp.home"
    verbose_name = "Home"
