"""When a job was last due: the same answer for whoever asks, also on days on which the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.due import find_interval_start, find_night

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "seconds", "due"),
    [
        ("2026-03-02T12:00:00Z", 600, "2026-03-02T12:00:00Z"),
        ("2026-03-02T12:09:59Z", 600, "2026-03-02T12:00:00Z"),
        ("2026-03-02T12:10:00Z", 600, "2026-03-02T12:10:00Z"),
        ("2026-03-02T12:00:31Z", 30, "2026-03-02T12:00:30Z"),
    ],
)
def test_interval_starts_are_whole_numbers_of_intervals(now: str, seconds: int, due: str) -> None:
    assert find_interval_start(at(now), seconds=seconds) == at(due)


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-03-02T02:00:00+03:00", MOSCOW, "2026-03-02T02:00:00+03:00"),
        ("2026-03-02T01:59:59+03:00", MOSCOW, "2026-03-01T02:00:00+03:00"),
        # 29 March 2026: Berlin's clocks skip from 02:00 to 03:00; on 25 October the hour comes twice.
        ("2026-03-29T12:00:00+02:00", BERLIN, "2026-03-29T03:00:00+02:00"),
        ("2026-10-25T02:30:00+01:00", BERLIN, "2026-10-25T02:00:00+02:00"),
    ],
)
def test_night_is_a_local_hour(now: str, zone: ZoneInfo, due: str) -> None:
    assert find_night(at(now), hour=2, zone=zone) == at(due)


@given(INSTANTS, st.integers(0, 23), st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "UTC"]))
def test_every_moment_has_one_night_within_a_day_and_an_hour(now: datetime, hour: int, zone: str) -> None:
    night = find_night(now, hour=hour, zone=ZoneInfo(zone))
    assert timedelta(0) <= now - night <= timedelta(hours=25)
    assert find_night(night, hour=hour, zone=ZoneInfo(zone)) == night


@given(INSTANTS, st.integers(10, 86_400))
def test_interval_start_is_its_own_start(now: datetime, seconds: int) -> None:
    due = find_interval_start(now, seconds=seconds)
    assert timedelta(0) <= now - due < timedelta(seconds=seconds)
    assert find_interval_start(due, seconds=seconds) == due
