"""Simulated people: how they answer, what they leave alone, and hiding them."""

from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from evaluator.agreement import consistency, count_values
from labelapp.evaluations.models import EvaluationRun, Judgement
from labelapp.evaluations.reports import relevance_report
from labelapp.home import simulation as simulated_people
from labelapp.home.bootstrap import PERSONAS, bootstrap
from labelapp.home.planted_figures import pool_figures
from labelapp.home.planted_labelers import POOLS, PlantedLabeler, PlantedPool
from labelapp.home.planted_truth import PlantedTruth
from labelapp.home.simulation import POOLS_PROJECT, open_answers, prepare, run_project_slug, simulate
from labelapp.people.models import Pool, User
from labelapp.people.simulated import HIDES
from labelapp.tasks.forms import ProjectForm
from labelapp.tasks.models import Label, Project, Slot
from tests import personas
from tests.evaluations.records import finished_run
from tests.factories import make_project, make_scene
from tests.home import drawn

MIX = (0.25, 0.3, 0.3, 0.15)


@pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool.slug)
def test_a_pool_comes_near_what_table_9_says_of_it(pool: PlantedPool) -> None:
    truth = np.random.default_rng(1).choice([1, 2, 3, 4], p=MIX, size=600)
    members = [PlantedLabeler(name, pool, 7) for name in pool.members]
    grades = np.array(
        [[one.grade(f"p{i}", int(t), answered=i // 5) for one in members] for i, t in enumerate(truth)]
    )
    counts = count_values(np.repeat(np.arange(600), len(members)), grades.ravel(), n_values=5)
    assert consistency(counts, draws=100).value == pytest.approx(pool.consistency, abs=0.05)
    assert (grades == truth[:, None]).mean() == pytest.approx(pool.accuracy, abs=0.05)
    assert grades.min() >= 1
    assert grades.max() <= 4


def test_an_answer_follows_from_seed_labeler_and_pair_and_a_drift_from_what_came_before() -> None:
    pool = POOLS[2]
    drifting = next(name for name, habit in pool.members.items() if habit.drift)
    labeler = PlantedLabeler(drifting, pool, 7)
    fresh = [labeler.grade(f"p{i}", 3, answered=0) for i in range(300)]
    assert fresh == [PlantedLabeler(drifting, pool, 7).grade(f"p{i}", 3, answered=0) for i in range(300)]
    assert fresh != [PlantedLabeler(drifting, pool, 8).grade(f"p{i}", 3, answered=0) for i in range(300)]
    tired = [labeler.grade(f"p{i}", 3, answered=500) for i in range(300)]
    assert tired.count(3) < fresh.count(3)


class Simulation:
    """A drawn shop with a run over it, judged by simulated people."""

    def __init__(self) -> None:
        drawn.load()
        self.run: EvaluationRun = drawn.run_over()
        truth = PlantedTruth.of(drawn.SIZE.source)
        assert truth is not None
        self.truth = truth
        self._leave_what_a_killed_start_left()
        self.projects = prepare(self.run, truth)
        self.waiting = open_answers(self.projects)
        self.done = simulate(self.projects, truth)

    def _leave_what_a_killed_start_left(self) -> None:
        mine = self.run.project
        Project.objects.create(slug=self.judged, name="", task_type=mine.task_type, guide=mine.guide)

    @property
    def judged(self) -> str:
        return run_project_slug(self.run)


@pytest.fixture
def simulation(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Simulation:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(simulated_people, "COMPARED_TASKS", 6)
    return Simulation()


@pytest.mark.timeout(300)
def test_they_answer_everything_asked_of_them_and_nothing_asked_of_people(simulation: Simulation) -> None:
    assert simulation.done.new == simulation.waiting == simulation.done.all > 0
    assert open_answers(simulation.projects) == 0
    assert all(label.labeler.is_simulated for label in Label.objects.select_related("labeler"))
    assert not simulation.run.project.slots.exclude(state=Slot.State.OPEN).exists()
    assert set(Judgement.objects.values_list("origin", flat=True)) == {Judgement.Origin.SIMULATED}
    assert Pool.objects.filter(is_simulated=True).count() == 3
    wanted_of = ProjectForm(initial={}).pools
    assert wanted_of
    assert not any(pool.is_simulated for pool in wanted_of)

    again = simulate(prepare(simulation.run, simulation.truth), simulation.truth)
    assert again.new == 0

    systems = simulation.run.ordered_systems()
    plain, restricted = relevance_report(systems, origin="simulated").rows
    assert plain.result.judged_at_5 == restricted.result.judged_at_5 == 1
    assert restricted.result.similar.value > plain.result.similar.value
    assert relevance_report(systems).rows[0].result.judged_at_5 == 0

    team, vendor, crowd = pool_figures(simulation.truth)
    assert team.accuracy.value > max(vendor.accuracy.value, crowd.accuracy.value) + 0.3
    assert team.consistency.value > max(vendor.consistency.value, crowd.consistency.value) + 0.3


@pytest.mark.timeout(300)
def test_one_button_hides_them_and_everything_they_did(simulation: Simulation, client: Client) -> None:
    client.force_login(personas.max_())
    projects, report = reverse("project_list"), reverse("report")
    listed = client.get(projects).content.decode()
    assert simulation.judged in listed
    assert '<span class="badge simulated">Simulated</span>' in listed
    assert "Hide simulated" in listed
    page = client.get(report)
    assert page.context["report"].is_simulated
    assert b"made by a script" in page.content
    for asked in ({"origin": "human"}, {"system": ["plain"]}):
        assert not client.get(report, asked).context["report"].is_simulated
    assert client.get(report, {"json": 1}).json()["origin"] == "human"

    response = client.post(reverse("simulated"), {"show": "no", "next": projects}, follow=True)
    assert response.redirect_chain == [(projects, 302)]
    hidden = response.content.decode()
    assert simulation.judged not in hidden
    assert POOLS_PROJECT not in hidden
    assert "Show simulated" in hidden
    assert client.get(reverse("project_detail", args=[simulation.judged])).status_code == 302
    page = client.get(report, {"origin": "simulated"})
    assert not page.context["report"].is_simulated
    assert b"Simulated" not in page.content
    wall = reverse("report_wall", args=[simulation.run.public_id, "plain"])
    assert client.get(wall, {"origin": "simulated"}).status_code == 302

    client.post(reverse("simulated"), {"show": "yes"})
    assert simulation.judged in client.get(projects).content.decode()
    assert client.get(wall, {"origin": "simulated"}).status_code == 200

    judge_like_a_person(simulation.run)
    assert not client.get(report).context["report"].is_simulated
    assert client.get(report, {"origin": "simulated"}).context["report"].is_simulated


def judge_like_a_person(run: EvaluationRun) -> None:
    found = run.query_objects.all()[0]
    Judgement.objects.create(
        label=Label.objects.all()[0],
        labeler=personas.lena(),
        origin=Judgement.Origin.HUMAN,
        crop_hash=found.crop_hash,
        product_image=found.candidates.select_related("image")[0].image.sha256,
        question_version=1,
        guide_version=run.project.guide_version(),
        grade=4,
    )


@pytest.mark.django_db
def test_the_button_is_only_there_for_those_who_could_see_simulated_people(client: Client) -> None:
    client.force_login(personas.max_())
    assert b"Hide simulated" not in client.get(reverse("home")).content
    User.objects.create(username="sim-robot", is_simulated=True)
    assert b"Hide simulated" in client.get(reverse("home")).content
    client.force_login(personas.lena())
    assert b"Hide simulated" not in client.get(reverse("work_list")).content
    assert client.post(reverse("simulated"), {"show": "no"}).status_code == 403


@pytest.mark.django_db
def test_the_button_leads_back_to_this_site_alone(client: Client) -> None:
    client.force_login(personas.max_())
    response = client.post(reverse("simulated"), {"show": "no", "next": "https://elsewhere.invalid/"})
    assert response["Location"] == reverse("home")
    assert client.session[HIDES] is True
    assert client.get(reverse("simulated")).status_code == 405


@pytest.mark.django_db
def test_simulated_people_are_no_team_to_the_bootstrap() -> None:
    User.objects.create(username="sim-robot", is_simulated=True)
    bootstrap("a new password")
    assert User.objects.filter(is_simulated=False).count() == len(PERSONAS)


@pytest.mark.django_db
def test_a_run_over_pictures_that_nobody_drew_cannot_be_simulated() -> None:
    run = finished_run(make_project(), [make_scene()], {})
    with pytest.raises(CommandError, match="were not drawn"):
        call_command("simulate_labelers", str(run.public_id))
