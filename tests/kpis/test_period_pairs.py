"""What a period is compared with: the one before, the one a year before, and as many days as have begun."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.earlier_periods import cut, elapsed_days, keep_pace, previous, year_before
from kpis.periods import UNITS, Period, parse_period

BEFORE = [
    ("2026", "2025"),
    ("2026-Q3", "2026-Q2"),
    ("2026-Q1", "2025-Q4"),
    ("2026-03", "2026-02"),
    ("2026-01", "2025-12"),
    ("2026-W41", "2026-W40"),
    ("2027-W01", "2026-W53"),
    ("2026-W01", "2025-W52"),
    ("2026-03-01", "2026-02-28"),
    ("2024-03-01", "2024-02-29"),
    ("2026-01-01", "2025-12-31"),
]
YEAR_BEFORE = [
    ("2026", "2025"),
    ("2026-Q3", "2025-Q3"),
    ("2025-02", "2024-02"),
    ("2024-02", "2023-02"),
    ("2026-W41", "2025-W41"),
    ("2026-W53", "2025-W52"),
    ("2021-W52", "2020-W52"),
    ("2026-10-05", "2025-10-05"),
    ("2024-02-29", "2023-02-28"),
    ("2024-02-28", "2023-02-28"),
    ("2025-02-28", "2024-02-28"),
]
NAMED = st.builds(
    lambda day, unit: UNITS[unit](day), st.dates(date(1905, 1, 1), date(2990, 1, 1)), st.sampled_from([*UNITS])
)
OCTOBER, SEPTEMBER, FEBRUARY = (parse_period(name) for name in ("2026-10", "2026-09", "2026-02"))


def free(first: str, last: str, key: str = "any") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1), key)


@pytest.mark.parametrize(("name", "before"), BEFORE)
def test_period_before(name: str, before: str) -> None:
    assert previous(parse_period(name)) == parse_period(before)


@pytest.mark.parametrize(("name", "before"), YEAR_BEFORE)
def test_period_a_year_before(name: str, before: str) -> None:
    assert year_before(parse_period(name)) == parse_period(before)


@given(period=NAMED)
def test_period_before_is_of_its_kind_and_touches_it(period: Period) -> None:
    before = previous(period)
    assert before.end == period.start
    assert parse_period(before.key) == before
    assert (len(before.key), "W" in before.key) == (len(period.key), "W" in period.key)


@given(period=NAMED)
def test_period_a_year_before_is_of_its_kind_and_a_year_away(period: Period) -> None:
    before = year_before(period)
    assert parse_period(before.key) == before
    assert (len(before.key), int(before.key[:4])) == (len(period.key), int(period.key[:4]) - 1)
    assert 364 <= (period.start - before.start).days <= 371


def test_before_a_cut_period_come_as_many_days() -> None:
    assert previous(cut(OCTOBER, days=5)) == free("2026-09-26", "2026-09-30", "2026-09-26..2026-09-30")


def test_before_a_span_comes_a_span_again() -> None:
    once = previous(free("2026-10-08", "2026-10-14"))
    assert once.key == "2026-10-01..2026-10-07"
    assert previous(once).key == "2026-09-24..2026-09-30"


def test_before_a_span_of_one_day_comes_a_day() -> None:
    assert previous(free("2026-10-08", "2026-10-08")) == parse_period("2026-10-07")


def test_span_a_year_before_has_the_same_dates() -> None:
    assert year_before(free("2024-02-20", "2024-03-10")).key == "2023-02-20..2023-03-10"
    assert year_before(free("2024-02-20", "2024-02-29")).key == "2023-02-20..2023-02-28"


def test_cut_period_a_year_before_has_the_same_dates() -> None:
    assert year_before(cut(OCTOBER, days=5)).key == "2025-10-01..2025-10-05"


def test_week_cut_by_new_year_is_no_week() -> None:
    part = Period(date(2027, 1, 1), date(2027, 1, 4), "2026-W53")
    assert previous(part).key == "2026-12-29..2026-12-31"


@pytest.mark.parametrize(
    ("days", "last"), [(1, "2026-09-01"), (12, "2026-09-12"), (30, "2026-09-30"), (31, "2026-09-30")]
)
def test_cut_keeps_the_first_days_and_the_key(days: int, last: str) -> None:
    assert cut(SEPTEMBER, days=days) == free("2026-09-01", last, "2026-09")


def test_cut_to_no_days_holds_none() -> None:
    nothing = cut(SEPTEMBER, days=0)
    assert (nothing.start, nothing.end) == (date(2026, 9, 1), date(2026, 9, 1))
    with pytest.raises(ValueError, match="-1"):
        cut(SEPTEMBER, days=-1)


@pytest.mark.parametrize(
    ("today", "days"),
    [("2026-09-30", 0), ("2026-10-01", 1), ("2026-10-12", 12), ("2026-10-31", 31), ("2026-11-01", None)],
)
def test_days_that_have_begun_are_counted_with_today(today: str, days: int | None) -> None:
    assert elapsed_days(OCTOBER, date.fromisoformat(today)) == days


def test_running_month_is_compared_with_as_many_days() -> None:
    pace = keep_pace(SEPTEMBER, period=OCTOBER, today=date(2026, 10, 12))
    assert pace == free("2026-09-01", "2026-09-12", "2026-09")


def test_long_month_is_compared_with_the_whole_of_a_short_one() -> None:
    march = parse_period("2026-03")
    assert keep_pace(FEBRUARY, period=march, today=date(2026, 3, 30)) == FEBRUARY


def test_period_that_is_over_is_compared_with_the_whole_one_before() -> None:
    january = parse_period("2026-01")
    assert keep_pace(january, period=FEBRUARY, today=date(2026, 3, 1)) == january
    assert keep_pace(january, period=FEBRUARY, today=date(2026, 2, 28)) == cut(january, days=28)
