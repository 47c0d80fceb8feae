"""Systems run over a scene set, to be judged in one project."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Now

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.errors import UnknownName
from labelapp.evaluations.models.system import System
from labelapp.tasks.models import Project


class EvaluationRunQuerySet(models.QuerySet["EvaluationRun"]):
    def counted(self) -> "EvaluationRunQuerySet":
        """Add how many chunks each has, and how many of these are closed."""
        closed = models.Q(chunks__state__in=["done", "failed", "cancelled"])
        counted = self.annotate(
            chunk_count=models.Count("chunks"), closed_count=models.Count("chunks", filter=closed)
        )
        return counted.order_by("-created_at")

    def get_by_reference(self, reference: str) -> "EvaluationRun":
        """Fetch by the public id or the beginning of it, of which people see 8 characters."""
        with_text = self.annotate(text=Cast("public_id", models.CharField()))
        runs = list(with_text.filter(text__startswith=reference.lower())[:5]) if reference else []
        if len(runs) == 1:
            return runs[0]
        known = [str(run.public_id) for run in (runs or self.all()[:5])]
        raise UnknownName(
            "single run" if runs else "run", reference, known, how="start one: manage.py evaluate"
        )


class EvaluationRun(models.Model):
    """Its chunks are the work; its state follows theirs."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        CANCELLED = "cancelled", "Cancelled"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scene_set = models.ForeignKey(SceneSet, on_delete=models.PROTECT, related_name="runs")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs")
    systems = models.ManyToManyField(System, through="evaluations.RunSystem", related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    failed_chunks = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="", help_text="Why it could not be finished")
    finish_attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "cancelled", "finished", "failed"]),
                name="evaluation_run_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="finished", finished_at__isnull=False)
                | (~models.Q(state="finished") & models.Q(finished_at=None)),
                name="evaluation_run_finished_at_fits_state",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.short_id}"

    @property
    def short_id(self) -> str:
        return str(self.public_id)[:8]

    @property
    def shown_state(self) -> str:
        """The word of the state mark; a run with set-aside chunks has failed in part."""
        if self.state == self.State.FINISHED:
            return "failed" if self.failed_chunks else "done"
        return self.state

    @property
    def state_label(self) -> str:
        if self.state == self.State.FINISHED and self.failed_chunks:
            return f"Finished with {self.failed_chunks} failure{'s' if self.failed_chunks > 1 else ''}"
        return self.get_state_display()

    def ordered_systems(self) -> list[System]:
        """The systems in the order of the report's rows."""
        return [at.system for at in self.run_systems.select_related("system")]


class RunSystem(models.Model):
    """A system at its place in a run; the order is the order of the report's rows."""

    run = models.ForeignKey(EvaluationRun, on_delete=models.CASCADE, related_name="run_systems")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="run_systems")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "system"], name="run_system_once"),
            models.UniqueConstraint(fields=["run", "position"], name="run_system_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} in {self.run_id}"
