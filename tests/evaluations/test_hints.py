"""Messages to workers over a broker that goes and comes."""

from typing import Any

import pytest
from celery import current_app
from kombu import Producer
from kombu.exceptions import OperationalError

from labelapp.evaluations import hints
from labelapp.home.embedded_redis import EmbeddedRedis
from tests.web_server import free_port


@pytest.fixture
def publishing(servers: EmbeddedRedis | None, monkeypatch: pytest.MonkeyPatch) -> list[type[Exception]]:
    """Errors that the next publications meet, one each, in place of the broker."""
    errors: list[type[Exception]] = []

    def publish(producer: Producer, *message: Any, **options: Any) -> None:
        if errors:
            raise errors.pop(0)

    monkeypatch.setattr(Producer, "_publish", publish)
    return errors


def test_a_connection_that_broke_is_replaced(publishing: list[type[Exception]]) -> None:
    publishing.append(ConnectionResetError)
    assert hints.send("finish_run", 1)


def test_a_broker_that_stays_away_is_given_up_after_the_second_time(
    publishing: list[type[Exception]],
) -> None:
    publishing.extend([ConnectionResetError] * 3)
    assert not hints.send("finish_run", 1)
    assert len(publishing) == 1


def test_nobody_waits_where_no_broker_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    away = current_app.connection_for_write(f"amqp://127.0.0.1:{free_port()}//")
    with away, pytest.raises(OperationalError):
        current_app.send_task("labelapp.evaluations.jobs.sweep", connection=away)
    assert slept == []
