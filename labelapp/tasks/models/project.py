"""One labeling job."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.guides.models import Guide, GuideVersion
from labelapp.people.models import Pool, PoolMembership, User
from labelapp.tasks.types.registry import task_type_choices


class ProjectQuerySet(models.QuerySet["Project"]):
    def for_labeler(self, user: User) -> "ProjectQuerySet":
        """Projects that ask a pool of which the user is a member now."""
        pools = PoolMembership.objects.current().filter(user=user).values("pool")
        return self.filter(pools__in=pools).distinct()

    def marked(self) -> "ProjectQuerySet":
        """Add whether simulated people answer."""
        simulated = ProjectPool.objects.filter(project=models.OuterRef("pk"), pool__is_simulated=True)
        return self.annotate(is_simulated=models.Exists(simulated))

    def of_people(self) -> "ProjectQuerySet":
        """Leave out those that simulated people answer."""
        return self.exclude(pools__is_simulated=True)


class Project(models.Model):
    """A question type, a guide, and how many answers are wanted of which pool."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    task_type = models.CharField(max_length=40, choices=task_type_choices)
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="projects")
    pools = models.ManyToManyField(Pool, through="tasks.ProjectPool", related_name="projects")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "paused", "closed"]), name="project_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def guide_version(self) -> GuideVersion:
        """The version that labelers have before them now."""
        return self.guide.versions.published().latest("number")


class ProjectPool(models.Model):
    """How many answers per task a project wants of a pool."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="project_pools")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="project_pools")
    overlap = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "pool"], name="project_pool_once"),
            models.CheckConstraint(condition=models.Q(overlap__gte=1), name="project_pool_overlap_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.overlap} from {self.pool_id}"
