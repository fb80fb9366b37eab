"""The workers' pulse: a row that every tick taken from the queue renews, so that a deaf queue is noticed."""

import socket
from datetime import datetime, timedelta

from crmsync.models import Heartbeat

SILENCE = timedelta(minutes=3)
FORGOTTEN = timedelta(days=7)


def beat_heart(now: datetime) -> None:
    """Note that this machine's workers take tasks; machines that are gone for good are forgotten."""
    Heartbeat.objects.update_or_create(worker=socket.gethostname()[:100], defaults={"seen_at": now})
    Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def find_last_beat() -> datetime | None:
    """Find when any worker last took a task. *Empty*: None when none ever did."""
    return Heartbeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def is_silent(now: datetime) -> bool:
    """Tell whether the workers have been silent for too long: none runs, or the queue does not reach them."""
    last = find_last_beat()
    return last is None or now - last > SILENCE
