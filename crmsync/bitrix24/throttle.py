"""The portal's limits, kept by all processes together: a leaky bucket a host, and a rest for single methods."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crmsync.models.state import RateLimit

HEADROOM = 0.9  # requests bunch up on their way, so the portal's bucket is never filled to the brim
CLOCK_JUMP = timedelta(seconds=10)


class Throttle:
    """Admits requests to one host; `key` is the host, the same in every process that calls it.

    Units: `capacity` in requests, `leak` in requests per second; a leak of 0 means no limit.
    """

    def __init__(
        self,
        key: str,
        *,
        capacity: int,
        leak: float,
        clock: Callable[[], datetime] = timezone.now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.key = key
        self.capacity = capacity
        self.leak = leak
        self.clock = clock
        self.sleep = sleep

    def acquire(self) -> None:
        """Take the next place in line and wait until it comes."""
        if self.leak > 0 and (delay := self._reserve()) > 0:
            self.sleep(delay)

    def flood(self) -> None:
        """Mark the bucket as full: others than us have filled it."""
        if self.leak > 0:
            with transaction.atomic():
                self._pour(self._lock_row(), at_least=float(self.capacity))

    def pause(self, method: str, until: datetime) -> None:
        """Let a method rest, in every process."""
        RateLimit.objects.update_or_create(key=self._name(method), defaults={"paused_until": until})

    def paused_until(self, method: str) -> datetime | None:
        """Return when a resting method may be called again; None when it may be now."""
        until = RateLimit.objects.filter(key=self._name(method)).values_list("paused_until", flat=True).first()
        return until if until and until > self.clock() else None

    def _name(self, method: str) -> str:
        return f"{self.key} {method}"

    def _reserve(self) -> float:
        # The place is taken at once and waited for outside the transaction: nobody holds a
        # lock while asleep, and places are given in the order of asking.
        with transaction.atomic(durable=True):
            level = self._pour(self._lock_row(), drops=1.0)
        return max(0.0, level - max(1.0, self.capacity * HEADROOM)) / self.leak

    def _lock_row(self) -> RateLimit:
        row, _created = RateLimit.objects.select_for_update().get_or_create(key=self.key)
        return row

    def _pour(self, row: RateLimit, *, drops: float = 0.0, at_least: float = 0.0) -> float:
        """Bring the level to this moment, add to it, and return it."""
        now = self.clock()
        last = row.leaked_at or now
        # A clock a little behind another process's must not leak twice; one far behind has been set back.
        row.leaked_at = now if last - now > CLOCK_JUMP else max(last, now)
        leaked = max(0.0, (now - last).total_seconds()) * self.leak
        row.level = max(max(0.0, row.level - leaked) + drops, at_least)
        row.save(update_fields=["level", "leaked_at"])
        return row.level
