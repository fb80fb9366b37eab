"""Periods: names, edges worked by hand, and the properties that every split and every zone must keep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kpis.periods import (
    EVERY,
    Period,
    PeriodError,
    add_months,
    bounds,
    is_whole_months,
    month_starts,
    parse_period,
    split,
)

NAMED = [
    ("2026", date(2026, 1, 1), date(2027, 1, 1), "2026"),
    ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), "2026-Q3"),
    ("2026-q4", date(2026, 10, 1), date(2027, 1, 1), "2026-Q4"),
    ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "2026-10"),
    ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
    ("2026-W41", date(2026, 10, 5), date(2026, 10, 12), "2026-W41"),
    ("2026-W01", date(2025, 12, 29), date(2026, 1, 5), "2026-W01"),
    ("2026-w53", date(2026, 12, 28), date(2027, 1, 4), "2026-W53"),
    (" 2026-10-05 ", date(2026, 10, 5), date(2026, 10, 6), "2026-10-05"),
    ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1), "2024-02-29"),
]
UNKNOWN = [
    *["2026-13", "2026-00", "2026-02-30", "2026-02-29", "2026-W60", "2026-W00", "2025-W53", "2026-Q5", "2026-Q0"],
    *["26", "20260", "2026-", "2026-1", "2026-W4", "2026-10-5", "2026/10", "10.2026", "october", "", "-2026"],
    *["0000", "1899", "3000", "２０２６", "2026-10-05T00:00", "2026-Q3-01", "2026-W41-1"],
]
# Zones with and without summer time, at midnight and elsewhere, with half hours, and on both sides of the date line.
ZONES = [
    *["Europe/Moscow", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "America/Havana"],
    *["Asia/Tehran", "Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo", "Atlantic/Azores", "Australia/Lord_Howe"],
    *["Pacific/Apia", "Pacific/Chatham", "UTC"],
]
DAYS = st.dates(date(1900, 1, 1), date(2998, 12, 1))
PERIODS = st.builds(
    lambda day, length: Period(day, day + timedelta(days=length), "any"), DAYS, st.integers(min_value=1, max_value=800)
)


@pytest.mark.parametrize(("text", "start", "end", "key"), NAMED)
def test_name_is_read(text: str, start: date, end: date, key: str) -> None:
    assert parse_period(text) == Period(start, end, key)


@pytest.mark.parametrize("text", UNKNOWN)
def test_name_of_no_period_is_refused_in_one_sentence(text: str) -> None:
    with translation.override("en"), pytest.raises(PeriodError) as refusal:
        parse_period(text)
    assert f"“{text}”" in str(refusal.value)
    assert "2026-W41" in str(refusal.value)


def test_weeks_are_cut_to_the_edges_and_keep_their_keys() -> None:
    parts = split(parse_period("2026-10"), every="week")
    assert parts[0] == Period(date(2026, 10, 1), date(2026, 10, 5), "2026-W40")
    assert parts[1] == parse_period("2026-W41")
    assert parts[-1] == Period(date(2026, 10, 26), date(2026, 11, 1), "2026-W44")


def test_week_over_new_year_keeps_its_iso_key_on_both_sides() -> None:
    assert split(parse_period("2026"), every="week")[-1] == Period(date(2026, 12, 28), date(2027, 1, 1), "2026-W53")
    assert split(parse_period("2027"), every="week")[0] == Period(date(2027, 1, 1), date(2027, 1, 4), "2026-W53")


def test_unit_larger_than_the_period_is_cut_to_it() -> None:
    assert split(parse_period("2026-10-05"), every="quarter") == [
        Period(date(2026, 10, 5), date(2026, 10, 6), "2026-Q4")
    ]


@pytest.mark.parametrize(("every", "count"), [("day", 365), ("week", 53), ("month", 12), ("quarter", 4)])
def test_year_has_its_parts(every: Any, count: int) -> None:
    assert len(split(parse_period("2026"), every=every)) == count


@given(period=PERIODS, every=st.sampled_from(EVERY))
def test_split_is_a_partition(period: Period, every: Any) -> None:
    parts = split(period, every=every)
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(part.start < part.end for part in parts)
    assert all(before.end == after.start for before, after in zip(parts, parts[1:], strict=False))
    assert len({part.key for part in parts}) == len(parts)


@given(period=PERIODS, every=st.sampled_from(EVERY), offset=st.integers(min_value=-2, max_value=801))
def test_every_day_is_in_exactly_one_part(period: Period, every: Any, offset: int) -> None:
    day = period.start + timedelta(days=offset)
    assert sum(day in part for part in split(period, every=every)) == (day in period)


@given(day=DAYS, every=st.sampled_from(EVERY))
def test_part_of_a_day_is_what_its_key_says(day: date, every: Any) -> None:
    part = split(Period(day, day + timedelta(days=1), ""), every=every)[0]
    assert day in parse_period(part.key)


@given(period=PERIODS)
def test_month_starts_are_those_the_period_touches(period: Period) -> None:
    days = [period.start + timedelta(days=number) for number in range((period.end - period.start).days)]
    assert month_starts(period) == sorted({day.replace(day=1) for day in days})


@pytest.mark.parametrize(("text", "whole"), [("2026", True), ("2026-Q1", True), ("2026-02", True), ("2026-W01", False)])
def test_whole_months_are_known(text: str, whole: bool) -> None:
    assert is_whole_months(parse_period(text)) == whole


def list_months(year: int) -> list[Period]:
    return [parse_period(f"{year}-{month:02d}") for month in range(1, 13)]


@pytest.mark.parametrize("name", ZONES)
@given(year=st.integers(2013, 2036), month=st.integers(0, 11), seconds=st.integers(-2, 2))
def test_instant_at_a_months_edge_is_in_exactly_one_month(name: str, year: int, month: int, seconds: int) -> None:
    zone = ZoneInfo(name)
    edge = bounds(list_months(year)[month], zone)[0] + timedelta(seconds=seconds)
    around = [*list_months(year - 1)[-1:], *list_months(year)]
    holders = [period for period in around if bounds(period, zone)[0] <= edge < bounds(period, zone)[1]]
    assert [edge.astimezone(zone).date() in period for period in holders] == [True]


@pytest.mark.parametrize("name", ZONES)
@given(day=st.dates(date(2013, 1, 1), date(2036, 12, 31)), seconds=st.integers(0, 86_399))
def test_instants_of_a_local_day_are_within_its_bounds(name: str, day: date, seconds: int) -> None:
    zone = ZoneInfo(name)
    start, end = bounds(parse_period(day.isoformat()), zone)
    at = start + timedelta(seconds=seconds)
    assert (at.astimezone(zone).date() == day) == (start <= at < end)
    assert start.utcoffset() == end.utcoffset() == timedelta(0)


EDGES = [
    ("Europe/Moscow", "2026-02", datetime(2026, 1, 31, 21, tzinfo=UTC), datetime(2026, 2, 28, 21, tzinfo=UTC)),
    ("Europe/Berlin", "2026-03", datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
    ("America/New_York", "2026-11", datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)),
    # Midnight does not exist on this day: clocks go from 23:59:59 to 01:00.
    ("America/Sao_Paulo", "2017-10-15", datetime(2017, 10, 15, 3, tzinfo=UTC), datetime(2017, 10, 16, 2, tzinfo=UTC)),
    # Midnight comes twice on this day: the first one begins it.
    ("America/Havana", "2026-11-01", datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
]


@pytest.mark.parametrize(("name", "text", "start", "end"), EDGES)
def test_bounds_are_the_zones_midnights(name: str, text: str, start: datetime, end: datetime) -> None:
    assert bounds(parse_period(text), ZoneInfo(name)) == (start, end)


@given(day=DAYS, count=st.integers(-600, 11))
def test_months_are_added_and_taken_away(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month, moved.day) == (day.year * 12 + day.month + count, 1)
