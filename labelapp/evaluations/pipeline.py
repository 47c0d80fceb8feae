"""A chunk of scenes through a system: see, search, write (design.md 5.2)."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from labelapp.catalog.models import SceneSetMember
from labelapp.evaluations import ledger
from labelapp.evaluations.corpus_index import ready_index
from labelapp.evaluations.engines import retriever
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.feature_store import Code
from labelapp.evaluations.models import Candidate, CorpusItem, QueryObject, System, WorkChunk
from labelapp.evaluations.sight import SeenObject, Sight, see
from model_hooks.retrieval.engine import Hit
from model_hooks.retrieval.errors import UnknownVersionError
from model_hooks.retrieval.restriction import Node, system_restriction
from model_hooks.retrieval.restriction_text import parse

QUERIES_AT_ONCE = 32

# An object's category and code.
Query = tuple[str | None, Code]


def run_chunk(chunk: WorkChunk) -> None:
    """Find the chunk's query objects and their candidates, and write all of them or nothing."""
    assert chunk.system is not None  # noqa: S101  # a check constraint says so; this tells mypy
    members = list(_members(chunk))
    images = list({member.image_id: member.image for member in members}.values())
    sight = see(images, chunk.system, after_batch=partial(ledger.renew, chunk))
    rows = list(_query_objects(chunk, members, sight))
    hits = _search_in_blocks(chunk, [(row.category, sight.codes[row.crop_hash]) for row in rows])
    _write(chunk, rows, hits, left_out=sight.left_out)


def _search_in_blocks(chunk: WorkChunk, queries: Sequence[Query]) -> list[list[Hit]]:
    """Search, and renew the lease so often that a slow search does not end it."""
    assert chunk.system is not None  # noqa: S101  # as above
    hits: list[list[Hit]] = []
    for start in range(0, len(queries), QUERIES_AT_ONCE):
        hits += search(chunk.system, queries[start : start + QUERIES_AT_ONCE])
        ledger.renew(chunk)
    return hits


def search(system: System, queries: Sequence[Query]) -> list[list[Hit]]:
    """Return the candidates of objects, given as category and code, under the system's restriction."""
    if not queries:
        return []
    index = ready_index(system.corpus, system.embedder)
    further = parse(system.where) if system.where else None
    wheres = [restriction(system, category, code.gender, further=further) for category, code in queries]
    codes = [code.bits for _, code in queries]
    try:
        return retriever(index.engine).search(codes, system.depth, wheres, version=index.version)
    except UnknownVersionError as error:
        raise EvaluationsError(
            f"The index of {index} is gone from the engine {index.engine}. "
            f"Run `manage.py embed_corpus {system.corpus} {system.embedder} --wait` to build it again."
        ) from error


def restriction(
    system: System, category: str | None, gender: str | None, *, further: Node | None
) -> Node | None:
    """Return what the system lets through for an object of this predicted category and gender."""
    return system_restriction(
        category=category if system.restrict_category else None,
        gender=gender if system.restrict_gender else None,
        where=further,
    )


def _members(chunk: WorkChunk) -> QuerySet[SceneSetMember]:
    """The chunk's scenes with the pictures that they had when the set was frozen."""
    assert chunk.run is not None  # noqa: S101  # a check constraint says so; this tells mypy
    of_set = SceneSetMember.objects.filter(scene_set=chunk.run.scene_set_id, scene__in=chunk.item_ids)
    return of_set.select_related("image").order_by("scene_id")


def _query_objects(
    chunk: WorkChunk, members: Sequence[SceneSetMember], sight: Sight
) -> Iterator[QueryObject]:
    for member in members:
        for position, seen in enumerate(sight.objects[member.image_id]):
            yield _query_object(chunk, member, seen, position=position, code=sight.codes[seen.crop_hash])


def _query_object(
    chunk: WorkChunk, member: SceneSetMember, seen: SeenObject, *, position: int, code: Code
) -> QueryObject:
    x, y, w, h = seen.box
    return QueryObject(
        run=chunk.run,
        system=chunk.system,
        scene_id=member.scene_id,
        image_id=member.image_id,
        position=position,
        x=x,
        y=y,
        w=w,
        h=h,
        label=seen.label,
        category=seen.category,
        gender=code.gender,
        score=seen.score,
        crop_hash=seen.crop_hash,
    )


def _write(chunk: WorkChunk, rows: list[QueryObject], hits: list[list[Hit]], *, left_out: int) -> None:
    image_of = _corpus_images(chunk, hits)
    with transaction.atomic():
        ledger.finish(chunk, left_out=left_out)
        QueryObject.objects.filter(run=chunk.run, system=chunk.system, scene__in=chunk.item_ids).delete()
        QueryObject.objects.bulk_create(rows)
        Candidate.objects.bulk_create(
            Candidate(
                query_object=row,
                rank=rank,
                product_id=hit.product_id,
                image_id=image_of[hit.product_id],
                distance=hit.distance,
            )
            for row, found in zip(rows, hits, strict=True)
            for rank, hit in enumerate(found, start=1)
        )


def _corpus_images(chunk: WorkChunk, hits: list[list[Hit]]) -> dict[int, int]:
    """Return the picture with which each product stands in the system's corpus."""
    assert chunk.system is not None  # noqa: S101  # a check constraint says so; this tells mypy
    products = {hit.product_id for found in hits for hit in found}
    items = CorpusItem.objects.filter(corpus=chunk.system.corpus_id, product__in=products)
    return dict(items.values_list("product_id", "image_id"))
