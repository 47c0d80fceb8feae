import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from model_hooks.errors import ModelFolderError, ModelHookError, ModelUseError
from model_hooks.manifest import digest
from model_hooks.registry import (
    check,
    load_detector,
    load_embedder,
    new_version,
    read_manifest,
    write_manifest,
)
from tests.model_hooks.folders import DETECTOR_FIELDS, write_detector, write_embedder

CATEGORIES = {"chairs", "sofas", "tables"}


def _rewrite(folder: Path, **changes: Any) -> None:
    """Change fields of a finished manifest, keeping the hashes right."""
    document = json.loads((folder / "model.json").read_text())
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "model.json"
    }
    (folder / "model.json").write_text(json.dumps({**document, "files": files, **changes}))


def test_a_written_folder_reads_back(tmp_path: Path) -> None:
    manifest = read_manifest(write_detector(tmp_path))
    assert (manifest.name, manifest.version, manifest.kind) == ("finder", "1", "detector")
    assert manifest.model_labels == ("chair", "sofa", "cat")
    assert manifest.category("sofa") == "sofas"
    assert manifest.category("cat") is None
    assert set(manifest.files) == {"card.md", "labels.json", "model.safetensors"}


def test_the_digest_does_not_depend_on_place_or_layout(tmp_path: Path) -> None:
    first, second = (read_manifest(write_detector(tmp_path / place)) for place in "ab")
    (second.folder / "model.json").write_text(
        json.dumps(json.loads((second.folder / "model.json").read_text()))
    )
    assert first.digest == second.digest == read_manifest(second.folder).digest


def test_the_digest_changes_with_a_setting_and_with_a_weight(tmp_path: Path) -> None:
    document = {"threshold": 0.3, "files": {"model.safetensors": "a" * 64}}
    others = [{**document, "threshold": 0.4}, {**document, "files": {"model.safetensors": "b" * 64}}]
    assert len({digest(each) for each in [document, *others]}) == 3


def test_labels_that_the_mapping_forgets_are_reported_and_null_is_not_forgetting(tmp_path: Path) -> None:
    report = check(write_detector(tmp_path, labels={"chair": "chairs", "cat": None}), CATEGORIES)
    assert report.unmapped == ("sofa",)
    assert report.ignored == ("cat",)
    assert report.mapped == {"chair": "chairs"}


def test_a_label_mapped_to_an_unknown_category_is_an_error(tmp_path: Path) -> None:
    folder = write_detector(tmp_path, labels={"chair": "thrones"})
    with pytest.raises(
        ModelFolderError, match="maps the label 'chair' to 'thrones', an unknown category; use one of"
    ):
        check(folder, CATEGORIES)


def test_a_finished_version_never_changes(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    with pytest.raises(ModelFolderError, match="never changes; write a new version"):
        write_manifest(folder, DETECTOR_FIELDS)
    with pytest.raises(ModelFolderError, match="never changes"), new_version(tmp_path, "finder", "1"):
        pass


def test_an_interrupted_version_leaves_nothing(tmp_path: Path) -> None:
    def start_and_give_up() -> None:
        with new_version(tmp_path / "models", "finder", "2") as folder:
            (folder / "model.safetensors").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start_and_give_up()
    assert list((tmp_path / "models").iterdir()) == []


def _cut_weights(folder: Path) -> None:
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-1000])


def _flip_a_bit(folder: Path) -> None:
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)


DAMAGE: list[tuple[Callable[[Path], object], str]] = [
    (_flip_a_bit, r"model.safetensors has SHA-256 \w{12}..., but model.json says .* copy it again"),
    (
        _cut_weights,
        r"model.safetensors is cut short: it has \d+ bytes, but its header promises \d+; copy it again",
    ),
    (
        lambda folder: (folder / "card.md").unlink(),
        "card.md is missing, though model.json lists it; copy the whole",
    ),
    (
        lambda folder: (folder / "model.json").unlink(),
        "has no model.json, so it is no model folder; pass the folder",
    ),
    (lambda folder: (folder / "model.json").write_text("{"), r"model.json is not valid JSON .*; correct it"),
    (lambda folder: (folder / "model.json").write_text("[" * 99999), "model.json is not valid JSON"),
    (lambda folder: (folder / "model.json").write_text("[]"), "must hold a JSON object"),
    (lambda folder: (folder / "labels.json").write_text("{}"), "must hold a JSON list of texts"),
    (lambda folder: (folder / "labels.json").write_text('["cat", "cat"]'), "holds a label twice"),
    (
        lambda folder: (folder / "extra.py").write_text(""),
        "holds extra.py, which model.json does not list; remove",
    ),
    (lambda folder: (folder / "deeper").mkdir(), "holds deeper, which model.json does not list"),
    (lambda folder: _rewrite(folder, files={"../../secret": "0" * 64}), "files .* must map plain file names"),
    (lambda folder: _rewrite(folder, files={"/etc/passwd": "0" * 64}), "files .* must map plain file names"),
    (lambda folder: _rewrite(folder, files={"..": "0" * 64}), "files .* must map plain file names"),
    (lambda folder: _rewrite(folder, files={"card.md": "0"}), "files .* must map plain file names"),
    (lambda folder: _rewrite(folder, format=2), "format is 2, but must be 1"),
    (
        lambda folder: _rewrite(folder, kind="oracle"),
        'kind is "oracle", but must be one of detector, embedder',
    ),
    (
        lambda folder: _rewrite(folder, adapter="os"),
        'adapter is "os", but must be one of tiny, transformers, onnx',
    ),
    (
        lambda folder: _rewrite(folder, name="other"),
        "describes other/1; a model lies in a folder NAME/VERSION",
    ),
    (lambda folder: _rewrite(folder, treshold=1), "unknown field 'treshold'; the fields are format, name"),
    (
        lambda folder: _rewrite(folder, threshold=1.5),
        "threshold is 1.5, but must be from 0 to 1 in a detector",
    ),
    (lambda folder: _rewrite(folder, threshold=True), "threshold is true, but must be from 0 to 1"),
    (lambda folder: _rewrite(folder, threshold=float("nan")), "threshold is NaN, but must be from 0 to 1"),
    (
        lambda folder: _rewrite(folder, labels={"dog": None}),
        "maps the label 'dog', which is not in labels.json",
    ),
    (lambda folder: _rewrite(folder, labels={"cat": 3}), "labels .* must map labels of the model"),
    (lambda folder: _rewrite(folder, dimension=8), "dimension is 8, but must be .* absent in a detector"),
    (lambda folder: _rewrite(folder, heads={"gender": ["men", "women"]}), "heads is .*, but must be"),
    (lambda folder: _rewrite(folder, batch_size=0), "batch_size is 0, but must be a whole number"),
    (lambda folder: _rewrite(folder, architecture="resnet"), "knows no detector of architecture 'resnet'"),
    (lambda folder: _rewrite(folder, input={"side": 100}), "input.side is 100, but must be a multiple of 32"),
    (lambda folder: _rewrite(folder, input=[]), r"input is \[\], but must be an object"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGE, ids=[said for _, said in DAMAGE])
def test_a_damaged_folder_is_refused_with_what_to_do(
    tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    folder = write_detector(tmp_path)
    damage(folder)
    with pytest.raises(ModelFolderError, match=said) as refusal:
        check(folder, CATEGORIES)
    assert "\n" not in str(refusal.value)


def test_a_manifest_field_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    document = json.loads((folder / "model.json").read_text())
    del document["kind"]
    (folder / "model.json").write_text(json.dumps(document))
    with pytest.raises(ModelFolderError, match="lacks kind, which must be one of detector, embedder; add it"):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dimension": None}, "dimension is null, but must be from 1 to 65536 in an embedder"),
        ({"dimension": 5000}, "dimension is 5000, but the net gives 1280"),
        ({"bit_thresholds": [0.0]}, "must be null or one finite number per dimension"),
        ({"bit_thresholds": [float("inf")] * 32}, "must be null or one finite number per dimension"),
        ({"threshold": 0.5}, "absent in an embedder"),
        ({"heads": {"gender": ["men", "robots"]}}, "heads is"),
        ({"heads": {"age": ["young", "young"]}}, "heads is"),
    ],
)
def test_an_embedder_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    folder = write_embedder(tmp_path)
    _rewrite(folder, **changes)
    with pytest.raises(ModelFolderError, match=said):
        check(folder, CATEGORIES)


@pytest.mark.parametrize("content", [b"", b"\0" * 8, b"\xff" * 100, (3).to_bytes(8, "little") + b"[1]"])
def test_a_file_that_is_no_safetensors_is_refused_even_with_the_right_hash(
    tmp_path: Path, content: bytes
) -> None:
    folder = write_detector(tmp_path)
    (folder / "model.safetensors").write_bytes(content)
    _rewrite(folder)
    with pytest.raises(ModelFolderError, match=r"model\.safetensors"):
        read_manifest(folder)


def test_weights_that_do_not_fit_the_architecture_are_refused(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    tensors = load_file(folder / "model.safetensors")
    save_file({**tensors, "stem.weight": tensors["stem.bias"]}, folder / "model.safetensors")
    _rewrite(folder)
    with pytest.raises(
        ModelFolderError, match=r"tensor stem.weight has shape \(16,\), but the architecture needs"
    ):
        load_detector(folder, "cpu")
    del tensors["stem.weight"]
    save_file(tensors, folder / "model.safetensors")
    _rewrite(folder)
    with pytest.raises(ModelFolderError, match=r"tensor stem\.weight is missing, but the architecture needs"):
        load_detector(folder, "cpu")


def test_a_model_of_the_other_kind_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="of kind embedder, not detector"):
        load_detector(write_embedder(tmp_path))
    with pytest.raises(ModelFolderError, match="of kind detector, not embedder"):
        load_embedder(write_detector(tmp_path))


def test_a_device_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    for device in ("cuda:99", "tpu"):
        with pytest.raises(
            ModelUseError, match=f"no device '{device}' on this machine; set the device to cpu or auto"
        ):
            load_detector(folder, device)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match=r"has no model\.json, so it is no model folder"):
        read_manifest(tmp_path / "nowhere")
    with pytest.raises(ModelFolderError, match="is no folder; pass the folder NAME/VERSION"):
        write_manifest(tmp_path / "nowhere", DETECTOR_FIELDS)


def test_a_folder_within_a_model_folder_is_refused(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    (folder / "model.json").unlink()
    (folder / "deeper").mkdir()
    with pytest.raises(ModelFolderError, match="is not a file; a model folder holds plain files only"):
        write_manifest(folder, DETECTOR_FIELDS)


def test_a_manifest_of_absurd_size_is_not_read(tmp_path: Path) -> None:
    folder = write_detector(tmp_path)
    with (folder / "model.json").open("ab") as stream:
        stream.truncate(20_000_000)
    with pytest.raises(ModelFolderError, match="larger than 16777216 bytes"):
        read_manifest(folder)


def test_every_error_of_the_package_has_one_base() -> None:
    assert issubclass(ModelFolderError, ModelHookError)
    assert issubclass(ModelUseError, ModelHookError)
