"""An empty installation of its own for a benchmark: servers, database, folders, and results as JSON."""

import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labelapp.home.servers import EmbeddedServers

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PASSWORD = "benchmark password"  # noqa: S105  # of an installation that ends with the benchmark


@contextmanager
def fresh_installation(name: str) -> Iterator[Path]:
    """Yield the data folder of an installation with demo people; everything of it is gone afterwards."""
    folder = ROOT / ".local" / f"bench-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    for variable in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT", "MODEL_ROOT"):
        os.environ.pop(variable, None)
    os.environ |= {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "labelapp.settings",
        "DEMO_PASSWORD": PASSWORD,
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }
    try:
        with EmbeddedServers(folder):
            _prepare()
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("bootstrap_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def write_results(name: str, results: Mapping[str, Any]) -> None:
    """Write `benchmarks/results/<name>.json` with the machine and its load."""
    machine = {
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"about": machine, **results}, indent=1) + "\n", encoding="utf-8")
