"""How far a run or an index has come, from its chunks."""

from dataclasses import dataclass

from django.db.models import Count, F, Func, IntegerField, Max, Min, Q, QuerySet, Sum

from labelapp.evaluations.models import CorpusIndex, CorpusSnapshot, EvaluationRun, System, WorkChunk
from labelapp.tasks.models import Slot

State = WorkChunk.State
FAILURES_SHOWN = 20


@dataclass(frozen=True)
class Progress:
    """Counts of chunks by state, of items, and the speed over the time in which chunks were done."""

    chunks: int
    done: int
    leased: int
    failed: int
    cancelled: int
    items: int
    items_done: int
    left_out: int
    seconds: float

    @property
    def pending(self) -> int:
        return self.chunks - self.done - self.leased - self.failed - self.cancelled

    @property
    def closed(self) -> int:
        return self.done + self.failed + self.cancelled

    @property
    def per_second(self) -> float | None:
        return self.items_done / self.seconds if self.seconds > 0 else None

    @property
    def percent(self) -> int:
        return int(100 * self.closed / self.chunks) if self.chunks else 100


def progress_of(chunks: "QuerySet[WorkChunk]") -> Progress:
    """Read it in one query."""
    size = Func(F("item_ids"), function="jsonb_array_length", output_field=IntegerField())
    is_done = Q(state=State.DONE)
    counts = {
        state: Count("pk", filter=Q(state=state)) for state in ("done", "leased", "failed", "cancelled")
    }
    row = chunks.order_by().aggregate(
        chunks=Count("pk"),
        **counts,
        items=Sum(size, default=0),
        items_done=Sum(size, filter=is_done, default=0),
        left_out=Sum("left_out", default=0),
        started=Min("started_at", filter=is_done),
        ended=Max("finished_at", filter=is_done),
    )
    started, ended = row.pop("started"), row.pop("ended")
    return Progress(**row, seconds=(ended - started).total_seconds() if started and ended else 0.0)


@dataclass(frozen=True)
class SystemFigures:
    """What a system found in a run."""

    system: System
    objects: int
    candidates: int


@dataclass(frozen=True)
class RunFigures:
    """What a run found and what people made of it; too much to be counted every two seconds."""

    systems: list[SystemFigures]
    answers_open: int
    answers_done: int


def failures_of(run: EvaluationRun) -> list[WorkChunk]:
    return list(run.chunks.filter(state=State.FAILED).select_related("system")[:FAILURES_SHOWN])


def run_figures(run: EvaluationRun) -> RunFigures:
    return RunFigures(
        systems=_systems(run),
        answers_open=run.project.slots.filter(state__in=[Slot.State.OPEN, Slot.State.CLAIMED]).count(),
        answers_done=run.project.slots.filter(state=Slot.State.DONE).count(),
    )


def _systems(run: EvaluationRun) -> list[SystemFigures]:
    found = run.query_objects.order_by().values_list("system_id")
    objects = dict(found.annotate(number=Count("pk")))
    candidates = dict(found.annotate(number=Count("candidates")))
    return [
        SystemFigures(system, objects.get(system.pk, 0), candidates.get(system.pk, 0))
        for system in run.ordered_systems()
    ]


@dataclass(frozen=True)
class IndexState:
    """An index of a corpus and how far it has come."""

    index: CorpusIndex
    progress: Progress


def index_states(corpus: CorpusSnapshot) -> list[IndexState]:
    indexes = corpus.indexes.select_related("embedder")
    return [IndexState(index, progress_of(index.chunks.all())) for index in indexes]
