"""Drawn pictures, and a relevance project over them, for the browser tests."""

import io
import random

from PIL import Image as Picture
from PIL import ImageDraw

from labelapp.catalog.images import take_image
from labelapp.tasks.models import Project
from labelapp.tasks.projects import add_tasks
from labelapp.tasks.types.relevance.payload import pictured, relevance_task
from tests.factories import make_guide, make_product, make_project, make_scene

BOX = (240, 180, 200, 220)


def drawn(seed: int, size: tuple[int, int], *, shapes: int) -> bytes:
    """A picture of coloured shapes on a light ground."""
    chance = random.Random(seed)
    picture = Picture.new("RGB", size, tuple(chance.randint(190, 245) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    for number in range(shapes):
        w, h = chance.randint(size[0] // 8, size[0] // 2), chance.randint(size[1] // 8, size[1] // 2)
        x, y = chance.randint(0, size[0] - w), chance.randint(0, size[1] - h)
        color = tuple(chance.randint(20, 230) for _ in range(3))
        (draw.ellipse if number % 2 else draw.rectangle)([x, y, x + w, y + h], fill=color)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def make_relevance_project(*, tasks: int = 4, candidates: int = 5, overlap: int = 1) -> Project:
    """Tasks over drawn pictures, portrait and landscape."""
    guide = make_guide(_default_guide())
    project = make_project(guide=guide, overlap=overlap, name="Rooms, autumn")
    scene = make_scene(image=take_image(drawn(1, (800, 600), shapes=14)))
    sizes = [(400, 520), (520, 400), (460, 460)]
    products = [
        pictured(make_product(image=take_image(drawn(100 + n, sizes[n % 3], shapes=3))))
        for n in range(tasks + candidates)
    ]
    items = [
        relevance_task(pictured(scene), (BOX[0] + n, *BOX[1:]), products[n : n + candidates])
        for n in range(tasks)
    ]
    add_tasks(project, items)
    return project


def _default_guide() -> str:
    from labelapp.tasks.types.registry import get_task_type

    return get_task_type("relevance").default_guide
