"""Training the embedder end to end on a toy shop of coloured blocks."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model_hooks.adapters.tiny.residual_embedder import ResidualEmbedder, tensor_shapes
from model_hooks.adapters.tiny.trimming import product_box
from model_hooks.errors import ModelUseError
from model_hooks.protocols import AttributePredictor, Box, Detection, Embedder, GenderPredictor
from model_hooks.registry import load_embedder, read_manifest
from model_hooks.training import embedder, retrieval_measure
from model_hooks.training.crops import MARGIN, STORED, Scene, load_crops, read_world, with_margin
from model_hooks.training.drawn_shop.designs import COLOURS
from model_hooks.training.drawn_shop.fingerprint import fingerprint
from model_hooks.training.embedder_augment import Change, augmented
from model_hooks.training.photos import CATEGORY_OF, read_photos
from model_hooks.training.retrieval_queries import Finder
from tests.model_hooks.folders import drawn_pictures, write_embedder

CATEGORIES = ("tops", "dresses", "chairs", "lamps")
MODEL = "out/looker/1"
NAMED = ("black", "white", "red", "blue")


def write_toy_shop(folder: Path, products: int, scenes: int, *, seed: int) -> Path:
    """Blocks of four categories (shapes) and four colours, in the drawn shop's files."""
    rng = np.random.default_rng(seed)
    for kind in ("products", "scenes"):
        (folder / kind).mkdir(parents=True)
    designs = [_design(number, rng) for number in range(products)]
    for design in designs:
        picture = Image.new("RGB", (90, 90), (250, 250, 250))
        _draw(picture, design, (10, 10, 70, 70))
        picture.save(folder / design["file"])
    truth = [_scene(folder, number, designs, rng) for number in range(scenes)]
    for name, lines in (("designs.jsonl", designs), ("truth.jsonl", truth)):
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def _design(number: int, rng: np.random.Generator) -> dict[str, Any]:
    category, colour = str(rng.choice(CATEGORIES)), str(rng.choice(NAMED))
    attributes = {"color": colour, "pattern": "solid"}
    if category == "dresses":
        attributes["dress_style"] = "wrap"
    return {
        "id": f"p{number}",
        "file": f"products/p{number}.jpg",
        "category": category,
        "gender": "women" if category in ("tops", "dresses") else None,
        "family": f"f{number // 2}",
        "attributes": attributes,
        "trim": rng.integers(0, 256, 3).tolist(),
    }


def _draw(picture: Image.Image, design: dict[str, Any], box: tuple[int, int, int, int]) -> None:
    x, y, w, h = box
    draw = ImageDraw.Draw(picture)
    inset = CATEGORIES.index(design["category"]) * 0.1
    colour = COLOURS[design["attributes"]["color"]]
    draw.rectangle((x + inset * w, y, x + (1 - inset) * w, y + h), fill=colour)
    draw.ellipse((x + 0.3 * w, y + 0.3 * h, x + 0.7 * w, y + 0.7 * h), fill=tuple(design["trim"]))


def _scene(
    folder: Path, number: int, designs: list[dict[str, Any]], rng: np.random.Generator
) -> dict[str, Any]:
    picture = Image.new("RGB", (160, 120), tuple(rng.integers(100, 200, 3).tolist()))
    objects = []
    for left in (5, 85):
        design = designs[int(rng.integers(len(designs)))]
        box = (left, int(rng.integers(5, 30)), 60, int(rng.integers(60, 80)))
        _draw(picture, design, box)
        objects.append({"box": box, "category": design["category"], "product": design["id"], "visible": 1.0})
    name = f"scenes/s{number}.jpg"
    picture.save(folder / name)
    return {"id": f"s{number}", "file": name, "objects": objects}


def write_toy_photos(folder: Path) -> Path:
    (folder / "images").mkdir(parents=True)
    lines = ["file,label"]
    for number in range(40):
        name, label = f"{number}.jpg", ("Dress", "T-Shirt", "Body")[number % 3]
        Image.new("RGB", (60, 80), (number * 6, 40, 200)).save(folder / "images" / name)
        lines.append(f"{name},{label}")
    (folder / "products.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("toy")
    write_toy_shop(root / "train", 24, 12, seed=1)
    write_toy_shop(root / "unseen", 12, 6, seed=2)
    write_toy_photos(root / "photos")
    arguments = [
        "--data",
        str(root / "train"),
        "--validation",
        str(root / "unseen"),
        "--out",
        str(root / MODEL),
    ]
    arguments += ["--photos", str(root / "photos"), "--steps", "12", "--device", "cpu"]
    assert embedder.main(arguments) == 0
    return root


def test_training_writes_a_sound_folder_with_heads_and_a_card(trained: Path) -> None:
    folder = trained / MODEL
    manifest = read_manifest(folder)
    assert manifest.heads["dress_style"] == ("sheath", "a_line", "skater", "shirt", "wrap")
    assert manifest.input["applies"]["dress_style"] == ["dresses"]
    card = (folder / "card.md").read_text()
    assert "| data | drawn shop of unknown seed (24 products, 12 scenes with 24 objects) |" in card
    assert "p at 1: " in card
    assert "| photographs | 21 of the CC0 clothing dataset, for the category only; 6 others" in card
    assert "--steps 12" in card
    assert "| seed | 1 |" in card
    assert fingerprint() in card


def test_a_version_that_is_there_is_not_trained_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(tmp_path), "--validation", str(tmp_path), "--out", str(tmp_path)]
    assert embedder.main(arguments) == 1
    assert "choose another version" in capsys.readouterr().err


def test_the_trained_folder_embeds_and_says_only_attributes_that_apply(trained: Path) -> None:
    net = load_embedder(trained / MODEL, "cpu")
    assert isinstance(net, Embedder)
    assert isinstance(net, GenderPredictor)
    assert isinstance(net, AttributePredictor)
    pictures = [Image.open(product.path) for product in read_world(trained / "unseen").products]
    vectors = net.embed(pictures)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors.mean(axis=1), 0, atol=1e-5)
    for words in net.attributes(pictures):
        assert ("dress_style" in words) == (words["category"] == "dresses")


def test_the_exported_net_equals_the_trained_one(trained: Path) -> None:
    import torch

    from model_hooks.training.crops import HEADS
    from model_hooks.training.embedder_batches import Recipe
    from model_hooks.training.embedder_net import EmbedderNet

    state = torch.load(trained / "out" / "looker" / ".training-1" / "checkpoint.pt", weights_only=True)
    net = EmbedderNet(Recipe().dimension, HEADS, 24)
    net.load_state_dict(state["average"])
    adapter = load_embedder(trained / MODEL, "cpu")
    assert isinstance(adapter, ResidualEmbedder)
    pixels = np.random.default_rng(3).integers(0, 256, (3, 112, 112, 4), dtype=np.uint8)
    with torch.inference_mode():
        x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 128 - 1
        vectors = net.eval()(x)
        category = net.logits("category", vectors).argmax(dim=1).tolist()
    found = adapter.forward(pixels)
    assert np.allclose(found, torch.nn.functional.normalize(vectors), atol=1e-4)
    said = [words["category"] for words in adapter.attributes_of(found)]
    assert said == [HEADS["category"][place] for place in category]


def test_training_tells_the_net_of_a_crop_what_the_adapter_tells_it(trained: Path) -> None:
    still = Change(shift=(0, 0), turn=0, light=0, tint=0, covered=0)
    world = read_world(trained / "unseen")
    crops = load_crops(world)
    net = load_embedder(trained / MODEL, "cpu")
    assert isinstance(net, ResidualEmbedder)
    x = augmented(crops.stored.at(np.arange(8)), 112, still, np.random.default_rng(0)).permute(0, 2, 3, 1)
    for row, product in enumerate(world.products[:8]):
        seen = net.preprocess([Image.open(product.path)])[0] / 128 - 1
        ours = x[row].numpy()
        assert np.allclose(ours[..., 3], seen[..., 3], atol=1 / 128)
        nearest = min(np.abs(ours - seen).mean(), np.abs(ours[:, ::-1] - seen).mean())
        assert nearest < 0.03


def test_a_net_without_a_plane_for_the_proportion_loads_too(tmp_path: Path) -> None:
    shapes = tensor_shapes(32, {"category": ("tops", "bags")})
    fields: dict[str, Any] = {"architecture": "residual_embedder", "heads": {"category": ["tops", "bags"]}}
    net = load_embedder(write_embedder(tmp_path, shapes=shapes, **fields), "cpu")
    assert net.embed(drawn_pictures(((40, 90), (64, 64)))).shape == (2, 32)


def test_measuring_again_gives_the_same_figures_as_json(trained: Path) -> None:
    arguments = ["--embedder", str(trained / MODEL), "--data", str(trained / "unseen")]
    for name in ("one.json", "two.json"):
        assert retrieval_measure.main([*arguments, "--card", "--json", str(trained / name)]) == 0
    card = (trained / MODEL / "card.md").read_text()
    assert card.count("(12 products, 6 scenes with 12 objects), true boxes\n") == 1
    found = json.loads((trained / "one.json").read_text())
    assert found == json.loads((trained / "two.json").read_text())
    assert found["objects"] == found["found"] == 12
    assert found["with_look_alike"] == 1.0
    assert 0 <= found["p_at_1"] <= 1
    assert set(found["heads"]) == {"category", "color", "pattern", "dress_style"}


class Seer:
    """A `Detector` that knows the truth of the pictures it is shown, in order, but for one object."""

    def __init__(self, scenes: tuple[Scene, ...]) -> None:
        self._left = list(scenes)
        self.labels = CATEGORIES

    def setup(self, device: str) -> None:
        """Nothing to load."""

    def detect(self, images: Sequence[Image.Image], *, threshold: float) -> list[list[Detection]]:
        assert len(images) == 1
        assert threshold == 0.4
        first = len(self._left) == 6
        objects = self._left.pop(0).objects[first:]
        return [
            [
                Detection(Box(x, y, w - 4, h), each.category, 0.9)
                for each in objects
                for x, y, w, h in [each.box]
            ]
        ]


@pytest.mark.parametrize("blind", [False, True])
def test_what_the_detector_missed_counts_as_a_miss(trained: Path, *, blind: bool) -> None:
    net = load_embedder(trained / MODEL, "cpu")
    scenes = read_world(trained / "unseen").scenes
    seer = Seer(tuple(Scene(each.id, each.path, ()) for each in scenes) if blind else scenes)
    finder = Finder(seer, 0.4, {name: name for name in CATEGORIES})
    found = retrieval_measure.measure(net, finder, trained / "unseen")
    assert found["objects"] == 12
    assert found["found"] == (0 if blind else 11)
    if blind:
        assert found["p_at_1_of_all_objects"] == 0
    else:
        assert found["p_at_1_of_all_objects"] == pytest.approx(found["p_at_1"] * 11 / 12)
        assert found["right_category_predicted"] == 1


def test_a_folder_without_truth_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(tmp_path), "--validation", str(tmp_path), "--out", str(tmp_path / MODEL)]
    assert embedder.main(arguments) == 1
    assert "no folder of the drawn shop" in capsys.readouterr().err


def test_plain_ground_is_cut_away_and_a_busy_picture_kept_whole() -> None:
    picture = Image.new("RGB", (400, 300), (243, 243, 240))
    assert product_box(picture) == (0, 0, 400, 300)
    ImageDraw.Draw(picture).rectangle((100, 60, 299, 179), fill=(30, 60, 200))
    x, y, w, h = product_box(picture)
    assert np.allclose((x, y, x + w, y + h), (100, 60, 300, 180), atol=4)
    busy = Image.effect_noise((400, 300), 90).convert("RGB")
    assert product_box(busy) == (0, 0, 400, 300)


def test_photos_are_split_by_their_content_and_unmapped_labels_left_out(tmp_path: Path) -> None:
    folder = write_toy_photos(tmp_path / "photos")
    training, testing = read_photos(folder)
    assert len(training) + len(testing) == 27
    assert 0 < len(testing) < len(training)
    assert CATEGORY_OF["Body"] is None


def test_copies_of_a_photograph_fall_in_one_part(tmp_path: Path) -> None:
    folder = write_toy_photos(tmp_path / "photos")
    names = [f"{number}.jpg" for number in range(40)]
    for number, name in enumerate(names):
        copied = (folder / "images" / name).read_bytes()
        (folder / "images" / f"copy_{name}").write_bytes(copied)
        with (folder / "products.csv").open("a") as table:
            table.write(f"copy_{name},{('T-Shirt', 'Dress')[number % 2]}\n")
    training, testing = read_photos(folder)
    assert len(training) + len(testing) == 27 + 40
    assert not {photo.sha256 for photo in training} & {photo.sha256 for photo in testing}


def test_a_photograph_that_is_not_there_is_said(tmp_path: Path) -> None:
    folder = write_toy_photos(tmp_path / "photos")
    (folder / "images" / "4.jpg").unlink()
    with pytest.raises(ModelUseError, match=r"4\.jpg cannot be read"):
        read_photos(folder)


@pytest.mark.parametrize("box", [(20, 10, 40, 30), (0, 0, 100, 80), (90, 70, 10, 10), (0, 40, 30, 40)])
def test_a_stored_crop_keeps_its_box_in_the_middle(box: tuple[int, int, int, int]) -> None:
    x, y, w, h = box
    picture = Image.new("RGB", (100, 80))
    ImageDraw.Draw(picture).rectangle((x, y, x + w - 1, y + h - 1), fill=(255, 255, 255))
    stored = with_margin(picture, box)
    assert stored.shape == (STORED, STORED, 3)
    edge = int(STORED * MARGIN / (1 + 2 * MARGIN))
    assert stored[edge + 8 : -edge - 8, edge + 8 : -edge - 8].min() > 250
    if x > 0 and x + w < 100:
        assert stored[STORED // 2, [0, -1]].max() < 5
