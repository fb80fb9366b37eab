"""The Celery application; tasks are found in each app's `tasks` module."""

import os

from celery import Celery

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
broker.install()

app = Celery("itogi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
