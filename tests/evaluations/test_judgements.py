"""From labels to judgements to the grade of a pair."""

import pytest

from labelapp.catalog.crops import crop_hash
from labelapp.catalog.models import Image
from labelapp.evaluations import jobs
from labelapp.evaluations.judgements import absorb_labels, pair_grades
from labelapp.evaluations.models import Judgement, LabelEvent
from labelapp.people.models import Role, User
from labelapp.tasks.models import Project
from labelapp.tasks.projects import add_tasks
from labelapp.tasks.types.relevance.payload import pictured, relevance_task
from tests import personas
from tests.factories import make_product, make_project, make_scene
from tests.tasks.steps import claimed, send

BOX = (1, 2, 30, 40)


@pytest.fixture
def project(db: None) -> Project:
    """One task with two products, three answers wanted."""
    project = make_project(overlap=3)
    products = [pictured(make_product()), pictured(make_product())]
    add_tasks(project, [relevance_task(pictured(make_scene()), BOX, products)])
    return project


def labeler(name: str, **fields: object) -> User:
    return personas.person(name, Role.Name.LABELER, pool="in_house", **fields)


def grade_by(project: Project, name: str, grade: int, **fields: object) -> None:
    user = labeler(name, **fields)
    send(user, claimed(user, project), grade=grade)


def grades(project: Project, origin: str = "human") -> list[int]:
    judged = sorted(set(Judgement.objects.values_list("crop_hash", "product_image")))
    version = project.guide_version()
    found = pair_grades(judged, guide_version=version, question_version=1, origin=origin)
    return [int(grade) for grade in found]


def test_a_submitted_label_waits_as_an_event_and_becomes_judgements(project: Project) -> None:
    grade_by(project, "lena", 3)
    assert (LabelEvent.objects.count(), Judgement.objects.count()) == (1, 0)
    assert absorb_labels() == 1
    scene_image = project.tasks.get().payload["scene"]["image"]
    judgements = Judgement.objects.all()
    assert {judgement.grade for judgement in judgements} == {3}
    assert len({judgement.product_image for judgement in judgements}) == 2
    assert {judgement.origin for judgement in judgements} == {"human"}
    assert judgements[0].crop_hash == crop_hash(_sha_of(scene_image), BOX)


def _sha_of(image_id: int) -> str:
    return Image.objects.get(pk=image_id).sha256


def test_absorbing_again_changes_nothing(project: Project) -> None:
    grade_by(project, "lena", 3)
    absorb_labels()
    LabelEvent.objects.create(label=Judgement.objects.first().label)  # type: ignore[union-attr]  # just made
    assert absorb_labels() == 1
    assert Judgement.objects.count() == 2
    assert absorb_labels() == 0


def test_the_sweeper_absorbs_labels_too(project: Project) -> None:
    grade_by(project, "lena", 3)
    jobs.sweep()
    assert Judgement.objects.count() == 2


def test_labels_of_simulated_people_are_marked_and_counted_apart(project: Project) -> None:
    grade_by(project, "robot", 4, is_simulated=True)
    absorb_labels()
    assert grades(project) == [-1, -1]
    assert grades(project, origin="simulated") == [4, 4]


def test_the_grade_of_a_pair_is_its_majority(project: Project) -> None:
    for name, grade in (("lena", 3), ("liam", 4), ("lola", 3)):
        grade_by(project, name, grade)
    absorb_labels()
    assert grades(project) == [3, 3]


def test_a_tie_is_unjudged(project: Project) -> None:
    for name, grade in (("lena", 3), ("liam", 4)):
        grade_by(project, name, grade)
    absorb_labels()
    assert grades(project) == [-1, -1]


def test_a_pair_that_nobody_saw_is_unjudged(project: Project) -> None:
    version = project.guide_version()
    found = pair_grades([("a" * 64, "b" * 64)] * 2, guide_version=version, question_version=1, origin="human")
    assert found.tolist() == [-1, -1]


def test_no_pairs_have_no_grades(project: Project) -> None:
    version = project.guide_version()
    assert pair_grades([], guide_version=version, question_version=1, origin="human").tolist() == []
