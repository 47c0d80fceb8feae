"""The commands: one sentence each for what goes well and for what does not."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from labelapp.catalog.models import Image
from labelapp.evaluations import loaded_models
from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.management.commands.evaluate import wait_for_run
from labelapp.evaluations.models import CorpusIndex, EvaluationRun, ModelVersion, System
from tests.evaluations.world import World, work_all


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command(*arguments)
    said = str(caught.value)
    assert "\n" not in said
    return said


@pytest.fixture
def folder(world: World, model_root: Path, tmp_path: Path) -> Path:
    """A copy of the detector's folder elsewhere, to be damaged."""
    return Path(shutil.copytree(model_root / "finder" / "1", tmp_path / "elsewhere" / "finder" / "1"))


def test_registering_again_says_so(
    world: World, model_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "register_model", str(model_root / "finder" / "1"))
    assert "finder/1 was registered already" in said
    assert "2 labels mapped to our categories, 1 to none" in said


def test_a_folder_from_elsewhere_is_copied_to_where_workers_look(
    db: None, model_root: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MODEL_ROOT = tmp_path / "root"
    call_command("load_categories")
    run(capsys, "register_model", str(model_root / "finder" / "1"))
    model = ModelVersion.objects.get()
    assert (settings.MODEL_ROOT / "finder" / "1" / "model.json").is_file()
    assert model.manifest["card"].startswith("# A net of random numbers")


def test_unmapped_labels_are_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = folder.rename(folder.with_name("2"))
    manifest = json.loads((moved / "model.json").read_text())
    manifest |= {"version": "2", "labels": {"chair": "chairs"}}
    (moved / "model.json").write_text(json.dumps(manifest))
    assert "2 labels are not mapped, and what they find is left out: sofa, cat." in run(
        capsys, "register_model", str(moved)
    )


def _change(folder: Path, **fields: Any) -> None:
    manifest = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(manifest | fields))


def test_a_changed_folder_of_the_same_version_is_refused(folder: Path) -> None:
    _change(folder, threshold=0.9)
    assert "a model version never changes, so give the new folder a new version" in refused(
        "register_model", str(folder)
    )


def test_a_wrong_hash_is_told(folder: Path) -> None:
    (folder / "labels.json").write_text('["chair", "sofa", "dog"]')
    _change(folder, labels={})
    assert "the file was changed or damaged" in refused("register_model", str(folder))


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    assert "model.safetensors is missing" in refused("register_model", str(folder))


def test_truncated_weights_are_told(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "is cut short" in refused("register_model", str(folder))


def test_weights_damaged_after_registering_are_told_by_the_chunk(
    ready: World, model_root: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODEL_ROOT = Path(shutil.copytree(model_root, tmp_path / "damaged"))
    monkeypatch.setattr(loaded_models, "_loaded", {})
    card = settings.MODEL_ROOT / "finder" / "1" / "card.md"
    card.write_text("# Another net")
    call_command("evaluate", "open", scenes="rooms", project=ready.project.slug)
    work_all()
    chunk = EvaluationRun.objects.get().chunks.earliest("pk")
    assert chunk.state == "failed"
    assert "the file was changed or damaged" in chunk.error


def test_the_whole_way_by_commands(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Scene set few has 3 scenes." in run(capsys, "freeze_scenes", "few", "--limit", "3")
    assert "Corpus all has 30 products." in run(capsys, "freeze_corpus", "all", "--embedder", "looker/1")
    work_all()
    parts = ("--detector", "finder/1", "--embedder", "looker/1", "--corpus", "all")
    rules = (
        "--restrict",
        "category",
        "--restrict",
        "gender",
        "--where",
        "NOT price < 3",
        "--threshold",
        "0.5",
    )
    run(capsys, "create_system", "narrow", *parts, *rules)
    system = System.objects.get_by_slug("narrow")
    assert (system.restrict_category, system.restrict_gender, system.threshold) == (True, True, 0.5)
    said = run(capsys, "evaluate", "narrow", "--scenes", "few", "--project", world.project.slug)
    assert "has begun with 2 chunks" in said
    work_all()
    assert EvaluationRun.objects.get().state == EvaluationRun.State.FINISHED


def test_waiting_ends_with_the_run(ready: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate", "open", scenes="rooms", project=ready.project.slug)
    started = EvaluationRun.objects.get()
    work_all()
    said = run(capsys, "resume_run", started.short_id, "--wait")
    assert f"Run {started.public_id} is finished: " in said


def test_waiting_for_a_run_with_failures_ends_in_an_error(ready: World) -> None:
    call_command("evaluate", "open", scenes="rooms", project=ready.project.slug)
    started = EvaluationRun.objects.get()
    started.chunks.update(state="failed", error="The picture is cut off.")
    started.state, started.failed_chunks, started.finished_at = "finished", 3, started.created_at
    started.save()
    with pytest.raises(EvaluationsError, match=r"finished with 3 failures, .* The picture is cut off"):
        wait_for_run(EvaluationsCommand(), started)


def test_a_run_is_cancelled_by_the_beginning_of_its_id(
    ready: World, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("evaluate", "open", scenes="rooms", project=ready.project.slug)
    started = EvaluationRun.objects.get()
    assert "is cancelled." in run(capsys, "cancel_run", started.short_id)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("embed_corpus", "nowhere", "looker/1"), "There is no corpus 'nowhere'. There are: shop."),
        (("embed_corpus", "shop", "finder/1"), "finder/1 is no embedder but a detector."),
        (("embed_corpus", "shop", "looker/9"), "There is no embedder 'looker/9'. There are: looker/1."),
        (("evaluate", "none", "--scenes", "rooms", "--project", "p"), "There is no system 'none'."),
        (("evaluate", "open", "--scenes", "none", "--project", "p"), "There is no scene set 'none'."),
        (("evaluate", "open", "--scenes", "rooms", "--project", "p"), "There is no project 'p'."),
        (("cancel_run", "12345678"), "There is no run '12345678'. There is none yet"),
        (("freeze_scenes", "rooms"), "There is a scene set 'rooms' already"),
        (("freeze_scenes", "a b"), "'a b' cannot name a scene set"),
        (("freeze_scenes", "x", "--source", "moon"), "import scenes first. Sources: test."),
        (("freeze_corpus", "x", "--source", "moon"), "import products first. Sources: test."),
    ],
)
def test_what_is_not_there_is_told_with_what_is(world: World, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(*arguments)


def test_a_corpus_without_codes_of_the_model_is_refused_with_what_to_do(world: World) -> None:
    said = refused("evaluate", "open", "--scenes", "rooms", "--project", world.project.slug)
    assert "Corpus shop has no codes of looker/1" in said
    assert "Run `manage.py embed_corpus shop looker/1 --wait` first." in said


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("colour:red", "known fields are category"),
        ("price:cheap", "price is a number"),
        ("(price < 1", "expected ')'"),
    ],
)
def test_a_restriction_that_cannot_be_read_is_refused(world: World, where: str, said: str) -> None:
    parts = ("--detector", "finder/1", "--embedder", "looker/1", "--corpus", "shop")
    assert said in refused("create_system", "odd", *parts, "--where", where)


def test_a_threshold_below_what_is_kept_is_refused(world: World) -> None:
    parts = ("--detector", "finder/1", "--embedder", "looker/1", "--corpus", "shop")
    assert "weaker detections are not kept" in refused("create_system", "odd", *parts, "--threshold", "0.01")


def test_an_index_that_failed_tells_how_to_go_on(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    item = world.corpus.items.earliest("pk")
    Image.objects.filter(pk=item.image_id).update(storage_name="originals/gone.png")
    call_command("embed_corpus", "shop", "looker/1")
    work_all()
    index = CorpusIndex.objects.get()
    assert index.state == CorpusIndex.State.FAILED
    assert index.error.startswith("1 of 4 blocks of products could not be embedded; the first: ")
    assert "gone.png" in index.error
