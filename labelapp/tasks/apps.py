"""The tasks app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "labelapp.tasks"
    verbose_name = "Tasks"
