"""A small world: drawn pictures, two small random nets, a corpus, two systems, a scene set, a project."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Picture

from labelapp.catalog.categories import ensure_categories
from labelapp.catalog.images import take_image
from labelapp.catalog.models import Category, SceneSet
from labelapp.evaluations import work
from labelapp.evaluations.corpora import CorpusQuery, freeze_corpus
from labelapp.evaluations.corpus_index import embed_corpus
from labelapp.evaluations.model_versions import register_model
from labelapp.evaluations.models import CorpusSnapshot, EvaluationRun, ModelVersion, System, WorkChunk
from labelapp.evaluations.scene_sets import SceneQuery, freeze_scenes
from labelapp.evaluations.systems import SystemPlan, create_system
from labelapp.tasks.models import Project
from tests.factories import make_product, make_project, make_scene
from tests.model_hooks.folders import drawn_pictures, write_detector, write_embedder

CATEGORIES = ("chairs", "sofas", None)
GENDERS = ("men", "women", "unisex", None)


@dataclass(frozen=True)
class World:
    """Everything a run needs; the corpus is not embedded yet."""

    detector: ModelVersion
    embedder: ModelVersion
    corpus: CorpusSnapshot
    open: System
    strict: System
    scene_set: SceneSet
    project: Project

    @property
    def systems(self) -> list[System]:
        return [self.open, self.strict]


def write_models(root: Path) -> None:
    """Write both model folders."""
    write_detector(root)
    write_embedder(root, gender=True)


def make_world(
    models: Path, *, scenes: int = 6, products: int = 30, size: tuple[int, int] = (160, 120)
) -> World:
    """Make it; the pictures go to the storage of the settings, the models stand in their MODEL_ROOT."""
    ensure_categories()
    detector = register_model(models / "finder" / "1", by=None).model
    embedder = register_model(models / "looker" / "1", by=None).model
    pictures = drawn_pictures((size,) * (scenes + products))
    for picture in pictures[:scenes]:
        make_scene(image=take_image(as_png(picture)))
    for number, picture in enumerate(pictures[scenes:]):
        _product(number, picture)
    corpus = freeze_corpus("shop", CorpusQuery(), by=None)

    def system(slug: str, *restrict: str) -> System:
        plan = SystemPlan(slug, detector, embedder, corpus, restrict=restrict)
        return create_system(plan, by=None)

    return World(
        detector=detector,
        embedder=embedder,
        corpus=corpus,
        open=system("open"),
        strict=system("strict", "category"),
        scene_set=freeze_scenes("rooms", SceneQuery(), by=None),
        project=make_project(),
    )


def _product(number: int, picture: Picture.Image) -> None:
    slug = CATEGORIES[number % len(CATEGORIES)]
    category = Category.objects.get(slug=slug) if slug else None
    gender = GENDERS[number % len(GENDERS)]
    make_product(image=take_image(as_png(picture)), category=category, gender=gender, price=number)


def as_png(picture: Picture.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def embedded(world: World) -> World:
    """Have the corpus embedded, in this process."""
    embed_corpus(world.corpus, world.embedder, by=None)
    work_all()
    return world


def work_all() -> int:
    """Do every chunk that waits, in this process, until none does; returns how many attempts that took."""
    done = 0
    waiting = WorkChunk.objects.filter(state=WorkChunk.State.PENDING).order_by("pk")
    while chunk := waiting.first():
        work.work_chunk(chunk.pk)
        done += 1
    return done


Found = dict[tuple[str, int, int], tuple[tuple[int, int, int, int, str], list[tuple[int, int, int]]]]


def results(run: EvaluationRun) -> Found:
    """What a run found, in a form that can be compared: boxes, and ranked candidates with distances."""
    found: Found = {}
    for seen in run.query_objects.select_related("system").prefetch_related("candidates"):
        candidates = [(one.rank, one.product_id, one.distance) for one in seen.candidates.all()]
        box = (seen.x, seen.y, seen.w, seen.h, seen.crop_hash)
        found[seen.system.slug, seen.scene_id, seen.position] = box, candidates
    return found
