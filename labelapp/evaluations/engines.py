"""The retrieval engines, as the settings choose one (notes in `model_hooks.retrieval.engine`)."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import connection

from labelapp.evaluations.errors import EvaluationsError
from model_hooks.retrieval.engine import Retriever, Row
from model_hooks.retrieval.postgres import PostgresRetriever


@cache
def retriever(engine: str) -> Retriever:
    """Return this process's engine of that name."""
    if engine == "postgres":
        return PostgresRetriever(lambda: connection)
    if engine == "snapshot":
        from model_hooks.retrieval.snapshot import SnapshotRetriever

        return SnapshotRetriever(settings.SNAPSHOT_ROOT)
    raise EvaluationsError(f"RETRIEVAL_ENGINE is {engine!r}; set it to postgres or snapshot.")


def build(engine: str, rows: Iterable[Row]) -> str:
    """Store a corpus and return its version; the rows may be read from our own database meanwhile."""
    if engine != "postgres":
        return retriever(engine).build(rows)
    # PostgreSQL takes no query on a connection that is copying rows in.
    writer = connection.copy()
    try:
        return PostgresRetriever(lambda: writer).build(rows)
    finally:
        writer.close()
