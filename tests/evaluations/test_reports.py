"""The Relevance@5 report: its figures, its command, its pages."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labelapp.catalog.models import Product, Scene
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.exports import export_run
from labelapp.evaluations.models import EvaluationRun, System
from labelapp.evaluations.reports import relevance_report
from labelapp.guides.publishing import publish
from labelapp.people.models import User
from labelapp.tasks.models import Project
from tests import personas
from tests.evaluations.records import finished_run, judge, make_scene_set, make_system
from tests.factories import make_image, make_product, make_project, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def old() -> System:
    return make_system("old")


@pytest.fixture
def new() -> System:
    return make_system("new")


@pytest.fixture
def lena() -> User:
    return personas.lena()


@pytest.fixture
def run(project: Project, old: System, new: System, lena: User) -> EvaluationRun:
    """Two scenes; the old system shows two products, one of them similar, the new one five good ones."""
    scenes = [make_scene(), make_scene()]
    products = [make_product() for _ in range(6)]
    for scene in scenes:
        for product, grade in zip(products, (3, 1, 4, 4, 3, 3), strict=True):
            judge(project, scene, product, grade, by=lena)
    return finished_run(project, scenes, {old: [products[:2]] * 2, new: [products[:1] + products[2:]] * 2})


def test_a_missing_candidate_is_a_miss_and_gains_are_relative_to_the_row_before(
    run: EvaluationRun, old: System, new: System
) -> None:
    before, after = relevance_report([old, new]).rows
    assert before.result.similar.value == pytest.approx(1 / 5)
    assert before.result.fill_rate == pytest.approx(2 / 5)
    assert after.result.similar.value == pytest.approx(1)
    assert after.result.extremely_similar.value == pytest.approx(2 / 5)
    assert after.similar_gain is not None
    assert after.similar_gain.relative_gain.value == pytest.approx(4)
    assert before.grade_counts == {4: 0, 3: 2, 2: 0, 1: 2, 0: 0}


def test_a_tie_is_unjudged_and_a_third_judgement_breaks_it(project: Project, old: System, lena: User) -> None:
    scene, product = make_scene(), make_product()
    judge(project, scene, product, 4, by=lena)
    judge(project, scene, product, 1, by=personas.eva())
    finished_run(project, [scene], {old: [[product]]})
    assert relevance_report([old]).rows[0].result.judged_at_5 == 0
    judge(project, scene, product, 4, by=personas.max_())
    assert relevance_report([old]).rows[0].result.extremely_similar.value == pytest.approx(1 / 5)


def test_simulated_people_never_enter_a_human_figure(project: Project, old: System) -> None:
    scene, product = make_scene(), make_product()
    robot = personas.person("robot", is_simulated=True)
    judge(project, scene, product, 4, by=robot)
    finished_run(project, [scene], {old: [[product]]})
    assert relevance_report([old]).rows[0].result.judged_at_5 == 0
    simulated = relevance_report([old], origin="simulated")
    assert simulated.is_simulated
    assert simulated.rows[0].result.judged_at_5 == 1


def test_judgements_of_one_guide_version_do_not_count_under_another(
    run: EvaluationRun, project: Project, old: System
) -> None:
    publish(project.guide, "# Stricter", by=None)
    assert relevance_report([old]).rows[0].result.judged_at_5 == 0
    assert relevance_report([old], guide_number=1).rows[0].result.judged_at_5 == 1


def test_systems_without_a_common_finished_run_are_refused_with_advice(
    run: EvaluationRun, project: Project, old: System
) -> None:
    lonely = make_system("lonely")
    with pytest.raises(EvaluationsError, match="lonely has no finished run"):
        relevance_report([old, lonely])
    finished_run(project, [make_scene()], {lonely: [[]]})
    with pytest.raises(EvaluationsError, match="evaluate them together"):
        relevance_report([old, lonely])


def test_the_command_prints_a_table_or_json(run: EvaluationRun) -> None:
    out = StringIO()
    call_command("relevance_report", "old", "new", stdout=out)
    assert "Similar P@5            100.0 %" in out.getvalue()
    out = StringIO()
    call_command("relevance_report", "old", "new", "--json", stdout=out)
    rows = json.loads(out.getvalue())["systems"]
    assert [row["system"] for row in rows] == ["old", "new"]
    assert rows[1]["similar"]["value"] == pytest.approx(1)


def test_an_unknown_system_or_scene_set_is_named_with_what_there_is(run: EvaluationRun) -> None:
    with pytest.raises(CommandError, match="There are: new, old"):
        call_command("relevance_report", "odl")
    with pytest.raises(CommandError, match="no scene set 'nowhere'"):
        call_command("relevance_report", "old", "--scenes", "nowhere")


def test_the_exported_files_give_the_report_again(run: EvaluationRun, new: System, tmp_path: Path) -> None:
    assert export_run(run, tmp_path) == {"candidates.csv": 14, "judgements.csv": 12}
    with (tmp_path / "judgements.csv").open() as file:
        grade = {(row["crop_hash"], row["product_image"]): int(row["grade"]) for row in csv.DictReader(file)}
    with (tmp_path / "candidates.csv").open() as file:
        shown = [row for row in csv.DictReader(file) if row["system"] == "new"]
    hits = sum(grade[row["crop_hash"], row["product_image"]] >= 3 for row in shown)
    assert hits / 5 / 2 == pytest.approx(relevance_report([new]).rows[0].result.similar.value)


def test_the_page_shows_each_system_and_its_verdict(client: Client, run: EvaluationRun) -> None:
    client.force_login(personas.max_())
    page = client.get(reverse("report"))
    assert page.status_code == 200
    assert b"100.0" in page.content
    assert client.get(reverse("report") + "?json=1&system=old").json()["systems"][0]["system"] == "old"


def test_the_page_says_what_to_do_before_there_is_a_run(client: Client) -> None:
    client.force_login(personas.max_())
    assert b"No finished run yet" in client.get(reverse("report")).content


def test_an_unknown_system_on_the_page_answers_422(client: Client, run: EvaluationRun) -> None:
    client.force_login(personas.max_())
    assert client.get(reverse("report"), {"system": "nobody"}).status_code == 422


def test_the_wall_shows_the_failures_alone_when_asked(
    client: Client, project: Project, old: System, lena: User
) -> None:
    good, bad = make_scene(title="Good room"), make_scene(title="Bad room")
    product = make_product()
    judge(project, good, product, 4, by=lena)
    judge(project, bad, product, 1, by=lena)
    run = finished_run(project, [good, bad], {old: [[product], [product]]})
    client.force_login(personas.max_())
    address = reverse("report_wall", args=[run.public_id, old.slug])
    everything, failures = client.get(address), client.get(address, {"show": "failures"})
    assert b"Good room" in everything.content
    assert b"Good room" not in failures.content
    assert b"Bad room" in failures.content


def test_labelers_and_outsiders_see_neither_report_nor_wall(
    client: Client, run: EvaluationRun, lena: User
) -> None:
    for user in (lena, personas.olga()):
        client.force_login(user)
        assert client.get(reverse("report")).status_code == 403
        assert client.get(reverse("report_wall", args=[run.public_id, "old"])).status_code == 403


def test_a_new_picture_of_a_product_changes_no_finished_figure(
    run: EvaluationRun, old: System, new: System
) -> None:
    before = [row.result for row in relevance_report([old, new]).rows]
    Product.objects.update(image=make_image())
    Scene.objects.update(image=make_image())
    assert [row.result for row in relevance_report([old, new]).rows] == before


def test_runs_under_different_guides_are_not_compared(project: Project, old: System, new: System) -> None:
    scene, product = make_scene(), make_product()
    scenes = make_scene_set([scene])
    finished_run(project, [scene], {old: [[product]]}, scene_set=scenes)
    finished_run(make_project(), [scene], {new: [[product]]}, scene_set=scenes)
    with pytest.raises(EvaluationsError, match="under the same guide"):
        relevance_report([old, new])


def test_scenes_that_a_system_could_not_finish_stay_out_of_the_comparison(
    project: Project, old: System, new: System, lena: User
) -> None:
    done, failed = make_scene(), make_scene()
    product = make_product()
    for scene in (done, failed):
        judge(project, scene, product, 4, by=lena)
    run = finished_run(project, [done, failed], {old: [[product], [product]], new: [[product], []]})
    run.chunks.create(
        system=new,
        position=0,
        item_ids=[failed.pk],
        state="failed",
        finished_at=timezone.now(),
        error="Lost.",
    )
    row = relevance_report([old, new]).rows[1]
    assert row.failed_chunks == 1
    assert row.similar_gain is not None
    assert row.similar_gain.difference.value == 0
    assert row.similar_gain.scenes == 1
