"""Records for tests; each function makes what its record needs, and takes the fields that matter."""

import hashlib
import io
import itertools
from typing import Any

from PIL import Image as Picture

from labelapp.catalog.models import Image, Product, Scene
from labelapp.guides.models import Guide
from labelapp.guides.publishing import publish
from labelapp.people.models import Pool
from labelapp.tasks.models import Project

_numbers = itertools.count(1)


def sha(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


def picture_bytes(seed: int = 0, *, size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """A small picture whose colours follow from the seed, so that no two seeds share bytes."""
    color = tuple(hashlib.sha256(str(seed).encode()).digest()[:3])
    out = io.BytesIO()
    Picture.new("RGB", size, color).save(out, kind)
    return out.getvalue()


def make_image(**fields: Any) -> Image:
    """A row without files; tests that need pixels take `labelapp.catalog.images` instead."""
    digest = fields.pop("sha256", None) or sha(f"image {next(_numbers)}")
    defaults = {
        "width": 800,
        "height": 600,
        "format": "JPEG",
        "bytes": 1000,
        "storage_name": f"originals/{digest[:2]}/{digest}.jpg",
        "display_name": f"display/{digest[:2]}/{digest}.jpg",
        "thumbnail_name": f"thumbnails/{digest[:2]}/{digest}.jpg",
        "perceptual_hash": int(digest[:15], 16),
    }
    return Image.objects.create(sha256=digest, **(defaults | fields))


def make_scene(**fields: Any) -> Scene:
    defaults = {"source": "test", "external_id": f"scene-{next(_numbers)}", "domain": "home_decor"}
    image = fields.pop("image", None) or make_image()
    return Scene.objects.create(image=image, **(defaults | fields))


def make_product(**fields: Any) -> Product:
    number = next(_numbers)
    defaults = {
        "source": "test",
        "external_id": f"product-{number}",
        "title": f"Product {number}",
        "domain": "home_decor",
    }
    image = fields.pop("image", None) or make_image()
    return Product.objects.create(image=image, **(defaults | fields))


def make_guide(text: str = "# Guide\n\nGrade with care.", **fields: Any) -> Guide:
    """A guide with one published version."""
    defaults = {"slug": f"guide-{next(_numbers)}", "title": "Relevance guide"}
    guide = Guide.objects.create(**(defaults | fields))
    publish(guide, text, by=None)
    return guide


def make_pool(slug: str = "in_house", *, kind: str = "in_house") -> Pool:
    return Pool.objects.get_or_create(slug=slug, defaults={"name": slug, "kind": kind})[0]


def make_project(*, overlap: int = 1, pool: str = "in_house", **fields: Any) -> Project:
    """A relevance project that wants `overlap` answers of one pool."""
    number = next(_numbers)
    defaults = {"slug": f"project-{number}", "name": f"Project {number}", "task_type": "relevance"}
    guide = fields.pop("guide", None) or make_guide()
    project = Project.objects.create(guide=guide, **(defaults | fields))
    project.project_pools.create(pool=make_pool(pool), overlap=overlap)
    return project
