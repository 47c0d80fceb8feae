import csv
import io
import json
import shutil
from collections import Counter
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model_hooks.training.drawn_shop import fingerprint as fingerprint_module
from model_hooks.training.drawn_shop.assortment import CLEARLY, EVERY, assortment, siblings_share
from model_hooks.training.drawn_shop.canvas import Layer, rectangle
from model_hooks.training.drawn_shop.catalog_pictures import SIZE, catalog_picture
from model_hooks.training.drawn_shop.designs import ATTRIBUTES, CATEGORIES, FASHION, Design, Material
from model_hooks.training.drawn_shop.fingerprint import fingerprint
from model_hooks.training.drawn_shop.grades import planted_grade
from model_hooks.training.drawn_shop.kinds import BY_CATEGORY, BY_NAME, KINDS
from model_hooks.training.drawn_shop.outfits import FITTING, Wardrobe, outfit
from model_hooks.training.drawn_shop.pairs import FAULTS, MENDABLE, SURVIVING, creator_pairs
from model_hooks.training.drawn_shop.scenes import (
    FASHION_SIZE,
    LEAST_SIDE,
    LEAST_VISIBLE,
    DrawnScene,
    SceneObject,
    draw_scene,
)
from model_hooks.training.drawn_shop.shop import Plan, draw_products, draw_scenes, stock, write_shop
from model_hooks.training.drawn_shop.stage import Camera, Stage

Designs = tuple[Design, ...]
SHOP = Plan(products=600, scenes=6, seed=7)


@pytest.fixture(scope="module")
def designs() -> Designs:
    return stock(SHOP.products, SHOP.seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop")
    write_shop(path, Plan(60, 3, 3), processes=1)
    return path


def test_every_kind_has_its_own_name_and_every_category_several_kinds() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert set(BY_CATEGORY) == set(CATEGORIES)
    assert all(len(kinds) >= 2 for kinds in BY_CATEGORY.values())
    assert all((kind.wear is None) == (kind.category not in FASHION) for kind in KINDS)


def test_the_assortment_holds_every_category_and_its_ids_never_clash(designs: Designs) -> None:
    assert {design.category for design in designs} == set(CATEGORIES)
    ids = {design.id for design in designs}
    assert len(ids) == len(designs)
    assert not ids & {design.id for design in assortment(600, 8)}
    fashion = sum(design.category in FASHION for design in designs) / len(designs)
    assert 0.52 < fashion < 0.72


def test_even_a_small_shop_holds_every_category_and_a_smaller_one_draws_no_scenes() -> None:
    for seed in range(4):
        assert {design.category for design in assortment(EVERY, seed)} == set(CATEGORIES)
    with pytest.raises(ValueError, match="60 products or more"):
        Plan(products=20, scenes=1, seed=7)


def test_the_words_of_a_product_fit_the_schema(designs: Designs) -> None:
    for design in designs:
        assert 0 < len(design.title) <= 120
        assert design.price > 0
        assert (design.gender is None) == (design.category not in FASHION)
        assert {"color", "pattern"} <= set(design.attributes) <= set(ATTRIBUTES)
        assert all(value in ATTRIBUTES[name] for name, value in design.attributes.items())


def test_more_than_half_of_the_products_have_a_near_miss(designs: Designs) -> None:
    assert siblings_share(list(designs)) > 0.5


def test_a_near_miss_differs_in_what_it_says_and_in_nothing_else(designs: Designs) -> None:
    models = {design.family: design for design in designs if not design.difference}
    seen: Counter[str] = Counter()
    for design in designs:
        if not design.difference or design.family not in models:
            continue
        seen[design.difference] += 1
        model = models[design.family]
        assert design.kind == model.kind
        if design.difference == "shape":
            moved = [abs(design.shape[knob] - model.shape[knob]) for knob in model.shape]
            assert sum(step > 0 for step in moved) in (2, 3)
            assert all(step >= CLEARLY - 1e-9 for step in moved if step > 0)
            assert design.material == model.material
        else:
            assert design.shape == model.shape
            changed = design.material.colour != model.material.colour
            assert changed == (design.difference == "colour")
    assert set(seen) == {"colour", "pattern", "shape"}


def test_the_grades_follow_the_table(designs: Designs) -> None:
    query = replace(designs[0], material=Material("red", (200, 0, 0), "striped"), family="f")
    blue = Material("blue", (0, 0, 200), "solid")
    other = next(kind.name for kind in KINDS if kind.category != query.category)
    near = next(kind.name for kind in BY_CATEGORY[query.category] if kind.name != query.kind)
    elsewhere = BY_NAME[other].category
    table = [
        (query, 4),
        (replace(query, id="x", material=blue), 3),
        (replace(query, id="x", family="g"), 3),
        (replace(query, id="x", family="g", material=blue), 2),
        (replace(query, id="x", family="g", kind=near), 2),
        (replace(query, id="x", family="g", kind=near, material=blue), 1),
        (replace(query, id="x", family="g", kind=other, category=elsewhere), 1),
    ]
    assert [planted_grade(query, candidate) for candidate, _ in table] == [grade for _, grade in table]


def test_a_catalog_picture_is_the_same_every_time_and_shows_its_product_whole(designs: Designs) -> None:
    by_kind = {design.kind: design for design in (*assortment(3000, 8), *designs)}
    assert set(by_kind) == set(BY_NAME)
    for kind in KINDS:
        design = by_kind[kind.name]
        pixels = np.asarray(catalog_picture(design, np.random.default_rng(1)), int)
        assert pixels.shape == (SIZE, SIZE, 3)
        assert np.array_equal(pixels, np.asarray(catalog_picture(design, np.random.default_rng(1)), int))
        inked = np.abs(pixels - pixels[0, 0]).max(axis=2) > 40
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        longest = max(np.ptp(rows), np.ptp(columns)) / SIZE
        assert 0.5 < longest < 0.95, kind.name
        assert min(rows[0], columns[0]) > 0, kind.name
        assert max(rows[-1], columns[-1]) < SIZE - 1, kind.name


def test_people_wear_what_fits_them(designs: Designs) -> None:
    wardrobe = Wardrobe.of(designs)
    rng = np.random.default_rng(0)
    for number in range(60):
        gender = ("men", "women")[number % 2]
        worn = outfit(wardrobe, gender, rng)
        assert all(design.gender in FITTING[gender] for design in worn)
        categories = Counter(design.category for design in worn if design.category != "accessories")
        assert set(categories.values()) == {1}
        assert ("dresses" in categories) != ("tops" in categories)


def test_a_box_encloses_the_visible_pixels_and_says_how_much_is_seen(designs: Designs) -> None:
    stage = Stage.on(Image.new("RGB", (100, 80), "white"))
    for x, design in ((10, designs[0]), (30, designs[1]), (90, designs[2])):
        layer = Layer((-50, -50, 200, 200), 100, np.random.default_rng(0))
        layer.fill(rectangle(x, 20, 40, 30), (200, 10, 10))
        stage.put(layer, design)
    _, shown = stage.seen(Camera())
    assert [item.box for item in shown] == [(10, 20, 20, 30), (30, 20, 40, 30), (90, 20, 10, 30)]
    assert [item.visible for item in shown] == pytest.approx([0.5, 1, 0.25], abs=0.03)
    _, mirrored = stage.seen(Camera(mirrored=True))
    assert [item.box[0] for item in mirrored] == [70, 30, 0]


def test_the_objects_of_scenes_lie_inside_them_and_can_be_seen() -> None:
    products = {design.id: design for design in stock(SHOP.products, SHOP.seed)}
    wardrobe = Wardrobe.of(stock(SHOP.products, SHOP.seed))
    for number in range(8):
        scene, picture = draw_scene(wardrobe, "s", np.random.default_rng(number))
        assert picture.size == scene.size
        assert scene.objects
        for item in scene.objects:
            x, y, w, h = item.box
            assert x >= 0
            assert y >= 0
            assert x + w <= scene.size[0]
            assert y + h <= scene.size[1]
            assert min(w, h) >= LEAST_SIDE
            assert LEAST_VISIBLE <= item.visible <= 1
            assert item.category == products[item.product].category
            assert item.attributes == products[item.product].attributes
            assert (item.category in FASHION) == (scene.domain == "fashion")


def test_the_shop_is_the_same_on_any_number_of_processes() -> None:
    plan = Plan(60, 10, 7)
    alone, together = (list(islice(draw_products(plan, processes=count), 20)) for count in (1, 2))
    assert alone == together
    first, second = (list(draw_scenes(plan, processes=count)) for count in (1, 2))
    assert first == second
    assert [scene.id for scene, _ in first] == [f"s7-{number:06d}" for number in range(10)]


def test_faults_come_at_the_stated_shares(designs: Designs) -> None:
    rng = np.random.default_rng(5)
    tops = [design for design in designs if design.category in FASHION]

    def scene(number: int) -> DrawnScene:
        chosen = rng.choice(len(tops), 3, replace=False)
        objects = tuple(
            SceneObject((40 + 90 * place, 60, 70, 120), tops[k].category, tops[k].id, {}, 1.0)
            for place, k in enumerate(chosen)
        )
        return DrawnScene(f"s{number}", "", "fashion", FASHION_SIZE, objects)

    scenes = {f"s{number}": scene(number) for number in range(400)}
    pairs = list(creator_pairs(scenes.values(), designs, 7))
    count = Counter(pair.planted_fault for pair in pairs)
    assert sum(FAULTS.values()) == pytest.approx(1)
    for fault, share in FAULTS.items():
        assert count[fault] / len(pairs) == pytest.approx(share, abs=0.045), fault
    assert sum(count[fault] for fault in MENDABLE) / len(pairs) == pytest.approx(SURVIVING, abs=0.045)
    assert len({(pair.scene, pair.product) for pair in pairs}) == len(pairs)
    for pair in pairs:
        shown = {item.product: item for item in scenes[pair.scene].objects}
        assert (pair.product in shown) == (pair.planted_fault in MENDABLE)
        if pair.planted_fault == "":
            assert pair.box == shown[pair.product].box
            assert pair.claimed_category == shown[pair.product].category
        if pair.planted_fault == "missing_box":
            assert pair.box is None
        if pair.planted_fault == "wrong_category":
            assert pair.claimed_category != shown[pair.product].category
        if pair.box:
            assert pair.box[0] + pair.box[2] <= FASHION_SIZE[0]
            assert pair.box[1] + pair.box[3] <= FASHION_SIZE[1]


def test_the_tables_name_every_picture_in_the_importers_columns(folder: Path) -> None:
    wanted = {
        "products": {"file", "id", "title", "category", "gender", "price", "currency", "merchant", "domain"},
        "scenes": {"file", "id", "title", "domain"},
        "pairs": {"scene", "product", "x", "y", "w", "h"},
    }
    for name, columns in wanted.items():
        rows = list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text())))
        assert columns <= set(rows[0]) if rows else name == "pairs"
        for row in rows:
            if "file" in row:
                with Image.open(folder / row["file"]) as picture:
                    assert picture.format == "JPEG"
    assert len(list((folder / "products").glob("p*.jpg"))) == 60
    assert len(list((folder / "scenes").glob("s*.jpg"))) == 3


def test_the_truth_names_products_that_are_there(folder: Path) -> None:
    products = [json.loads(line) for line in (folder / "designs.jsonl").read_text().splitlines()]
    scenes = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    ids = [product["id"] for product in products]
    assert all(a < b for a, b in pairwise(ids))
    for scene in scenes:
        with Image.open(folder / scene["file"]) as picture:
            assert picture.size == (scene["width"], scene["height"])
        for item in scene["objects"]:
            assert item["product"] in ids
            assert len(item["box"]) == 4


def test_the_fingerprint_is_one_hash_of_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = Path(fingerprint_module.__file__).parent
    copied = shutil.copytree(sources, tmp_path / "drawn_shop", ignore=shutil.ignore_patterns("__pycache__"))
    unchanged = fingerprint()
    assert len(unchanged) == 64
    monkeypatch.setattr(fingerprint_module, "__file__", str(copied / "fingerprint.py"))
    assert fingerprint() == unchanged
    (copied / "kinds.py").write_text((copied / "kinds.py").read_text() + "\n")
    changed = fingerprint()
    (copied / "kinds.py").rename(copied / "other_kinds.py")
    assert len({unchanged, changed, fingerprint()}) == 3
