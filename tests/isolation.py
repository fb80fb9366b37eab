"""A pytest plugin, loaded before the settings: a data folder of its own, and no knob from outside but DATABASE_URL."""

import os
import shutil
import tempfile

KNOBS = (
    "ALLOWED_HOSTS",
    "API_RATE",
    "API_REFUSALS_RATE",
    "CELERY_BROKER_URL",
    "CELERY_QUEUE",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "EMAIL_FROM",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_SECURITY",
    "FIELD_ENCRYPTION_KEYS",
    "LANGUAGE_CODE",
    "LOG_LEVEL",
    "PROXIES",
    "SECRET_KEY",
    "SECURE",
    "TIME_ZONE",
)
for knob in KNOBS:
    os.environ.pop(knob, None)
DATA_DIR = os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="itogi-tests-")


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)
