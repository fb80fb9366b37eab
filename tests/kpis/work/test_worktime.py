"""Working time between instants: worked numbers, changes of the clock, and the laws that any counting keeps."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.work.worktime import DayHours, Schedule, build_schedule

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 3, 6)
MONDAY = date(2026, 3, 9)
NINE, SIX = time(9), time(18)
LUNCH = (time(13), time(14))
MINUTE, HOUR = 60, 3600


def write(day: date, at: str, zone: ZoneInfo = MOSCOW) -> int:
    """Write a moment of a day as seconds since 1970."""
    return int(datetime.combine(day, time.fromisoformat(at), tzinfo=zone).timestamp())


def span(schedule: Schedule, start: int, end: int) -> int:
    return int(schedule.seconds_between([start], [end])[0])


@pytest.fixture
def office() -> Schedule:
    """Friday and Monday, nine to six."""
    return build_schedule([DayHours(day, NINE, SIX) for day in (FRIDAY, MONDAY)], MOSCOW)


@pytest.fixture
def with_lunch() -> Schedule:
    return build_schedule([DayHours(FRIDAY, NINE, SIX, *LUNCH)], MOSCOW)


def test_weekend_is_no_working_time(office: Schedule) -> None:
    asked, answered = write(FRIDAY, "18:30"), write(MONDAY, "09:10")
    assert answered - asked == 3_760 * MINUTE
    assert span(office, asked, answered) == 10 * MINUTE


def test_evening_is_no_working_time(office: Schedule) -> None:
    assert span(office, write(FRIDAY, "18:30"), write(FRIDAY, "22:45")) == 0
    assert span(office, write(MONDAY, "05:00"), write(MONDAY, "08:59:59")) == 0


@pytest.mark.parametrize(
    ("asked", "answered", "minutes"),
    [
        ("09:00", "18:00", 480),
        ("13:20", "14:05", 5),
        ("12:50", "13:30", 10),
        ("12:50", "14:10", 20),
        ("13:01", "13:59", 0),
        ("14:00", "14:00", 0),
        ("17:59", "18:01", 1),
    ],
)
def test_break_is_no_working_time(with_lunch: Schedule, asked: str, answered: str, minutes: int) -> None:
    assert span(with_lunch, write(FRIDAY, asked), write(FRIDAY, answered)) == minutes * MINUTE


def test_pairs_are_counted_at_once(office: Schedule) -> None:
    starts = np.array([write(FRIDAY, "17:00"), write(MONDAY, "10:00")])
    ends = np.array([write(MONDAY, "10:00"), write(MONDAY, "10:00:07")])
    assert office.seconds_between(starts, ends).tolist() == [2 * HOUR, 7]
    assert office.seconds_between(starts, ends).dtype == np.int64
    assert office.seconds_between([], []).tolist() == []


def test_nobody_works_outside_the_days_built(office: Schedule) -> None:
    assert span(office, 0, write(date(2100, 1, 1), "00:00")) == 18 * HOUR
    assert span(build_schedule([], MOSCOW), 0, write(MONDAY, "10:00")) == 0


def test_days_may_come_in_any_order(office: Schedule) -> None:
    other = build_schedule([DayHours(day, NINE, SIX) for day in (MONDAY, FRIDAY)], MOSCOW)
    assert other.opens.tolist() == office.opens.tolist() == [write(FRIDAY, "09:00"), write(MONDAY, "09:00")]


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [("10:00", "14:00", 3), ("10:00", "13:30", 3), ("13:15", "16:00", 2), ("15:00", "16:00", 1), ("09:00", "12:00", 3)],
)
def test_break_counts_where_it_falls_within_the_hours(opens: str, closes: str, hours: int) -> None:
    day = DayHours(FRIDAY, time.fromisoformat(opens), time.fromisoformat(closes), *LUNCH)
    schedule = build_schedule([day], MOSCOW)
    assert span(schedule, write(FRIDAY, "00:00"), write(MONDAY, "00:00")) == hours * HOUR
    assert (schedule.opens < schedule.closes).all()


def test_midnight_may_end_a_day() -> None:
    days = [DayHours(FRIDAY + timedelta(days=number), time(), time()) for number in range(2)]
    schedule = build_schedule(days, MOSCOW)
    assert span(schedule, write(FRIDAY, "23:00"), write(FRIDAY + timedelta(days=1), "01:00")) == 2 * HOUR
    assert (schedule.closes - schedule.opens).tolist() == [24 * HOUR, 24 * HOUR]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "utc"),
    [
        (date(2026, 3, 27), "09:00", "18:00", ("08:00", "17:00")),
        (date(2026, 3, 30), "09:00", "18:00", ("07:00", "16:00")),
        (date(2026, 3, 29), "01:00", "05:00", ("00:00", "03:00")),
        (date(2026, 3, 29), "02:30", "05:00", ("01:00", "03:00")),
        (date(2026, 3, 29), "00:30", "02:30", ("23:30", "01:00")),
        (date(2026, 10, 25), "01:00", "05:00", ("23:00", "04:00")),
        (date(2026, 10, 25), "02:30", "05:00", ("00:30", "04:00")),
        (date(2026, 10, 25), "01:00", "02:30", ("23:00", "00:30")),
    ],
)
def test_hours_are_the_wall_clocks(day: date, opens: str, closes: str, utc: tuple[str, str]) -> None:
    hours = DayHours(day, time.fromisoformat(opens), time.fromisoformat(closes))
    schedule = build_schedule([hours], BERLIN)
    edges = [*schedule.opens.tolist(), *schedule.closes.tolist()]
    assert [f"{datetime.fromtimestamp(edge, UTC):%H:%M}" for edge in edges] == list(utc)


def test_hours_that_the_clock_skips_are_none() -> None:
    spring = date(2026, 3, 29)
    assert build_schedule([DayHours(spring, time(2), time(3))], BERLIN).opens.tolist() == []
    whole = build_schedule([DayHours(spring, NINE, SIX, *LUNCH)], BERLIN)
    broken = build_schedule([DayHours(spring, time(1), time(9), time(2, 15), time(2, 45))], BERLIN)
    assert (whole.closes - whole.opens).sum() == 8 * HOUR
    assert (broken.closes - broken.opens).sum() == 7 * HOUR


def test_lead_over_the_change_of_the_clock_waits_working_hours_only() -> None:
    days = [date(2026, 3, 27), date(2026, 3, 30)]
    office = build_schedule([DayHours(day, NINE, SIX) for day in days], BERLIN)
    asked, answered = write(days[0], "17:50", BERLIN), write(days[1], "09:20", BERLIN)
    assert (answered - asked) // MINUTE == 62 * 60 + 30
    assert span(office, asked, answered) == 30 * MINUTE


@pytest.mark.parametrize(
    ("opens", "closes", "rest"),
    [
        (SIX, NINE, ()),
        (NINE, NINE, ()),
        (NINE, SIX, (time(13), None)),
        (NINE, SIX, (None, time(13))),
        (NINE, SIX, LUNCH[::-1]),
    ],
)
def test_hours_that_make_no_sense_are_refused(opens: time, closes: time, rest: tuple[time | None, ...]) -> None:
    with pytest.raises(ValueError, match="2026-03-06"):
        DayHours(FRIDAY, opens, closes, *rest)


def test_day_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        build_schedule([DayHours(FRIDAY, NINE, SIX), DayHours(FRIDAY, NINE, time(12))], MOSCOW)


ZONES = [MOSCOW, BERLIN, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]
# Both changes of the clock of Berlin and of Lord Howe, where it moves by half an hour, are among the days that follow.
STARTS = [date(2026, 3, 26), date(2026, 4, 3), date(2026, 10, 1), date(2026, 10, 23)]
# Before three a time may come twice; what then counts is a rule of its own.
TIMES = st.integers(3 * 60, 24 * 60 - 1).map(lambda number: time(*divmod(number, 60)))


PAIRS = st.sets(TIMES, min_size=2, max_size=2)


class Drawn(NamedTuple):
    start: int
    zone: ZoneInfo
    days: dict[date, DayHours]
    schedule: Schedule

    def is_worked(self, second: int) -> bool:
        """Look at the clock on the wall."""
        shown = datetime.fromtimestamp(second, self.zone)
        hours, at = self.days.get(shown.date()), shown.time()
        if hours is None or not hours.opens_at <= at < hours.closes_at:
            return False
        return not (hours.break_from and hours.break_to and hours.break_from <= at < hours.break_to)


@st.composite
def schedules(draw: st.DrawFn) -> Drawn:
    """Draw up to six days with hours and breaks of any kind."""
    first, zone = draw(st.sampled_from(STARTS)), draw(st.sampled_from(ZONES))
    days = {}
    for number in draw(st.sets(st.integers(0, 5))):
        opens, closes, leave, back = (*sorted(draw(PAIRS)), *sorted(draw(PAIRS)))
        day = first + timedelta(days=number)
        days[day] = DayHours(day, opens, closes, *draw(st.sampled_from([(), (leave, back)])))
    return Drawn(write(first, "00:00", zone), zone, days, build_schedule(days.values(), zone))


@given(schedules(), st.lists(st.integers(-HOUR, 7 * 24 * HOUR), min_size=3, max_size=3).map(sorted))
def test_parts_of_a_wait_add_up_and_none_is_longer_than_the_clocks(drawn: Drawn, moments: list[int]) -> None:
    a, b, c = (drawn.start + moment for moment in moments)
    assert span(drawn.schedule, a, b) + span(drawn.schedule, b, c) == span(drawn.schedule, a, c)
    assert 0 <= span(drawn.schedule, a, b) <= b - a
    assert span(drawn.schedule, a, a) == 0


@settings(max_examples=50, deadline=None)
@given(schedules(), st.integers(0, 6 * 24 * 60), st.integers(0, 2 * 24 * 60))
def test_count_equals_a_slow_one_minute_by_minute(drawn: Drawn, start: int, length: int) -> None:
    begin = drawn.start + start * MINUTE
    end = begin + length * MINUTE
    slow = sum(MINUTE for second in range(begin, end, MINUTE) if drawn.is_worked(second))
    assert span(drawn.schedule, begin, end) == slow


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2), st.sampled_from([(BERLIN, 3, 29), (ZONES[3], 10, 4)])
)
def test_skipped_hour_is_never_worked(minutes: set[int], change: tuple[ZoneInfo, int, int]) -> None:
    zone, month, number = change
    day, (opens, closes) = date(2026, month, number), (time(*divmod(minute, 60)) for minute in sorted(minutes))
    hours = DayHours(day, opens, closes)
    begin = write(day, "00:00", zone)
    drawn = Drawn(begin, zone, {day: hours}, build_schedule([hours], zone))
    slow = sum(MINUTE for second in range(begin, begin + 26 * HOUR, MINUTE) if drawn.is_worked(second))
    assert span(drawn.schedule, begin, begin + 26 * HOUR) == slow


def test_schedule_is_sorted_and_disjoint_through_years() -> None:
    days = [DayHours(date(2024, 1, 1) + timedelta(days=number), time(), time(), *LUNCH) for number in range(1096)]
    schedule = build_schedule(days, BERLIN)
    edges = np.stack((schedule.opens, schedule.closes), axis=1).ravel()
    assert (np.diff(edges) >= 0).all()
    assert edges[-1] - edges[0] - 1096 * HOUR == (schedule.closes - schedule.opens).sum()
