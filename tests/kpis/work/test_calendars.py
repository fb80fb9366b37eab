"""Whose hours count on which day: precedence, Russia's holidays and moves, absences, and what loading costs."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from crmsync.models import Employee, Portal
from kpis.models import Absence, CalendarDay, WorkCalendar
from kpis.periods import day_of, parse_period
from kpis.work.calendars import Schedules, load_schedules
from kpis.work.public_days import find_public_days
from tests.conftest import Cast

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
MONDAY = date(2026, 3, 16)
HOUR = 3600


@pytest.fixture
def calendar(portal: Portal) -> WorkCalendar:
    """Monday to Friday, nine to six without a break, Russia's holidays."""
    return WorkCalendar.objects.create(portal=portal)


def load(portal: Portal) -> Schedules:
    schedules = load_schedules(portal, first=FIRST, last=LAST)
    assert schedules is not None
    return schedules


def wait(portal: Portal, asked: str, answered: str, employee: Employee | None = None) -> int:
    """Tell the working minutes between two moments in the portal's zone."""
    moments = (int(datetime.fromisoformat(text).replace(tzinfo=portal.zone).timestamp()) for text in (asked, answered))
    schedule = load(portal).of(employee.pk if employee else None)
    start, end = moments
    return int(schedule.seconds_between([start], [end])[0]) // 60


def tell_hours(portal: Portal, day: date, employee: Employee | None = None) -> float:
    return wait(portal, f"{day} 00:00", f"{day + timedelta(days=1)} 00:00", employee) / 60


def mark(portal: Portal, day: date, by: Employee | None, *hours: int) -> CalendarDay:
    """Enter a special day: its hours, or a day off."""
    opens, closes = (time(hour) for hour in hours) if hours else (None, None)
    return CalendarDay.objects.create(portal=portal, employee=by, day=day, opens_at=opens, closes_at=closes)


def be_away(employee: Employee, first: date, last: date) -> Absence:
    return Absence.objects.create(portal=employee.portal, employee=employee, first_on=first, last_on=last)


def test_portal_without_a_calendar_has_no_schedules(portal: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    WorkCalendar.objects.create(portal=other)
    mark(portal, MONDAY, None, 9, 12)
    assert load_schedules(portal, first=FIRST, last=LAST) is None


def test_lead_of_friday_evening_waits_ten_minutes_on_monday(portal: Portal, calendar: WorkCalendar) -> None:
    assert wait(portal, "2026-03-13 18:30", "2026-03-16 09:10") == 10


def test_calendars_break_counts_for_nobody(portal: Portal, calendar: WorkCalendar) -> None:
    calendar.break_from, calendar.break_to = time(13), time(14)
    calendar.save()
    assert wait(portal, "2026-03-16 13:20", "2026-03-16 14:05") == 5
    assert tell_hours(portal, MONDAY) == 8


def test_new_year_in_russia_is_no_working_time(portal: Portal, calendar: WorkCalendar) -> None:
    # 31 December is off for 5 January, 9 January 2026 for 3 January; 10 and 11 are a weekend.
    assert wait(portal, "2025-12-30 17:45", "2026-01-12 09:30") == 45
    assert wait(portal, "2025-12-31 09:00", "2026-01-11 23:00") == 0


def test_working_day_moved_to_a_saturday_is_worked(portal: Portal, calendar: WorkCalendar) -> None:
    # Saturday 1 November 2025 was worked for Monday the 3rd, and 4 November is a holiday.
    assert wait(portal, "2025-10-31 17:00", "2025-11-05 10:00") == 60 + 9 * 60 + 60
    assert [tell_hours(portal, date(2025, 11, day)) for day in (1, 2, 3, 4, 5)] == [9, 0, 0, 0, 9]


def test_calendar_without_a_country_knows_no_holidays(portal: Portal, calendar: WorkCalendar) -> None:
    WorkCalendar.objects.update(country="")
    assert [tell_hours(portal, date(2025, 11, day)) for day in (1, 3, 4)] == [0, 9, 9]


def test_weekdays_are_the_calendars(portal: Portal, calendar: WorkCalendar) -> None:
    WorkCalendar.objects.update(weekdays=[1, 5])
    worked = [day for day in range(7) if tell_hours(portal, MONDAY + timedelta(days=day))]
    assert worked == [1, 5]


PRECEDENCE: list[tuple[str, list[Callable[[Portal, Employee], Any]], float, float]] = [
    ("a weekday", [], 9, 9),
    ("the portal's day", [lambda portal, bob: mark(portal, MONDAY, None, 10, 14)], 4, 4),
    ("the portal's day off", [lambda portal, bob: mark(portal, MONDAY, None)], 0, 0),
    ("an absence", [lambda portal, bob: be_away(bob, MONDAY, MONDAY)], 9, 0),
    (
        "an absence over the portal's day",
        [lambda portal, bob: mark(portal, MONDAY, None, 10, 14), lambda portal, bob: be_away(bob, MONDAY, MONDAY)],
        4,
        0,
    ),
    ("an own day off", [lambda portal, bob: mark(portal, MONDAY, bob)], 9, 0),
    (
        "own hours over an absence",
        [lambda portal, bob: be_away(bob, MONDAY, MONDAY), lambda portal, bob: mark(portal, MONDAY, bob, 9, 11)],
        9,
        2,
    ),
    (
        "own hours over the portal's day off",
        [lambda portal, bob: mark(portal, MONDAY, None), lambda portal, bob: mark(portal, MONDAY, bob, 9, 12)],
        0,
        3,
    ),
]


@pytest.mark.parametrize(("name", "entries", "all_hours", "bobs"), PRECEDENCE, ids=[case[0] for case in PRECEDENCE])
def test_nearer_entry_precedes(
    portal: Portal,
    cast: Cast,
    calendar: WorkCalendar,
    name: str,
    entries: list[Callable[[Portal, Employee], Any]],
    all_hours: float,
    bobs: float,
) -> None:
    for enter in entries:
        enter(portal, cast.bob)
    assert [tell_hours(portal, MONDAY, by) for by in (None, cast.carol, cast.bob)] == [all_hours, all_hours, bobs]
    assert tell_hours(portal, MONDAY + timedelta(days=1), cast.bob) == 9


def test_portals_day_precedes_a_public_holiday(portal: Portal, calendar: WorkCalendar) -> None:
    holiday, moved = date(2026, 11, 4), date(2025, 11, 1)
    mark(portal, holiday, None, 9, 12)
    mark(portal, moved, None)
    assert [tell_hours(portal, day) for day in (holiday, moved)] == [3, 0]


def test_special_day_keeps_the_break_that_falls_into_it(portal: Portal, calendar: WorkCalendar) -> None:
    WorkCalendar.objects.update(break_from=time(13), break_to=time(14))
    mark(portal, MONDAY, None, 9, 17)
    mark(portal, MONDAY + timedelta(days=1), None, 10, 13)
    assert [tell_hours(portal, MONDAY + timedelta(days=day)) for day in (0, 1)] == [7, 3]


def test_absence_takes_both_its_days(portal: Portal, cast: Cast, calendar: WorkCalendar) -> None:
    be_away(cast.bob, MONDAY, MONDAY + timedelta(days=2))
    assert wait(portal, "2026-03-13 17:00", "2026-03-19 10:00", cast.bob) == 120
    assert wait(portal, "2026-03-13 17:00", "2026-03-19 10:00", cast.carol) == 120 + 3 * 9 * 60


def test_absence_that_begins_before_the_range_counts_in_it(portal: Portal, cast: Cast, calendar: WorkCalendar) -> None:
    be_away(cast.bob, FIRST - timedelta(days=400), FIRST + timedelta(days=8))
    be_away(cast.bob, LAST, LAST + timedelta(days=400))
    assert load(portal).count_days(parse_period("2024-01"), employee=cast.bob.pk) == 23 - 6 - 1
    assert load(portal).count_days(day_of(LAST - timedelta(days=1)), employee=cast.bob.pk) == 1


def test_other_portals_entries_stay_out(portal: Portal, cast: Cast, calendar: WorkCalendar) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    WorkCalendar.objects.create(portal=other, opens_at=time(1), closes_at=time(2))
    mark(other, MONDAY, None)
    assert tell_hours(portal, MONDAY) == 9
    assert tell_hours(other, MONDAY + timedelta(days=1)) == 1


def test_employee_without_anything_special_has_the_portals_schedule(
    portal: Portal, cast: Cast, calendar: WorkCalendar
) -> None:
    be_away(cast.bob, MONDAY, MONDAY)
    schedules = load(portal)
    assert schedules.of(cast.carol.pk) is schedules.of(None) is schedules.of(-1)
    assert schedules.of(cast.bob.pk) is schedules.of(cast.bob.pk)
    assert schedules.of(cast.bob.pk) is not schedules.of(None)


def test_zone_is_the_portals(portal: Portal, calendar: WorkCalendar) -> None:
    Portal.objects.update(time_zone="Asia/Vladivostok")
    portal.refresh_from_db()
    opens = load(portal).of(None).opens.tolist()
    assert int(datetime(2026, 3, 16, 9, tzinfo=ZoneInfo("Asia/Vladivostok")).timestamp()) in opens


def test_working_days_of_a_period_are_counted(portal: Portal, cast: Cast, calendar: WorkCalendar) -> None:
    # March 2026: 22 weekdays, of which Monday the 9th is a holiday.
    be_away(cast.bob, MONDAY, MONDAY + timedelta(days=6))
    mark(portal, date(2026, 3, 28), None, 10, 12)
    schedules = load(portal)
    march = parse_period("2026-03")
    assert schedules.count_days(march) == schedules.count_days(march, employee=cast.carol.pk) == 22
    assert schedules.count_days(march, employee=cast.bob.pk) == 17
    assert schedules.count_days(day_of(MONDAY), employee=cast.bob.pk) == 0


@pytest.mark.parametrize("period", ["2023-12", "2027-01-01", "2023"])
def test_period_beyond_the_days_loaded_is_refused(portal: Portal, calendar: WorkCalendar, period: str) -> None:
    with pytest.raises(ValueError, match="is not within 2024-01-01 – 2026-12-31"):
        load(portal).count_days(parse_period(period))
    assert load(portal).count_days(parse_period("2026")) == 247


def test_loading_costs_three_queries_however_many_people(
    portal: Portal, cast: Cast, calendar: WorkCalendar, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for person in cast:
        be_away(person, MONDAY, MONDAY)
        mark(portal, MONDAY, person, 9, 10)
    with django_assert_num_queries(3):
        schedules = load(portal)
        assert len({id(schedules.of(person.pk)) for person in cast}) == 4


@pytest.mark.parametrize(
    ("year", "days"), [(2021, 247), (2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247)]
)
def test_russias_years_have_the_working_days_of_its_production_calendar(
    portal: Portal, calendar: WorkCalendar, year: int, days: int
) -> None:
    schedules = load_schedules(portal, first=date(year, 1, 1), last=date(year, 12, 31))
    assert schedules is not None
    assert schedules.count_days(parse_period(str(year))) == days


def test_public_days_lie_within_the_range_and_speak_the_language_in_force() -> None:
    found = find_public_days("RU", first=date(2026, 11, 1), last=date(2026, 11, 30), language="ru")
    assert found.off == {date(2026, 11, 4): "День народного единства"}
    assert found.moved == frozenset()
    english = find_public_days("RU", first=date(2025, 11, 1), last=date(2025, 11, 4), language="en")
    assert english.off[date(2025, 11, 4)] == "Unity Day"
    assert english.moved == {date(2025, 11, 1)}


@pytest.mark.parametrize("country", ["DE", "KZ", "BY"])
def test_language_that_a_country_lacks_becomes_one_that_it_has(country: str) -> None:
    found = find_public_days(country, first=date(2026, 1, 1), last=date(2026, 1, 1), language="ru")
    assert found.off[date(2026, 1, 1)]


@pytest.mark.parametrize("country", ["XX", "ru", "RUS"])
def test_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(ValueError, match=country):
        find_public_days(country, first=FIRST, last=LAST)
