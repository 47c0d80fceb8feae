"""One run of an import, with the rows it set aside."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

# An import writes its counts every few seconds; one that was silent for so long is dead.
SILENCE = dt.timedelta(minutes=3)

# Option of the imports whose pictures a program has drawn.
DRAWN = "drawn"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def drawn(self) -> "ImportBatchQuerySet":
        return self.filter(options__has_key=DRAWN)

    def silent(self) -> "ImportBatchQuerySet":
        return self.filter(state=ImportBatch.State.RUNNING, heard_at__lt=timezone.now() - SILENCE)


class ImportBatch(models.Model):
    """Counts are written as the import goes on, so that a stopped import still says how far it came.

    One that was uploaded keeps its two files in the storage until it is finished, so that it can go on.
    """

    class Kind(models.TextChoices):
        PRODUCTS = "products", "Products"
        SCENES = "scenes", "Scenes"
        PAIRS = "pairs", "Pairs"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=300)
    options = models.JSONField(default=dict)
    rows_upload = models.CharField(max_length=200, blank=True)
    pictures_upload = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    rows_expected = models.PositiveIntegerField(null=True, blank=True)
    rows_seen = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unmapped = models.JSONField(default=dict, help_text="Words that mean no category, with counts")
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now(), help_text="When the import last wrote its counts")
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name_plural = "import batches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "finished", "stopped", "failed"]),
                name="import_batch_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.file_name}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def mark(self) -> str:
        """The design language's word for the state."""
        marks = {self.State.QUEUED: "pending", self.State.STOPPED: "paused", self.State.FINISHED: "done"}
        return marks.get(self.State(self.state), self.state)

    @property
    def can_go_on(self) -> bool:
        """Say whether the uploaded files are still there to go on with."""
        return not self.is_open and self.state != self.State.FINISHED and bool(self.rows_upload)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged


class RejectedRow(models.Model):
    """A row that was set aside, with the reason in plain words."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    row = models.JSONField(default=dict)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="rejected_row_once_per_line")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
