"""The guides app."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "labelapp.guides"
    verbose_name = "Guides"
