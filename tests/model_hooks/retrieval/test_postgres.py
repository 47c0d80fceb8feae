"""The PostgreSQL engine: one table per version, transactions, any connection, parameters only."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection as site
from django.db import transaction
from psycopg import sql

from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.errors import RetrievalError, UnknownVersionError
from model_hooks.retrieval.postgres import PREFIX, PostgresRetriever
from model_hooks.retrieval.postgres_where import condition
from model_hooks.retrieval.restriction import And, Eq, In, Not, Range
from tests.model_hooks.retrieval.test_snapshot import ROWS

Database = psycopg.Connection[Any]
NASTY = 'x\' OR 1=1; DROP TABLE "y" --%s{}'


@pytest.fixture(autouse=True)
def no_versions_left(postgres: PostgresRetriever) -> Iterator[None]:
    yield
    for version in postgres.versions():
        postgres.drop(version)


def tables(database: Database) -> int:
    row = database.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'retrieval%'").fetchone()
    assert row is not None
    return int(row[0])


def test_building_again_changes_nothing(postgres: PostgresRetriever, database: Database) -> None:
    version = postgres.build(ROWS)
    before = tables(database)
    assert postgres.build(reversed(ROWS)) == version
    assert tables(database) == before
    assert postgres.versions() == [version]


def test_rows_that_break_off_leave_nothing_behind(postgres: PostgresRetriever, database: Database) -> None:
    def broken() -> Iterator[Row]:
        yield from ROWS
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        postgres.build(broken())
    assert tables(database) == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no product with a code"),
        ([*ROWS, Row(3, b"\0\0")], r"A product comes twice in the corpus: Key \(product_id\)=\(3\)"),
        ([*ROWS, Row(4, b"\0")], "Product 4 has a code of 8 bits, the corpus has 16"),
    ],
)
def test_rows_that_cannot_be_stored_leave_nothing_behind(
    postgres: PostgresRetriever, database: Database, rows: list[Row], message: str
) -> None:
    with pytest.raises(RetrievalError, match=message):
        postgres.build(rows)
    assert tables(database) == 0


def test_two_builders_of_one_version_both_succeed(postgres: PostgresRetriever, database: Database) -> None:
    def build(_: int) -> str:
        with psycopg.connect(database.info.dsn, password=database.info.password) as own:
            return PostgresRetriever(lambda: own).build(Row(n, b"\0\1") for n in range(300))

    with ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(build, range(4)))
    assert postgres.versions() == sorted(versions)
    assert len(versions) == 1


def test_a_version_that_is_not_there_is_refused(postgres: PostgresRetriever) -> None:
    version = postgres.build(ROWS)
    for wrong in ("0" * 32, 'x" DROP', ""):
        with pytest.raises(UnknownVersionError, match=f"use one of: {version}"):
            postgres.count(version=wrong)


def test_a_version_that_somebody_else_dropped_is_refused(
    postgres: PostgresRetriever, database: Database
) -> None:
    version, other = postgres.build(ROWS), postgres.build(ROWS[:2])
    assert (postgres.count(version=version), postgres.count(version=other)) == (3, 2)
    PostgresRetriever(lambda: database).drop(version)
    PostgresRetriever(lambda: database).drop(other)
    with pytest.raises(UnknownVersionError):
        postgres.search([b"\0\0"], 1, version=version)
    with pytest.raises(UnknownVersionError):
        postgres.count(version=other)


def test_values_of_a_restriction_never_become_sql(postgres: PostgresRetriever, database: Database) -> None:
    rows = [*ROWS, Row(9, b"\0\0", merchant=NASTY)]
    postgres.build(rows)
    where = And(Eq("merchant", NASTY), In("merchant", [NASTY]), Not(Eq("source", NASTY)))
    assert postgres.search([b"\0\0"], 5, where) == [[(9, 0)]]
    text, values = condition(where)
    assert NASTY not in text.as_string(database)
    assert values == [NASTY, [NASTY], NASTY]


def test_a_restriction_by_category_gender_and_price_uses_the_index(
    postgres: PostgresRetriever, database: Database
) -> None:
    version = postgres.build(
        Row(n, b"\0\0", f"c{n % 50}", ("men", "women", "unisex")[n % 3], n % 97) for n in range(20_000)
    )
    where = And(Eq("category", "c7"), In("gender", ["men", "unisex"]), Not(Range("price", lt=90)))
    passing, values = condition(where)
    plan = sql.SQL("EXPLAIN SELECT 1 FROM {} WHERE {}").format(sql.Identifier(PREFIX + version), passing)
    lines = "\n".join(line for (line,) in database.execute(plan, values))
    assert "category_gender_price" in lines
    assert "Seq Scan" not in lines


@pytest.mark.django_db
def test_the_connection_of_django_will_do() -> None:
    engine = PostgresRetriever(lambda: site)
    with transaction.atomic():
        version = engine.build(ROWS)
        assert engine.search([b"\x0f\x00"], 2, Not(Eq("category", "tie")), version=version) == [
            [(3, 0), (1, 1)]
        ]
        assert engine.count(In("price", [0.1]), version=version) == 1
        engine.drop(version)
    assert version not in engine.versions()


def test_a_connection_without_autocommit_will_do(postgres: PostgresRetriever, database: Database) -> None:
    with psycopg.connect(database.info.dsn, password=database.info.password) as own:
        version = PostgresRetriever(lambda: own).build(ROWS)
        assert postgres.versions() == [version]


def test_an_engine_says_what_it_can_do(postgres: PostgresRetriever) -> None:
    assert (postgres.capabilities.engine, postgres.capabilities.exact) == ("postgres", True)
