"""The moment, the day, the value and the cycle of a won or lost deal."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crmsync.outcomes import OPEN
from tests.crmsync.unit.closings import Columns, at, close, make_deal, make_rates

EVERYTHING: Columns = {"moved_at": at(9), "planned_close_on": date(2026, 3, 7), "modified_at": at(11)}


def test_open_deal_has_no_outcome() -> None:
    deal = make_deal(semantics="P", **EVERYTHING)
    assert close(deal, moved_at=at(5)) == OPEN
    assert set(OPEN.columns().values()) == {None, ""}


@pytest.mark.parametrize("meaning", ["S", "F"])
@pytest.mark.parametrize(
    ("missing", "in_history", "moment", "source"),
    [
        ([], at(23), at(23), "history"),
        ([], None, at(9), "moved"),
        (["moved_at"], None, datetime(2026, 3, 6, 21, tzinfo=UTC), "planned"),
        (["moved_at", "planned_close_on"], None, at(11), "changed"),
        (["moved_at", "planned_close_on", "modified_at"], None, at(1), "changed"),
        (["moved_at", "planned_close_on", "modified_at"], at(23), at(23), "history"),
    ],
)
def test_best_source_tells_the_moment(
    meaning: str, missing: list[str], in_history: datetime | None, moment: datetime, source: str
) -> None:
    deal = make_deal(semantics=meaning, **{**EVERYTHING, **dict.fromkeys(missing)})
    outcome = close(deal, moved_at=in_history)
    assert (outcome.closed_at, outcome.closed_source) == (moment, source)
    assert outcome.closed_at is not None and outcome.closed_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Moscow", datetime(2026, 1, 31, 21, 15, tzinfo=UTC), date(2026, 2, 1)),
        ("Europe/Moscow", datetime(2026, 1, 31, 20, 59, 59, tzinfo=UTC), date(2026, 1, 31)),
        ("Europe/Moscow", datetime(2026, 1, 31, 21, 0, tzinfo=UTC), date(2026, 2, 1)),
        ("Asia/Vladivostok", datetime(2026, 1, 31, 14, 15, tzinfo=UTC), date(2026, 2, 1)),
        ("America/New_York", datetime(2026, 2, 1, 4, 30, tzinfo=UTC), date(2026, 1, 31)),
        ("America/New_York", datetime(2026, 7, 1, 4, 30, tzinfo=UTC), date(2026, 7, 1)),
        ("UTC", datetime(2026, 1, 31, 23, 59, tzinfo=UTC), date(2026, 1, 31)),
    ],
)
def test_day_is_cut_in_the_portals_zone(zone: str, moment: datetime, day: date) -> None:
    assert close(make_deal(), moved_at=moment, zone=ZoneInfo(zone)).closed_on == day


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Vladivostok", "America/New_York", "America/Santiago"])
def test_planned_day_stays_that_day_in_every_zone(zone: str) -> None:
    # In Santiago the clock jumped over midnight on 6 September 2026.
    for day in (date(2026, 3, 7), date(2026, 9, 6)):
        assert close(make_deal(planned_close_on=day), zone=ZoneInfo(zone)).closed_on == day


def test_cycle_is_counted_from_creation_to_the_moment() -> None:
    deal = make_deal(created_at=at(1), planned_close_on=date(2026, 3, 8))
    assert close(deal, moved_at=at(24)).cycle_seconds == 23 * 86_400


def test_parts_of_a_second_are_cut() -> None:
    assert close(make_deal(created_at=at(1)), moved_at=at(1).replace(second=2, microsecond=900_000)).cycle_seconds == 2


def test_deal_won_at_its_creation_has_a_cycle_of_zero() -> None:
    assert close(make_deal(created_at=at(1)), moved_at=at(1)).cycle_seconds == 0


def test_negative_cycle_is_left_out() -> None:
    outcome = close(make_deal(created_at=at(10)), moved_at=at(9))
    assert (outcome.closed_on, outcome.cycle_seconds) == (date(2026, 3, 9), None)


def test_lost_deal_has_no_cycle() -> None:
    outcome = close(make_deal(semantics="F"), moved_at=at(9))
    assert (outcome.closed_on, outcome.cycle_seconds) == (date(2026, 3, 9), None)


@pytest.mark.parametrize(
    ("currency", "day", "value"),
    [
        ("USD", 5, "9000"),
        ("USD", 9, "9500"),
        ("USD", 20, "9500"),
        ("", 5, "100"),
        ("RUB", 5, "100"),
    ],
)
def test_amount_is_valued_by_the_rate_of_its_day(currency: str, day: int, value: str) -> None:
    rates = make_rates(USD=[(date(2026, 3, 1), "90"), (date(2026, 3, 9), "95")])
    outcome = close(make_deal(currency=currency), moved_at=at(day), rates=rates)
    assert outcome.amount_base == Decimal(value)


def test_day_of_the_rate_is_the_portals_own() -> None:
    rates = make_rates(USD=[(date(2026, 3, 1), "90"), (date(2026, 3, 9), "95")])
    late = datetime(2026, 3, 8, 21, 30, tzinfo=UTC)  # 00:30 on the ninth in Moscow
    assert close(make_deal(currency="USD"), moved_at=late, rates=rates).amount_base == Decimal(9500)


def test_amount_without_a_rate_is_unknown_and_the_deal_still_won() -> None:
    outcome = close(make_deal(currency="EUR"), moved_at=at(9))
    assert (outcome.amount_base, outcome.closed_on) == (None, date(2026, 3, 9))


def test_deal_without_an_amount_has_no_value() -> None:
    assert close(make_deal(amount=None), moved_at=at(9)).amount_base is None
