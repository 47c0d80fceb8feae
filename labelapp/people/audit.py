"""The one way to write down who did what."""

from typing import Any

from labelapp.people.models import AuditEvent, User


def record(actor: User | None, verb: str, subject: object, **detail: Any) -> AuditEvent:
    """Write an audit event; without an actor the system itself acted, a command for instance."""
    return AuditEvent.objects.create(actor=actor, verb=verb, subject=str(subject)[:200], detail=detail)
