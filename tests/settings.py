"""The product's settings as the tests run them: own servers, cheap passwords, a folder per process."""

import os
from pathlib import Path

from labelapp.home.sockets import socket_dir

TEST_DIR = Path(__file__).resolve().parents[1] / ".local" / "test"
# xdist's processes and the programs that tests start inherit the run's number and compute the same names.
TEST_RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))
RUN_DIR = TEST_DIR / "runs" / f"{TEST_RUN}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

os.environ["DATA_DIR"] = str(RUN_DIR)
os.environ.setdefault("SECRET_KEY", "of the tests only, and long enough for the deploy check 0123456789")
# Playwright keeps an event loop running in the test's thread; the tests' own queries are still synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from labelapp.settings import *  # noqa: E402, F403
from labelapp.settings import DATABASES, STORAGES  # noqa: E402

if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["HOST"] = str(socket_dir(TEST_DIR))
DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{TEST_RUN}"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files come straight from the apps' folders.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
