"""Loading a drawn shop."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from labelapp.catalog.images import load_original
from labelapp.catalog.importing import Watch
from labelapp.catalog.models import Image, ImportBatch, Product, Scene, ScenePair
from labelapp.home import demo_shop
from labelapp.home.demo_shop import ShopSize, load_shop
from labelapp.home.planted_truth import PlantedTruth
from tests import personas
from tests.home import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def load(capsys: pytest.CaptureFixture[str], **size: int) -> str:
    call_command("load_demo", **size)
    return capsys.readouterr().out


def test_a_second_load_changes_nothing_and_another_seed_is_another_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    size = {"products": 60, "scenes": 4}
    said = load(capsys, seed=3, **size)
    assert "Products of drawn-3: 60 created, 0 unchanged, 0 rejected" in said
    assert "Scenes of drawn-3: 4 created, 0 unchanged, 0 rejected" in said
    counts = Image.objects.count(), ScenePair.objects.count(), ImportBatch.objects.count()

    said = load(capsys, seed=3, **size)
    assert "Products of drawn-3: 0 created, 60 unchanged, 0 rejected" in said
    assert f"Pairs of drawn-3: 0 created, {counts[1]} unchanged, 0 rejected" in said
    assert (Image.objects.count(), ScenePair.objects.count(), ImportBatch.objects.count()) == counts

    load(capsys, seed=4, **size)
    assert Product.objects.filter(source="drawn-4").count() == 60
    assert Product.objects.filter(source="drawn-3").count() == 60


class StopsSoon(Watch):
    """Asks to stop once rows were written."""

    rows = 0

    def advance(self, rows: int) -> None:
        self.rows += rows

    def stopping(self) -> bool:
        return self.rows > 0

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_load_that_was_stopped_goes_on_to_the_very_same_shop() -> None:
    stopped = load_shop(drawn.SIZE, lambda _name, _total: StopsSoon())
    assert [loaded.is_stopped for loaded in stopped] == [True]
    first = Product.objects.count()
    assert 0 < first < drawn.SIZE.products
    drawn.load()
    truth = PlantedTruth.of(drawn.SIZE.source)
    assert truth is not None
    products = Product.objects.select_related("category")
    assert {one.external_id for one in products} == set(truth.designs)
    for product in products:
        design = truth.designs[product.external_id]
        assert product.title == f"{design.title} (drawn)"
        assert product.category
        assert product.category.slug == design.category
    assert Scene.objects.count() == drawn.SIZE.scenes


def test_truth_stays_with_scenes_and_pairs_and_pages_say_drawn(client: Client) -> None:
    drawn.load()
    faults = Counter(pair.annotations["planted_fault"] for pair in ScenePair.objects.all())
    assert len(faults) > 1
    scene = Scene.objects.exclude(annotations__objects=[]).select_related("image").order_by("pk")[0]
    picture = load_original(scene.image)
    for one in scene.annotations["objects"]:
        x, y, w, h = one["box"]
        assert 0 <= x < x + w <= picture.width
        assert 0 <= y < y + h <= picture.height
    client.force_login(personas.max_())
    page = client.get(reverse("scene_detail", args=[scene.public_id])).content.decode()
    assert '<span class="badge">Drawn</span>' in page
    assert "visible" not in page
    product = Product.objects.order_by("pk")[0]
    page = client.get(reverse("product_detail", args=[product.public_id])).content.decode()
    assert '<span class="badge">Drawn</span>' in page
    assert "kind" in page
    for planted in ("family", "difference"):
        assert planted in product.annotations
        assert f"<dt>{planted}</dt>" not in page


def test_two_shops_do_not_mix_under_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn.load()
    with pytest.raises(CommandError, match="Draw another shop: --seed 4, or DEMO_SEED=4 make demo"):
        call_command("load_demo", products=70, scenes=5, seed=3)
    monkeypatch.setattr(demo_shop, "_generator", lambda: "another generator")
    assert PlantedTruth.of(drawn.SIZE.source) is None
    with pytest.raises(CommandError, match="another version of the generator"):
        call_command("load_demo", products=60, scenes=5, seed=3)


@pytest.mark.parametrize("size", [{"products": 0}, {"scenes": -1}, {"seed": -1}, {"products": 20}])
def test_a_size_that_is_none_is_refused_before_anything_is_written(size: dict[str, int]) -> None:
    with pytest.raises(CommandError, match=r"A shop needs|A shop of 20 products .* cannot be drawn"):
        call_command("load_demo", **size)
    assert not ImportBatch.objects.exists()


def test_the_usual_shop_is_that_of_the_issue() -> None:
    assert ShopSize() == ShopSize(products=3000, scenes=400, seed=7)
