"""The doctor names what is in use and what is wrong with it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from labelapp.celery import app as celery_app
from labelapp.evaluations.models import CorpusIndex
from labelapp.home.doctor import examine
from labelapp.home.embedded_redis import EmbeddedRedis
from tests.evaluations.records import make_model, make_system

pytestmark = pytest.mark.django_db


def finding(part: str, state: str) -> str:
    return " ".join(found.detail for found in examine() if (found.part, found.state) == (part, state))


def errors() -> list[str]:
    return [f"{found.part}: {found.detail}" for found in examine() if found.state == "error"]


def test_it_names_database_broker_storage_and_versions() -> None:
    assert errors() == []
    out = StringIO()
    call_command("doctor", stdout=out)
    for words in ("PostgreSQL", "redis", "torch 2.13.0", "FileSystemStorage", "Engine postgres"):
        assert words in out.getvalue()


def test_a_broker_that_was_restarted_is_asked_anew(redis_server: EmbeddedRedis) -> None:
    assert errors() == []
    redis_server.kill()
    assert [error.partition(":")[0] for error in errors()] == ["Broker"]
    redis_server.start()
    assert errors() == []


def test_a_broker_that_cannot_be_reached_is_an_error_and_its_password_is_not_shown(
    settings: Settings,
) -> None:
    address = "redis://:secret@127.0.0.1:1/0"
    # Celery reads the settings once, when first asked; it must not read the wrong address and keep it.
    assert celery_app.conf.broker_url != address
    settings.CELERY_BROKER_URL = address
    found = finding("Broker", "error")
    assert "127.0.0.1" in found
    assert "secret" not in found
    with pytest.raises(CommandError, match="need attention"):
        call_command("doctor", stdout=StringIO())


def test_a_registered_model_whose_folder_is_gone_is_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_ROOT = tmp_path
    model = make_model("detector")
    assert str(model) in finding("Models", "error")


def test_an_index_that_the_engine_lost_is_an_error_with_what_to_do() -> None:
    system = make_system()
    CorpusIndex.objects.create(
        corpus=system.corpus, embedder=system.embedder, engine="postgres", state="ready", version="0" * 64
    )
    assert "0 corpus indexes ready" in finding("Retrieval", "ok")
    assert f"{system.corpus} by {system.embedder} is gone" in finding("Retrieval", "error")


def test_other_hosts_without_tls_and_debug_are_warned_about(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["labels.example.com"]
    settings.DEBUG = True
    assert "without TLS" in finding("Safety", "warning")
    assert "DEBUG" in finding("Safety", "warning")
