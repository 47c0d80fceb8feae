"""Figures about projects and labelers, each a fixed number of statements that stop counting at a limit."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from labelapp.people.models import PoolMembership, User
from labelapp.tasks.models import Label, Project, Skip, Slot, Task

LOOKED_AT = 1000  # open slots that a start page looks at
FIGURES_AT_MOST = 100_000
TASKS_AT_MOST = 10_000  # of each project in the list
SKIPS_AT_MOST = 1000


class CountedUpTo(Subquery):
    """The number of rows of a limited query, as one value."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], most: int) -> None:
        super().__init__(rows.order_by().values("pk")[:most])


@dataclass(frozen=True)
class Waiting:
    """A project as its labeler's start page shows it; `is_more` if not every open slot was looked at."""

    project: Project
    open: int
    is_more: bool
    done_today: int


@dataclass(frozen=True)
class ProjectFigures:
    """Where a project stands; no figure goes beyond `most`."""

    open: int
    claimed: int
    done: int
    surplus: int
    last_hour: int
    skips: int
    most: int

    @property
    def wanted(self) -> int:
        return self.open + self.claimed + self.done

    @property
    def is_exact(self) -> bool:
        """Done and wanted are whole counts, so that their share means something."""
        return max(self.open, self.claimed, self.done) < self.most


def done_today(user: User, project: Project) -> int:
    """Count the labeler's answers since midnight, those that count."""
    return _today(user).filter(slot__project=project).count()


def waiting_for(user: User) -> list[Waiting]:
    """List the active projects that ask the user's pools, with what is open and what was done today."""
    pools = set(PoolMembership.objects.current().filter(user=user).values_list("pool_id", flat=True))
    projects = list(Project.objects.for_labeler(user).exclude(state=Project.State.CLOSED))
    today = _today(user).values("slot__project").annotate(answers=Count("pk"))
    done = {row["slot__project"]: row["answers"] for row in today.order_by()}
    return [Waiting(project, *_open(user, project, pools), done.get(project.pk, 0)) for project in projects]


def project_figures(project: Project, *, most: int = FIGURES_AT_MOST) -> ProjectFigures:
    slots = Slot.objects.filter(project=project)
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    labels = Label.objects.filter(slot__project=project)
    counted = {
        "open": slots.filter(state=Slot.State.OPEN),
        "claimed": slots.filter(state=Slot.State.CLAIMED),
        "done": slots.filter(state=Slot.State.DONE),
        "surplus": labels.filter(is_surplus=True),
        "last_hour": labels.filter(submitted_at__gte=hour_ago),
        "skips": Skip.objects.filter(task__project=project),
    }
    # Named apart from the fields and relations of a project, as annotations have to be.
    values = {f"{name}_count": CountedUpTo(rows, most) for name, rows in counted.items()}
    found = cast("dict[str, int]", Project.objects.filter(pk=project.pk).values(**values).get())
    return ProjectFigures(most=most, **{name: found[f"{name}_count"] for name in counted})


def latest_skips(project: Project, *, with_simulated: bool = True) -> QuerySet[Skip]:
    skips = Skip.objects.latest_of(project)
    return (skips if with_simulated else skips.exclude(labeler__is_simulated=True))[:SKIPS_AT_MOST]


def project_list(*, with_simulated: bool = True, most: int = TASKS_AT_MOST) -> QuerySet[Project]:
    """All projects with the number of their tasks, counted up to `most`."""
    tasks = CountedUpTo(Task.objects.filter(project=OuterRef("pk")), most)
    projects = Project.objects.marked() if with_simulated else Project.objects.of_people()
    return projects.annotate(task_count=tasks).order_by("state", "name")


def _open(user: User, project: Project, pools: set[int], *, most: int = LOOKED_AT) -> tuple[int, bool]:
    """Count the slots for this labeler among the first open ones; tell whether there are more of these."""
    slots = Slot.objects.filter(project=project, pool__in=pools, state=Slot.State.OPEN).order_by("rank", "pk")
    first = list(slots.values_list("pk", flat=True)[:most])
    return Slot.objects.filter(pk__in=first).for_labeler(user).count(), len(first) == most


def _today(user: User) -> QuerySet[Label]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Label.objects.filter(labeler=user, submitted_at__gte=midnight, is_surplus=False)
