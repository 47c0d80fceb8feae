"""A person, or a simulated one, who signs in."""

import uuid
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models

from labelapp.people.models.role import Role


class User(AbstractUser):
    """Roles say what a user may do; pools say whose work is theirs."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_simulated = models.BooleanField(
        default=False, help_text="Answers of simulated people never enter a human figure."
    )

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    @cached_property
    def role_names(self) -> frozenset[str]:
        return frozenset(self.roles.values_list("name", flat=True))

    def has_role(self, *names: Role.Name) -> bool:
        """Admins may do whatever any other role may."""
        return not self.role_names.isdisjoint({Role.Name.ADMIN, *names})

    @property
    def is_engineer(self) -> bool:
        """For templates: whether to offer what only ML engineers and admins may do."""
        return self.has_role(Role.Name.ENGINEER)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username
