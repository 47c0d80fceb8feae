"""All engines give identical hits: those of a plain Python search."""

from collections.abc import Sequence
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model_hooks.retrieval import kernels, snapshot_plan, snapshot_scan
from model_hooks.retrieval.engine import Hit, Retriever, Row
from model_hooks.retrieval.postgres import PostgresRetriever
from model_hooks.retrieval.restriction import Node, matches
from model_hooks.retrieval.snapshot import SnapshotRetriever
from tests.model_hooks.retrieval.strategies import codes, corpora, restrictions

K = st.integers(1, 6) | st.integers(1, 60)


def plain_search(rows: Sequence[Row], code: bytes, k: int, where: Node | None) -> list[Hit]:
    passing = [row for row in rows if where is None or matches(where, row)]
    distances = {
        row.product_id: sum((a ^ b).bit_count() for a, b in zip(row.code, code, strict=True))
        for row in passing
    }
    ranked = sorted(distances.items(), key=lambda item: (item[1], item[0]))
    return [Hit(product_id, distance) for product_id, distance in ranked[:k]]


def queries(rows: list[Row], data: st.DataObject) -> list[tuple[bytes, Node | None]]:
    code = codes(len(rows[0].code)) | st.sampled_from([row.code for row in rows])
    return data.draw(st.lists(st.tuples(code, st.none() | restrictions()), min_size=1, max_size=4))


def check(
    engine: Retriever, version: str, rows: list[Row], asked: list[tuple[bytes, Node | None]], k: int
) -> None:
    wheres = [where for _, where in asked]
    found = engine.search([code for code, _ in asked], k, wheres, version=version)
    assert found == [plain_search(rows, code, k, where) for code, where in asked]
    for where in wheres:
        passing = sum(where is None or matches(where, row) for row in rows)
        assert engine.count(where, version=version) == passing


@given(rows=corpora(), k=K, data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_every_engine_returns_the_hits_of_a_plain_search(
    postgres: PostgresRetriever,
    snapshots: SnapshotRetriever,
    numpy_snapshots: SnapshotRetriever,
    rows: list[Row],
    k: int,
    data: st.DataObject,
) -> None:
    asked = queries(rows, data)
    version = snapshots.build(rows)
    assert postgres.build(reversed(rows)) == version
    for engine in (snapshots, numpy_snapshots, postgres):
        check(engine, version, rows, asked, k)
    postgres.drop(version)
    snapshots.drop(version)
    numpy_snapshots.drop(version)


@given(rows=corpora(), k=K, data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
def test_every_path_of_the_snapshot_engine_returns_the_same(
    snapshots: SnapshotRetriever,
    numpy_snapshots: SnapshotRetriever,
    rows: list[Row],
    k: int,
    data: st.DataObject,
) -> None:
    asked = queries(rows, data)
    version = snapshots.build(rows)
    small = st.integers(1, 8)
    with (
        patch.object(snapshot_plan, "LONG_RUN", data.draw(small)),
        patch.object(snapshot_plan, "STEP", data.draw(small)),
        patch.object(snapshot_plan, "MAX_INTERVALS", data.draw(st.integers(0, 3))),
        patch.object(snapshot_scan, "LONG", data.draw(small)),
        patch.object(snapshot_scan, "MASK_SHARE", data.draw(st.floats(0, 1))),
        patch.object(snapshot_scan, "SPARE", data.draw(st.integers(0, 3))),
        patch.object(kernels, "FAISS_COUNTERS", data.draw(st.sampled_from([1, 500, 4_000_000]))),
        patch.object(kernels, "HEAP_ROWS", data.draw(small)),
        patch.object(kernels, "HEAP_K", data.draw(small)),
        patch.object(kernels, "NUMPY_CHUNK", data.draw(small)),
    ):
        for engine in (snapshots, numpy_snapshots):
            check(engine, version, rows, asked, k)
            check(engine, version, rows, asked, k)
    snapshots.drop(version)
    numpy_snapshots.drop(version)
