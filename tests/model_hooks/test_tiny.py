from pathlib import Path

import numpy as np
import pytest
import torch

from model_hooks.adapters.tiny import build_detector, build_embedder, mobilenet_v2, yolox_nano
from model_hooks.errors import ModelUseError
from model_hooks.protocols import Detector, Embedder, GenderPredictor
from model_hooks.registry import load_detector, load_embedder, read_manifest
from tests.model_hooks.folders import drawn_pictures, random_tensors, write_detector, write_embedder

SIZES = ((64, 64), (120, 40), (33, 90), (64, 64), (500, 300))


@pytest.fixture
def detector(tmp_path: Path) -> Detector:
    return load_detector(write_detector(tmp_path, batch_size=2), "cpu")


@pytest.fixture
def embedder(tmp_path: Path) -> Embedder:
    return load_embedder(write_embedder(tmp_path, gender=True, batch_size=2), "cpu")


def test_the_nets_have_as_many_weights_as_published() -> None:
    def count(shapes: dict[str, tuple[int, ...]]) -> int:
        return sum(int(np.prod(shape)) for shape in shapes.values())

    assert count(yolox_nano.tensor_shapes(80)) == pytest.approx(0.90e6, rel=0.02)
    classifier = 1280 * 1000 + 1000
    assert count(mobilenet_v2.tensor_shapes()) + classifier == pytest.approx(3.47e6, rel=0.02)


def test_at_stride_two_mobilenet_pads_only_right_and_below() -> None:
    tensors = {
        name: torch.from_numpy(value) for name, value in random_tensors(mobilenet_v2.tensor_shapes()).items()
    }
    net = mobilenet_v2.MobileNetV2(tensors)
    seen: list[torch.Tensor] = []
    convolve = net._convolve
    net._convolve = lambda x, name, **settings: seen.append(x) or convolve(x, name, **settings)  # type: ignore[assignment, func-returns-value]  # a spy
    net(torch.ones(1, 3, 64, 64))
    assert seen[0].shape[2:] == (65, 65)
    assert seen[0][0, :, :64, :64].eq(1).all()
    assert seen[0][0, :, 64].eq(0).all()
    assert seen[0][0, :, :, 64].eq(0).all()


def test_features_lie_between_zero_and_six() -> None:
    tensors = {
        name: torch.from_numpy(value) for name, value in random_tensors(mobilenet_v2.tensor_shapes()).items()
    }
    features = mobilenet_v2.MobileNetV2(tensors)(torch.randn(2, 3, 64, 64) * 10)
    assert features.shape == (2, 1280)
    assert features.min() >= 0
    assert features.max() <= 6


def test_detecting_many_equals_detecting_one_by_one(detector: Detector) -> None:
    pictures = drawn_pictures(SIZES)
    together = detector.detect(pictures, threshold=0.35)
    alone = [detector.detect([picture], threshold=0.35)[0] for picture in pictures]
    assert sum(map(len, together)) > 10
    for one, other in zip(together, alone, strict=True):
        assert [each.label for each in one] == [each.label for each in other]
        assert np.allclose([each.score for each in one], [each.score for each in other], atol=1e-4)
        assert np.allclose(
            [[each.box.x, each.box.y, each.box.w, each.box.h] for each in one],
            [[each.box.x, each.box.y, each.box.w, each.box.h] for each in other],
            atol=0.05,
        )


def test_detections_lie_in_the_picture_best_first_and_above_the_threshold(detector: Detector) -> None:
    for picture, found in zip(
        pictures := drawn_pictures(SIZES), detector.detect(pictures, threshold=0.3), strict=True
    ):
        scores = [each.score for each in found]
        assert scores == sorted(scores, reverse=True)
        assert all(score >= 0.3 for score in scores)
        for each in found:
            assert each.box.x >= 0
            assert each.box.y >= 0
            assert each.box.w > 0
            assert each.box.h > 0
            assert each.box.x + each.box.w <= picture.width + 1e-6
            assert each.box.y + each.box.h <= picture.height + 1e-6
            assert each.label in detector.labels


def test_a_higher_threshold_gives_fewer_of_the_same_detections(detector: Detector) -> None:
    (few,), (many,) = (detector.detect(drawn_pictures(((90, 64),)), threshold=value) for value in (0.5, 0.2))
    assert 0 < len(few) < len(many)
    assert set(few) <= set(many)


def test_no_picture_gives_no_result(detector: Detector, embedder: Embedder) -> None:
    assert detector.detect([], threshold=0.5) == []
    assert embedder.embed([]).shape == (0, 32)


def test_embedding_many_equals_embedding_one_by_one(embedder: Embedder) -> None:
    pictures = drawn_pictures(SIZES)
    together = embedder.embed(pictures)
    assert together.dtype == np.float32
    assert np.allclose(together, np.concatenate([embedder.embed([each]) for each in pictures]), atol=1e-4)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_gender_is_the_likeliest_of_the_head(embedder: Embedder, tmp_path: Path) -> None:
    assert isinstance(embedder, GenderPredictor)
    pictures = drawn_pictures(SIZES)
    vectors = embedder.embed(pictures)
    predicted = embedder.genders(pictures)
    assert predicted == embedder.genders_of(vectors)
    assert set(predicted) <= {"men", "women", "unisex"}


def test_gender_below_the_threshold_is_not_said(tmp_path: Path) -> None:
    folder = write_embedder(tmp_path, gender=True, input={"side": 64, "gender_threshold": 1})
    embedder = load_embedder(folder, "cpu")
    assert isinstance(embedder, GenderPredictor)
    assert embedder.genders(drawn_pictures(SIZES[:2])) == [None, None]


def test_an_embedder_without_the_head_predicts_no_gender(tmp_path: Path) -> None:
    assert not isinstance(load_embedder(write_embedder(tmp_path), "cpu"), GenderPredictor)


def test_bit_thresholds_come_from_the_manifest(tmp_path: Path) -> None:
    with_thresholds = write_embedder(tmp_path / "a", bit_thresholds=[0.5] * 32)
    thresholds = build_embedder(read_manifest(with_thresholds)).bit_thresholds
    assert thresholds is not None
    assert thresholds.tolist() == [0.5] * 32
    assert build_embedder(read_manifest(write_embedder(tmp_path / "b"))).bit_thresholds is None


def test_a_model_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    detector = build_detector(read_manifest(write_detector(tmp_path)))
    embedder = build_embedder(read_manifest(write_embedder(tmp_path, gender=True)))
    assert isinstance(embedder, GenderPredictor)
    picture = drawn_pictures(((8, 8),))
    with pytest.raises(ModelUseError, match="call setup first"):
        detector.detect(picture, threshold=0.5)
    with pytest.raises(ModelUseError, match="call setup first"):
        embedder.embed(picture)
    with pytest.raises(ModelUseError, match="call setup first"):
        embedder.genders_of(np.zeros((1, 32), np.float32))
