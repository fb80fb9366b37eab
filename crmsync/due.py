"""When each job of a portal was last due. Pure: the same moment gives the same slot, whoever asks and how often."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def find_interval_start(now: datetime, *, seconds: int) -> datetime:
    """Give the newest moment not after `now` that is a whole number of intervals since the epoch."""
    return now - (now - EPOCH) % timedelta(seconds=seconds)


def find_night(now: datetime, *, hour: int, zone: ZoneInfo) -> datetime:
    """Give the newest moment not after `now` at which a local day reached this hour.

    *Time*: on a day without that hour it is the moment at which the clocks skip it; no day has two.
    """
    today = now.astimezone(zone).date()
    tonight = datetime.combine(today, time(hour), zone).astimezone(UTC)
    if tonight <= now:
        return tonight
    return datetime.combine(today - timedelta(days=1), time(hour), zone).astimezone(UTC)
