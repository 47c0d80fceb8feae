"""One wanted answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from labelapp.people.models import Pool, User
from labelapp.tasks.models.project import Project
from labelapp.tasks.models.task import Task


class SlotQuerySet(models.QuerySet["Slot"]):
    def held_by(self, user: User, project: Project) -> "SlotQuerySet":
        """Claims of this labeler, the oldest first; a lease counts until the sweeper has ended it."""
        return self.filter(claimed_by=user, project=project, state="claimed").order_by("claimed_at", "pk")

    def for_labeler(self, user: User) -> "SlotQuerySet":
        """Leave out slots of tasks that this labeler holds, has answered or has skipped."""
        of_task = Q(task=OuterRef("task"), ask_no=OuterRef("ask_no"))
        held = Slot.objects.filter(of_task, claimed_by=user)
        answered = Slot.objects.filter(of_task, labels__labeler=user)
        skipped = Slot.objects.filter(task=OuterRef("task"), skips__labeler=user)
        return self.exclude(Q(Exists(held)) | Q(Exists(answered)) | Q(Exists(skipped)))

    def known_to(self, user: User) -> "SlotQuerySet":
        """Slots that this labeler holds, has answered, or once held."""
        lapsed = self.filter(lapses__labeler=user).values("pk")
        return self.filter(Q(claimed_by=user) | Q(pk__in=lapsed))


class Slot(models.Model):
    """Overlap k is k rows; a claim turns an open row into a lease in one statement (queue.py)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLAIMED = "claimed", "Claimed"
        DONE = "done", "Done"
        VOID = "void", "Void"

    class Purpose(models.TextChoices):
        WORK = "work", "Work"
        OVERLAP = "overlap", "Overlap"
        ADJUDICATION = "adjudication", "Adjudication"
        GOLDEN = "golden", "Golden"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="slots")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="slots")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="slots")
    slot_no = models.PositiveSmallIntegerField()
    ask_no = models.PositiveSmallIntegerField(default=0, help_text="0 for ordinary work, higher for repeats")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.WORK)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rank = models.FloatField(help_text="Smaller comes first; random order is a random rank fixed at insert")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="slots"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True, unique=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "pool", "purpose", "slot_no"], name="slot_no_once"),
            models.UniqueConstraint(
                fields=["task", "claimed_by", "ask_no"],
                condition=Q(state__in=["claimed", "done"]),
                name="slot_labeler_once_per_ask",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "void"], claimed_by=None, lease_until=None, lease_token=None)
                | Q(
                    state="claimed",
                    claimed_by__isnull=False,
                    lease_until__isnull=False,
                    lease_token__isnull=False,
                )
                | Q(state="done", claimed_by__isnull=False, lease_until=None),
                name="slot_lease_fits_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "pool", "rank", "id"], condition=Q(state="open"), name="slot_open"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="claimed"), name="slot_leased"),
            models.Index(fields=["claimed_by", "project"], condition=Q(state="claimed"), name="slot_held"),
            models.Index(fields=["project", "state"], name="slot_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
