"""The five people who walk through every test of permissions."""

from typing import Any

from labelapp.people.models import Pool, Role, User

PASSWORD = "correct horse battery"


def person(username: str, *roles: Role.Name, pool: str = "", **fields: Any) -> User:
    user = User.objects.create_user(username, password=PASSWORD, first_name=username.title(), **fields)
    for role in roles:
        user.roles.create(name=role)
    if pool:
        group, _ = Pool.objects.get_or_create(slug=pool, defaults={"name": pool, "kind": Pool.Kind.IN_HOUSE})
        group.memberships.create(user=user)
    return user


def ada() -> User:
    """An admin."""
    return person("ada", Role.Name.ADMIN)


def lena() -> User:
    """A labeler of the in-house pool."""
    return person("lena", Role.Name.LABELER, pool="in_house")


def eva() -> User:
    """An expert."""
    return person("eva", Role.Name.EXPERT)


def max_() -> User:
    """An ML engineer."""
    return person("max", Role.Name.ENGINEER)


def olga() -> User:
    """Signed in, and of no role: the outsider."""
    return person("olga")
