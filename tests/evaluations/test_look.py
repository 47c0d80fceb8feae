"""The look page: what a system sees in a scene and retrieves for an object."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from labelapp.catalog.crops import crop_hash
from labelapp.catalog.models import Product, Scene
from labelapp.evaluations import engines, hints
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.look import look
from labelapp.evaluations.models import CorpusIndex, Feature, SceneDetections, System
from model_hooks.retrieval.engine import Row
from tests import personas
from tests.evaluations.records import make_system
from tests.factories import make_product, make_scene

pytestmark = pytest.mark.django_db

CHAIR, SECOND_CHAIR = (10, 20, 100, 80), (300, 200, 50, 60)


def detect(scene: Scene, system: System, boxes: Sequence[tuple[int, int, int, int]]) -> None:
    found = [
        {"x": x, "y": y, "w": w, "h": h, "label": "chair", "score": 0.9 - place / 10}
        for place, (x, y, w, h) in enumerate(boxes)
    ]
    SceneDetections.objects.create(image=scene.image, detector=system.detector, boxes=found)
    for place, box in enumerate(boxes):
        key = crop_hash(scene.image.sha256, box)
        Feature.objects.create(key=key, embedder=system.embedder, code=bytes([255 * place] * 4))


def index(system: System, products: Sequence[Product]) -> None:
    """Give the first product the first object's code, and each next one a bit more."""
    rows = [
        Row(product.pk, bytes([0, 0, 0, 2**place - 1]), category="chairs" if place % 2 == 0 else "sofas")
        for place, product in enumerate(products)
    ]
    version = engines.build("postgres", rows)
    CorpusIndex.objects.create(
        corpus=system.corpus, embedder=system.embedder, engine="postgres", state="ready", version=version
    )


@pytest.fixture
def scene() -> Scene:
    return make_scene(title="A room with chairs")


@pytest.fixture
def system() -> System:
    return make_system("plain", restrict_category=False)


def test_a_scene_that_no_model_has_seen_is_not_ready(scene: Scene, system: System) -> None:
    assert not look(scene, system, at=None).is_ready


@pytest.mark.django_db(transaction=True)
def test_the_surest_object_is_shown_first_with_its_nearest_products(scene: Scene, system: System) -> None:
    products = [make_product() for _ in range(3)]
    detect(scene, system, [CHAIR, SECOND_CHAIR])
    index(system, products)
    seen = look(scene, system, at=None)
    assert seen.chosen is not None
    assert seen.chosen.box == CHAIR
    assert [(shown.product, shown.distance) for shown in seen.products] == list(
        zip(products, (0, 1, 2), strict=True)
    )
    assert seen.restriction == ""


@pytest.mark.django_db(transaction=True)
def test_a_click_chooses_the_object_there_and_the_restriction_is_said(scene: Scene) -> None:
    restricted = make_system("restricted", restrict_category=True, where="NOT price < 50")
    products = [make_product() for _ in range(3)]
    detect(scene, restricted, [CHAIR, SECOND_CHAIR])
    index(restricted, products)
    seen = look(scene, restricted, at=(302, 198, 50, 60))
    assert seen.chosen is not None
    assert seen.chosen.box == SECOND_CHAIR
    assert {shown.product for shown in seen.products} == {products[0], products[2]}
    assert "category:chairs" in seen.restriction
    assert "price" in seen.restriction


@pytest.mark.django_db(transaction=True)
def test_two_systems_stand_side_by_side(client: Client, scene: Scene, system: System) -> None:
    other = make_system("other")
    for each in (system, other):
        detect(scene, each, [CHAIR])
        index(each, [make_product()])
    client.force_login(personas.max_())
    page = client.get(reverse("look_scene", args=[scene.public_id]), {"system": "plain", "beside": "other"})
    assert page.status_code == 200
    assert page.content.count(b'class="look-scene"') == 2


def test_a_corpus_without_codes_is_said_with_what_to_do(client: Client, scene: Scene, system: System) -> None:
    detect(scene, system, [CHAIR])
    with pytest.raises(EvaluationsError, match="embed_corpus"):
        look(scene, system, at=None)
    client.force_login(personas.max_())
    page = client.get(reverse("look_scene", args=[scene.public_id]), {"system": "plain"})
    assert page.status_code == 422
    assert b"embed_corpus" in page.content


def test_a_scene_without_systems_says_how_to_make_one(client: Client, scene: Scene) -> None:
    client.force_login(personas.max_())
    page = client.get(reverse("look_scene", args=[scene.public_id]))
    assert b"No system yet" in page.content


def test_labelers_do_not_look(client: Client, scene: Scene) -> None:
    client.force_login(personas.lena())
    for address in (reverse("look_scenes"), reverse("look_scene", args=[scene.public_id])):
        assert client.get(address).status_code == 403
    assert client.post(reverse("look_prepare", args=[scene.public_id])).status_code == 403


def test_the_list_of_scenes_is_shown_in_a_fixed_number_of_statements(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(personas.max_())
    for _ in range(3):
        make_scene()
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # the plugin gives no type
        assert client.get(reverse("look_scenes")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_index_that_the_engine_lost_is_said_with_what_to_do(
    client: Client, scene: Scene, system: System
) -> None:
    detect(scene, system, [CHAIR])
    index(system, [make_product()])
    engines.retriever("postgres").drop(CorpusIndex.objects.get().version)
    client.force_login(personas.max_())
    page = client.get(reverse("look_scene", args=[scene.public_id]), {"system": "plain"})
    assert page.status_code == 422
    assert f"manage.py embed_corpus {system.corpus} {system.embedder} --wait" in page.content.decode()


@pytest.mark.parametrize("field", ["system", "beside"])
def test_a_name_that_no_database_can_hold_is_no_system(
    client: Client, scene: Scene, system: System, field: str
) -> None:
    client.force_login(personas.max_())
    names = {"system": "plain", field: "a\0b"}
    assert client.get(reverse("look_scene", args=[scene.public_id]), names).status_code == 422
    answer = client.post(reverse("look_prepare", args=[scene.public_id]), names, follow=True)
    assert "Choose systems that exist." in answer.content.decode()
    assert client.get(reverse("look_scenes"), {"scenes": "a\0b"}).status_code == 200


def test_a_model_whose_folder_is_gone_is_told_before_a_worker_is_asked(
    client: Client, scene: Scene, system: System, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_ROOT = tmp_path
    client.force_login(personas.max_())
    answer = client.post(reverse("look_prepare", args=[scene.public_id]), {"system": "plain"}, follow=True)
    page = answer.content.decode()
    assert f"{system.detector.name}/1 has no model.json" in page
    assert "every 2s" not in page


def test_a_page_stops_asking_for_a_look_that_never_comes(
    client: Client, scene: Scene, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(personas.max_())
    monkeypatch.setattr("labelapp.evaluations.views.look.verify_model", lambda model: None)
    monkeypatch.setattr(hints, "send", lambda *job: True)
    asked = client.post(reverse("look_prepare", args=[scene.public_id]), {"system": "plain"})
    assert "every 2s" in client.get(asked.headers["Location"]).content.decode()
    long_ago = {"system": "plain", "asked": str(int(time.time()) - 100)}
    page = client.get(reverse("look_scene", args=[scene.public_id]), long_ago).content.decode()
    assert "every 2s" not in page
    assert "has not done so" in page
