"""When things happen in the made-up company: busy months, weekdays, working hours, steady growth."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.random import Generator

from crmsync.sandbox.columns import Array
from crmsync.sandbox.instants import DAY_SECONDS

MONTH_WEIGHTS = np.array([0.70, 0.95, 1.10, 1.05, 0.85, 0.95, 0.85, 0.85, 1.10, 1.15, 1.15, 1.30])
WEEKDAY_WEIGHTS = np.array([1.10, 1.15, 1.10, 1.05, 0.90, 0.18, 0.10])
YEARLY_GROWTH = 0.18
HISTORY_DAYS = 1096
HOURS = np.array([0, 8, 9, 10, 12, 13, 14, 16, 18, 19, 21, 24]) * 3600
HOURS_PASSED = np.array([0, 0.02, 0.08, 0.22, 0.45, 0.50, 0.60, 0.80, 0.93, 0.96, 0.99, 1.0])


@dataclass(frozen=True)
class Calendar:
    """The span of the history: it ends at `now`, days are the portal's own.

    Units: epoch seconds; offset in seconds.
    """

    now: int
    offset: int
    days: int = HISTORY_DAYS

    @property
    def first_day(self) -> int:
        """Return the number of the first day."""
        return (self.now + self.offset) // DAY_SECONDS - self.days + 1

    @property
    def start(self) -> int:
        """Return the first moment."""
        return self.first_day * DAY_SECONDS - self.offset

    def draw_moments(self, chance: Generator, size: int) -> Array:
        """Draw moments over the whole span, in order."""
        passed = np.cumsum(self.day_weights())
        days = np.searchsorted(passed, chance.random(size) * passed[-1], side="right")
        at = self.start + days * DAY_SECONDS + draw_seconds(chance, size)
        # What would still be ahead happened last week.
        return np.sort(np.where(at >= self.now, at - 7 * DAY_SECONDS, at))

    def day_weights(self) -> Array:
        """Return how busy each day is."""
        numbers = np.arange(self.first_day, self.first_day + self.days)
        months = np.array([datetime.fromtimestamp(int(n) * DAY_SECONDS, UTC).month - 1 for n in numbers])
        growth = (1 + YEARLY_GROWTH) ** (np.arange(self.days) / 365)
        return MONTH_WEIGHTS[months] * WEEKDAY_WEIGHTS[(numbers + 3) % 7] * growth

    def snap_to_work(self, chance: Generator, at: Array) -> Array:
        """Move moments into working hours of the same day, those of a weekend to Monday."""
        days = (at + self.offset) // DAY_SECONDS
        weekday = (days + 3) % 7
        days = days + np.where(weekday > 4, 7 - weekday, 0)
        return days * DAY_SECONDS - self.offset + draw_seconds(chance, len(at))


def draw_seconds(chance: Generator, size: int) -> Array:
    """Draw seconds of the day, most of them in working hours."""
    return np.interp(chance.random(size), HOURS_PASSED, HOURS).astype(np.int64).clip(0, DAY_SECONDS - 1)
