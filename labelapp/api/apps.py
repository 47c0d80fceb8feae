"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "labelapp.api"
    verbose_name = "API"

    def ready(self) -> None:
        from labelapp.api import description  # noqa: F401 - registers itself
