import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from model_hooks.adapters.boxes import CellReader
from model_hooks.adapters.pictures import letterboxed
from model_hooks.errors import ModelFolderError, ModelUseError
from model_hooks.registry import check, load_detector, load_embedder, read_manifest, write_manifest
from tests.model_hooks.folders import LABELS, drawn_pictures

SIDE = 64
CELLS = 64 + 16 + 4
SIZES = ((64, 64), (120, 40), (33, 90), (64, 64), (500, 300))
BATCH = "N"


def _save(
    path: Path,
    nodes: list[Any],
    outputs: list[Any],
    constants: dict[str, NDArray[Any]],
    batch: int | str = BATCH,
) -> None:
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [batch, 3, SIDE, SIDE])
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "net", [pixels], outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _linear(
    path: Path, shape: tuple[int, ...], *, seed: int = 0, batch: int | str = BATCH
) -> NDArray[np.float32]:
    """Save a net that pools to 8 x 8, multiplies by a random matrix and reshapes; return the matrix."""
    random = np.random.default_rng(seed)
    matrix = (random.standard_normal((192, int(np.prod(shape)))) / 500).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["pixels"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "matrix"], ["product"]),
        helper.make_node("Reshape", ["product", "shape"], ["result"]),
    ]
    outputs = [helper.make_tensor_value_info("result", TensorProto.FLOAT, [batch, *shape])]
    constants: dict[str, NDArray[Any]] = {"matrix": matrix, "shape": np.array([-1, *shape], np.int64)}
    _save(path, nodes, outputs, constants, batch)
    return matrix


def _finish(folder: Path, **fields: Any) -> Path:
    if fields["kind"] == "detector":
        (folder / "labels.json").write_text(json.dumps(LABELS))
        fields = {"threshold": 0.3, "labels": dict.fromkeys(LABELS), **fields}
    write_manifest(folder, {"adapter": "onnx", "batch_size": 2, **fields})
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    empty = tmp_path / "net" / "1"
    empty.mkdir(parents=True)
    return empty


def _cells_folder(folder: Path, **changes: Any) -> tuple[Path, NDArray[np.float32]]:
    matrix = _linear(folder / "model.onnx", (CELLS, 5 + len(LABELS)))
    settings = {"side": SIDE, "fit": "letterbox", "colours": "bgr", "sigmoid": True}
    fields = {"kind": "detector", "architecture": "yolox_cells", "input": settings, **changes}
    return _finish(folder, **fields), matrix


def _boxes_folder(folder: Path) -> Path:
    """Save a net that always finds the same three things, in pixels of its square."""
    boxes = np.array([[[0, 0, 32, 64], [32, 32, 64, 64], [0, 0, 0, 0]]], np.float32)
    found = {"boxes": boxes, "labels": np.array([[1, 0, 0]]), "scores": np.array([[0.4, 0.9, 0]], np.float32)}
    nodes = [
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["none"]),
        helper.make_node("Reshape", ["none", "flat"], ["column"]),
        helper.make_node("Reshape", ["none", "deep"], ["block"]),
        helper.make_node("Add", ["block", "all_boxes"], ["boxes"]),
        helper.make_node("Add", ["column", "all_scores"], ["scores"]),
        helper.make_node("Cast", ["column"], ["whole"], to=TensorProto.INT64),
        helper.make_node("Add", ["whole", "all_labels"], ["labels"]),
    ]
    outputs = [
        helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [BATCH, 3, 4]),
        helper.make_tensor_value_info("labels", TensorProto.INT64, [BATCH, 3]),
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, [BATCH, 3]),
    ]
    constants: dict[str, NDArray[Any]] = {f"all_{name}": value for name, value in found.items()}
    constants |= {
        "zero": np.zeros(1, np.float32),
        "flat": np.array([-1, 1], np.int64),
        "deep": np.array([-1, 1, 1], np.int64),
    }
    _save(folder / "model.onnx", nodes, outputs, constants)
    return _finish(folder, kind="detector", architecture="boxes", input={"side": SIDE, "fit": "squeeze"})


def _embedder_folder(folder: Path, *, batch: int | str = BATCH, **changes: Any) -> Path:
    _linear(folder / "model.onnx", (20,), batch=batch)
    fields = {"kind": "embedder", "architecture": "embedding", "input": {"side": SIDE}, "dimension": 20}
    return _finish(folder, **{**fields, **changes})


def test_cells_are_read_as_yolox_means_them(folder: Path) -> None:
    folder, matrix = _cells_folder(folder)
    picture = drawn_pictures(((120, 40),))[0]
    pixels = letterboxed([picture], SIDE)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    pooled = pixels.reshape(1, 3, 8, 8, 8, 8).mean(axis=(3, 5)).reshape(1, -1)
    cells = (pooled @ matrix).reshape(CELLS, -1)
    factor = SIDE / 120
    expected = CellReader(LABELS, SIDE).read(cells, size=(120, 40), factor=(factor, factor), threshold=0.2)
    (found,) = load_detector(folder, "cpu").detect([picture], threshold=0.2)
    assert len(found) == len(expected) > 3
    assert np.allclose([each.score for each in found], [each.score for each in expected], atol=1e-4)
    assert np.allclose([each.box.x for each in found], [each.box.x for each in expected], atol=0.05)


def test_detecting_many_equals_detecting_one_by_one(folder: Path) -> None:
    detector = load_detector(_cells_folder(folder)[0], "cpu")
    pictures = drawn_pictures(SIZES)
    together = detector.detect(pictures, threshold=0.2)
    assert sum(map(len, together)) > 10
    for one, picture in zip(together, pictures, strict=True):
        (other,) = detector.detect([picture], threshold=0.2)
        assert [each.label for each in one] == [each.label for each in other]
        assert np.allclose([each.box.w for each in one], [each.box.w for each in other], atol=0.05)


def test_end_to_end_boxes_are_scaled_to_the_picture_and_sorted(folder: Path) -> None:
    detector = load_detector(_boxes_folder(folder), "cpu")
    both, one = detector.detect([Image.new("RGB", (640, 128)), Image.new("RGB", (64, 64))], threshold=0.3)
    assert [(each.label, each.box.x, each.box.y, each.box.w, each.box.h) for each in both] == [
        ("chair", 320, 64, 320, 64),
        ("sofa", 0, 0, 320, 128),
    ]
    assert len(one) == 2
    assert [each.label for each in detector.detect([Image.new("RGB", (9, 9))], threshold=0.5)[0]] == ["chair"]


def test_embedding_many_equals_embedding_one_by_one(folder: Path) -> None:
    embedder = load_embedder(_embedder_folder(folder), "cpu")
    pictures = drawn_pictures(SIZES)
    together = embedder.embed(pictures)
    assert np.allclose(together, np.concatenate([embedder.embed([each]) for each in pictures]), atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, 20)


def test_a_net_of_fixed_batch_size_gets_its_last_batch_filled_up(folder: Path) -> None:
    embedder = load_embedder(_embedder_folder(folder, batch=2), "cpu")
    pictures = drawn_pictures(SIZES)
    assert np.allclose(embedder.embed(pictures)[4:], embedder.embed(pictures[4:]), atol=1e-5)


def test_pixels_are_scaled_by_mean_and_deviation(folder: Path) -> None:
    settings = {"side": SIDE, "mean": [255, 255, 255], "std": [10, 20, 30]}
    embedder = load_embedder(_embedder_folder(folder, input=settings), "cpu")
    assert np.allclose(embedder.embed([Image.new("RGB", (9, 9), "white")]), 0)


def test_a_batch_larger_than_the_net_takes_is_refused(folder: Path) -> None:
    with pytest.raises(ModelFolderError, match="batch_size 2 is too large"):
        load_embedder(_embedder_folder(folder, batch=1), "cpu")


def test_a_file_that_is_no_onnx_is_refused(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"not a net")
    settings = {"kind": "embedder", "architecture": "embedding", "input": {"side": SIDE}, "dimension": 20}
    with pytest.raises(ModelFolderError, match=r"onnxruntime cannot load .* export it"):
        load_embedder(_finish(folder, **settings), "cpu")


def test_external_data_is_refused(folder: Path) -> None:
    _linear(folder / "model.onnx", (20,))
    model = onnx.load(folder / "model.onnx")
    onnx.save(
        model, folder / "model.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0
    )
    settings = {"kind": "embedder", "architecture": "embedding", "input": {"side": SIDE}, "dimension": 20}
    with pytest.raises(ModelFolderError, match="without external data"):
        load_embedder(_finish(folder, **settings), "cpu")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "input.side is 0"),
        ({"side": SIDE, "fit": "crop"}, "input.fit cannot be 'crop'"),
        ({"side": SIDE, "colours": "cmyk"}, "input.colours cannot be 'cmyk'"),
        ({"side": SIDE, "std": [1, 0, 1]}, "input.std cannot be"),
        ({"side": SIDE, "mean": 3}, "input.mean cannot be 3"),
        ({"side": SIDE, "depth": 3}, "input.depth cannot be 3"),
    ],
)
def test_wrong_input_settings_are_named(folder: Path, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelFolderError, match=said):
        check(_embedder_folder(folder, input=settings), ())


def test_an_input_side_that_the_net_does_not_take_is_refused(folder: Path) -> None:
    with pytest.raises(ModelFolderError, match=r"failed on its input \(2, 3, 32, 32\)"):
        load_embedder(_embedder_folder(folder, input={"side": 32}), "cpu")


def test_outputs_that_do_not_fit_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="dimension is 21, but the net gives 20"):
        load_embedder(_embedder_folder(folder, dimension=21), "cpu")
    other = tmp_path / "other" / "1"
    other.mkdir(parents=True)
    with pytest.raises(ModelFolderError, match="the outputs boxes, labels and scores; export it so"):
        load_detector(_cells_folder(other, architecture="boxes")[0], "cpu")
    third = tmp_path / "third" / "1"
    third.mkdir(parents=True)
    _linear(third / "model.onnx", (CELLS, 9))
    settings = {"kind": "detector", "architecture": "yolox_cells", "input": {"side": SIDE}}
    with pytest.raises(ModelFolderError, match=r"for 3 labels it must be \(N, cells, 8\)"):
        load_detector(_finish(third, **settings), "cpu")


def test_a_folder_without_an_onnx_file_is_refused(folder: Path) -> None:
    (folder / "net.onnx").write_bytes(b"")
    settings = {"kind": "embedder", "architecture": "embedding", "input": {"side": SIDE}, "dimension": 20}
    with pytest.raises(ModelFolderError, match=r"lists no model\.onnx"):
        check(_finish(folder, **settings), ())


def test_a_device_that_onnxruntime_does_not_have_is_named(folder: Path) -> None:
    with pytest.raises(ModelUseError, match="no device 'tpu' here; set the device to cpu or auto"):
        load_embedder(_embedder_folder(folder), "tpu")


def test_a_missing_onnxruntime_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelUseError, match="needs onnxruntime; install that package"):
        load_embedder(_embedder_folder(folder), "cpu")


def test_bit_thresholds_come_from_the_manifest(folder: Path) -> None:
    thresholds = load_embedder(_embedder_folder(folder, bit_thresholds=[0.5] * 20), "auto").bit_thresholds
    assert thresholds is not None
    assert thresholds.tolist() == [0.5] * 20


def test_a_model_that_is_not_set_up_says_so(folder: Path) -> None:
    from model_hooks.adapters.onnx import build_embedder

    embedder = build_embedder(read_manifest(_embedder_folder(folder)))
    with pytest.raises(ModelUseError, match="call setup first"):
        embedder.embed(drawn_pictures(SIZES[:1]))
