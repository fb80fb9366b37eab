"""Working time between instants: a day's hours on the wall clock become intervals, and intervals are counted.

Pure; stands between the work calendar (`work_calendars.py`) and whatever tells a time in business hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
Interval = tuple[int, int]
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day by the clock on the wall; closing at 0:00 is the midnight that ends the day.

    A break counts where it falls within the hours, so the usual break serves a shorter day too.
    Raises: ValueError for a closing that is not after its opening, and for half a break.
    """

    day: date
    opens_at: time
    closes_at: time
    break_from: time | None = None
    break_to: time | None = None

    def __post_init__(self) -> None:
        if not is_in_order(self.opens_at, self.closes_at):
            raise ValueError(f"{self.day}: work ends at {self.closes_at}, not after {self.opens_at}")
        if self.break_from is None and self.break_to is None:
            return
        if self.break_from is None or self.break_to is None:
            raise ValueError(f"{self.day}: a break needs both its ends")
        if not is_in_order(self.break_from, self.break_to):
            raise ValueError(f"{self.day}: the break ends at {self.break_to}, not after {self.break_from}")


@dataclass(frozen=True, eq=False)
class Schedule:
    """Working intervals in order, disjoint and half-open.

    Units: UTC seconds since 1970, int64.
    """

    opens: Seconds
    closes: Seconds

    def seconds_between(self, starts: Any, ends: Any) -> Seconds:
        """Count the working seconds of each pair of instants.

        Shape: one number per pair. Units: UTC seconds since 1970, in and out.
        Time: half-open; ends are not before their starts. Outside the days built, nobody works.
        """
        return self.seconds_before(ends) - self.seconds_before(starts)

    def seconds_before(self, instants: Any) -> Seconds:
        """Count the working seconds from the first opening to each instant."""
        at = np.asarray(instants, dtype=np.int64)
        # Intervals that have begun count whole; what the last one has still to come is taken back.
        begun = np.searchsorted(self.opens, at, side="right")
        return self._worked[begun] - np.maximum(self._ends[begun] - at, 0)

    @cached_property
    def _worked(self) -> Seconds:
        """The seconds of the first 0, 1, 2 … intervals."""
        return np.concatenate(([0], np.cumsum(self.closes - self.opens))).astype(np.int64)

    @cached_property
    def _ends(self) -> Seconds:
        """The end of the last of the first 0, 1, 2 … intervals; of none, the beginning of time."""
        return np.concatenate(([np.iinfo(np.int64).min // 2], self.closes)).astype(np.int64)


def build_schedule(days: Iterable[DayHours], zone: ZoneInfo) -> Schedule:
    """Build the schedule of these days; a day that is not among them is a day off.

    Time: hours are the zone's wall clock. A time that the clock skips is the moment of the change, one that
    comes twice is the first of both, so work over a change of the clock is as long as it really lasts.
    Raises: ValueError when a day comes twice.
    """
    ordered = sorted(days, key=lambda hours: hours.day)
    if len({hours.day for hours in ordered}) < len(ordered):
        raise ValueError("a day comes twice")
    return join_intervals(interval for hours in ordered for interval in cut_intervals(hours, zone))


def join_intervals(intervals: Iterable[Interval]) -> Schedule:
    """Make a schedule of intervals that are in order and disjoint."""
    opens, closes = np.array(list(intervals), dtype=np.int64).reshape(-1, 2).T
    return Schedule(np.ascontiguousarray(opens), np.ascontiguousarray(closes))


def cut_intervals(hours: DayHours, zone: ZoneInfo) -> list[Interval]:
    """Cut one day's hours into working intervals around its break; those that the clock leaves empty are left out."""
    start, end = locate(hours.day, hours.opens_at, zone), locate_end(hours.day, hours.closes_at, zone)
    if hours.break_from is None or hours.break_to is None:
        parts = [(start, end)]
    else:
        leave, back = locate(hours.day, hours.break_from, zone), locate_end(hours.day, hours.break_to, zone)
        parts = [(start, min(leave, end)), (max(back, start), end)]
    return [(opens, closes) for opens, closes in parts if opens < closes]


def is_in_order(start: time, end: time) -> bool:
    """Tell whether an end, of which 0:00 is the midnight to come, is after its start."""
    return start < end or end == MIDNIGHT


def locate_end(day: date, at: time, zone: ZoneInfo) -> int:
    """Find the instant of a day's end of something; 0:00 is the midnight to come."""
    return locate(day + timedelta(days=1), at, zone) if at == MIDNIGHT else locate(day, at, zone)


def locate(day: date, at: time, zone: ZoneInfo) -> int:
    """Find the instant at which the zone's clock first shows a time, or jumps over it. Units: UTC seconds."""
    wall = datetime.combine(day, at, tzinfo=zone)
    instant = int(wall.timestamp())
    shown = datetime.fromtimestamp(instant, zone)
    if shown.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return find_change(zone, before=int(wall.replace(fold=1).timestamp()), after=instant)


def find_change(zone: ZoneInfo, *, before: int, after: int) -> int:
    """Find, between two instants, the first second at which the zone's offset is the later one's."""
    offset = datetime.fromtimestamp(after, UTC).astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
