"""The engineers' pages: what they show, what their forms do, whom they refuse."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.models import CorpusIndex, CorpusSnapshot, EvaluationRun, ModelVersion, System
from labelapp.evaluations.runs import start_run
from tests import personas
from tests.evaluations.world import World, work_all

LISTS = ("model_list", "scene_set_list", "corpus_list", "system_list", "run_list")
TAKEN = {"scene_set_create": "rooms", "corpus_create": "shop", "system_create": "open"}
FORMS = ("scene_set_create", "corpus_create", "system_create", "run_create")


@pytest.fixture
def max_(client: Client, db: None) -> Client:
    """Max the engineer, signed in."""
    client.force_login(personas.max_())
    return client


@pytest.fixture
def run(ready: World) -> EvaluationRun:
    """A run that nobody has worked at."""
    return start_run(ready.systems, scene_set=ready.scene_set, project=ready.project, by=None)


def addresses(world: World, run: EvaluationRun) -> list[str]:
    index = CorpusIndex.objects.get()
    return [
        *map(reverse, (*LISTS, *FORMS, "model_register")),
        reverse("model_detail", args=["finder", "1"]),
        reverse("scene_set_detail", args=[world.scene_set.slug]),
        reverse("corpus_detail", args=["shop"]),
        reverse("corpus_embed", args=["shop"]),
        reverse("index_cancel", args=[index.public_id]),
        reverse("system_detail", args=["open"]),
        *(reverse(name, args=[run.public_id]) for name in ("run_detail", "run_cancel", "run_resume")),
    ]


@pytest.mark.parametrize("persona", [personas.olga, personas.lena, personas.eva])
def test_nobody_but_engineers_gets_in(
    client: Client, ready: World, run: EvaluationRun, persona: object
) -> None:
    client.force_login(persona())  # type: ignore[operator]  # a function of tests.personas
    for address in addresses(ready, run):
        assert client.post(address).status_code in {403, 405}, address
        assert client.get(address).status_code in {403, 405}, address
    assert EvaluationRun.objects.get().state == EvaluationRun.State.RUNNING


def test_a_guest_is_sent_to_the_sign_in(client: Client, ready: World, run: EvaluationRun) -> None:
    for address in addresses(ready, run):
        assert client.get(address).headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", [*LISTS, *FORMS])
def test_an_empty_database_is_met_with_the_next_step(max_: Client, name: str) -> None:
    assert max_.get(reverse(name)).status_code == 200


def test_every_page_of_a_full_database_opens(max_: Client, ready: World, run: EvaluationRun) -> None:
    work_all()
    for address in addresses(ready, run):
        assert max_.get(address).status_code in {200, 405}, address


def test_scenes_are_frozen_by_the_form(max_: Client, world: World) -> None:
    answer = max_.post(reverse("scene_set_create"), {"slug": "few", "limit": 2, "seed": 7})
    assert answer.headers["Location"] == reverse("scene_set_detail", args=["few"])
    assert SceneSet.objects.get(slug="few").size == 2


def test_a_name_that_is_taken_is_told_in_the_form(max_: Client, world: World) -> None:
    answer = max_.post(reverse("scene_set_create"), {"slug": "rooms"})
    assert answer.status_code == 422
    assert "already" in answer.content.decode()


def test_a_corpus_is_frozen_and_embedded_by_the_form(max_: Client, world: World) -> None:
    max_.post(reverse("corpus_create"), {"slug": "other", "embedder": world.embedder.pk})
    index = CorpusSnapshot.objects.get(slug="other").indexes.get()
    work_all()
    index.refresh_from_db()
    assert index.state == CorpusIndex.State.READY
    page = max_.get(reverse("corpus_detail", args=["other"])).content.decode()
    assert "Ready" in page
    assert "hx-get" not in page


def test_embedding_is_called_off_and_taken_up_again(max_: Client, world: World) -> None:
    max_.post(reverse("corpus_embed", args=["shop"]), {"embedder": world.embedder.pk})
    index = CorpusIndex.objects.get()
    assert "every 2s" in max_.get(reverse("corpus_detail", args=["shop"])).content.decode()
    max_.post(reverse("index_cancel", args=[index.public_id]))
    index.refresh_from_db()
    assert index.state == CorpusIndex.State.CANCELLED
    assert work_all() == 0
    max_.post(reverse("corpus_embed", args=["shop"]), {"embedder": world.embedder.pk})
    work_all()
    index.refresh_from_db()
    assert index.state == CorpusIndex.State.READY


def system_data(world: World, **changes: object) -> dict[str, object]:
    parts = {"detector": world.detector.pk, "embedder": world.embedder.pk, "corpus": world.corpus.pk}
    return {"name": "Cheap", "slug": "cheap", **parts, "restrict_category": "on", **changes}


def test_a_system_is_frozen_by_the_form(max_: Client, world: World) -> None:
    max_.post(reverse("system_create"), system_data(world, where="NOT price < 10"))
    system = System.objects.get(slug="cheap")
    assert (system.restrict_category, system.restrict_gender) == (True, False)
    assert system.threshold == 0.3
    assert "NOT price &lt; 10" in max_.get(reverse("system_detail", args=["cheap"])).content.decode()


def test_a_restriction_naming_an_unknown_field_is_told_in_the_form(max_: Client, world: World) -> None:
    answer = max_.post(reverse("system_create"), system_data(world, where="colour:red"))
    assert answer.status_code == 422
    assert "known fields are category" in answer.content.decode()


def test_a_run_is_started_watched_called_off_and_taken_up_again(max_: Client, ready: World) -> None:
    data = {"systems": ["open", "strict"], "scenes": "rooms", "project": ready.project.slug}
    answer = max_.post(reverse("run_create"), data)
    run = EvaluationRun.objects.get()
    assert answer.headers["Location"] == reverse("run_detail", args=[run.public_id])
    fragment = max_.get(reverse("run_detail", args=[run.public_id]), headers={"HX-Request": "true"})
    assert "every 2s" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    max_.post(reverse("run_cancel", args=[run.public_id]))
    assert work_all() == 0
    max_.post(reverse("run_resume", args=[run.public_id]))
    assert work_all() == 6
    page = max_.get(reverse("run_detail", args=[run.public_id])).content.decode()
    assert "Finished" in page
    assert "every 2s" not in page


def test_a_form_sent_twice_starts_one_run(max_: Client, ready: World) -> None:
    key = max_.get(reverse("run_create")).context["form"]["run"].value()
    data = {"systems": ["open"], "scenes": "rooms", "project": ready.project.slug, "run": key}
    first, second = (max_.post(reverse("run_create"), data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert str(EvaluationRun.objects.get().public_id) == str(key)
    assert EvaluationRun.objects.get().chunks.count() == 3
    other = max_.post(reverse("run_create"), data | {"systems": ["strict"]})
    assert other.status_code == 422
    assert "has started run" in other.content.decode()


def test_what_is_asked_every_two_seconds_counts_chunks_only(
    max_: Client, ready: World, run: EvaluationRun
) -> None:
    pages = {"run_detail": run.public_id, "corpus_detail": "shop"}
    for name, argument in pages.items():
        with CaptureQueriesContext(connection) as asked:
            max_.get(reverse(name, args=[argument]), headers={"HX-Request": "true"})
        statements = " ".join(query["sql"] for query in asked)
        assert "evaluations_workchunk" in statements
        for table in ("queryobject", "candidate", "tasks_slot", "corpusitem"):
            assert table not in statements


def test_the_whole_page_is_loaded_again_when_the_run_is_over(
    max_: Client, ready: World, run: EvaluationRun
) -> None:
    work_all()
    answer = max_.get(reverse("run_detail", args=[run.public_id]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("field", ["systems", "scenes", "project"])
def test_a_name_that_no_database_can_hold_is_told_in_the_form(max_: Client, ready: World, field: str) -> None:
    data = {"systems": "open", "scenes": "rooms", "project": ready.project.slug, field: "a\0b"}
    answer = max_.post(reverse("run_create"), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.parametrize("name", ["scene_set_create", "corpus_create", "system_create"])
def test_a_name_taken_at_the_same_moment_is_told_in_the_form(
    max_: Client, world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in ("scene_sets", "corpora", "systems"):
        monkeypatch.setattr(f"labelapp.evaluations.{module}.check_new_slug", lambda *args, **taken: None)
    answer = max_.post(reverse(name), system_data(world, slug=TAKEN[name]))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["slug"]


def test_a_run_over_a_corpus_without_codes_is_refused_with_what_to_do(max_: Client, world: World) -> None:
    data = {"systems": ["open"], "scenes": "rooms", "project": world.project.slug}
    answer = max_.post(reverse("run_create"), data)
    assert answer.status_code == 422
    assert "manage.py embed_corpus shop looker/1" in answer.content.decode()


def test_a_model_folder_that_waits_is_registered_by_a_button(max_: Client, world: World) -> None:
    System.objects.all().delete()
    world.detector.delete()
    assert "finder/1" in max_.get(reverse("model_list")).content.decode()
    max_.post(reverse("model_register"), {"folder": "finder/1"})
    assert ModelVersion.objects.detectors().get().name == "finder"


def test_a_folder_elsewhere_is_not_registered_by_the_page(max_: Client, world: World) -> None:
    max_.post(reverse("model_register"), {"folder": "../../etc"})
    assert ModelVersion.objects.count() == 2
