"""Instants and days as the portal writes them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.bitrix24.normalize import MalformedError, read_day, read_instant

NOTHING: list[Any] = [None, "", False, [], {}]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-14T10:15:00+03:00", at(2026, 3, 14, 7, 15)),
        ("2026-02-01T00:15:00+03:00", at(2026, 1, 31, 21, 15)),
        ("2026-03-14T00:00:00-05:00", at(2026, 3, 14, 5)),
        ("2026-03-14T10:15:00Z", at(2026, 3, 14, 10, 15)),
        ("2026-03-14T10:15:00.250000+00:00", at(2026, 3, 14, 10, 15, 0, 250_000)),
        (" 2026-03-14T10:15:00+05:30 ", at(2026, 3, 14, 4, 45)),
        ("0026-03-14T10:15:00+00:00", at(26, 3, 14, 10, 15)),
    ],
)
def test_instant_is_read_in_utc(raw: str, expected: datetime) -> None:
    found = read_instant(raw)
    assert found == expected
    assert found is not None and found.tzinfo is UTC


@pytest.mark.parametrize(
    "raw",
    [
        *NOTHING,
        *("9999-12-31T00:00:00+03:00", "9999-12-31T23:59:59-11:00", "9999-12-31"),
        *("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+03:00"),
    ],
)
def test_no_instant_is_none(raw: Any) -> None:
    assert read_instant(raw) is None


@pytest.mark.parametrize("raw", ["2026-03-14T10:15:00", "2026-03-14 10:15:00", "2026-03-14"])
def test_instant_without_an_offset_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedError, match="has no offset"):
        read_instant(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *(1772355600, "1772355600", 20260314, 99991231, 0, "0", True, [1], {"a": 1}),
        *("24.08.2023 13:19:39", "31.02.2026 25:61", "2026-02-30T10:00:00+03:00", "0000-00-00T00:00:00+03:00"),
        *("yesterday", "2026-03-14T10:15:00+99:00"),
    ],
)
def test_what_is_no_instant_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no date and time"):
        read_instant(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *("2026-09-09T03:00:00+03:00", "2026-09-09T02:00:00+02:00", "2026-09-09T00:00:00+03:00"),
        *("2026-09-09T00:00:00+00:00", "2026-09-09T00:00:00Z", "2026-09-09", " 2026-09-09 ", "2026-09-09 10:00:00"),
        *("2026-09-08T19:00:00-05:00", "2026-09-08T14:00:00-10:00", "2026-09-09T00:00:00-05:00"),
        *("09.09.2026", "09.09.2026 13:19:39"),
    ],
)
def test_day_is_read_whatever_time_stands_behind_it(raw: str) -> None:
    assert read_day(raw) == date(2026, 9, 9)


@pytest.mark.parametrize(
    "raw",
    [
        *NOTHING,
        *("9999-12-31T00:00:00+03:00", "9999-12-31T19:00:00-05:00", "31.12.9999"),
        *("0001-01-01", "0001-01-01T00:00:00+03:00", "01.01.0001", "9999-12-31"),
    ],
)
def test_no_day_is_none(raw: Any) -> None:
    assert read_day(raw) is None


@pytest.mark.parametrize(
    "raw",
    [20260909, True, [1], {"a": 1}, "2026-13-01", "2026-02-30", "31.02.2026", "aa.bb.cccc", "0000-00-00", "tomorrow"],
)
def test_what_is_no_day_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no date"):
        read_day(raw)


AWARE = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.timezones())


@given(AWARE)
def test_instant_survives_its_spelling(moment: datetime) -> None:
    assert read_instant(moment.isoformat()) == moment.astimezone(UTC)


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)), st.integers(-11, 14))
def test_day_at_midnight_of_the_server_survives(day: date, offset: int) -> None:
    """The portal keeps a day as its midnight in UTC and shows it in the server's offset."""
    shown = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + offset * 3600
    clock = datetime.fromtimestamp(shown, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert read_day(f"{clock}{offset:+03d}:00") == day
