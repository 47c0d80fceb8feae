import json
from pathlib import Path

import numpy as np
import pytest

from model_hooks.adapters.tiny import mobilenet_v2, yolox_nano
from model_hooks.coco_labels import COCO_CATEGORIES
from model_hooks.convert import main
from model_hooks.errors import CodeError
from model_hooks.projection import classifier_projection
from model_hooks.registry import check, load_embedder, read_manifest
from tests.model_hooks.folders import drawn_pictures, random_tensors

CATEGORIES = {"bags", "accessories", "chairs", "sofas", "plants", "beds", "tables", "clocks"}


@pytest.fixture
def yolox_archive(tmp_path: Path) -> Path:
    archive = tmp_path / "yolox.npz"
    np.savez(archive, allow_pickle=False, **random_tensors(yolox_nano.tensor_shapes(80)))
    return archive


@pytest.fixture
def mobilenet_archive(tmp_path: Path) -> Path:
    archive = tmp_path / "mobilenet.npz"
    shapes = mobilenet_v2.tensor_shapes() | {
        "classifier.weight": (1001, 1280, 1, 1),
        "classifier.bias": (1001,),
    }
    np.savez(archive, allow_pickle=False, **random_tensors(shapes))
    return archive


def test_a_detector_archive_becomes_a_sound_folder(yolox_archive: Path, tmp_path: Path) -> None:
    assert main(["yolox_nano", str(yolox_archive), "--out", str(tmp_path / "models")]) == 0
    report = check(tmp_path / "models" / "yolox-nano-coco" / "1", CATEGORIES)
    assert report.unmapped == ()
    assert set(report.mapped.values()) == CATEGORIES
    assert report.mapped["couch"] == "sofas"
    assert len(report.ignored) + len(report.mapped) == 80
    assert report.manifest.model_labels == tuple(COCO_CATEGORIES)


def test_another_mapping_of_labels_can_be_given(yolox_archive: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps({f"thing {number}": None for number in range(80)}))
    out = str(tmp_path / "models")
    assert main(["yolox_nano", str(yolox_archive), "--out", out, "--labels", str(labels)]) == 0
    assert read_manifest(tmp_path / "models" / "yolox-nano-coco" / "1").model_labels[79] == "thing 79"


def test_an_embedder_archive_needs_no_pictures(mobilenet_archive: Path, tmp_path: Path) -> None:
    assert main(["mobilenet_v2", str(mobilenet_archive), "--out", str(tmp_path / "models")]) == 0
    manifest = read_manifest(tmp_path / "models" / "mobilenet-v2-imagenet" / "1")
    assert manifest.dimension == 512
    assert manifest.bit_thresholds is None
    assert manifest.calibration is not None
    assert manifest.calibration.startswith("none")


def test_calibration_pictures_put_the_thresholds_at_their_medians(
    mobilenet_archive: Path, tmp_path: Path
) -> None:
    pictures = drawn_pictures(((50, 40),) * 5)
    (tmp_path / "pictures").mkdir()
    for number, picture in enumerate(pictures):
        picture.save(tmp_path / "pictures" / f"{number}.png")
    options = ["--out", str(tmp_path / "models"), "--calibrate", str(tmp_path / "pictures")]
    assert main(["mobilenet_v2", str(mobilenet_archive), *options]) == 0
    embedder = load_embedder(tmp_path / "models" / "mobilenet-v2-imagenet" / "1", "cpu")
    thresholds = embedder.bit_thresholds
    assert thresholds is not None
    assert np.allclose(thresholds, np.median(embedder.embed(pictures), axis=0), atol=1e-4)
    calibration = read_manifest(tmp_path / "models" / "mobilenet-v2-imagenet" / "1").calibration
    assert calibration is not None
    assert calibration.startswith("medians over 5 pictures of 'pictures', content SHA-256 ")


def _no_pictures(tmp_path: Path) -> list[str]:
    (tmp_path / "empty").mkdir()
    return ["--calibrate", str(tmp_path / "empty")]


def _a_broken_picture(tmp_path: Path) -> list[str]:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.jpg").write_bytes(b"no picture")
    return ["--calibrate", str(tmp_path / "broken")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (_no_pictures, "holds no JPEG, PNG or WebP picture; pass"),
        (_a_broken_picture, "a.jpg cannot be read as a pict"),
    ],
)
def test_bad_calibration_pictures_are_named_and_leave_no_folder(
    mobilenet_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: object, said: str
) -> None:
    assert callable(options)
    arguments = [
        "mobilenet_v2",
        str(mobilenet_archive),
        "--out",
        str(tmp_path / "models"),
        *options(tmp_path),
    ]
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "models").exists()


def test_the_wrong_archive_is_refused_in_one_sentence(
    mobilenet_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["yolox_nano", str(mobilenet_archive), "--out", str(tmp_path / "models")]) == 1
    assert "array stem.weight has shape (32, 3, 3, 3), but the net needs shape (16, 12, 3, 3); pass" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x80\x04K\x01."])
def test_a_file_that_is_no_archive_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    assert main(["yolox_nano", str(tmp_path / "a.npz"), "--out", str(tmp_path / "models")]) == 1
    assert "is no archive of arrays" in capsys.readouterr().err


def test_labels_must_be_a_mapping(
    yolox_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content, said in (
        ("[]", "must map each label"),
        ("{", "cannot be read as JSON"),
        ('{"a": 1}', "must map"),
    ):
        (tmp_path / "labels.json").write_text(content)
        options = ["--out", str(tmp_path / "models"), "--labels", str(tmp_path / "labels.json")]
        assert main(["yolox_nano", str(yolox_archive), *options]) == 1
        assert said in capsys.readouterr().err


def test_converting_twice_is_refused(
    yolox_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["yolox_nano", str(yolox_archive), "--out", str(tmp_path / "models")]
    assert (main(arguments), main(arguments)) == (0, 1)
    assert "exists, and a model version never changes" in capsys.readouterr().err


def test_a_projection_has_orthonormal_rows_and_keeps_the_classifiers_distances() -> None:
    random = np.random.default_rng(0)
    weight = random.standard_normal((20, 50))
    projection = classifier_projection(weight, 19, seed=0)
    assert np.allclose(projection @ projection.T, np.eye(19), atol=1e-5)
    differences = weight - weight.mean(axis=0)
    assert np.allclose(
        np.linalg.norm(differences @ projection.T, axis=1), np.linalg.norm(differences, axis=1), atol=1e-4
    )


def test_a_projection_to_more_dimensions_than_the_classifier_has_is_refused() -> None:
    with pytest.raises(CodeError, match="ask for at most 9"):
        classifier_projection(np.zeros((10, 50)), 10, seed=0)
