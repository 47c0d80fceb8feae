"""What this installation uses, and what is wrong with it: one finding per part, with advice."""

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError

from labelapp.celery import app as celery_app
from labelapp.evaluations.corpus_index import is_gone
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.model_versions import verify_model
from labelapp.evaluations.models import CorpusIndex, ModelVersion
from model_hooks.errors import ModelHookError

LIBRARIES = (
    "django",
    "celery",
    "psycopg",
    "pillow",
    "numpy",
    "torch",
    "faiss-cpu",
    "transformers",
    "onnxruntime",
)
OLDEST_POSTGRESQL = 150_000
LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """State is ok, warning or error; advice says what to do about the latter two."""

    part: str
    state: str
    detail: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Look at every part; one that raises becomes an error and does not hide the others."""
    for part, look in PARTS.items():
        try:
            yield from look(part)
        except (DatabaseError, OSError) as error:
            yield Finding(
                part, "error", _first_line(error), "Start it, or correct its address in the environment."
            )


def _versions(part: str) -> Iterator[Finding]:
    found = [f"{name} {version}" for name in LIBRARIES if (version := _version(name))]
    missing = [name for name in LIBRARIES if _version(name) is None]
    yield Finding(part, "ok", f"Python {platform.python_version()}, " + ", ".join(found))
    if missing:
        yield Finding(
            part, "warning", f"Not installed: {', '.join(missing)}", "Run `make demo` to install them."
        )


def _database(part: str) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    at = connection.settings_dict
    detail = f"PostgreSQL {version}, database {at['NAME']} at {at['HOST'] or 'localhost'}"
    if connection.connection.info.server_version < OLDEST_POSTGRESQL:
        yield Finding(part, "error", detail, "Use PostgreSQL 15 or newer.")
    else:
        yield Finding(part, "ok", detail)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            part, "error", f"{len(waiting)} migrations are not applied", "Run `python manage.py migrate`."
        )


def _broker(part: str) -> Iterator[Finding]:
    address = _without_password(settings.CELERY_BROKER_URL)
    broker = celery_app.connection_for_write(settings.CELERY_BROKER_URL)
    failures: tuple[type[BaseException], ...] = (OperationalError, *broker.connection_errors)
    try:
        with broker:
            broker.ensure_connection(max_retries=1, timeout=3)
            answers = _ping(broker)
    except failures as error:
        yield Finding(
            part,
            "error",
            f"{address}: {_first_line(error)}",
            "Start the broker or correct CELERY_BROKER_URL.",
        )
        return
    yield Finding(part, "ok", address)
    if answers:
        yield Finding("Workers", "ok", f"{len(answers)} answering")
    else:
        yield Finding(
            "Workers",
            "warning",
            "No worker answers; one that is busy with a model may not",
            "Start one: `celery -A labelapp worker -B -Q look,inference,default`.",
        )


def _ping(broker: Connection) -> list[object]:
    mailbox = celery_app.control.mailbox(broker)  # type: ignore[attr-defined]  # not in the stubs
    # Celery's pool may still hold connections of a broker that has been restarted since.
    mailbox.producer_pool = None
    return list(mailbox.multi_call("ping", timeout=1.0) or [])


def _storage(part: str) -> Iterator[Finding]:
    name = default_storage.save("doctor/probe.txt", ContentFile(b"probe"))
    with default_storage.open(name) as file:
        whole = file.read() == b"probe"
    default_storage.delete(name)
    kind = type(default_storage._wrapped).__name__ if hasattr(default_storage, "_wrapped") else "storage"
    detail = f"{kind} at {settings.MEDIA_ROOT}"
    yield (
        Finding(part, "ok", detail)
        if whole
        else Finding(part, "error", detail, "What was written did not come back.")
    )
    free = shutil.disk_usage(Path(settings.DATA_DIR)).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            part, "warning", f"{free / 1024**3:.1f} GB free under {settings.DATA_DIR}", "Make room."
        )


def _models(part: str) -> Iterator[Finding]:
    versions = list(ModelVersion.objects.all())
    if not versions:
        yield Finding(part, "warning", "None registered", "Run `python manage.py register_model DIR`.")
    for version in versions:
        problem = _problem(version)
        detail = f"{version} ({version.get_kind_display().lower()}, {version.adapter})"
        yield (
            Finding(part, "error", f"{detail}: {problem}", "Restore the folder.")
            if problem
            else Finding(part, "ok", detail)
        )


def _problem(model: ModelVersion) -> str:
    try:
        verify_model(model)
    except (EvaluationsError, ModelHookError) as error:
        return str(error)
    return ""


def _retrieval(part: str) -> Iterator[Finding]:
    engine = settings.RETRIEVAL_ENGINE
    ready = CorpusIndex.objects.filter(state=CorpusIndex.State.READY, engine=engine)
    gone = [index for index in ready.select_related("corpus", "embedder") if is_gone(index)]
    there = len(ready) - len(gone)
    yield Finding(part, "ok", f"Engine {engine}, {there} corpus ind{'ex' if there == 1 else 'exes'} ready")
    for index in gone:
        advice = f"Run `python manage.py embed_corpus {index.corpus} {index.embedder}` to build it again."
        yield Finding(part, "error", f"The index of {index} is gone from the engine {engine}", advice)


def _safety(part: str) -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(part, "warning", "DEBUG is on", "Unset DEBUG where others can reach the site.")
    if not settings.HTTPS and not set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
        yield Finding(
            part, "warning", "Other hosts are allowed without TLS", "Set HTTPS=1 behind a TLS proxy."
        )
    else:
        yield Finding(part, "ok", f"Serves {', '.join(settings.ALLOWED_HOSTS)}")


PARTS: dict[str, Callable[[str], Iterator[Finding]]] = {
    "Versions": _versions,
    "Database": _database,
    "Broker": _broker,
    "Storage": _storage,
    "Models": _models,
    "Retrieval": _retrieval,
    "Safety": _safety,
}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(
        parts._replace(netloc=f"{parts.username or ''}:***@{parts.hostname}:{parts.port or ''}")
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
