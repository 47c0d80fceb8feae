"""Fetch-and-check: what is not a user's own answers 404, so that nobody learns what exists."""

import uuid

from django.http import Http404

from labelapp.people.models import Role, User
from labelapp.tasks.models import Project, Slot


def get_project_for_user(user: User, slug: str) -> Project:
    """Fetch a project that asks one of the user's pools, or any project for experts and engineers."""
    projects = Project.objects.select_related("guide")
    if not user.has_role(Role.Name.EXPERT, Role.Name.ENGINEER):
        projects = projects.filter(pk__in=Project.objects.for_labeler(user).values("pk"))
    project = projects.filter(slug=slug).first()
    if project is None:
        raise Http404(f"You have no project '{slug}'.")
    return project


def get_slot_for_user(user: User, slot: uuid.UUID) -> Slot:
    """Fetch a slot that the user holds, has answered, or once held."""
    found = Slot.objects.known_to(user).select_related("task", "project").filter(public_id=slot).first()
    if found is None:
        raise Http404("You hold no such task.")
    return found
