"""What the pipeline benchmark runs on: models, pictures, a system, a worker. Needs Django set up."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from django.conf import settings

from benchmarks.pipeline import WEIGHTS
from benchmarks.pipeline_pictures import Painter
from labelapp.catalog.categories import ensure_categories
from labelapp.catalog.crops import whole_pixels
from labelapp.catalog.images import crop, load_original, take_image
from labelapp.catalog.models import Category, Product, Scene, SceneSet
from labelapp.evaluations import corpora, loaded_models, sight
from labelapp.evaluations.corpus_index import embed_corpus
from labelapp.evaluations.model_versions import register_model
from labelapp.evaluations.models import CorpusIndex, EvaluationRun, ModelVersion, System
from labelapp.evaluations.picture_batches import batches
from labelapp.evaluations.runs import start_run
from labelapp.evaluations.systems import SystemPlan, create_system
from labelapp.home import children, processes
from labelapp.home.children import Child
from labelapp.people.models import Pool
from labelapp.tasks.models import Project
from labelapp.tasks.projects import ProjectPlan, create_project
from model_hooks.adapters.tiny import mobilenet_v2, yolox_nano
from model_hooks.coco_labels import COCO_CATEGORIES
from model_hooks.codes import binarize
from model_hooks.convert import convert_mobilenet_v2, convert_yolox_nano


@dataclass(frozen=True)
class BenchWorld:
    """The records of the benchmark; `warm_up` are scenes that are measured nowhere."""

    system: System
    project: Project
    scenes: list[Scene]
    warm_up: list[Scene]
    models: str

    def blocks(self, count: int) -> list[list[Scene]]:
        return [self.scenes[start::count] for start in range(count)]


@dataclass(frozen=True)
class Done:
    """A run that is over."""

    seconds: float
    objects: int


def prepare(pictures: int, *, products: int, objects: float, sample: int) -> BenchWorld:
    """Draw, convert, register and freeze; the threshold lets `objects` boxes a picture through."""
    ensure_categories()
    detector, embedder, models = _models()
    painter = Painter()
    print(f"drawing {pictures} scenes and {products} products", flush=True)
    scenes = [_scene(painter, seed) for seed in range(pictures + sample)]
    coarse = list(Category.objects.coarse().filter(domain="home_decor").order_by("pk"))
    for seed in range(products):
        _product(painter, seed, coarse[seed % len(coarse)])
    corpus = corpora.freeze_corpus("shop", corpora.CorpusQuery(), by=None)
    threshold = _threshold(detector, scenes[pictures:], objects=objects)
    plan = SystemPlan("bench", detector, embedder, corpus, restrict={"category"}, threshold=threshold)
    Pool.objects.create(slug="nobody", name="Nobody", kind=Pool.Kind.IN_HOUSE)
    project, _ = create_project(ProjectPlan("bench", "Bench", "relevance", {"nobody": 1}), by=None)
    return BenchWorld(create_system(plan, by=None), project, scenes[:pictures], scenes[pictures:], models)


def _models() -> tuple[ModelVersion, ModelVersion, str]:
    """Convert the real weights where they are, else random ones of the same nets."""
    shutil.rmtree(settings.MODEL_ROOT, ignore_errors=True)
    slugs = sorted({slug for slug in COCO_CATEGORIES.values() if slug})
    labels = {label: slugs[number % len(slugs)] for number, label in enumerate(COCO_CATEGORIES)}
    with tempfile.TemporaryDirectory() as space:
        real = WEIGHTS / "yolox_nano_coco.npz", WEIGHTS / "mobilenet_v2_imagenet.npz"
        are_real = all(path.is_file() for path in real)
        nets = real if are_real else _random_archives(Path(space))
        folders = (
            convert_yolox_nano(nets[0], settings.MODEL_ROOT, labels=labels),
            convert_mobilenet_v2(nets[1], settings.MODEL_ROOT),
        )
    detector, embedder = (register_model(folder, by=None).model for folder in folders)
    return (
        detector,
        embedder,
        "YOLOX-nano and MobileNetV2, " + ("real" if are_real else "random") + " weights",
    )


def _random_archives(folder: Path) -> tuple[Path, Path]:
    chance = np.random.default_rng(0)
    found = []
    nets: Mapping[str, Mapping[str, tuple[int, ...]]] = {
        "detector": yolox_nano.tensor_shapes(len(COCO_CATEGORIES)),
        "embedder": mobilenet_v2.tensor_shapes() | {"classifier.weight": (1001, mobilenet_v2.FEATURES, 1, 1)},
    }
    for name, shapes in nets.items():
        arrays = {
            tensor: (chance.standard_normal(shape) * 1.2 / np.prod(shape[1:]) ** 0.5).astype(np.float32)
            for tensor, shape in shapes.items()
        }
        np.savez(folder / f"{name}.npz", allow_pickle=False, **arrays)
        found.append(folder / f"{name}.npz")
    return found[0], found[1]


def _scene(painter: Painter, seed: int) -> Scene:
    image = take_image(painter.room(seed))
    return Scene.objects.create(source="bench", external_id=str(seed), image=image, domain="home_decor")


def _product(painter: Painter, seed: int, category: Category) -> None:
    image = take_image(painter.product(seed))
    Product.objects.create(
        source="bench", external_id=str(seed), image=image, category=category, domain="home_decor"
    )


def _threshold(model: ModelVersion, scenes: Sequence[Scene], *, objects: float) -> float:
    found = loaded_models.detector(model).detect(
        [load_original(scene.image) for scene in scenes], threshold=sight.FLOOR
    )
    scores = sorted((one.score for best in found for one in best[: sight.DETECTIONS_AT_MOST]), reverse=True)
    wanted = int(objects * len(scenes))
    return max(sight.FLOOR, float(scores[wanted]) if len(scores) > wanted else sight.FLOOR)


def reference(world: BenchWorld, scenes: Sequence[Scene]) -> int:
    """Decode, detect, crop, embed and binarize, and keep nothing; returns how many objects there were."""
    detector = loaded_models.detector(world.system.detector)
    embedder = loaded_models.embedder(world.system.embedder)
    objects = 0
    size = settings.CHUNK_SCENES
    for start in range(0, len(scenes), size):
        pictures = [load_original(scene.image) for scene in scenes[start : start + size]]
        crops = []
        for picture, found in zip(pictures, detector.detect(pictures, threshold=sight.FLOOR), strict=True):
            for one in found[: sight.DETECTIONS_AT_MOST]:
                box = whole_pixels(one.box, *picture.size)
                if one.score >= world.system.threshold and min(box[2:]) >= sight.SIDE_AT_LEAST:
                    crops.append((picture, box))
        for batch in batches(crops, lambda item: item[1][2] * item[1][3], size=sight.CROPS_AT_ONCE):
            binarize(embedder.embed([crop(picture, box) for picture, box in batch]), embedder.bit_thresholds)
        objects += len(crops)
    return objects


def embed(world: BenchWorld, *, seconds: float) -> None:
    index = embed_corpus(world.system.corpus, world.system.embedder, by=None)
    ready = CorpusIndex.objects.filter(pk=index.pk, state=CorpusIndex.State.READY)
    if not processes.wait_until(ready.exists, seconds=seconds):
        raise SystemExit("The corpus was not embedded in time; see the worker's log.")


def run(world: BenchWorld, scenes: Sequence[Scene], *, seconds: float) -> Done:
    """Run the system over the scenes and wait for the end."""
    slug = f"block-{SceneSet.objects.count()}"
    scene_set = SceneSet.objects.create(slug=slug, size=len(scenes))
    for position, scene in enumerate(scenes):
        scene_set.members.create(scene=scene, image=scene.image, position=position)
    started = start_run([world.system], scene_set=scene_set, project=world.project, by=None)
    over = EvaluationRun.objects.filter(pk=started.pk, state=EvaluationRun.State.FINISHED)
    if not processes.wait_until(over.exists, seconds=seconds):
        raise SystemExit("The run did not end in time; see the worker's log.")
    started.refresh_from_db()
    if started.failed_chunks or started.finished_at is None:
        raise SystemExit(f"The run had {started.failed_chunks} failures; see the worker's log.")
    spent = (started.finished_at - started.created_at).total_seconds()
    return Done(spent, started.query_objects.count())


@contextmanager
def worker(folder: Path, env: Mapping[str, str]) -> Iterator[Child]:
    """One worker, as `make demo` starts it."""
    command = children.celery_command(folder / "beat-schedule")
    child = Child("worker", command, log=folder / "logs" / "worker.log", env=env)
    try:
        child.wait_for_output(" ready.")
        yield child
    finally:
        child.stop()


def processor_seconds(pid: int) -> float:
    """Return the seconds that the worker's processes have computed."""
    parent = psutil.Process(pid)
    times = [one.cpu_times() for one in [parent, *parent.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def peak_memory(pid: int) -> int:
    """Return the largest resident size that any process of the worker ever had."""
    parent = psutil.Process(pid)
    return max(_high_water(one.pid) for one in [parent, *parent.children(recursive=True)])


def _high_water(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
