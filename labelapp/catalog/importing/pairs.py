"""Importing pairs: a creator's word that a product is in a scene."""

from typing import Any

from django.db.models import F
from django.db.models.fields.json import KT

from labelapp.catalog import columns
from labelapp.catalog.errors import CatalogError, RowRefused
from labelapp.catalog.importing.outcome import Headings, Outcome
from labelapp.catalog.models import ImportBatch, Product, Scene, ScenePair
from labelapp.catalog.rows import Row

FIELDS = [*columns.BOX, "annotations"]
Wanted = tuple[Row, str, str, ScenePair]
AMBIGUOUS = 0  # no row has this key


class PairImporter:
    """Writes pairs between scenes and products that are there already."""

    def __init__(self, batch: ImportBatch, served: Headings) -> None:
        self._batch = batch
        self._served = served
        options = batch.options
        self._scenes = NameBook(Scene, "scene", options.get("scene_source") or batch.source)
        self._products = NameBook(Product, "product", options.get("product_source") or batch.source)
        self._seen: set[int] = set()

    def prepare(self, rows: list[Row]) -> tuple[list[Wanted], Outcome]:
        outcome = Outcome()
        wanted = []
        for row in rows:
            try:
                wanted.append(self._wanted(row))
            except CatalogError as refused:
                outcome.reject(row, refused)
        return wanted, outcome

    def write(self, prepared: tuple[list[Wanted], Outcome]) -> Outcome:
        wanted, outcome = prepared
        scenes = self._scenes.find({scene for _, scene, _, _ in wanted})
        products = self._products.find({product for _, _, product, _ in wanted})
        pairs: dict[tuple[int, int], ScenePair] = {}
        for row, scene, product, pair in wanted:
            try:
                pair.scene, pair.product = (
                    self._scenes.one(scenes, scene),
                    self._products.one(products, product),
                )
                _refuse_outside(pair)
            except RowRefused as refused:
                outcome.reject(row, refused)
                continue
            pairs[pair.scene_id, pair.product_id] = pair
        self._upsert(pairs, outcome)
        return outcome

    def _upsert(self, pairs: dict[tuple[int, int], ScenePair], outcome: Outcome) -> None:
        scene_ids = {scene for scene, _ in pairs}
        known = {
            (pair.scene_id, pair.product_id): pair
            for pair in ScenePair.objects.filter(source=self._batch.source, scene__in=scene_ids)
            if (pair.scene_id, pair.product_id) in pairs
        }
        changed = []
        for key, old in known.items():
            if any(getattr(old, name) != getattr(pairs[key], name) for name in FIELDS):
                pairs[key].pk = old.pk
                changed.append(pairs[key])
        fresh = [pair for key, pair in pairs.items() if key not in known]
        ScenePair.objects.bulk_create(fresh)
        if changed:
            ScenePair.objects.bulk_update(changed, FIELDS)
        outcome.created, outcome.updated = len(fresh), len(changed)
        outcome.unchanged = len(known) - len(changed)

    def _wanted(self, row: Row) -> Wanted:
        if row.problem:
            raise RowRefused(row.problem)
        values, further = self._served.split(row)
        scene, product = (columns.text(values, side, limit=1000) for side in ("scene", "product"))
        if not scene or not product:
            raise RowRefused("The row names no scene or no product.")
        x, y, w, h = columns.box(values) or (None, None, None, None)
        if hash((scene, product)) in self._seen:
            raise RowRefused("The pair stands more than once in the file.")
        self._seen.add(hash((scene, product)))
        pair = ScenePair(source=self._batch.source, x=x, y=y, w=w, h=h, annotations=further)
        return row, scene, product, pair


def _refuse_outside(pair: ScenePair) -> None:
    if pair.x is None or pair.y is None or pair.w is None or pair.h is None:
        return
    image = pair.scene.image
    if pair.x + pair.w > image.width or pair.y + pair.h > image.height:
        box = ", ".join(map(str, (pair.x, pair.y, pair.w, pair.h)))
        raise RowRefused(f"The box {box} leaves the scene, which has {image.width} x {image.height} pixels.")


class NameBook:
    """The scenes or the products of a source by id, and by file name where the id is another word.

    The file names are read once, when the first of them is asked for, and hold one number each: some 100 MB
    of memory for a million.
    """

    def __init__(self, model: Any, noun: str, source: str) -> None:
        self._rows = model.objects.filter(source=source)
        self._noun = noun
        self._source = source
        self._by_file: dict[str, int] | None = None

    def find(self, names: set[str]) -> dict[str, Any]:
        """Return what bears these names; an ambiguous file name stands for None."""
        rows = self._rows.select_related("image")
        found: dict[str, Any] = {row.external_id: row for row in rows.filter(external_id__in=names)}
        keys = {name: key for name in names - set(found) if (key := self._files().get(name)) is not None}
        by_key = rows.in_bulk({key for key in keys.values() if key != AMBIGUOUS})
        return found | {name: by_key.get(key) for name, key in keys.items()}

    def one(self, found: dict[str, Any], name: str) -> Any:
        """Return the one thing of this name; raises `RowRefused`."""
        if name not in found:
            raise RowRefused(
                f"There is no {self._noun} {name!r} of source {self._source!r};"
                f" import the {self._noun}s first."
            )
        if found[name] is None:
            raise RowRefused(
                f"The file name {name!r} belongs to several {self._noun}s of source {self._source!r};"
                " name it by its id."
            )
        return found[name]

    def _files(self) -> dict[str, int]:
        if self._by_file is None:
            self._by_file = {}
            named = self._rows.order_by().annotate(file=KT("annotations__file"))
            named = named.filter(file__isnull=False).exclude(file=F("external_id"))
            for key, file in named.values_list("pk", "file").iterator(chunk_size=5000):
                self._by_file[file] = AMBIGUOUS if file in self._by_file else key
        return self._by_file
