"""From a portal's records to every KPI, by hand: midnight in three zones, credit, reopening, deletion, currencies."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.connect import connect_portal
from crmsync.models import Employee, Portal
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from kpis.catalog import CATALOG
from kpis.evaluate import evaluate
from kpis.facts import rebuild, refill
from kpis.periods import parse_period
from tests.flow.office import BOB, CAROL, DEAL, INCOMING, LEAD, OUTGOING, Office, make_office_store
from tests.kpis.rows import read_facts

FEBRUARY = datetime(2026, 2, 1)
ZONES = ["Europe/Moscow", "America/New_York", "Pacific/Auckland"]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def store() -> Store:
    return make_office_store()


@pytest.fixture
def connect(db: None, server: SandboxServer) -> Callable[..., Portal]:
    def connect(zone: str = "Europe/Moscow") -> Portal:
        portal = connect_portal(server.url, name="Ромашка", time_zone=zone).portal
        Portal.objects.filter(pk=portal.pk).update(bucket_leak=0)
        return Portal.objects.get(pk=portal.pk)

    return connect


@pytest.fixture
def ask(run: Callable[..., Any]) -> Iterator[Ask]:
    """Synchronise, refill, and tell the KPIs of a period; at the end the facts must equal a rebuild."""
    asked: list[Portal] = []

    def ask(portal: Portal, period: str, employee: int | None = BOB) -> dict[str, Any]:
        run(portal)
        refill(portal)
        asked.append(portal)
        key = employee and Employee.objects.get(portal=portal, external_id=employee).pk
        frame = evaluate(portal, parse_period(period), employees=None if key is None else [key])
        rows = {row.kpi: row.value for row in frame.itertuples() if row.employee == key}
        return {kpi: round(value, 2) if isinstance(value, Decimal) else value for kpi, value in rows.items()}

    yield ask
    for portal in asked[-1:]:
        grown = read_facts(portal)
        rebuild(portal)
        assert grown == read_facts(portal)


def live_through(office: Office, moment: datetime, *, company: int) -> None:
    """Let everything happen at one moment: a lead, a won and a lost deal, a request, a meeting and a task."""
    lead = office.add_lead(moment)
    office.act("email", moment + timedelta(minutes=10), on=(LEAD, lead), DIRECTION=OUTGOING)
    origin = office.add_lead(moment - timedelta(days=5))
    deal = office.win(moment, days=3, leadId=origin, companyId=company)
    office.move_deal(office.add_deal(moment - timedelta(days=3)), moment, "LOSE")
    office.act("email", moment, on=(DEAL, deal), DIRECTION=INCOMING)
    office.act("call", moment + timedelta(minutes=20), on=(DEAL, deal), DIRECTION=OUTGOING, COMPLETED="Y")
    office.act("meeting", moment, on=(DEAL, deal), COMPLETED="Y")
    office.act("task", moment, on=(DEAL, deal), COMPLETED="Y")


# A second before midnight and at midnight: what is January's and what is February's, for Bob.
WORKED: dict[str, tuple[Any, Any]] = {
    "deals_won": (1, 1),
    "revenue": (1000, 1000),
    "average_deal": (1000, 1000),
    # Both deals' leads came in January, with that of its last second.
    "lead_conversion": (Decimal("33.33"), 100),
    "lead_conversion_cohort": (Decimal("66.67"), 0),
    "deal_cycle_time": (3, 3),
    "lead_processing_time": (5, 5),
    "win_rate": (50, 50),
    # Dated by the request, although January's was answered in February.
    "response_time": (20, 20),
    "first_response_time": (10, 10),
    "emails_sent": (0, 2),
    "calls_made": (0, 2),
    "meetings_held": (1, 1),
    "tasks_done": (1, 1),
    "csat": (None, None),
    "csat_response_rate": (None, None),
    "positive_reviews": (0, 0),
    "negative_reviews": (0, 0),
    "repeat_sales": (0, 0),
    "profitability": (None, None),
    "cac": (None, None),
    "marketing_roi": (None, None),
    "campaign_leads": (3, 1),
    # On 1 February there is one customer, and he stays one.
    "churn_rate": (None, 0),
}


@pytest.mark.parametrize("zone", ZONES)
def test_midnight_parts_the_months_in_the_portals_zone(connect: Any, ask: Ask, store: Store, zone: str) -> None:
    office = Office(store, zone)
    live_through(office, FEBRUARY - timedelta(seconds=1), company=1)
    live_through(office, FEBRUARY, company=2)
    portal = connect(zone)
    assert ask(portal, "2026-01") == {kpi: january for kpi, (january, _) in WORKED.items()}
    assert ask(portal, "2026-02") == {kpi: february for kpi, (_, february) in WORKED.items()}
    assert list(WORKED) == [kpi.key for kpi in CATALOG]


def test_nothing_is_zero_or_undefined(connect: Any, ask: Ask, store: Store) -> None:
    told = ask(connect(), "2026-02", employee=None)
    assert told == {kpi.key: None if kpi.denominator else 0 for kpi in CATALOG}


def test_team_has_costs_that_no_employee_has(connect: Any, ask: Ask, store: Store) -> None:
    Office(store).win(FEBRUARY, companyId=1)
    assert ask(connect(), "2026-02", employee=None)["cac"] == 0


def test_won_deal_stays_with_who_won_it_and_an_open_lead_moves(connect: Any, ask: Ask, store: Store) -> None:
    office = Office(store)
    deal, lead = office.win(FEBRUARY, companyId=1), office.add_lead(FEBRUARY)
    portal = connect()
    assert ask(portal, "2026-02")["campaign_leads"] == 1
    store.update("deals", deal, assignedById=CAROL)
    store.update("leads", lead, assignedById=CAROL)
    assert [ask(portal, "2026-02", who)["deals_won"] for who in (BOB, CAROL)] == [1, 0]
    assert [ask(portal, "2026-02", who)["campaign_leads"] for who in (BOB, CAROL)] == [0, 1]


def test_reopened_deal_counts_no_more_and_its_successor_becomes_the_first(connect: Any, ask: Ask, store: Store) -> None:
    office = Office(store)
    first, _ = (office.win(FEBRUARY + timedelta(days=days), companyId=1) for days in (1, 2))
    portal = connect()
    told = ask(portal, "2026-02")
    assert (told["deals_won"], told["repeat_sales"], told["revenue"]) == (2, 1, 2000)
    office.store.update("deals", first, stageId="EXECUTING")
    told = ask(portal, "2026-02")
    assert (told["deals_won"], told["repeat_sales"], told["revenue"]) == (1, 0, 1000)


def test_deleted_records_leave_every_kpi(connect: Any, ask: Ask, sweep: Any, store: Store) -> None:
    office = Office(store)
    live_through(office, FEBRUARY, company=1)
    portal = connect()
    assert ask(portal, "2026-02")["deals_won"] == 1
    for collection in ("leads", "deals", "activities"):
        for key in list(store.collections[collection]):
            store.delete(collection, key)
    for _ in range(2):
        sweep(portal)
    assert ask(portal, "2026-02") == {kpi.key: None if kpi.denominator else 0 for kpi in CATALOG}


def test_money_is_converted_and_never_guessed(connect: Any, ask: Ask, store: Store) -> None:
    office = Office(store)
    for currency in ("RUB", "USD", "JPY"):
        office.win(FEBRUARY, amount=100, currencyId=currency)
    told = ask(connect(), "2026-02")
    assert (told["deals_won"], told["revenue"], told["average_deal"]) == (3, 9100, Decimal("3033.33"))


def test_late_answer_and_late_win_change_the_month_of_the_question(connect: Any, ask: Ask, store: Store) -> None:
    office = Office(store)
    lead = office.add_lead(FEBRUARY - timedelta(days=1))
    office.act("email", FEBRUARY - timedelta(days=1), on=(LEAD, lead), DIRECTION=INCOMING)
    portal = connect()
    told = ask(portal, "2026-01")
    assert (told["response_time"], told["first_response_time"], told["lead_conversion_cohort"]) == (None, None, 0)
    # Both are entered after the first synchronisation, whatever day they are told to have happened on.
    office.act("call", FEBRUARY, on=(LEAD, lead), entered_now=True, DIRECTION=OUTGOING)
    store.update("deals", store.add("deals", {"title": "Сделка", "leadId": lead, "assignedById": BOB}), stageId="WON")
    told = ask(portal, "2026-01")
    assert (told["response_time"], told["first_response_time"], told["lead_conversion_cohort"]) == (1440, 1440, 100)
