"""Loading a drawn shop: products, scenes and creators' pairs, drawn beside the import."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.importing import Watch, run_import
from labelapp.catalog.models import ImportBatch, Product, Scene, ScenePair
from labelapp.catalog.models.import_batch import DRAWN
from labelapp.home.bootstrap import people_of_its_own
from labelapp.home.drawn_tables import DrawnTable, drawn_pairs, drawn_products, drawn_scenes
from labelapp.people import audit
from model_hooks.training.drawn_shop.fingerprint import fingerprint
from model_hooks.training.drawn_shop.shop import Plan

GENERATOR = "generator"
_generator = cache(fingerprint)
Kind = ImportBatch.Kind
State = ImportBatch.State


class AnotherShop(ImportRefused):
    """The source is there already, with other numbers or drawn by another version of the generator."""


@dataclass(frozen=True)
class ShopSize:
    """Which drawn shop: so many products and scenes, at that seed."""

    products: int = 3000
    scenes: int = 400
    seed: int = 7

    @property
    def source(self) -> str:
        return f"drawn-{self.seed}"

    @property
    def plan(self) -> Plan:
        return Plan(self.products, self.scenes, self.seed)


@dataclass(frozen=True)
class Loaded:
    """What an import brought, and what was there before."""

    kind: str
    created: int = 0
    unchanged: int = 0
    rejected: int = 0
    is_stopped: bool = False


Watching = Callable[[str, int], AbstractContextManager[Watch]]


def load_shop(size: ShopSize, watching: Watching) -> list[Loaded]:
    """Draw and import what is not there yet; raises `AnotherShop` where one has the name.

    Stopped or killed, the next call goes on with what is missing.
    """
    _refuse_another(size)
    done: list[Loaded] = []
    for kind in Kind:
        done.append(_load(kind, size, watching))
        if done[-1].is_stopped:
            break
    return done


def drawn_size(source: str) -> ShopSize | None:
    """Return which shop a source is, or None where it was not drawn, or by another generator."""
    batches = ImportBatch.objects.filter(source=source, options__drawn__generator=_generator())
    options = batches.values_list("options", flat=True).first()
    if options is None:
        return None
    return ShopSize(**{name: value for name, value in options[DRAWN].items() if name != GENERATOR})


def others_things() -> list[str]:
    """Say what the database holds that the demo has not made: people, products, scenes."""
    ours = ImportBatch.objects.drawn().values("source")
    found = {
        "people": people_of_its_own(),
        "products": Product.objects.exclude(source__in=ours),
        "scenes": Scene.objects.exclude(source__in=ours),
    }
    return [what for what, things in found.items() if things.exists()]


def has_drawn_shop() -> bool:
    return ImportBatch.objects.drawn().exists()


def _load(kind: Kind, size: ShopSize, watching: Watching) -> Loaded:
    finished = _finished(kind, size)
    if finished is not None:
        return Loaded(kind.label, unchanged=_there(kind, size))
    # Pairs are not drawn, so all of them are compared again.
    there = 0 if kind == Kind.PAIRS else _there(kind, size)
    total = {Kind.PRODUCTS: size.products, Kind.SCENES: size.scenes}.get(kind, there) - there
    batch = ImportBatch.objects.create(
        kind=kind,
        source=size.source,
        file_name=f"{size.source} {kind.label.lower()}",
        options={DRAWN: _described(size)},
        rows_expected=total or None,
    )
    audit.record(None, "import_started", f"import {batch.public_id}", kind=kind, source=size.source)
    table = _table(kind, size, there=there)
    with watching(kind.label, total) as watch:
        run_import(batch, table, pictures=table, watch=watch)
    return Loaded(
        kind.label,
        created=batch.created,
        unchanged=there + batch.unchanged,
        rejected=batch.rejected,
        is_stopped=batch.state == State.STOPPED,
    )


def _table(kind: Kind, size: ShopSize, *, there: int) -> DrawnTable:
    """Return what is still to be imported; what was imported before are the first ones."""
    if kind == Kind.PRODUCTS:
        return drawn_products(size.plan, first=there)
    return (
        drawn_scenes(size.plan, first=there) if kind == Kind.SCENES else drawn_pairs(size.plan, size.source)
    )


def _there(kind: Kind, size: ShopSize) -> int:
    """Count what is there of a kind."""
    model: Any = {Kind.PRODUCTS: Product, Kind.SCENES: Scene, Kind.PAIRS: ScenePair}[kind]
    return int(model.objects.filter(source=size.source).count())


def _finished(kind: Kind, size: ShopSize) -> ImportBatch | None:
    return _batches(size).filter(kind=kind, state=State.FINISHED).first()


def _batches(size: ShopSize) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(source=size.source, options__drawn=_described(size))


def _described(size: ShopSize) -> dict[str, object]:
    return {**asdict(size), GENERATOR: _generator()}


def _refuse_another(size: ShopSize) -> None:
    """Refuse to mix two shops, or drawings of two generators, under one name."""
    there = (
        Product.objects.filter(source=size.source).exists()
        or Scene.objects.filter(source=size.source).exists()
    )
    if there and not _batches(size).exists():
        raise AnotherShop(
            f"The source {size.source} is there already, drawn with other numbers or by another version of"
            f" the generator. Draw another shop: --seed {size.seed + 1}, or"
            f" DEMO_SEED={size.seed + 1} make demo."
        )
