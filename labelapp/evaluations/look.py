"""One scene through the eyes of a system: its objects, and what it retrieves for one (001, figure 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from labelapp.catalog.crops import PixelBox
from labelapp.catalog.models import Product, Scene
from labelapp.evaluations.models import System
from labelapp.evaluations.pipeline import restriction, search
from labelapp.evaluations.sight import SeenObject, Sight, is_complete, recall, see
from model_hooks.retrieval.restriction_text import format_text, parse

SAME_OBJECT_IOU = 0.3


@dataclass(frozen=True)
class Shown:
    """A product that the system retrieved, with its Hamming distance."""

    product: Product
    distance: int
    bits: int

    @property
    def note(self) -> str:
        return f"{self.distance} of {self.bits} bits differ"


@dataclass(frozen=True)
class Look:
    """What a system sees in a scene; before its models have looked there is nothing to see."""

    system: System
    is_ready: bool
    objects: Sequence[SeenObject] = ()
    chosen: SeenObject | None = None
    products: Sequence[Shown] = ()
    restriction: str = ""


def look(scene: Scene, system: System, *, at: PixelBox | None) -> Look:
    """Look without asking a model; the chosen object is the one that overlaps `at` most, or the surest."""
    sight = recall([scene.image], system)
    if not is_complete(scene.image, sight):
        return Look(system, is_ready=False)
    objects = sight.objects[scene.image_id]
    chosen = _nearest(objects, at) if at else next(iter(objects), None)
    if chosen is None:
        return Look(system, is_ready=True, objects=objects)
    return _retrieved(system, sight, objects, chosen)


def prepare(system_id: int, scene_id: int) -> None:
    """Have the models look at the scene; what they say is kept in the feature store."""
    system = System.objects.select_related("detector", "embedder").get(pk=system_id)
    scene = Scene.objects.select_related("image").get(pk=scene_id)
    see([scene.image], system, after_batch=lambda: None)


def _retrieved(system: System, sight: Sight, objects: Sequence[SeenObject], chosen: SeenObject) -> Look:
    code = sight.codes[chosen.crop_hash]
    (hits,) = search(system, [(chosen.category, code)])
    products = Product.objects.select_related("image", "category").in_bulk([hit.product_id for hit in hits])
    node = restriction(
        system, chosen.category, code.gender, further=parse(system.where) if system.where else None
    )
    return Look(
        system,
        is_ready=True,
        objects=objects,
        chosen=chosen,
        products=[Shown(products[hit.product_id], hit.distance, 8 * len(code.bits)) for hit in hits],
        restriction=format_text(node) if node else "",
    )


def _nearest(objects: Sequence[SeenObject], at: PixelBox) -> SeenObject | None:
    best = max(objects, key=lambda seen: _iou(seen.box, at), default=None)
    return best if best and _iou(best.box, at) >= SAME_OBJECT_IOU else None


def _iou(a: PixelBox, b: PixelBox) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (a[2] * a[3] + b[2] * b[3] - both)
