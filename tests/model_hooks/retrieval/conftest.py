"""A database of its own for the PostgreSQL engine, and both engines over the same rows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection as site
from psycopg import sql

from model_hooks.retrieval.kernels import FaissKernel, NumpyKernel
from model_hooks.retrieval.postgres import PostgresRetriever
from model_hooks.retrieval.snapshot import SnapshotRetriever


def _connect(name: str) -> psycopg.Connection[Any]:
    at = site.settings_dict
    login = {"host": at["HOST"], "port": at["PORT"] or None, "user": at["USER"], "password": at["PASSWORD"]}
    return psycopg.connect(dbname=name, autocommit=True, **login)


@pytest.fixture(scope="session")
def database(servers: None) -> Iterator[psycopg.Connection[Any]]:
    """Connection in autocommit mode to an empty database."""
    name = f"test_retrieval_{os.getpid()}"
    with _connect("postgres") as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with _connect(name) as connection:
                yield connection
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres(database: psycopg.Connection[Any]) -> PostgresRetriever:
    return PostgresRetriever(lambda: database)


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> SnapshotRetriever:
    return SnapshotRetriever(tmp_path_factory.mktemp("snapshots"), kernel=FaissKernel())


@pytest.fixture(scope="session")
def numpy_snapshots(snapshots: SnapshotRetriever) -> SnapshotRetriever:
    """The same snapshots, read with the numpy kernel."""
    return SnapshotRetriever(Path(snapshots.root), kernel=NumpyKernel())
