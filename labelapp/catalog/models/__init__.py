"""Records of the catalog; one model per file."""

from labelapp.catalog.models.category import Category
from labelapp.catalog.models.domain import Domain
from labelapp.catalog.models.image import Image
from labelapp.catalog.models.import_batch import ImportBatch, RejectedRow
from labelapp.catalog.models.product import Product
from labelapp.catalog.models.scene import Scene
from labelapp.catalog.models.scene_pair import ScenePair
from labelapp.catalog.models.scene_set import SceneSet, SceneSetMember

__all__ = [
    "Category",
    "Domain",
    "Image",
    "ImportBatch",
    "Product",
    "RejectedRow",
    "Scene",
    "ScenePair",
    "SceneSet",
    "SceneSetMember",
]
