"""Addresses of pictures in templates."""

from django import template

from labelapp.catalog.crops import PixelBox
from labelapp.catalog.image_urls import image_url
from labelapp.catalog.models import Image, Scene

register = template.Library()


@register.simple_tag
def scene_note(scene: Scene) -> str:
    """How many pairs a listed scene has."""
    count = getattr(scene, "pair_count", 0)
    return "1 pair" if count == 1 else f"{count:,} pairs"


@register.simple_tag
def picture_url(image: Image, kind: str, box: PixelBox | None = None) -> str:
    return image_url(image, kind, box)
