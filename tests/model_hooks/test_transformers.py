import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from model_hooks.errors import ModelFolderError, ModelUseError
from model_hooks.protocols import Detector
from model_hooks.registry import check, load_detector, load_embedder, read_manifest, write_manifest
from tests.model_hooks.folders import drawn_pictures

NAMES = {0: "N/A", 1: "chair", 2: "N/A", 3: "sofa"}
LABELS = ["N/A", "chair", "sofa"]
SIZES = ((64, 64), (120, 40), (33, 90), (64, 64))
SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}
SQUARE = {"height": 32, "width": 32}


def _save_yolos(folder: Path) -> None:
    config = transformers.YolosConfig(
        **SMALL, image_size=[32, 32], patch_size=8, num_detection_tokens=12, id2label=NAMES
    )
    transformers.YolosForObjectDetection(config).save_pretrained(folder)
    size = {"shortest_edge": 32, "longest_edge": 64}
    transformers.YolosImageProcessorPil(size=size).save_pretrained(folder)


def _save_detr(folder: Path) -> None:
    layers: dict[str, Any] = {"hidden_sizes": [8, 16], "depths": [1, 1], "out_features": ["stage2"]}
    backbone = transformers.ResNetConfig(embedding_size=8, layer_type="basic", **layers)
    sizes: dict[str, Any] = {
        "d_model": 16,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 32,
        "decoder_ffn_dim": 32,
        "num_queries": 10,
    }
    local: dict[str, Any] = {"use_timm_backbone": False, "use_pretrained_backbone": False, "backbone": None}
    config = transformers.DetrConfig(backbone_config=backbone, id2label=NAMES, **sizes, **local)
    transformers.DetrForObjectDetection(config).save_pretrained(folder)
    size = {"shortest_edge": 32, "longest_edge": 64}
    transformers.DetrImageProcessorPil(size=size).save_pretrained(folder)


def _save_clip(folder: Path) -> None:
    vision = transformers.CLIPVisionConfig(**SMALL, image_size=32, patch_size=8, projection_dim=24)
    text = transformers.CLIPTextConfig(**SMALL, vocab_size=99)
    config = transformers.CLIPConfig(
        vision_config=vision.to_dict(), text_config=text.to_dict(), projection_dim=24
    )
    transformers.CLIPModel(config).save_pretrained(folder)
    transformers.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE).save_pretrained(folder)


def _save_siglip(folder: Path) -> None:
    vision = transformers.SiglipVisionConfig(**SMALL, image_size=32, patch_size=8)
    transformers.SiglipVisionModel(vision).save_pretrained(folder)
    transformers.SiglipImageProcessorPil(size=SQUARE).save_pretrained(folder)


def _save_dinov2(folder: Path) -> None:
    config = transformers.Dinov2Config(**SMALL, image_size=32, patch_size=8)
    transformers.Dinov2Model(config).save_pretrained(folder)
    transformers.BitImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE).save_pretrained(folder)


DETECTORS = {"yolos": _save_yolos, "detr": _save_detr}
EMBEDDERS = {
    "clip": (_save_clip, 24),
    "siglip_vision_model": (_save_siglip, 16),
    "dinov2": (_save_dinov2, 16),
}


def _folder(root: Path, architecture: str, save: Callable[[Path], None], **fields: Any) -> Path:
    folder = root / architecture / "1"
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    save(folder)
    if fields["kind"] == "detector":
        (folder / "labels.json").write_text(json.dumps(LABELS))
    write_manifest(folder, {"adapter": "transformers", "architecture": architecture, **fields})
    return folder


def _detector_folder(root: Path, architecture: str) -> Path:
    fields = {"threshold": 0.3, "labels": {"chair": "chairs", "sofa": "sofas", "N/A": None}, "batch_size": 3}
    return _folder(root, architecture, DETECTORS[architecture], kind="detector", **fields)


def _embedder_folder(root: Path, architecture: str, **fields: Any) -> Path:
    save, dimension = EMBEDDERS[architecture]
    fields = {"dimension": dimension, "batch_size": 3, **fields}
    return _folder(root, architecture, save, kind="embedder", **fields)


@pytest.fixture(params=sorted(DETECTORS))
def detector(request: pytest.FixtureRequest, tmp_path: Path) -> Detector:
    return load_detector(_detector_folder(tmp_path, request.param), "cpu")


def test_detecting_many_equals_detecting_one_by_one(detector: Detector) -> None:
    pictures = drawn_pictures(SIZES)
    together = detector.detect(pictures, threshold=0.1)
    alone = [detector.detect([picture], threshold=0.1)[0] for picture in pictures]
    assert sum(map(len, together)) > 10
    for one, other in zip(together, alone, strict=True):
        assert [each.label for each in one] == [each.label for each in other]
        assert np.allclose([each.score for each in one], [each.score for each in other], atol=1e-4)
        assert np.allclose([each.box.w for each in one], [each.box.w for each in other], atol=0.02)


def test_detections_are_above_the_threshold_and_in_the_picture(detector: Detector) -> None:
    pictures = drawn_pictures(SIZES)
    for picture, found in zip(pictures, detector.detect(pictures, threshold=0.2), strict=True):
        scores = [each.score for each in found]
        assert scores == sorted(scores, reverse=True)
        assert all(score >= 0.2 for score in scores)
        assert all(each.box.x + each.box.w <= picture.width + 1e-6 for each in found)
        assert {each.label for each in found} <= set(detector.labels)


@pytest.mark.parametrize("architecture", sorted(EMBEDDERS))
def test_embedding_many_equals_embedding_one_by_one(tmp_path: Path, architecture: str) -> None:
    embedder = load_embedder(_embedder_folder(tmp_path, architecture), "cpu")
    pictures = drawn_pictures(SIZES)
    together = embedder.embed(pictures)
    assert together.shape == (len(SIZES), embedder.dimension)
    assert together.dtype == np.float32
    assert np.allclose(together, np.concatenate([embedder.embed([each]) for each in pictures]), atol=1e-4)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_the_embedding_of_clip_is_that_of_the_whole_model(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "clip")
    pictures = drawn_pictures(SIZES[:1])
    pixels = transformers.CLIPImageProcessorPil.from_pretrained(folder)(images=pictures, return_tensors="pt")
    model = transformers.CLIPModel.from_pretrained(folder)
    with torch.inference_mode():
        features = model.get_image_features(**pixels)
    expected = torch.nn.functional.normalize(getattr(features, "pooler_output", features)).numpy()
    assert np.allclose(load_embedder(folder, "cpu").embed(pictures), expected, atol=1e-5)


def test_checking_a_folder_reports_its_labels(tmp_path: Path) -> None:
    report = check(_detector_folder(tmp_path, "yolos"), {"chairs", "sofas"})
    assert report.mapped == {"chair": "chairs", "sofa": "sofas"}


def _again(folder: Path, **changes: Any) -> None:
    """Finish a changed folder once more, with right hashes."""
    document = json.loads((folder / "model.json").read_text())
    (folder / "model.json").unlink()
    fields = {
        key: value for key, value in document.items() if key not in ("format", "name", "version", "files")
    }
    write_manifest(folder, {**fields, **changes})


def test_labels_that_differ_from_the_config_are_refused(tmp_path: Path) -> None:
    folder = _detector_folder(tmp_path, "yolos")
    (folder / "labels.json").write_text('["chair", "stool"]')
    _again(folder, labels={})
    with pytest.raises(ModelFolderError, match=r"labels\.json and id2label of config\.json differ"):
        check(folder, {"chairs"})


def test_an_architecture_other_than_the_configs_is_refused(tmp_path: Path) -> None:
    folder = _detector_folder(tmp_path, "yolos")
    _again(folder, architecture="detr")
    with pytest.raises(ModelFolderError, match=r"'detr', but config\.json"):
        check(folder, {"chairs", "sofas"})
    _again(folder, architecture="frcnn")
    with pytest.raises(ModelFolderError, match="knows no detector of architecture 'frcnn'"):
        check(folder, {"chairs", "sofas"})


def test_a_folder_without_its_image_processor_is_refused(tmp_path: Path) -> None:
    folder = _detector_folder(tmp_path, "yolos")
    (folder / "preprocessor_config.json").unlink()
    _again(folder)
    with pytest.raises(ModelFolderError, match=r"lists no preprocessor_config\.json"):
        check(folder, {"chairs", "sofas"})


def test_weights_of_another_net_are_refused_and_never_made_up(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "dinov2")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    _again(folder)
    with pytest.raises(ModelFolderError, match="which the net would invent; save it again"):
        load_embedder(folder, "cpu")


def test_pickled_weights_are_never_opened(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "dinov2")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    _again(folder)
    with pytest.raises(ModelFolderError, match="transformers cannot load"):
        load_embedder(folder, "cpu")


def test_a_wrong_dimension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="dimension is 7, but the net gives 16"):
        load_embedder(_embedder_folder(tmp_path, "dinov2", dimension=7), "cpu")


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _embedder_folder(tmp_path, "dinov2")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ModelUseError, match="needs transformers; install that package"):
        load_embedder(folder, "cpu")


def test_a_config_that_is_no_json_is_refused(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "dinov2")
    (folder / "config.json").write_text("{")
    _again(folder)
    with pytest.raises(ModelFolderError, match=r"config\.json is unreadable"):
        check(folder, ())


def test_code_that_a_config_points_to_is_never_run(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "dinov2")
    config = json.loads((folder / "config.json").read_text())
    trap = {"AutoModel": "trap.Model", "AutoConfig": "trap.Config"}
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": trap}))
    sprung = tmp_path / "sprung"
    (folder / "trap.py").write_text(f"open({str(sprung)!r}, 'w')")
    _again(folder)
    load_embedder(folder, "cpu")
    assert not sprung.exists()


def test_bit_thresholds_come_from_the_manifest(tmp_path: Path) -> None:
    folder = _embedder_folder(tmp_path, "dinov2", bit_thresholds=[0.5] * 16)
    thresholds = load_embedder(folder, "auto").bit_thresholds
    assert thresholds is not None
    assert thresholds.tolist() == [0.5] * 16


def test_a_model_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    from model_hooks.adapters.transformers import build_embedder

    embedder = build_embedder(read_manifest(_embedder_folder(tmp_path, "dinov2")))
    with pytest.raises(ModelUseError, match="call setup first"):
        embedder.embed(drawn_pictures(SIZES[:1]))
