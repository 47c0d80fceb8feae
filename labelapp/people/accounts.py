"""Add people, and give scripts a token."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from labelapp.people.audit import record
from labelapp.people.models import ApiToken, Pool, User


@transaction.atomic
def add_person(
    username: str, *, roles: Iterable[str], pools: Iterable[Pool] = (), is_simulated: bool = False
) -> tuple[User, str]:
    """Make a person with a random first password, which is returned once and kept nowhere."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username, password=password, is_simulated=is_simulated)
    for role in roles:
        user.roles.create(name=role)
    for pool in pools:
        pool.memberships.create(user=user)
    record(None, "added person", user, roles=sorted(roles), simulated=is_simulated)
    return user, password


@transaction.atomic
def make_token(user: User, *, name: str, days: int | None = 90) -> str:
    """Return a new token of the user; only its SHA-256 is kept."""
    secret = ApiToken.new_secret()
    expires_at = timezone.now() + dt.timedelta(days=days) if days else None
    ApiToken.objects.create(user=user, name=name, digest=ApiToken.digest_of(secret), expires_at=expires_at)
    record(user, "made token", name)
    return secret
