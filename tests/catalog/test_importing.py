"""Importing products, scenes and pairs."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.importing import PictureFolder, run_import
from labelapp.catalog.models import Image, ImportBatch, Product, Scene, ScenePair
from tests.catalog.folder import Folder, counts, reasons
from tests.factories import make_product, make_scene, picture_bytes

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_product_with_its_picture(folder: Folder) -> None:
    folder.pictures("sofa.png")
    row = {
        "image": "sofa.png",
        "id": "S-1",
        "name": "Soft sofa",
        "google_id": "460",
        "gender": "unisex",
        "price": "199.5",
        "currency": "eur",
        "merchant": "Shop",
        "url": "https://shop.example/s-1",
        "color": "grey",
    }
    batch = folder.run(folder.rows(row))
    product = Product.objects.select_related("image", "category").get()
    assert counts(batch) == (1, 0, 0, 0)
    assert batch.state == ImportBatch.State.FINISHED
    assert (product.external_id, product.title, product.gender) == ("S-1", "Soft sofa", "unisex")
    assert (product.price, product.currency, product.merchant) == (Decimal("199.50"), "EUR", "Shop")
    assert (product.category_id, product.domain) == (460, "home_decor")
    assert product.annotations == {"color": "grey", "google_id": "460", "file": "sofa.png"}
    assert default_storage.exists(product.image.storage_name)


def test_the_same_file_twice_changes_nothing(folder: Folder) -> None:
    folder.pictures("a.png", "b.png")
    path = folder.rows({"file": "a.png", "price": "1.1"}, {"file": "b.png", "price": ""})
    assert counts(folder.run(path, domain="fashion")) == (2, 0, 0, 0)
    before = list(Product.objects.order_by("pk").values()), list(Image.objects.values())
    assert counts(folder.run(path, domain="fashion")) == (0, 0, 2, 0)
    assert (list(Product.objects.order_by("pk").values()), list(Image.objects.values())) == before


def test_a_changed_row_or_picture_is_an_update(folder: Folder) -> None:
    folder.pictures("a.png", "b.png", "c.png")
    listing = [{"id": name, "file": f"{name}.png", "title": name} for name in "abc"]
    folder.run(folder.rows(*listing), domain="fashion")
    listing[0]["title"] = "new words"
    (folder.path / "pictures" / "b.png").write_bytes(picture_bytes(77))
    assert counts(folder.run(folder.rows(*listing), domain="fashion")) == (0, 2, 1, 0)
    assert Product.objects.get(external_id="a").title == "new words"
    assert Image.objects.count() == 4


def test_bad_rows_are_set_aside_with_reasons_and_the_rest_goes_in(folder: Folder) -> None:
    folder.pictures("good.png", "other.png")
    (folder.path / "pictures" / "page.jpg").write_bytes(b"<html>")
    (folder.path / "secret.png").write_bytes(picture_bytes(5))
    (folder.path / "pictures" / "link.png").symlink_to(folder.path / "secret.png")
    outside = ["../secret.png", str(folder.path / "secret.png"), "link.png", "..\\secret.png"]
    batch = folder.run(
        folder.rows(
            *[{"file": name, "price": ""} for name in ("good.png", "missing.png", "page.jpg")],
            *[{"file": name, "price": ""} for name in outside],
            {"file": "", "price": ""},
            {"file": "other.png", "price": "cheap"},
            {"file": "good.png", "price": ""},
            {"file": "other.png", "price": "2"},
        ),
        domain="fashion",
    )
    assert counts(batch) == (2, 0, 0, 9)
    inside = "is not a name inside the folder of pictures."
    assert reasons(batch) == {
        3: "There is no file 'missing.png' in the folder of pictures.",
        4: "This is an HTML page; only JPEG, PNG, WebP, GIF or TIFF pictures are taken.",
        5: f"The file '../secret.png' {inside}",
        6: f"The file {str(folder.path / 'secret.png')!r} {inside}",
        7: "The file 'link.png' lies outside the folder of pictures.",
        8: f"The file {'..' + chr(92) + 'secret.png'!r} {inside}",
        9: "The row names no picture file.",
        10: "The price 'cheap' is not a number such as 12.50.",
        11: "The id 'good.png' stands more than once in the file.",
    }


def test_a_row_without_a_domain_says_how_to_give_one(folder: Folder) -> None:
    folder.pictures("a.png")
    batch = folder.run(folder.rows({"file": "a.png"}))
    assert "add a column `domain` or choose fashion or home_decor" in reasons(batch)[2]


def test_unmapped_categories_are_counted_and_the_products_kept(folder: Folder) -> None:
    folder.pictures("a.png", "b.png", "c.png")
    rows = [
        {"file": f"{name}.png", "type": word}
        for name, word in zip("abc", ["Oven", "Stuhl", "Oven"], strict=True)
    ]
    batch = folder.run(folder.rows(*rows), domain="home_decor", translations={"stuhl": "chairs"})
    batch.refresh_from_db()
    assert batch.unmapped == {"Oven": 2}
    found = Product.objects.order_by("external_id").values_list("category__slug", flat=True)
    assert list(found) == [None, "chairs", None]


def test_one_picture_under_two_names_is_one_image(folder: Folder) -> None:
    folder.pictures("a.png")
    (folder.path / "pictures" / "copy.png").write_bytes((folder.path / "pictures" / "a.png").read_bytes())
    folder.run(folder.rows({"file": "a.png"}, {"file": "copy.png"}), domain="fashion")
    assert (Product.objects.count(), Image.objects.count()) == (2, 1)


def test_scenes_and_pairs_go_in_by_id_or_file_name(folder: Folder) -> None:
    folder.pictures("room.png", "chair.png", "lamp.png")
    folder.run(folder.rows({"file": "room.png", "title": "A room"}), "scenes", domain="home_decor")
    products = [{"file": "chair.png", "id": "C1"}, {"file": "lamp.png", "id": "L1"}]
    folder.run(folder.rows(*products), domain="home_decor")
    pairs = folder.rows(
        {"room_file": "room.png", "product_file": "chair.png", "x": "1", "y": "2", "w": "3.5", "h": "4"},
        {"room_file": "room.png", "product_file": "L1", "x": "", "y": "", "w": "", "h": ""},
        {"room_file": "room.png", "product_file": "L1", "x": "", "y": "", "w": "", "h": ""},
        {"room_file": "hall.png", "product_file": "L1", "x": "", "y": "", "w": "", "h": ""},
        {"room_file": "room.png", "product_file": "sofa", "x": "", "y": "", "w": "", "h": ""},
        {"room_file": "room.png", "product_file": "C1", "x": "60", "y": "0", "w": "10", "h": "4"},
    )
    batch = folder.run(pairs, "pairs")
    assert counts(batch) == (2, 0, 0, 4)
    assert reasons(batch) == {
        4: "The pair stands more than once in the file.",
        5: "There is no scene 'hall.png' of source 'shop'; import the scenes first.",
        6: "There is no product 'sofa' of source 'shop'; import the products first.",
        7: "The box 60.0, 0.0, 10.0, 4.0 leaves the scene, which has 64 x 48 pixels.",
    }
    assert counts(folder.run(pairs, "pairs")) == (0, 0, 2, 4)
    boxed = ScenePair.objects.get(product__external_id="C1")
    assert (boxed.x, boxed.y, boxed.w, boxed.h) == (1, 2, 3.5, 4)


def test_a_file_name_of_several_products_is_refused(folder: Folder) -> None:
    scene = make_scene(source="shop")
    for name in ("red", "blue"):
        make_product(source="shop", external_id=name, annotations={"file": "chair.png"})
    rows = [{"scene": scene.external_id, "product": name} for name in ("chair.png", "red")]
    batch = folder.run(folder.rows(*rows), "pairs")
    assert counts(batch) == (1, 0, 0, 1)
    assert reasons(batch) == {
        2: "The file name 'chair.png' belongs to several products of source 'shop'; name it by its id."
    }


def test_file_names_are_looked_up_once_for_the_whole_list(folder: Folder) -> None:
    scene = make_scene(source="shop")
    for number in range(120):
        make_product(source="shop", external_id=str(number), annotations={"file": f"{number}.png"})
    rows = [{"scene": scene.external_id, "product": f"{number}.png"} for number in range(120)]
    with CaptureQueriesContext(connection) as queries:
        batch = folder.run(folder.rows(*rows), "pairs")
    assert counts(batch) == (120, 0, 0, 0)
    assert len([query for query in queries if "->>" in query["sql"]]) == 1


def test_pairs_may_join_scenes_and_products_of_other_sources(folder: Folder) -> None:
    scene, product = make_scene(source="rooms"), make_product(source="things")
    path = folder.rows({"scene": scene.external_id, "product": product.external_id})
    batch = folder.run(path, "pairs", scene_source="rooms", product_source="things")
    assert counts(batch) == (1, 0, 0, 0)


def test_jsonl_goes_in_as_csv_does(folder: Folder) -> None:
    folder.pictures("a.png")
    path = folder.path / "rows.jsonl"
    path.write_text(json.dumps({"file": "a.png", "title": "A", "colors": ["red"]}) + "\n{broken\n")
    assert counts(folder.run(path, "scenes", domain="fashion")) == (1, 0, 0, 1)
    assert Scene.objects.get().annotations == {"colors": ["red"], "file": "a.png"}


def test_a_file_without_the_needed_column_fails_with_a_sentence(folder: Folder) -> None:
    with pytest.raises(ImportRefused, match="no column `file`"):
        folder.run(folder.rows({"title": "x"}))
    batch = ImportBatch.objects.get()
    assert batch.state == ImportBatch.State.FAILED
    assert "no column `file`" in batch.error


@pytest.mark.real
def test_the_real_garments_go_in_at_once_all_accepted(shared_data: Path) -> None:
    listing = shared_data / "products" / "products.csv"
    batch = ImportBatch.objects.create(
        kind="products", source="garments", file_name=listing.name, options={"domain": "fashion"}
    )
    run_import(batch, listing, pictures=PictureFolder(shared_data / "products" / "images"))
    assert counts(batch) == (1316, 0, 0, 0)
    tops = Product.objects.filter(category__coarse__slug="tops")
    assert tops.count() == 620
