"""The ledger of model work; the broker only carries hints to look here."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from labelapp.evaluations.models.corpus import CorpusIndex
from labelapp.evaluations.models.evaluation_run import EvaluationRun
from labelapp.evaluations.models.system import System


class WorkChunk(models.Model):
    """A block of scenes for one system of a run, or a block of products for a corpus index."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        LEASED = "leased", "Leased"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    run = models.ForeignKey(
        EvaluationRun, null=True, blank=True, on_delete=models.CASCADE, related_name="chunks"
    )
    system = models.ForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    index = models.ForeignKey(
        CorpusIndex, null=True, blank=True, on_delete=models.CASCADE, related_name="chunks"
    )
    position = models.PositiveIntegerField()
    item_ids = models.JSONField(help_text="Scene ids of a run's chunk, product ids of an index's chunk")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now(), help_text="When the sweeper sends the hint again")
    error = models.TextField(blank=True)
    left_out = models.PositiveIntegerField(
        default=0, help_text="Objects found whose label is none of our categories"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "system", "position"], name="work_chunk_once_per_run"),
            models.UniqueConstraint(fields=["index", "position"], name="work_chunk_once_per_index"),
            models.CheckConstraint(
                condition=Q(run__isnull=False, system__isnull=False, index=None)
                | Q(run=None, system=None, index__isnull=False),
                name="work_chunk_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "leased", "done", "failed", "cancelled"]),
                name="work_chunk_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="leased") & Q(lease_until=None)),
                name="work_chunk_lease_fits_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="work_chunk_due"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="work_chunk_leased"),
        ]

    def __str__(self) -> str:
        return f"chunk {self.position} of {self.run_id or self.index_id}"
