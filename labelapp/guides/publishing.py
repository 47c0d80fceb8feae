"""Publish a guide version; from then on it never changes."""

from django.db import transaction
from django.utils import timezone

from labelapp.guides.models import Guide, GuideVersion
from labelapp.people.audit import record
from labelapp.people.models import User


@transaction.atomic
def publish(guide: Guide, text: str, *, by: User | None, change_note: str = "") -> GuideVersion:
    """Give the guide its next version; the same text again is the version that stands."""
    Guide.objects.select_for_update().get(pk=guide.pk)
    newest = guide.versions.published().first()
    if newest is not None and newest.text == text:
        return newest
    version = guide.versions.create(
        number=newest.number + 1 if newest else 1,
        text=text,
        change_note=change_note,
        published_at=timezone.now(),
        published_by=by,
    )
    record(by, "published guide", version, note=change_note)
    return version
