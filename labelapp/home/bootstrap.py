"""What an empty database needs before anyone can begin: people, a pool, a guide, a project, categories."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from labelapp.guides.models import Guide
from labelapp.guides.publishing import publish
from labelapp.people.models import Pool, Role, User
from labelapp.tasks.models import Project
from labelapp.tasks.types.registry import get_task_type


@dataclass(frozen=True)
class Persona:
    """Someone to sign in as."""

    username: str
    first_name: str
    role: Role.Name
    does: str


# Marks the personas among a database's people; no mail goes anywhere.
PERSONA_HOST = "@persona.invalid"
PERSONAS = (
    Persona("lena", "Lena", Role.Name.LABELER, "rates candidates"),
    Persona("eva", "Eva", Role.Name.EXPERT, "watches over the guide and the projects"),
    Persona("max", "Max", Role.Name.ENGINEER, "imports, runs systems, reads the report"),
    Persona("ada", "Ada", Role.Name.ADMIN, "may do everything"),
)


@transaction.atomic
def bootstrap(password: str) -> None:
    """Make what is missing and leave alone what is there; the personas get the password given.

    A database that has people of its own, as a team's may, gets no personas, and nobody there is touched.
    """
    pool, _ = Pool.objects.get_or_create(
        slug="in_house", defaults={"name": "In-house team", "kind": Pool.Kind.IN_HOUSE}
    )
    if not people_of_its_own().exists():
        for persona in PERSONAS:
            _add(persona, password, pool)
    _relevance_project(pool)


def people_of_its_own() -> QuerySet[User]:
    """Return the people whom neither the demo nor a simulation has made."""
    return User.objects.filter(is_simulated=False).exclude(email__endswith=PERSONA_HOST)


def _add(persona: Persona, password: str, pool: Pool) -> None:
    user, _ = User.objects.get_or_create(
        username=persona.username,
        defaults={"first_name": persona.first_name, "email": f"{persona.username}{PERSONA_HOST}"},
    )
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    user.roles.get_or_create(name=persona.role)
    if persona.role == Role.Name.LABELER and not user.memberships.current().filter(pool=pool).exists():
        user.memberships.create(pool=pool)


def _relevance_project(pool: Pool) -> None:
    if Project.objects.filter(slug="relevance").exists():
        return
    guide, _ = Guide.objects.get_or_create(slug="relevance", defaults={"title": "Relevance guide"})
    if not guide.versions.published().exists():
        publish(guide, get_task_type("relevance").default_guide, by=None, change_note="First version")
    project = Project.objects.create(slug="relevance", name="Relevance", task_type="relevance", guide=guide)
    project.project_pools.create(pool=pool, overlap=1)
