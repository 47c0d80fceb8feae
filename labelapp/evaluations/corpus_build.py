"""Making a corpus searchable: products embedded chunk by chunk, then the engine's index built."""

from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.utils import timezone

from labelapp.catalog.images import load_original
from labelapp.catalog.models import Image
from labelapp.evaluations import ledger
from labelapp.evaluations.engines import build
from labelapp.evaluations.feature_store import codes_of, keep
from labelapp.evaluations.models import CorpusIndex, CorpusItem, Feature, WorkChunk
from labelapp.evaluations.picture_batches import batches
from labelapp.evaluations.sight import PICTURES_AT_ONCE, embed
from model_hooks.errors import ModelHookError
from model_hooks.retrieval.engine import Row

ROWS_AT_ONCE = 2000
State = CorpusIndex.State


def embed_chunk(chunk: WorkChunk) -> None:
    """Embed the whole pictures of the chunk's products, as far as they are not in the store."""
    assert chunk.index is not None  # noqa: S101  # a check constraint says so; this tells mypy
    items = CorpusItem.objects.filter(corpus=chunk.index.corpus_id, product__in=chunk.item_ids)
    pictures = set(items.values_list("image__sha256", flat=True))
    missing = pictures - set(codes_of(pictures, chunk.index.embedder))
    images = Image.objects.filter(sha256__in=missing).order_by("pk")
    for batch in batches(images, lambda image: image.width * image.height, size=PICTURES_AT_ONCE):
        whole = {image.sha256: (load_original(image), (0, 0, image.width, image.height)) for image in batch}
        codes = dict(embed(whole, chunk.index.embedder, after_batch=partial(ledger.renew, chunk)))
        keep({}, codes, detector=None, embedder=chunk.index.embedder)
    ledger.finish(chunk)


@transaction.atomic
def finish_index(index_id: int) -> None:
    """Build the engine's index once every product has its code; a repeated call changes nothing."""
    index = (
        CorpusIndex.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=index_id, state=State.RUNNING)
        .select_related("corpus", "embedder")
        .first()
    )
    if index is None or ledger.has_open(index.chunks.all()):
        return
    index.error, index.finish_attempts = "", 0
    failed = list(index.chunks.filter(state=WorkChunk.State.FAILED))
    if failed:
        blocks = f"{len(failed)} of {index.chunks.count()} blocks of products could not be embedded"
        index.state, index.error = State.FAILED, f"{blocks}; the first: {failed[0].error}"
    else:
        _build(index)
    index.finished_at = timezone.now()
    index.save()


def _build(index: CorpusIndex) -> None:
    try:
        with transaction.atomic():
            index.version = build(index.engine, _rows(index))
            index.state = State.READY
    except ModelHookError as error:
        index.state, index.error = State.FAILED, str(error)


def _rows(index: CorpusIndex) -> Iterator[Row]:
    """Every product of the corpus with its code, in order of id."""
    after = -1
    while items := list(
        index.corpus.items.filter(product_id__gt=after)
        .select_related("image")
        .order_by("product_id")[:ROWS_AT_ONCE]
    ):
        pictures = {item.image.sha256 for item in items}
        features = Feature.objects.filter(embedder=index.embedder, key__in=pictures)
        codes = {key: bytes(code) for key, code in features.values_list("key", "code")}
        for item in items:
            yield _row(item, codes)
        after = items[-1].product_id


def _row(item: CorpusItem, codes: dict[str, bytes]) -> Row:
    return Row(
        item.product_id,
        codes[item.image.sha256],
        category=item.category,
        gender=item.gender,
        price=item.price,
        merchant=item.merchant or None,
        domain=item.domain,
        source=item.source,
    )
