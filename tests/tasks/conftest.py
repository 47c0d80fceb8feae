"""People and a small relevance project."""

from collections.abc import Callable

import pytest

from labelapp.people.models import Role, User
from labelapp.tasks.models import Project
from labelapp.tasks.projects import add_tasks
from labelapp.tasks.types.relevance.payload import pictured, relevance_task
from tests import personas
from tests.factories import make_product, make_project, make_scene


@pytest.fixture
def lena(db: None) -> User:
    return personas.lena()


@pytest.fixture
def liam(db: None) -> User:
    """A second labeler of the in-house pool."""
    return personas.person("liam", Role.Name.LABELER, pool="in_house")


@pytest.fixture
def eva(db: None) -> User:
    return personas.eva()


@pytest.fixture
def olga(db: None) -> User:
    return personas.olga()


@pytest.fixture
def new_project(db: None) -> Callable[..., Project]:
    """Make a project with `tasks` tasks of `candidates` products each."""

    def make(*, tasks: int = 3, overlap: int = 1, candidates: int = 2) -> Project:
        project = make_project(overlap=overlap)
        scene = make_scene()
        products = [pictured(make_product()) for _ in range(candidates)]
        items = [relevance_task(pictured(scene), (n, 0, 40, 30), products) for n in range(tasks)]
        add_tasks(project, items)
        return project

    return make


@pytest.fixture
def project(new_project: Callable[..., Project]) -> Project:
    """Three tasks, one answer wanted of each."""
    return new_project()
