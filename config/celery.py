"""The Celery application; tasks are found in each app's `tasks` module."""

import os

from celery import Celery
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# When a connection breaks, kombu 5.7 would give unconfirmed tasks back to Redis over that very connection, and the
# error ends the worker. Nothing needs to be given back: the next tick wakes workers for whatever is still due.
redis.Channel.do_restore = False

app = Celery("itogi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
