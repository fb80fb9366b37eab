"""Progress of leads: the first answer to each, and whether it led to a won deal."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from crmsync.models import Activity, Deal, Lead, Portal, Semantics
from kpis.facts import rebuild, refill
from kpis.models import LeadProgress, WorkCalendar
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT
from tests.kpis.rows import read_cell
from tests.kpis.talks import TEN, bring, change, days, minutes, read_derived, receive_lead, sell, talk


def read_progress(portal: Portal) -> list[tuple[bool, int | None]]:
    rebuild(portal)
    return list(LeadProgress.objects.filter(portal=portal).values_list("is_won", "response_seconds"))


def answer(lead: Lead, role: str = "email out", after: int = 5, **fields: Any) -> Activity:
    owner = fields.pop("owner", (1, lead.external_id))
    return talk(lead.portal, role, minutes(after), lead.responsible, owner, **fields)


@pytest.mark.parametrize("role", ["email out", "call out", "chat out"])
def test_first_outgoing_message_answers_a_lead(portal: Portal, cast: Cast, day_zero: date, role: str) -> None:
    lead = receive_lead(portal, TEN, cast.bob)
    answer(lead, role, after=7)
    answer(lead, role, after=5)
    rebuild(portal)
    cell = read_cell(portal, cast.bob, day_zero)
    assert (cell["leads_answered"], cell["first_response_seconds"]) == (1, 300)


NO_ANSWER: list[dict[str, Any]] = [
    {"role": "email in"},
    {"role": "call in"},
    {"role": "meeting out"},
    {"role": "task out"},
    {"after": -1},
    {"owner": (2, 1)},
    {"deleted_at": GONE_AT},
    {"started_at": None},
]


@pytest.mark.parametrize("fields", NO_ANSWER)
def test_what_is_no_answer_since_the_lead_came(portal: Portal, fields: dict[str, Any]) -> None:
    answer(receive_lead(portal, TEN), **fields)
    assert read_progress(portal) == []


@pytest.mark.parametrize("fields", [{"created_at": None}, {"created_on": None}, {"deleted_at": GONE_AT}])
def test_lead_that_is_gone_or_has_no_moment_is_not_answered(portal: Portal, fields: dict[str, Any]) -> None:
    lead = receive_lead(portal, TEN)
    answer(lead)
    Lead.objects.update(**fields)
    assert read_progress(portal) == []


def test_lead_is_won_by_any_won_deal_whenever_won(portal: Portal, cast: Cast, day_zero: date) -> None:
    lead = receive_lead(portal, TEN, cast.bob)
    for at in (days(-5), days(40)):
        sell(portal, at, cast.carol, lead=lead.external_id)
    assert read_progress(portal) == [(True, None)]
    assert read_cell(portal, cast.bob, day_zero)["leads_won"] == 1


@pytest.mark.parametrize("fields", [{"semantics": Semantics.FAILURE}, {"is_recurring": True}, {"deleted_at": GONE_AT}])
def test_lead_whose_deal_stops_counting_is_not_won_any_more(
    portal: Portal, cast: Cast, day_zero: date, fields: dict[str, Any]
) -> None:
    lead = receive_lead(portal, TEN, cast.bob)
    deal = sell(portal, days(1), lead=lead.external_id)
    rebuild(portal)
    change(deal, **fields)
    refill(portal)
    assert read_derived(portal) == [[], [], []]
    assert read_cell(portal, cast.bob, day_zero) == {"leads_received": 1, "leads_open": 1}


def test_deal_that_changes_its_lead_wins_the_other(portal: Portal) -> None:
    old, new = (receive_lead(portal, TEN) for _ in range(2))
    deal = sell(portal, days(1), lead=old.external_id)
    rebuild(portal)
    change(deal, lead_external_id=new.external_id)
    refill(portal)
    assert LeadProgress.objects.get().lead == new


def test_lead_that_changes_hands_takes_its_answer_along(portal: Portal, cast: Cast, day_zero: date) -> None:
    lead = receive_lead(portal, TEN, cast.bob)
    bring(answer(lead))
    rebuild(portal)
    change(lead, responsible=cast.carol, created_at=minutes(-1))
    refill(portal)
    assert "leads_answered" not in read_cell(portal, cast.bob, day_zero)
    assert read_cell(portal, cast.carol, day_zero)["first_response_seconds"] == 360


def test_business_hours_are_those_of_the_responsible(portal: Portal, cast: Cast, day_zero: date) -> None:
    WorkCalendar.objects.create(portal=portal, country="", opens_at=time(9), closes_at=time(18))
    lead = receive_lead(portal, TEN - timedelta(hours=3), cast.bob)
    answer(lead, after=0)
    rebuild(portal)
    cell = read_cell(portal, cast.bob, day_zero)
    assert (cell["first_response_seconds"], cell["first_response_business_seconds"]) == (3 * 3600, 3600)


def test_another_portals_rows_do_not_count(portal: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    lead = receive_lead(portal, TEN)
    sell(other, days(1), lead=lead.external_id)
    talk(other, "email out", minutes(5), None, (1, lead.external_id))
    assert read_progress(portal) == []
    assert Deal.objects.count() == 1
