"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "labelapp.people"
    verbose_name = "People"
