"""Training the default detector on a shop of coloured shapes, and measuring it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.numpy import load_file

from model_hooks.adapters.boxes import decode_cells
from model_hooks.adapters.tiny.residual_detector import ResidualFpn, tensor_shapes
from model_hooks.errors import ModelUseError
from model_hooks.registry import load_detector, read_manifest
from model_hooks.training.detector import DetectorTraining, main
from model_hooks.training.detector_loss import assign, decoded, detection_losses, overlaps, truth_of
from model_hooks.training.detector_measure import Figures, as_text, coco_set, figures_of, scene_set
from model_hooks.training.detector_net import DetectorNet, folded
from model_hooks.training.detector_views import draw_batch, tinted
from model_hooks.training.drawn_shop.designs import CATEGORIES
from model_hooks.training.drawn_shop.fingerprint import fingerprint
from model_hooks.training.loop import Plan, train
from model_hooks.training.pictures import LabeledPicture, load_products, load_scenes, standing_out

SIDE = 96
LABELS = ("chairs", "sofas")


def write_shop(folder: Path, *, scenes: int = 6) -> Path:
    """Scenes of one red chair and one blue sofa each, and a catalog picture of either."""
    rng = np.random.default_rng(len(folder.name))
    lines = []
    (folder / "scenes").mkdir(parents=True)
    for number in range(scenes):
        boxes = [[*rng.integers(0, 40, 2).tolist(), 50, 60], [*rng.integers(95, 120, 2).tolist(), 60, 40]]
        picture = Image.new("RGB", (200, 160), "white")
        for box, colour in zip(boxes, ("red", "blue"), strict=True):
            corners = (box[0], box[1], box[0] + box[2] - 1, box[1] + box[3] - 1)
            ImageDraw.Draw(picture).rectangle(corners, fill=colour)
        picture.save(folder / f"scenes/s{number}.png")
        objects = [{"box": box, "category": label} for box, label in zip(boxes, LABELS, strict=True)]
        lines.append({"id": f"s{number}", "file": f"scenes/s{number}.png", "objects": objects})
    picture.crop((90, 90, 200, 160)).save(folder / "p0.png")
    Image.new("RGB", (60, 60), "white").save(folder / "p1.png")
    designs = [{"file": f"p{number}.png", "category": "sofas"} for number in range(2)]
    for name, rows in (("truth.jsonl", lines), ("designs.jsonl", designs)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop")


def command(shop: Path, out: Path, *more: str) -> list[str]:
    folders = ["--data", str(shop), "--validation", str(shop), "--out", str(out)]
    return [*folders, "--side", str(SIDE), "--epochs", "6", "--device", "cpu", *more]


def random_cells(count: int = 1) -> torch.Tensor:
    torch.manual_seed(0)
    cells = sum((SIDE // stride) ** 2 for stride in (8, 16, 32))
    return torch.randn(count, cells, 7) * 0.5


def test_a_trained_model_loads_finds_and_is_measured(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "models" / "finder" / "1"
    assert main(command(shop, out)) == 0
    assert "mAP50" in capsys.readouterr().out
    manifest = read_manifest(out)
    assert manifest.category("chairs") == "chairs"
    assert len(manifest.labels) == 19
    card = (out / "card.md").read_text()
    assert "residual_fpn" in card
    assert "| data | drawn shop of unknown seed (2 products, 6 scenes with 12 objects) |" in card
    assert "--epochs 6" in card
    assert fingerprint() in card
    with Image.open(shop / "scenes/s0.png") as picture:
        assert len(load_detector(out, "cpu").detect([picture], threshold=0.0)[0]) > 0
    figures = tmp_path / "figures.json"
    assert main(["measure", str(out), "--data", str(shop), "--json", str(figures), "--card"]) == 0
    title = "## Measured on the drawn shop of unknown seed (2 products, 6 scenes with 12 objects)"
    assert title in (out / "card.md").read_text()
    assert read_manifest(out).threshold == manifest.threshold
    measured = json.loads(figures.read_text())
    assert measured["model"] == "finder/1"
    assert measured["objects"] == {"chairs": 6, "sofas": 6}


def test_equal_seeds_train_equal_weights(shop: Path, tmp_path: Path) -> None:
    weights = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        out = tmp_path / "models" / name / "1"
        assert main(command(shop, out, "--seed", seed)) == 0
        weights.append(load_file(out / "model.safetensors")["stem.weight"])
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_a_training_on_other_data_does_not_take_up_a_checkpoint(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    plan = Plan(
        work, 2, 1, f"residual_fpn, {SIDE} px, batches of 16, data of another shop", rate=2e-3, warm_up=300
    )
    train(DetectorTraining(load_scenes(shop, CATEGORIES, SIDE), [], side=SIDE, device="cpu"), plan)
    assert main(command(shop, tmp_path / "models" / "a" / "1", "--work", str(work))) == 1
    assert "data of another shop, but now" in capsys.readouterr().err


def test_a_version_that_is_there_is_not_trained_again(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(shop, tmp_path)) == 1
    assert "choose another version" in capsys.readouterr().err


def test_data_that_are_not_there_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(tmp_path / "nowhere", tmp_path / "new" / "1")) == 1
    assert "drawn_shop" in capsys.readouterr().err


def test_an_unknown_category_is_said(shop: Path) -> None:
    with pytest.raises(ModelUseError, match="'sofas', which the net does not know"):
        load_scenes(shop, ("chairs",), SIDE)


def test_the_folded_net_gives_what_the_trained_one_gives() -> None:
    torch.manual_seed(1)
    trained = DetectorNet(2, "cpu")
    pictures = torch.randint(0, 256, (4, 3, SIDE, SIDE)).float()
    for _ in range(3):
        trained(pictures / 255)
    trained.module.eval()
    arrays = folded(trained.module.state_dict(), 2)
    assert {name: array.shape for name, array in arrays.items()} == tensor_shapes(2)
    plain = ResidualFpn({name: torch.from_numpy(array) for name, array in arrays.items()})
    with torch.inference_mode():
        torch.testing.assert_close(plain(pictures), trained(pictures / 255), rtol=1e-3, atol=1e-3)


def test_boxes_are_decoded_as_the_adapter_does() -> None:
    cells = random_cells()
    boxes, _, _ = decode_cells(cells[0].numpy(), SIDE, threshold=0.0)
    np.testing.assert_allclose(decoded(cells[..., :4], SIDE)[0].numpy(), boxes, rtol=1e-5, atol=1e-4)


def test_cells_near_an_object_are_to_find_it_and_none_finds_two() -> None:
    cells = random_cells(2)
    rows = [
        (np.array([[10, 10, 50, 50], [40, 32, 90, 80]], np.float32), np.array([0, 1])),
        (np.array([[0, 60, 30, 96]], np.float32), np.array([1])),
    ]
    truth = truth_of(rows, "cpu")
    boxes = decoded(cells[..., :4], SIDE)
    chosen = assign(cells, boxes, truth, side=SIDE)
    assert set(chosen.object.tolist()) == {0, 1, 2}
    assert torch.equal(chosen.picture, truth.picture[chosen.object])
    pairs = list(zip(chosen.picture.tolist(), chosen.cell.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    expected = overlaps(boxes[chosen.picture, chosen.cell], truth.boxes[chosen.object])
    torch.testing.assert_close(chosen.overlap, expected)


def test_following_the_loss_finds_the_object() -> None:
    cells = random_cells().requires_grad_()
    truth = truth_of([(np.array([[20, 16, 60, 72]], np.float32), np.array([1]))], "cpu")
    descent = torch.optim.Adam([cells], lr=0.1)
    for _ in range(150):
        loss = torch.stack(list(detection_losses(cells, truth, SIDE).values())).sum()
        descent.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        descent.step()
    boxes, _scores, classes = decode_cells(cells[0].detach().numpy(), SIDE, threshold=0.5)
    assert set(classes.tolist()) == {1}
    np.testing.assert_allclose(boxes, np.tile([20, 16, 60, 72], (len(boxes), 1)), atol=3)


def test_pictures_without_objects_have_a_loss() -> None:
    empty = (np.empty((0, 4), np.float32), np.empty(0, np.int64))
    losses = detection_losses(random_cells(), truth_of([empty], "cpu"), SIDE)
    assert losses["box"].item() == losses["classes"].item() == 0
    assert losses["objectness"].item() > 0


@pytest.mark.parametrize("seed", range(20))
def test_boxes_follow_what_is_seen(shop: Path, seed: int) -> None:
    picture = load_scenes(shop, LABELS, 128)[0]
    batch = draw_batch([picture], SIDE, np.random.default_rng(seed))
    for box, number in zip(*batch.truth[0], strict=True):
        red, _, blue = batch.pixels[0].astype(int).transpose(2, 0, 1)
        mine = (red - blue if number == 0 else blue - red) > 128
        rows, columns = (np.flatnonzero(mine.any(axis=axis)) for axis in (1, 0))
        seen = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        np.testing.assert_allclose(box, seen, atol=1.6)


def test_the_views_show_most_of_the_objects(shop: Path) -> None:
    picture = load_scenes(shop, LABELS, 128)[0]
    batch = draw_batch([picture] * 20, SIDE, np.random.default_rng(0))
    assert sum(len(boxes) for boxes, _ in batch.truth) > 30


def test_a_plain_view_is_the_adapters_but_for_the_flip(shop: Path) -> None:
    picture = load_scenes(shop, LABELS, SIDE)[0]
    batch = draw_batch([picture] * 12, SIDE, np.random.default_rng(1), plain=1.0)
    height, width = picture.pixels.shape[:2]
    assert (height, width) == (77, SIDE)
    flips = 0
    for shown, (boxes, _) in zip(batch.pixels, batch.truth, strict=True):
        # The chair of the scene is left of the sofa.
        flipped = bool(boxes[0, 0] > boxes[1, 0])
        expected = picture.pixels[:, ::-1] if flipped else picture.pixels
        assert np.abs(shown[:height].astype(int) - expected).max() <= 1
        assert (shown[height:] == 114).all()
        flips += flipped
    assert 0 < flips < 12


def test_tints_keep_the_range_about_zero_to_one() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 32, 32, 3), dtype=np.uint8)
    x = tinted(pixels, np.random.default_rng(1), "cpu")
    assert x.shape == (8, 3, 32, 32)
    assert -0.4 < x.min() < 0.2
    assert 0.8 < x.max() < 1.4


def test_the_box_of_a_product_is_what_stands_out(shop: Path) -> None:
    products = load_products(shop, LABELS, 110)
    assert len(products) == 1
    with Image.open(shop / "p0.png") as picture:
        blue = np.asarray(picture)[..., 0] < 128
    rows, columns = (np.flatnonzero(blue.any(axis=axis)) for axis in (1, 0))
    expected = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    np.testing.assert_allclose(products[0].boxes[0], expected, atol=1)
    assert standing_out(np.full((20, 20, 3), 250, np.uint8)) is None


def test_of_many_products_some_are_read(shop: Path) -> None:
    lines = (shop / "designs.jsonl").read_text().splitlines()
    (shop / "designs.jsonl").write_text(f"{lines[0]}\n" * 7)
    assert len(load_products(shop, LABELS, 96, most=3)) == 3


def test_finding_all_scores_one_and_finding_nothing_zero(shop: Path) -> None:
    test_set = scene_set(shop)
    perfect = [{**row, "score": 0.9} for row in test_set.ground_truth["annotations"]]
    figures = figures_of(test_set, perfect, threshold=0.5, seconds=2.0)
    assert (figures.map50, figures.precision, figures.recall, figures.images_per_second) == (1, 1, 1, 3)
    assert "mAP50 1.000" in as_text(figures)
    nothing: Figures = figures_of(test_set, [], threshold=0.5, seconds=0.0)
    assert (nothing.map50, nothing.recall) == (0, 0)


def test_what_is_found_in_a_category_without_objects_is_wrong(shop: Path) -> None:
    test_set = scene_set(shop)
    rows: list[dict[str, Any]] = [{**row, "score": 0.9} for row in test_set.ground_truth["annotations"]]
    stray = {**rows[0], "category_id": "lamps"}
    assert figures_of(test_set, [*rows, stray], threshold=0.5, seconds=1.0).precision == 12 / 13


def test_coco_annotations_count_by_supercategory_and_only_what_is_known(tmp_path: Path) -> None:
    categories = [
        {"id": 1, "name": "stool", "supercategory": "chairs"},
        {"id": 2, "name": "sofas"},
        {"id": 3, "name": "cat", "supercategory": "animals"},
    ]
    rows = [{"image_id": 5, "category_id": number, "bbox": [0, 0, 9, 9]} for number in (1, 2, 3)]
    content = {"images": [{"id": 5, "file_name": "a.jpg"}], "annotations": rows, "categories": categories}
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps(content))
    test_set = coco_set(path, tmp_path / "images", LABELS)
    assert [row["category_id"] for row in test_set.ground_truth["annotations"]] == ["chairs", "sofas"]
    assert test_set.paths == {5: tmp_path / "images" / "a.jpg"}


def test_empty_pictures_can_be_shown() -> None:
    nothing = LabeledPicture(
        np.zeros((60, 96, 3), np.uint8), np.empty((0, 4), np.float32), np.empty(0, np.int64)
    )
    batch = draw_batch([nothing] * 4, SIDE, np.random.default_rng(0))
    assert all(len(boxes) == len(classes) == 0 for boxes, classes in batch.truth)
