"""What the database itself refuses in the catalog."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from labelapp.catalog.models import Category, ImportBatch, RejectedRow, SceneSet
from tests.factories import make_image, make_product, make_scene

pytestmark = pytest.mark.django_db


def twice(make: Callable[[], Any]) -> Callable[[], None]:
    def made() -> None:
        make()
        make()

    return made


def pair(**fields: Any) -> Any:
    return make_scene().pairs.create(product=make_product(), source="test", **fields)


def pair_twice() -> None:
    scene, product = make_scene(), make_product()
    for _ in range(2):
        scene.pairs.create(product=product, source="test")


def batch(**fields: Any) -> ImportBatch:
    return ImportBatch.objects.create(kind="products", source="s", file_name="f", **fields)


def line_twice() -> None:
    one = batch()
    for _ in range(2):
        RejectedRow.objects.create(batch=one, line=1, reason="Bad.")


def member_twice() -> None:
    chosen, scene = SceneSet.objects.create(slug="s", size=1), make_scene()
    for position in range(2):
        chosen.members.create(scene=scene, image=scene.image, position=position)


def position_twice() -> None:
    chosen = SceneSet.objects.create(slug="s", size=2)
    for _ in range(2):
        scene = make_scene()
        chosen.members.create(scene=scene, image=scene.image, position=0)


def coarse_of_another() -> None:
    Category.objects.create(google_id=1, path="A", name="A")
    Category.objects.create(google_id=2, path="B", name="B", slug="b", coarse_id=1)


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (twice(lambda: make_image(sha256="a" * 64)), "sha256"),
        (lambda: make_image(sha256="A" * 64), "image_sha256_is_hex"),
        (lambda: make_image(width=0), "image_has_pixels"),
        (lambda: make_image(format="SVG"), "image_format_allowed"),
        (twice(lambda: make_product(external_id="1")), "product_external_id_once_per_source"),
        (lambda: make_product(gender="robot"), "product_gender_known"),
        (lambda: make_product(price=-1), "product_price_not_negative"),
        (lambda: make_product(domain="food"), "product_domain_known"),
        (twice(lambda: make_scene(external_id="1")), "scene_external_id_once_per_source"),
        (lambda: make_scene(domain="food"), "scene_domain_known"),
        (pair_twice, "scene_pair_once_per_source"),
        (lambda: pair(x=1), "scene_pair_box_whole_or_absent"),
        (lambda: pair(x=1, y=1, w=0, h=1), "scene_pair_box_whole_or_absent"),
        (lambda: pair(x=-1, y=1, w=1, h=1), "scene_pair_box_whole_or_absent"),
        (member_twice, "scene_set_member_once"),
        (position_twice, "scene_set_position_once"),
        (line_twice, "rejected_row_once_per_line"),
        (lambda: batch(state="lost"), "import_batch_state_known"),
        (lambda: Category.objects.create(google_id=1, path="A", slug="a"), "category_coarse_is_its_own"),
        (coarse_of_another, "category_coarse_is_its_own"),
    ],
)
def test_the_database_refuses_what_must_not_be(write: Callable[[], Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_a_picture_in_use_cannot_be_removed() -> None:
    product = make_product()
    with pytest.raises(IntegrityError):
        product.image.delete()
