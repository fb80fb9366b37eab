"""Response times in business hours, each by the schedule of the employee for whom it counts."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from crmsync.models import Portal
from kpis.derived.pairing import NOBODY
from kpis.work.calendars import load_schedules


def count_business_seconds(
    portal: Portal, employees: pd.Series, starts: pd.Series, ends: pd.Series
) -> np.ndarray | None:
    """Count the working seconds between instants. Empty: None when the portal has no work calendar.

    Units: instants in seconds since 1970.
    """
    if employees.empty:
        return None
    # A day more on either side holds whatever the portal's zone makes of the instants.
    first, last = find_day(starts.min()) - timedelta(days=1), find_day(ends.max()) + timedelta(days=1)
    schedules = load_schedules(portal, first=first, last=last)
    if schedules is None:
        return None
    seconds = np.zeros(len(employees), dtype=np.int64)
    begun, ended = starts.to_numpy(), ends.to_numpy()
    for employee, at in employees.groupby(employees.to_numpy()).indices.items():
        schedule = schedules.of(None if employee == NOBODY else int(employee))
        seconds[at] = schedule.seconds_between(begun[at], ended[at])
    return seconds


def find_day(seconds: int) -> date:
    """Find the UTC day of an instant."""
    return datetime.fromtimestamp(int(seconds), UTC).date()
