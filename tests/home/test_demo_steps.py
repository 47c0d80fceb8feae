"""What the demo makes of what is there already: other systems, others' things, a run that was called off."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from labelapp.catalog.models import ImportBatch
from labelapp.evaluations import runs
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import CorpusSnapshot, EvaluationRun, ModelVersion, System
from labelapp.home import demo_steps
from labelapp.home.bootstrap import bootstrap
from labelapp.home.demo_figures import demo_figures, within
from labelapp.home.demo_shop import ShopSize, others_things
from labelapp.home.demo_steps import OWN_PROJECT, PROJECT, Prepared, register_models, start, two_systems
from labelapp.home.management.commands import prepare_demo
from labelapp.tasks.models import Project
from labelapp.tasks.projects import NewTask, add_tasks
from tests import personas
from tests.evaluations.records import make_model, make_scene_set, make_system
from tests.factories import make_product, make_scene
from tests.model_hooks.folders import write_detector, write_embedder

pytestmark = pytest.mark.django_db
MANIFEST = {"labels": {}, "threshold": 0.3}


@pytest.fixture
def ready() -> Prepared:
    models = [make_model(kind, manifest=MANIFEST) for kind in ("detector", "embedder")]
    corpus = CorpusSnapshot.objects.create(slug="drawn-7", size=0)
    scene_set = make_scene_set([make_scene(source="drawn-7")])
    scene_set.query = {"source": "drawn-7"}
    scene_set.save()
    return Prepared(scene_set, corpus, *models)


@pytest.fixture
def without_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ready_index", lambda _corpus, _embedder: None)
    bootstrap("secret")


def test_its_two_systems_are_made_once_and_somebodys_own_are_never_taken(ready: Prepared) -> None:
    own = make_system("plain", corpus=ready.corpus, detector=ready.detector, embedder=ready.embedder)
    make_system("plain-but-mine", corpus=ready.corpus, detector=ready.detector, embedder=ready.embedder)
    plain, restricted = two_systems(ready)
    assert plain != own
    assert (plain.slug, plain.restrict_category) == ("plain-drawn-7-d1-e1", False)
    assert (restricted.slug, restricted.restrict_category) == ("restricted", True)
    assert two_systems(ready) == [plain, restricted]
    assert System.objects.count() == 4


def test_other_models_get_systems_of_their_own_however_often(ready: Prepared) -> None:
    seen = two_systems(ready)
    for _ in range(3):
        newer = make_model("embedder", manifest=MANIFEST, version="2.1")
        following = two_systems(Prepared(ready.scene_set, ready.corpus, ready.detector, newer))
        assert not set(following) & set(seen)
        seen += following
    assert seen[-1].slug == "restricted-drawn-7-d1-e2_1-3"


def test_ten_is_newer_than_nine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [write_detector(tmp_path), write_embedder(tmp_path)]
    order: list[str] = []
    for version in ("10", "9"):
        (folders[0].parent / version).mkdir()
        (folders[0].parent / version / "model.json").touch()

    class Registered:
        def __init__(self, folder: Path) -> None:
            order.append(folder.name)
            kind = "detector" if folder.parent == folders[0].parent else "embedder"
            self.model = ModelVersion(name=folder.parent.name, version=folder.name, kind=kind)

    monkeypatch.setattr(demo_steps, "register_model", lambda folder, by: Registered(folder))
    detector, _ = register_models(tmp_path)
    assert detector.version == "10"
    assert order == ["1", "9", "10", "1"]


@pytest.mark.usefixtures("without_index")
def test_its_run_stays_away_from_a_project_that_has_tasks_of_somebodys_own(ready: Prepared) -> None:
    add_tasks(Project.objects.get(slug=PROJECT), [NewTask({}, "own")])
    run = start(ready, two_systems(ready))
    assert run.project.slug == OWN_PROJECT
    assert run.project.project_pools.get().pool.slug == "in_house"
    assert start(ready, two_systems(ready)) == run


@pytest.mark.usefixtures("without_index")
def test_a_run_that_was_called_off_stays_so_and_a_failed_one_goes_on(ready: Prepared) -> None:
    run = start(ready, two_systems(ready))
    assert run.project.slug == PROJECT
    add_tasks(run.project, [NewTask({}, "asked by the run")])
    runs.cancel_run(run, by=None)
    assert start(ready, two_systems(ready)).state == EvaluationRun.State.CANCELLED
    EvaluationRun.objects.update(state=EvaluationRun.State.FAILED)
    assert start(ready, two_systems(ready)).state == EvaluationRun.State.RUNNING


def test_figures_need_a_finished_run_of_a_plain_and_a_restricted_system(ready: Prepared) -> None:
    bootstrap("secret")
    for state, rules in (
        ("running", (False, True)),
        ("finished", (True,)),
        ("finished", (True, False, True)),
    ):
        run = EvaluationRun.objects.create(
            scene_set=ready.scene_set,
            project=Project.objects.get(slug=PROJECT),
            state=state,
            finished_at=timezone.now() if state == "finished" else None,
        )
        for position, rule in enumerate(rules):
            run.run_systems.create(system=make_system(restrict_category=rule), position=position)
    with pytest.raises(EvaluationsError, match="is finished; start one"):
        demo_figures(ShopSize())


def test_the_pools_bound_is_wide_for_few_pairs_and_narrow_for_many() -> None:
    assert within(10) > 0.4
    assert within(20_000) < 0.05


def prepared(**options: bool) -> str:
    out = StringIO()
    call_command("prepare_demo", careful=True, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[ShopSize]:
    """The sizes that were asked for; nothing is drawn."""
    asked: list[ShopSize] = []

    def ask(_: object, size: ShopSize, __: object) -> str:
        asked.append(size)
        return ""

    monkeypatch.setattr(prepare_demo.Command, "_fill", ask)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return asked


def test_an_empty_database_is_filled(filled: list[ShopSize]) -> None:
    bootstrap("secret")
    assert not others_things()
    assert "Everything is in place" in prepared()
    assert len(filled) == 1


@pytest.mark.parametrize(
    "make", [make_product, make_scene, personas.olga], ids=["product", "scene", "person"]
)
def test_what_is_somebodys_own_is_left_alone_until_asked_for(make: object, filled: list[ShopSize]) -> None:
    assert callable(make)
    make()
    assert "of your own, so no shop was drawn; SHOP=1 make demo adds one" in prepared()
    assert not filled
    assert "Everything is in place" in prepared(beside_others=True)


def test_a_shop_that_was_begun_is_gone_on_with_but_not_on_a_server_of_ones_own(
    filled: list[ShopSize], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product()
    make_product(source="drawn-7")
    ImportBatch.objects.create(kind="products", source="drawn-7", file_name="", options={"drawn": {}})
    prepared()
    assert len(filled) == 1
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/shop")
    assert "no shop was drawn" in prepared()
    assert len(filled) == 1


def test_a_shop_of_another_generator_stays_and_the_demo_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    make_product(source="drawn-7")
    ImportBatch.objects.create(kind="products", source="drawn-7", file_name="", options={"drawn": {}})
    said = prepared()
    assert "stays as it is" in said
    assert "DEMO_SEED=8 make demo" in said
