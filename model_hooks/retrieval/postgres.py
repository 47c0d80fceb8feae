"""The PostgreSQL engine: exact search in plain SQL, no extension, PostgreSQL 15 or later.

Every version is a table of its own, `retrieval_corpus_<version>`: its code column has the version's width,
its index over (category, gender, price) holds nothing of other versions, its rows lie on disk in that order,
and removing it is one DROP TABLE. The tables are made and found by this module alone; they need no migration.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import psycopg
from psycopg import errors, sql

from model_hooks.retrieval.engine import (
    Capabilities,
    Codes,
    CorpusDigest,
    Hit,
    Row,
    Where,
    check_query,
    grouped,
    the_only_version,
    unknown_version,
    where_of_each,
)
from model_hooks.retrieval.errors import RetrievalError
from model_hooks.retrieval.postgres_where import condition
from model_hooks.retrieval.restriction import Node

Connection = psycopg.Connection[Any]

PREFIX: Final = "retrieval_corpus_"
SPOOL: Final = sql.Identifier("retrieval_spool")
VERSION_NAME: Final = re.compile(r"[0-9a-f]{32}")

_COLUMNS: Final = """ (
    product_id bigint NOT NULL, code bit({}) NOT NULL,
    category text COLLATE "C", gender text COLLATE "C", price double precision,
    merchant text COLLATE "C", domain text COLLATE "C", source text COLLATE "C"
)"""
_SEARCH: Final = """
    SELECT product_id, bit_count(code # %s::bit({})) AS distance FROM {} WHERE {}
    ORDER BY distance, product_id LIMIT %s
"""
# Several codes under one restriction: one statement, planned once, and one way to the server and back.
_SEARCH_MANY: Final = """
    SELECT place, product_id, distance
    FROM unnest(%s::text[]::bit({})[]) WITH ORDINALITY AS asked(asked_code, place) CROSS JOIN LATERAL (
        SELECT product_id, bit_count(code # asked_code) AS distance FROM {} WHERE {}
        ORDER BY distance, product_id LIMIT %s
    ) AS found
    ORDER BY place, distance, product_id
"""
_WIDTHS: Final = """
    SELECT substr(c.relname, %s), a.atttypmod / 8
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'code'
    WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid) AND starts_with(c.relname, %s)
"""


class PostgresRetriever:
    """Engine over PostgreSQL tables; see `Retriever`.

    Parameters
    ----------
    connect
        Returns the connection to use: a psycopg 3 connection, or an object that opens one with
        `ensure_connection()` and keeps it as `connection`, as `django.db.connection` does. It is asked anew
        for every call and never closed. Inside a transaction of the caller, `build` and `drop` are part of
        it. A connection that is not in autocommit mode stays in the transaction that `search` began.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._widths: dict[str, int] = {}

    @property
    def capabilities(self) -> Capabilities:
        """See `Retriever.capabilities`."""
        return Capabilities(engine="postgres", kernel="postgresql")

    def build(self, rows: Iterable[Row]) -> str:
        """See `Retriever.build`. The rows are copied as they come, in one transaction."""
        digest, connection = CorpusDigest(), self._connection()
        with connection.transaction():
            try:
                _spool(connection, rows, digest)
                _publish(connection, digest.version(), digest.width)
            except errors.UniqueViolation as error:
                detail = error.diag.message_detail
                raise RetrievalError(
                    f"A product comes twice in the corpus: {detail} Give every product once."
                ) from error
            connection.execute(sql.SQL("DROP TABLE {}").format(SPOOL))
        return digest.version()

    def search(
        self, codes: Codes, k: int, where: Where = None, *, version: str | None = None
    ) -> list[list[Hit]]:
        """See `Retriever.search`."""
        connection = self._connection()
        version, width = self._known(connection, version)
        queries = check_query(codes, k, width=width)
        found: list[list[Hit]] = [[] for _ in queries]
        for restriction, positions in grouped(where_of_each(where, len(queries))):
            bits = [_bits(queries[position].tobytes()) for position in positions]
            for place, hit in self._search(connection, version, bits, k=k, where=restriction):
                found[positions[place]].append(hit)
        return found

    def count(self, where: Node | None = None, *, version: str | None = None) -> int:
        """See `Retriever.count`."""
        connection = self._connection()
        version, _ = self._known(connection, version)
        passing, values = condition(where)
        query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(_table(version), passing)
        return int(self._rows(connection, version, query, values)[0][0])

    def versions(self) -> list[str]:
        """See `Retriever.versions`."""
        return sorted(_widths(self._connection()))

    def drop(self, version: str) -> None:
        """See `Retriever.drop`."""
        self._widths.pop(version, None)
        if VERSION_NAME.fullmatch(version):
            self._connection().execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_table(version)))

    def _connection(self) -> Connection:
        given = self._connect()
        if isinstance(given, psycopg.Connection):
            return given
        given.ensure_connection()
        connection: Connection = given.connection
        return connection

    def _known(self, connection: Connection, version: str | None) -> tuple[str, int]:
        if version is None or version not in self._widths:
            self._widths = _widths(connection)
        version = the_only_version(sorted(self._widths)) if version is None else version
        if version not in self._widths:
            raise unknown_version(version, sorted(self._widths))
        return version, self._widths[version]

    def _search(
        self, connection: Connection, version: str, bits: list[str], *, k: int, where: Node | None
    ) -> list[tuple[int, Hit]]:
        """Return the hits of each code, with the code's place among those given, nearest first."""
        passing, values = condition(where)
        # Alone, a code is a plain query, which PostgreSQL may share among parallel workers.
        text, asked = (_SEARCH, bits[0]) if len(bits) == 1 else (_SEARCH_MANY, bits)
        query = sql.SQL(text).format(sql.Literal(len(bits[0])), _table(version), passing)
        rows = self._rows(connection, version, query, [asked, *values, k])
        return [(row[0] - 1 if len(row) == 3 else 0, Hit(*row[-2:])) for row in rows]

    def _rows(
        self, connection: Connection, version: str, query: sql.Composed, values: list[object]
    ) -> list[tuple[Any, ...]]:
        try:
            return connection.execute(query, values).fetchall()
        except errors.UndefinedTable as error:
            self._widths.pop(version, None)
            raise unknown_version(version, sorted(self._widths)) from error


def _spool(connection: Connection, rows: Iterable[Row], digest: CorpusDigest) -> None:
    """Copy the rows to a temporary table, which is made when the first tells the width of the codes."""
    checked = (digest.add(row) for row in rows)
    first = next(checked, None)
    if first is None:
        return
    columns = sql.SQL(_COLUMNS).format(sql.Literal(digest.width * 8))
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {}").format(SPOOL) + columns)
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(SPOOL)) as copy:
        copy.write_row((first.product_id, _bits(first.code), *first[2:]))
        for row in checked:
            copy.write_row((row.product_id, _bits(row.code), *row[2:]))


def _publish(connection: Connection, version: str, width: int) -> None:
    """Move the spooled rows to the version's own table, unless it is there; builders of one version wait."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [int(version[:15], 16)])
    if version in _widths(connection):
        return
    table = _table(version)
    columns = sql.SQL(_COLUMNS).format(sql.Literal(width * 8))
    connection.execute(sql.SQL("CREATE TABLE {}").format(table) + columns)
    for statement in (
        "INSERT INTO {} SELECT * FROM {} ORDER BY category, gender, price, product_id",
        "ALTER TABLE {} ADD PRIMARY KEY (product_id)",
        "CREATE INDEX ON {} (category, gender, price)",
        "ANALYZE {}",
    ):
        connection.execute(sql.SQL(statement).format(table, SPOOL))


def _widths(connection: Connection) -> dict[str, int]:
    """Return the versions that are there, each with the bytes of its codes."""
    rows = connection.execute(_WIDTHS, [len(PREFIX) + 1, PREFIX]).fetchall()
    return {version: width for version, width in rows if VERSION_NAME.fullmatch(version)}


def _table(version: str) -> sql.Identifier:
    return sql.Identifier(PREFIX + version)


def _bits(code: bytes) -> str:
    return format(int.from_bytes(code, "big"), f"0{len(code) * 8}b")
