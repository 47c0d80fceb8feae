"""Importing what has a picture: products and scenes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from labelapp.catalog import columns
from labelapp.catalog.categories import CategoryMap, ensure_categories
from labelapp.catalog.columns import Values
from labelapp.catalog.errors import CatalogError, RowRefused
from labelapp.catalog.importing.outcome import Headings, Outcome
from labelapp.catalog.importing.pictures import Collected, PictureIntake, save_images
from labelapp.catalog.models import Domain, ImportBatch, Product, Scene
from labelapp.catalog.rows import Row

PRODUCT_FIELDS = [
    "image_id",
    "title",
    "category_id",
    "merchant_provided",
    "gender",
    "price",
    "currency",
    "merchant",
    "domain",
    "url",
    "annotations",
]
SCENE_FIELDS = ["image_id", "title", "domain", "annotations"]
Pictured = Product | Scene


@dataclass(slots=True)
class Prepared:
    built: list[tuple[Row, Pictured, str]]
    pictures: Collected
    outcome: Outcome


class PicturedImporter:
    """Writes products or scenes; one that is there already is compared, field by field."""

    def __init__(self, batch: ImportBatch, intake: PictureIntake, served: Headings) -> None:
        ensure_categories()
        self._batch = batch
        self._intake = intake
        self._served = served
        self._default_domain: str | None = batch.options.get("domain") or None
        self._ids: set[int] = set()
        products = batch.kind == ImportBatch.Kind.PRODUCTS
        self._model: Any = Product if products else Scene
        self._fields = PRODUCT_FIELDS if products else SCENE_FIELDS
        self._build: Callable[[Values], Pictured] = self._product if products else self._scene
        self.categories = CategoryMap(batch.options.get("translations")) if products else None

    def prepare(self, rows: list[Row]) -> Prepared:
        """Check the rows and take their pictures in; no transaction is open meanwhile."""
        outcome = Outcome()
        built = []
        for row in rows:
            try:
                built.append((row, *self._built(row)))
            except CatalogError as refused:
                outcome.reject(row, refused)
        pictures = self._intake.collect(name for _, _, name in built)
        return Prepared(built, pictures, outcome)

    def write(self, prepared: Prepared) -> Outcome:
        outcome = prepared.outcome
        images = save_images(prepared.pictures)
        ready: dict[str, Pictured] = {}
        for row, thing, name in prepared.built:
            if name in prepared.pictures.reasons:
                outcome.reject(row, prepared.pictures.reasons[name])
            else:
                thing.image = images[prepared.pictures.hashes[name]]
                ready[thing.external_id] = thing
        self._upsert(ready, outcome)
        return outcome

    def _upsert(self, ready: dict[str, Pictured], outcome: Outcome) -> None:
        known = {
            thing.external_id: thing
            for thing in self._model.objects.filter(source=self._batch.source, external_id__in=ready)
        }
        changed = []
        for key, old in known.items():
            new = ready[key]
            if any(getattr(old, name) != getattr(new, name) for name in self._fields):
                new.pk = old.pk
                changed.append(new)
        fresh = [thing for key, thing in ready.items() if key not in known]
        self._model.objects.bulk_create(fresh)
        if changed:
            names = [name.removesuffix("_id") for name in self._fields]
            self._model.objects.bulk_update(changed, names)
        outcome.created, outcome.updated = len(fresh), len(changed)
        outcome.unchanged = len(known) - len(changed)

    def _built(self, row: Row) -> tuple[Pictured, str]:
        if row.problem:
            raise RowRefused(row.problem)
        values, further = self._served.split(row)
        name = columns.text(values, "file", limit=1000)
        if not name:
            raise RowRefused("The row names no picture file.")
        thing = self._build(values)
        thing.source = self._batch.source
        thing.external_id = columns.text(values, "id", limit=200) or columns.text(values, "file", limit=200)
        thing.annotations = {**further, "file": name}
        if hash(thing.external_id) in self._ids:
            raise RowRefused(f"The id {thing.external_id!r} stands more than once in the file.")
        self._ids.add(hash(thing.external_id))
        return thing, name

    def _product(self, values: Values) -> Product:
        word = columns.text(values, "category", limit=500)
        category = self.categories.find(word) if self.categories else None
        default = self._default_domain or (category.domain if category else None)
        return Product(
            title=columns.text(values, "title", limit=300),
            category=category,
            merchant_provided=columns.flag(values, "merchant_provided"),
            gender=columns.gender(values),
            price=columns.price(values),
            currency=columns.currency(values),
            merchant=columns.text(values, "merchant", limit=120),
            url=columns.url(values),
            domain=_known(columns.domain(values, default)),
        )

    def _scene(self, values: Values) -> Scene:
        return Scene(
            title=columns.text(values, "title", limit=300),
            domain=_known(columns.domain(values, self._default_domain)),
        )


def _known(domain: str | None) -> str:
    if domain is None:
        raise RowRefused(
            f"The row says no domain and no category that has one; add a column `domain` or choose"
            f" {' or '.join(Domain.values)} for the whole file."
        )
    return domain
