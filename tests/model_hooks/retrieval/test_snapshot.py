"""Snapshot folders: same content same version, nothing half-done visible, damage named."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from model_hooks.retrieval import snapshot_build, snapshot_files
from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.errors import DamagedSnapshotError, RetrievalError, UnknownVersionError
from model_hooks.retrieval.kernels import NumpyKernel, best_kernel
from model_hooks.retrieval.restriction import And, Eq, In, Not, Range
from model_hooks.retrieval.snapshot import SnapshotRetriever

ROWS = [
    Row(3, b"\x0f\x00", "Shirt", "men", 10.0, "acme", "fashion", "feed"),
    Row(1, b"\x0f\x01", "shirt", "unisex", None, "acme", "fashion", "feed"),
    Row(2, b"\xff\xff", "tie", None, 0.1, None, None, None),
]


@pytest.fixture
def engine(tmp_path: Path) -> SnapshotRetriever:
    return SnapshotRetriever(tmp_path / "corpora")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_rows_in_any_order_give_the_same_version_and_bytes(tmp_path: Path) -> None:
    one, other = SnapshotRetriever(tmp_path / "one"), SnapshotRetriever(tmp_path / "other")
    version = one.build(ROWS)
    assert other.build(reversed(ROWS)) == version
    assert files_of(one.root / version) == files_of(other.root / version)


@pytest.mark.parametrize(
    "changed",
    [
        ROWS[0]._replace(product_id=4),
        ROWS[0]._replace(code=b"\x0f\x02"),
        ROWS[0]._replace(category="tie"),
        ROWS[0]._replace(gender=None),
        ROWS[0]._replace(price=10.000000000000002),
        ROWS[0]._replace(merchant="feed", source="acme"),
        ROWS[0]._replace(source=""),
        ROWS[0]._replace(source=None),
    ],
)
def test_any_other_row_gives_another_version(engine: SnapshotRetriever, changed: Row) -> None:
    assert engine.build([changed, *ROWS[1:]]) != engine.build(ROWS)


def test_building_again_changes_nothing(engine: SnapshotRetriever) -> None:
    version = engine.build(ROWS)
    before = (engine.root / version).stat().st_mtime_ns
    assert engine.build(ROWS) == version
    assert (engine.root / version).stat().st_mtime_ns == before
    assert [path.name for path in engine.root.iterdir()] == [version]


def test_two_builders_of_one_version_both_succeed(engine: SnapshotRetriever) -> None:
    with ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(lambda _: engine.build(ROWS), range(8)))
    assert engine.versions() == sorted(versions)
    assert [path.name for path in engine.root.iterdir()] == list(versions)


def test_a_corpus_needs_a_product(engine: SnapshotRetriever) -> None:
    with pytest.raises(RetrievalError, match="no product with a code; embed"):
        engine.build([])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Row(4, b"\0"), "Product 4 has a code of 8 bits, the corpus has 16"),
        (Row(4, b""), "Product 4 has a code of 0 bits"),
        (Row(3, b"\0\0"), "Product 3 comes twice"),
        (Row(-1, b"\0\0"), "its id is -1"),
        (Row(True, b"\0\0"), "its id is True"),
        (Row(4, "00"), "its code is a str"),  # type: ignore[arg-type]  # wrong on purpose
        (Row(4, b"\0\0", price=float("nan")), "Product 4 cannot be stored: price cannot be nan"),
        (Row(4, b"\0\0", merchant="a\0b"), "Product 4 cannot be stored: A value of merchant holds a NUL"),
    ],
)
def test_a_row_that_cannot_be_stored_is_named_and_leaves_nothing_behind(
    engine: SnapshotRetriever, row: Row, message: str
) -> None:
    with pytest.raises(RetrievalError, match=message):
        engine.build([*ROWS, row])
    assert list(engine.root.iterdir()) == []


def test_rows_that_break_off_leave_nothing_behind(engine: SnapshotRetriever) -> None:
    def broken() -> Iterator[Row]:
        yield ROWS[0]
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        engine.build(broken())
    assert list(engine.root.iterdir()) == []


def test_what_a_killed_build_left_is_no_version_and_is_cleared_after_a_day(engine: SnapshotRetriever) -> None:
    old = engine.root / f"{snapshot_build.BUILDING}old"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    fresh = engine.root / f"{snapshot_build.BUILDING}fresh"
    fresh.mkdir()
    assert engine.versions() == []
    engine.build(ROWS)
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.parametrize("name", ["codes.bin", "key.bin", "values.json", "merchant.bin", "meta.json"])
def test_a_truncated_file_is_named(engine: SnapshotRetriever, name: str) -> None:
    version = engine.build(ROWS)
    path = engine.root / version / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedSnapshotError, match=rf"{version}/{name}.*Build the corpus again"):
        engine.search([b"\0\0"], 1, version=version)


@pytest.mark.parametrize("name", ["codes.bin", "product_id.bin", "prices.bin", "values.json", "meta.json"])
def test_a_changed_file_is_named(engine: SnapshotRetriever, name: str) -> None:
    version = engine.build(ROWS)
    path = engine.root / version / name
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    with pytest.raises(DamagedSnapshotError, match=name):
        engine.count(version=version)


def test_a_missing_file_is_named(engine: SnapshotRetriever) -> None:
    version = engine.build(ROWS)
    (engine.root / version / "codes.bin").unlink()
    with pytest.raises(DamagedSnapshotError, match=r"codes.bin cannot be read \(No such file"):
        engine.count(version=version)


def test_a_snapshot_of_another_release_is_refused(engine: SnapshotRetriever) -> None:
    version = engine.build(ROWS)
    path = engine.root / version / "meta.json"
    meta = {**json.loads(path.read_bytes()), "format": 99}
    del meta["digest"]
    path.write_bytes(snapshot_files.meta_bytes(meta))
    with pytest.raises(DamagedSnapshotError, match="another release"):
        engine.count(version=version)


def test_building_again_repairs_a_damaged_snapshot(engine: SnapshotRetriever) -> None:
    version = engine.build(ROWS)
    (engine.root / version / "codes.bin").write_bytes(b"")
    assert engine.build(ROWS) == version
    assert engine.count(version=version) == 3


def test_a_version_that_is_not_there_is_refused(engine: SnapshotRetriever) -> None:
    version = engine.build(ROWS)
    for wrong in ("0" * 32, f"../corpora/{version}", ""):
        with pytest.raises(UnknownVersionError, match=f"build it, or use one of: {version}"):
            engine.search([b"\0\0"], 1, version=wrong)


def test_without_a_version_the_only_one_is_used(engine: SnapshotRetriever) -> None:
    with pytest.raises(UnknownVersionError, match="There are 0 corpus versions"):
        engine.count()
    engine.build(ROWS)
    assert engine.count() == 3
    engine.build(ROWS[:2])
    with pytest.raises(UnknownVersionError, match="There are 2 corpus versions here; name the one"):
        engine.count()


def test_a_dropped_version_is_gone_and_dropping_again_changes_nothing(engine: SnapshotRetriever) -> None:
    engine.drop("0" * 32)
    version = engine.build(ROWS)
    engine.drop(version)
    engine.drop(version)
    engine.drop("../corpora")
    assert engine.versions() == []
    assert list(engine.root.iterdir()) == []


@pytest.mark.parametrize("k", [0, -1, 10_001, True, 2.5])
def test_k_must_be_a_number_of_hits(engine: SnapshotRetriever, k: int) -> None:
    engine.build(ROWS)
    with pytest.raises(RetrievalError, match="k is"):
        engine.search([b"\0\0"], k)


@pytest.mark.parametrize("codes", [[b"\0"], np.zeros((1, 3), np.uint8), np.zeros((1, 2), np.int32)])
def test_a_query_of_another_width_is_refused(engine: SnapshotRetriever, codes: list[bytes]) -> None:
    engine.build(ROWS)
    with pytest.raises(RetrievalError, match="the corpus has 16 bits; both must come from one embedder"):
        engine.search(codes, 1)


def test_each_query_may_have_its_own_restriction_but_not_every_other(engine: SnapshotRetriever) -> None:
    engine.build(ROWS)
    wheres = [Eq("category", "tie"), None]
    hits = engine.search([b"\0\0", b"\0\0"], 1, wheres)
    assert [hit.product_id for (hit,) in hits] == [2, 3]
    with pytest.raises(RetrievalError, match="1 codes came with 2 restrictions"):
        engine.search([b"\0\0"], 1, wheres)


def test_codes_may_be_an_array_and_none_at_all_gives_no_hits(engine: SnapshotRetriever) -> None:
    engine.build(ROWS)
    assert engine.search(np.array([[15, 0]], np.uint8), 1)[0][0] == (3, 0)
    assert engine.search([], 1) == []


def test_fewer_hits_than_asked_are_returned_as_they_are(engine: SnapshotRetriever) -> None:
    engine.build(ROWS)
    assert engine.search([b"\x0f\x00"], 5, Eq("category", "shirt")) == [[(3, 0), (1, 1)]]
    assert engine.search([b"\x0f\x00"], 5, Eq("category", "sofa")) == [[]]


def test_a_long_run_of_ties_is_settled_by_product_id(engine: SnapshotRetriever) -> None:
    engine.build(Row(product_id, b"\0\0", price=-product_id) for product_id in range(5000))
    assert [hit.product_id for hit in engine.search([b"\1\0"], 7)[0]] == list(range(7))


@pytest.mark.parametrize("cache_bytes", [0, 3_000, 2**20])
def test_hits_do_not_depend_on_the_memory_given(tmp_path: Path, cache_bytes: int) -> None:
    wheres = [
        Not(Range("price", lt=50)),
        And(Eq("merchant", "m3"), Range("price", lt=500)),
        In("merchant", [f"m{number}" for number in range(6)]),
    ]
    engine = SnapshotRetriever(tmp_path, cache_bytes=cache_bytes)
    engine.build(
        Row(n, n.to_bytes(2, "big"), f"c{n % 5}", price=n % 700, merchant=f"m{n % 7}") for n in range(3000)
    )
    first = [engine.search([b"\1\1"], 9, where) for where in wheres]
    assert [engine.search([b"\1\1"], 9, where) for where in wheres] == first
    assert engine.search([b"\1\1"] * 3, 9, wheres) == [hits for (hits,) in first]


def test_where_faiss_is_missing_numpy_takes_over() -> None:
    with patch.dict(sys.modules, {"faiss": None}):
        assert isinstance(best_kernel(), NumpyKernel)


def test_an_engine_says_what_it_can_do(engine: SnapshotRetriever) -> None:
    assert engine.capabilities.exact
    assert (engine.capabilities.engine, engine.capabilities.kernel) == ("snapshot", "faiss")


def test_very_many_queries_at_once_equal_single_ones(engine: SnapshotRetriever) -> None:
    engine.build(Row(n, n.to_bytes(2, "big")) for n in range(500))
    codes = [n.to_bytes(2, "big") for n in range(300)]
    assert engine.search(codes, 4) == [engine.search([code], 4)[0] for code in codes]
