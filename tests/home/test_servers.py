"""The embedded servers really start, survive being killed, and stop."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from labelapp.home import processes, sockets
from labelapp.home import servers as server_module
from labelapp.home.servers import EmbeddedServers, celery_url, database_url, local_secret, redis_url

pytestmark = pytest.mark.faults


@pytest.fixture
def own_servers(server_dir: Path) -> Iterator[EmbeddedServers]:
    with EmbeddedServers(server_dir, fast=True) as running:
        yield running


def rows(running: EmbeddedServers) -> list[int]:
    with psycopg.connect(running.database_url) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def keep(running: EmbeddedServers, number: int) -> None:
    with psycopg.connect(running.database_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def ping(running: EmbeddedServers) -> bool:
    with redis.from_url(running.redis_url) as client:
        return bool(client.ping())


def test_a_start_says_what_it_does_and_a_second_start_has_nothing_to_do(server_dir: Path) -> None:
    said: list[str] = []
    with EmbeddedServers(server_dir, fast=True) as running:
        before = running.postgres.pid(), running.redis.pid()
        running.start(said.append)
        assert said == []
        assert (running.postgres.pid(), running.redis.pid()) == before
    assert not running.postgres.is_running()
    running.start(said.append)
    assert said == ["Starting PostgreSQL", "Starting Redis"]
    running.stop()
    assert not running.redis.is_running()


def test_committed_rows_survive_a_killed_server(own_servers: EmbeddedServers) -> None:
    keep(own_servers, 1)
    own_servers.postgres.kill()
    own_servers.redis.kill()
    assert not own_servers.postgres.is_running()
    own_servers.start()
    assert rows(own_servers) == [1]
    assert ping(own_servers)


def test_another_process_id_in_an_old_file_is_not_taken_for_the_server(own_servers: EmbeddedServers) -> None:
    own_servers.stop()
    own_servers.postgres.pid_file.write_text(f"{os.getpid()}\n")
    own_servers.redis.pid_file.write_text(f"{os.getpid()}\n")
    assert not own_servers.postgres.is_running()
    assert not own_servers.redis.is_running()
    own_servers.start()
    assert ping(own_servers)


def test_an_interrupted_creation_is_done_again(server_dir: Path) -> None:
    (server_dir / "postgres.new").mkdir(mode=0o700)
    (server_dir / "postgres.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServers(server_dir, fast=True) as running:
        keep(running, 7)
        assert rows(running) == [7]


def test_no_port_is_opened(own_servers: EmbeddedServers) -> None:
    with psycopg.connect(own_servers.database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with redis.from_url(own_servers.redis_url) as client:
        assert client.config_get("port") == {"port": "0"}


def test_only_the_owner_reaches_the_sockets(own_servers: EmbeddedServers) -> None:
    assert own_servers.postgres.socket_dir.stat().st_mode & 0o777 == 0o700


def test_a_deep_checkout_gets_a_short_socket_path_and_works(server_dir: Path) -> None:
    deep = server_dir / ("a-long-folder-name/" * 8)
    with EmbeddedServers(deep, fast=True) as running:
        assert len(os.fsencode(running.redis.socket)) <= sockets.LONGEST_SOCKET_PATH
        assert ping(running)
        keep(running, 3)
        assert rows(running) == [3]
    assert not running.postgres.socket_dir.exists()


def test_different_folders_get_different_short_socket_paths(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    assert sockets.socket_dir(deep / "one") != sockets.socket_dir(deep / "two")


def test_a_short_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    stolen = tmp_path / "stolen"
    stolen.symlink_to(own)
    with pytest.raises(server_module.ServerError, match="belongs to somebody else"):
        processes.make_private(stolen, None)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(server_dir: Path) -> None:
    with EmbeddedServers(server_dir, fast=True) as running:
        running.postgres.stop()
        (running.postgres.folder / "postgresql.conf").write_text("nonsense = 1\n")
        with pytest.raises(
            server_module.ServerError, match='unrecognized configuration parameter "nonsense"'
        ):
            running.postgres.start()


def test_a_missing_package_is_named() -> None:
    with pytest.raises(server_module.ServerError, match="package no_such_server, which brings a server"):
        processes.package_folder("no_such_server")


def test_addresses_name_the_sockets_and_start_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    assert database_url(folder).startswith("postgresql://postgres@/labelapp?host=/")
    assert redis_url(folder) == f"unix://{tmp_path}/with%20space/run/redis.sock"
    assert not folder.exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("redis://127.0.0.1:6379/1", "redis://127.0.0.1:6379/1"),
        ("amqp://guest@127.0.0.1//", "amqp://guest@127.0.0.1//"),
    ],
)
def test_celery_gets_redis_addresses_as_it_writes_them(given: str, expected: str) -> None:
    assert celery_url(given) == expected


def test_a_local_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    first = local_secret(path)
    assert len(first) >= 50
    assert local_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_status_shows_both_servers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert server_module.main(["status", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().err == "PostgreSQL: stopped\nRedis: stopped\n"
