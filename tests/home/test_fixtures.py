"""The fixtures on which the fault tests stand do what they say."""

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection

from labelapp.home.children import Child
from labelapp.home.embedded_postgres import EmbeddedPostgres
from labelapp.home.embedded_redis import EmbeddedRedis
from labelapp.people.models import User
from tests.web_server import WebServer

pytestmark = pytest.mark.faults


def test_a_postgres_of_ones_own_is_migrated_and_may_be_killed(own_postgres: EmbeddedPostgres) -> None:
    User.objects.create(username="kept")
    own_postgres.kill()
    with pytest.raises(OperationalError):
        User.objects.count()
    own_postgres.start()
    connection.close()
    assert User.objects.get().username == "kept"


@pytest.mark.django_db
def test_afterwards_the_shared_database_is_back() -> None:
    assert not User.objects.filter(username="kept").exists()
    assert connection.settings_dict["NAME"].startswith("test_")


def test_a_worker_outlives_its_broker(redis_server: EmbeddedRedis, celery_worker: Child) -> None:
    redis_server.kill()
    celery_worker.wait_for_output("Trying again in")
    redis_server.start()
    celery_worker.wait_for_output("Connected to redis+socket")
    assert celery_worker.exit_status() is None


def test_a_web_server_works_on_the_test_database(
    start_web: Callable[[], WebServer], own_postgres: EmbeddedPostgres
) -> None:
    server = start_web()
    client = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    client.request("GET", "/")
    assert client.getresponse().status == 302
    client.close()
    assert server.child.stop() == 0
