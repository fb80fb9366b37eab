"""What the landing of dictionaries, people and history brings with it elsewhere in the mirror."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from crmsync.followups import FOLLOW_UPS
from crmsync.models import CurrencyRate, Deal, Department, Employee
from crmsync.rows import Surroundings
from tests.crmsync.unit.raws import land_raws, make_raw

Touched = Callable[[], set[tuple[int | None, str | None]]]
Land = Callable[..., None]
WON = {"stageId": "WON", "movedTime": "2026-03-09T12:00:00+03:00", "assignedById": 2, "opportunity": 100}
CELLS = {(2, "2026-03-01"), (2, "2026-03-09")}


@pytest.fixture
def land(around: Surroundings) -> Land:
    """Land a record as a page of its stream, with what follows it; it is a quarter past midnight in Moscow."""
    session: Any = SimpleNamespace(
        portal=around.portal, around=around, clock=lambda: datetime(2026, 3, 9, 21, 15, tzinfo=UTC)
    )

    def land_one(stream: str, **fields: Any) -> None:
        landed = land_raws(around, stream, [make_raw(stream, **fields)])
        FOLLOW_UPS.get(stream, lambda *_: None)(session, landed)

    return land_one


def test_arriving_rate_values_deals_and_touches_their_days(land: Land, touched: Touched) -> None:
    land("deals", currencyId="USD", stageSemanticId="S", **WON)
    touched()
    land("currencies", AMOUNT="9000", AMOUNT_CNT="100", DATE_UPDATE="2026-03-01T03:00:00+03:00")
    assert Deal.objects.get().amount_base == 9000
    assert touched() == CELLS


def test_rate_is_kept_under_the_portals_own_day(land: Land) -> None:
    land("currencies", AMOUNT="90")
    assert str(CurrencyRate.objects.get().rated_on) == "2026-03-10"


def test_base_currency_of_the_portal_values_deals_without_one(land: Land) -> None:
    land("deals", currencyId="KZT", stageSemanticId="S", **WON)
    land("currencies", CURRENCY="KZT", BASE="Y", AMOUNT="1")
    assert Deal.objects.get().amount_base == 100
    assert CurrencyRate.objects.count() == 0


def test_deal_after_the_rate_is_valued_at_once(land: Land) -> None:
    land("currencies", AMOUNT="90")
    land("deals", currencyId="USD", stageSemanticId="S", **WON)
    assert Deal.objects.get().amount_base == 9000


def test_arriving_stage_closes_deals_and_touches_their_days(land: Land, touched: Touched) -> None:
    land("deals", **WON)
    touched()
    land("stages", STATUS_ID="WON", SEMANTICS="S")
    assert Deal.objects.won().count() == 1
    assert touched() == CELLS


def test_arriving_history_moves_the_outcome(land: Land, touched: Touched) -> None:
    land("deals", stageSemanticId="S", **WON)
    touched()
    land("deal_history", STAGE_ID="WON", CREATED_TIME="2026-03-05T12:00:00+03:00")
    assert str(Deal.objects.get().closed_on) == "2026-03-05"
    assert touched() == {(2, "2026-03-01"), (2, "2026-03-05"), (2, "2026-03-09")}


def test_arriving_person_is_known_and_seated(land: Land, around: Surroundings) -> None:
    land("departments", ID="15", NAME="Продажи")
    land("people", ID="2", UF_DEPARTMENT=[15])
    assert around.people.ids == {2: Employee.objects.get().pk}
    assert list(Department.objects.values_list("employees__external_id", flat=True)) == [2]


def test_arriving_department_seats_who_listed_it_before(land: Land) -> None:
    land("people", ID="2", UF_DEPARTMENT=[15])
    assert not Employee.objects.get().departments.exists()
    land("departments", ID="15", NAME="Продажи")
    assert Employee.objects.get().departments.get().external_id == 15


def test_other_streams_have_no_followers() -> None:
    assert set(FOLLOW_UPS) == {"departments", "people", "stages", "currencies", "deal_history"}
