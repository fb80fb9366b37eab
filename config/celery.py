"""The Celery application; tasks are found in each app's `tasks` module."""

import os

from celery import Celery
from kombu import transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Named, not imported: only who uses Redis loads it.
transport.TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "config.broker:Transport")

app = Celery("itogi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
