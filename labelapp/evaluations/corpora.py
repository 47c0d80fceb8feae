"""Freezing corpora: the products that systems may return, as they are today."""

from dataclasses import asdict, dataclass

from django.db import connection, transaction

from labelapp.catalog.models import Product
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import CorpusSnapshot
from labelapp.evaluations.names import check_new_slug
from labelapp.people.audit import record
from labelapp.people.models import User

COPY = """
INSERT INTO evaluations_corpusitem
       (corpus_id, product_id, image_id, category, gender, price, merchant, domain, source)
SELECT %(corpus)s, p.id, p.image_id, k.slug, p.gender, p.price::double precision,
       p.merchant, p.domain, p.source
  FROM catalog_product p
  LEFT JOIN catalog_category c ON c.google_id = p.category_id
  LEFT JOIN catalog_category k ON k.google_id = c.coarse_id
 WHERE (%(source)s::text IS NULL OR p.source = %(source)s)
   AND (%(domain)s::text IS NULL OR p.domain = %(domain)s)
"""


@dataclass(frozen=True)
class CorpusQuery:
    """Which products."""

    source: str | None = None
    domain: str | None = None


@transaction.atomic
def freeze_corpus(slug: str, query: CorpusQuery, *, by: User | None) -> CorpusSnapshot:
    """Copy the products' attributes once and for all, in one statement."""
    check_new_slug("corpus", slug, taken=CorpusSnapshot.objects.filter(slug=slug).exists())
    kept = {name: value for name, value in asdict(query).items() if value}
    corpus = CorpusSnapshot.objects.create(slug=slug, query=kept, size=0, created_by=by)
    values = {"corpus": corpus.pk, "source": query.source or None, "domain": query.domain or None}
    with connection.cursor() as cursor:
        cursor.execute(COPY, values)
        corpus.size = cursor.rowcount
    if not corpus.size:
        known = ", ".join(sorted(set(Product.objects.values_list("source", flat=True)))) or "none yet"
        raise EvaluationsError(
            f"No product matches {kept or 'at all'}; import products first. Sources: {known}."
        )
    corpus.save(update_fields=["size"])
    record(by, "froze corpus", slug, size=corpus.size, **kept)
    return corpus
