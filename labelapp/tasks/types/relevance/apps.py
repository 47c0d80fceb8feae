"""Registers the relevance type."""

from django.apps import AppConfig


class RelevanceConfig(AppConfig):
    name = "labelapp.tasks.types.relevance"
    label = "relevance"
    verbose_name = "Relevance"

    def ready(self) -> None:
        from labelapp.tasks.types.registry import register
        from labelapp.tasks.types.relevance.task_type import RelevanceType

        register(RelevanceType())
