"""A small drawn shop in the test's database, and a run over it without nets."""

from contextlib import nullcontext

from django.utils import timezone

from labelapp.catalog.crops import crop_hash
from labelapp.catalog.importing import Watch
from labelapp.catalog.models import Product, Scene
from labelapp.evaluations.models import Candidate, EvaluationRun, QueryObject, System
from labelapp.evaluations.pairs import queue_pairs
from labelapp.home.demo_shop import ShopSize, load_shop
from tests.evaluations.records import make_scene_set, make_system
from tests.factories import make_project

SIZE = ShopSize(products=60, scenes=5, seed=3)


def load(size: ShopSize = SIZE) -> None:
    load_shop(size, lambda _name, _total: nullcontext(Watch()))


def run_over(size: ShopSize = SIZE) -> EvaluationRun:
    """A finished run of two systems that find every drawn object; the second keeps to its category."""
    scenes = list(Scene.objects.filter(source=size.source).select_related("image"))
    scene_set = make_scene_set(scenes)
    scene_set.query = {"source": size.source}
    scene_set.save()
    run = EvaluationRun.objects.create(
        scene_set=scene_set, project=make_project(), state="finished", finished_at=timezone.now()
    )
    products = list(Product.objects.filter(source=size.source).select_related("image", "category"))
    for position, slug in enumerate(("plain", "restricted")):
        system = make_system(slug)
        run.run_systems.create(system=system, position=position)
        for scene in scenes:
            _find(run, system, scene, products=products)
    queue_pairs(run)
    return run


def _find(run: EvaluationRun, system: System, scene: Scene, *, products: list[Product]) -> None:
    for position, found in enumerate(scene.annotations["objects"]):
        x, y, w, h = found["box"]
        query_object = QueryObject.objects.create(
            run=run,
            system=system,
            scene=scene,
            image=scene.image,
            position=position,
            x=x,
            y=y,
            w=w,
            h=h,
            label=found["category"],
            category=found["category"],
            score=0.9,
            crop_hash=crop_hash(scene.image.sha256, (x, y, w, h)),
        )
        fitting = [one for one in products if one.category and one.category.slug == found["category"]]
        shown = (fitting if system.slug == "restricted" else products)[:5]
        Candidate.objects.bulk_create(
            Candidate(
                query_object=query_object, rank=rank, product=product, image=product.image, distance=rank
            )
            for rank, product in enumerate(shown, start=1)
        )
