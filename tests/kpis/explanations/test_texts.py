"""The formula as people read it, and why a record counts, by numbers worked by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from crmsync.models import Activity, Company, Deal, Lead, Portal
from kpis.explanations.amounts import write_elapsed, write_money
from kpis.explanations.explain import Explanation, explain
from kpis.explanations.texts import write_beside, write_names, write_norm, write_numbers, write_remarks
from kpis.models import ClientRequest, KpiSetting, LeadProgress, Sale, WorkCalendar
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import add_activity, add_lead, win_deal
from tests.kpis.world import fill

MARCH = parse_period("2026-03")
DAY = date(2026, 3, 14)
AT = datetime(2026, 3, 14, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def ask(portal: Portal, key: str, **whose: Any) -> Explanation:
    fill(portal)
    return explain(portal, key, MARCH, now=NOW, **whose)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def notes(found: Explanation, key: str) -> list[str]:
    return [plain(note) for record in found.list_records(key) for note in record.notes]


def sell(portal: Portal, deal: Deal, **fields: Any) -> Sale:
    assert deal.closed_on
    at = datetime.combine(deal.closed_on, AT.timetz())
    employee = deal.credited_to
    return Sale.objects.create(portal=portal, employee=employee, deal=deal, won_at=at, won_on=deal.closed_on, **fields)


def test_ratio_is_written_with_names_and_with_numbers(portal: Portal, cast: Cast) -> None:
    for amount in ("300000", "50000"):
        win_deal(portal, DAY, cast.bob, amount)
    win_deal(portal, DAY, cast.bob, "0")
    found = ask(portal, "average_deal")
    assert write_names(found) == "Revenue / Deals won"
    assert plain(write_numbers(found)) == "350,000 RUB / 3 = 116,666.67 RUB"


def test_russian_money_has_its_sign() -> None:
    with translation.override("ru"):
        assert plain(write_money(Decimal("23333.333333"), "RUB")) == "23 333,33 ₽"
        assert plain(write_money(Decimal("350000.000000"), "RUB")) == "350 000 ₽"


def test_sum_with_a_minus_and_a_percent(portal: Portal, cast: Cast) -> None:
    sell(portal, win_deal(portal, DAY, cast.bob, "200"), revenue=Decimal(200), cost=Decimal(150))
    found = ask(portal, "profitability")
    name, cost = "Revenue with known cost", "Cost of won deals"
    assert write_names(found) == f"({name} − {cost}) / {name} × 100"
    assert plain(write_numbers(found)) == "(200 RUB − 150 RUB) / 200 RUB × 100 = 25.0 %"
    assert write_beside(found)[0].startswith("deals with known cost: 100.0")


def test_sum_in_the_denominator_has_brackets(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, cast.bob, "1")
    win_deal(portal, DAY, cast.bob, None, semantics="F")
    found = ask(portal, "win_rate")
    assert write_names(found) == "Deals won / (Deals won + Deals lost) × 100"
    assert plain(write_numbers(found)) == "1 / (1 + 1) × 100 = 50.0 %"


def test_seconds_become_days(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, cast.bob, "1", cycle_seconds=86_400)
    win_deal(portal, DAY, cast.bob, "1", cycle_seconds=3 * 86_400)
    assert plain(write_numbers(ask(portal, "deal_cycle_time"))) == "345,600 s / 2 = 172,800 s = 2.0 d"


def test_count_is_its_own_formula(portal: Portal, cast: Cast) -> None:
    win_deal(portal, DAY, cast.bob, "1")
    found = ask(portal, "deals_won")
    assert (write_names(found), write_numbers(found)) == ("Deals won", "1")


def test_nothing_to_divide_by_is_no_data(portal: Portal) -> None:
    found = ask(portal, "average_deal")
    assert plain(write_numbers(found)) == "0 RUB / 0 = no data"
    assert write_remarks(found) == ["No deal was won in the period."]


def test_kpi_of_teams_says_so_of_an_employee(portal: Portal, cast: Cast) -> None:
    found = ask(portal, "cac", employee=cast.bob)
    assert found.result.value is None
    assert write_remarks(found)[0].startswith("This KPI is computed for a team only")


def test_working_hours_replace_the_numerator(portal: Portal, cast: Cast) -> None:
    WorkCalendar.objects.create(portal=portal)
    activity = add_activity(portal, DAY, cast.bob, "email", 1, started_at=AT, owner_type=2, owner_external_id=7)
    answer = add_activity(portal, DAY, cast.bob, "call", 2, started_at=AT + timedelta(minutes=3760))
    told = {"owner_type": 2, "owner_external_id": 7, "asked_at": AT, "asked_on": DAY, "answer": answer, "count": 2}
    ClientRequest.objects.create(
        portal=portal, employee=cast.bob, activity=activity, response_seconds=225_600, business_seconds=600, **told
    )
    found = ask(portal, "response_time")
    assert plain(write_numbers(found)) == "600 s / 1 = 600 s = 10.0 min"
    assert write_remarks(found) == ["Times are counted in the working hours of the portal's calendar."]
    assert notes(found, "requests_answered")[1:4] == [
        "messages in a row: 2",
        f"answered 03/17/2026 2:40 a.m. after 2.6 d by: call {answer.external_id}",
        "working time 10.0 min",
    ]


def test_norm_tells_its_source_and_where_the_value_stands(portal: Portal, cast: Cast) -> None:
    KpiSetting.objects.create(portal=portal, kpi="win_rate", norm_low=40, norm_high=60, norm_source="plan")
    win_deal(portal, DAY, cast.bob, "1")
    assert plain(write_norm(ask(portal, "win_rate"))) == "Norm: 40.0 % – 60.0 % (plan). The value is above it."


def test_deal_tells_how_its_moment_is_known_and_its_currency(portal: Portal, cast: Cast) -> None:
    deal = win_deal(portal, DAY, cast.bob, "900", closed_at=AT, closed_source=Deal.ClosedSource.MOVED)
    Deal.objects.filter(pk=deal.pk).update(responsible=cast.carol, amount=Decimal(10), currency="USD")
    assert notes(ask(portal, "revenue"), "revenue") == [
        "won 03/14/2026 noon, known from: last move",
        "10 $ at the rate of the day",
        "responsible now: Ким Карина",
    ]


def test_repeat_sale_tells_the_purchase_before(portal: Portal, cast: Cast) -> None:
    Company.objects.create(portal=portal, external_id=5, title="Лютик")
    buyer = {"customer_type": 4, "customer_external_id": 5}
    first = win_deal(portal, date(2026, 3, 1), cast.bob, "1", title="Розы")
    sell(portal, first, is_first=True, **buyer)
    sell(portal, win_deal(portal, DAY, cast.bob, "1"), is_repeat=True, **buyer)
    found = ask(portal, "repeat_sales")
    told = [f"earlier purchase: Розы (ID {first.external_id}), 03/01/2026"]
    assert notes(found, "repeat_sales") == ["customer: Лютик", *told]


def test_lead_tells_what_answered_it(portal: Portal, cast: Cast) -> None:
    lead = add_lead(portal, DAY, cast.bob, created_at=AT)
    answer = add_activity(portal, DAY, cast.bob, "email", 2, started_at=AT + timedelta(minutes=35))
    LeadProgress.objects.create(
        portal=portal, employee=cast.bob, lead=lead, created_on=DAY, answer=answer, response_seconds=2100
    )
    found = ask(portal, "first_response_time")
    [record] = found.list_records("leads_answered")
    assert (type(record.row), record.card) == (Lead, (1, lead.external_id))
    assert notes(found, "leads_answered") == [
        f"answered 03/14/2026 12:35 p.m. after 35.0 min by: e-mail {answer.external_id}"
    ]


def test_lost_customer_tells_his_newest_purchase(portal: Portal, cast: Cast) -> None:
    Company.objects.create(portal=portal, external_id=5, title="Лютик")
    deal = win_deal(portal, date(2025, 9, 10), cast.bob, "1", title="Розы")
    sell(portal, deal, customer_type=4, customer_external_id=5)
    found = ask(portal, "churn_rate")
    [record] = found.list_records("customers_lost")
    assert (record.name, record.card, record.employee, record.day) == ("Лютик", (4, 5), cast.bob, deal.closed_on)
    assert notes(found, "customers_lost") == [f"newest purchase: Розы (ID {deal.external_id}), 09/10/2025"]


def test_activity_hangs_on_the_card_of_its_owner(portal: Portal, cast: Cast) -> None:
    owner = {"owner_type": 2, "owner_external_id": 77}
    add_activity(portal, DAY, cast.bob, Activity.Kind.EMAIL, 2, started_at=AT, **owner)
    add_activity(portal, DAY, cast.bob, Activity.Kind.EMAIL, 2, started_at=AT)
    assert [record.card for record in ask(portal, "emails_sent").list_records("emails_sent")] == [(2, 77), None]


@pytest.mark.parametrize(("seconds", "text"), [(90, "1.5 min"), (172_799, "2,880.0 min"), (172_800, "2.0 d")])
def test_length_of_time_is_written_in_minutes_then_in_days(seconds: int, text: str) -> None:
    assert plain(write_elapsed(seconds)) == text


def test_deal_without_a_rate_is_in_the_number_of_deals_only(portal: Portal, cast: Cast) -> None:
    for employee, times, amount in ((cast.alice, 10, "10000"), (cast.bob, 5, "50000")):
        for _ in range(times):
            win_deal(portal, DAY, employee, amount)
    odd = win_deal(portal, DAY, cast.bob, None)
    Deal.objects.filter(pk=odd.pk).update(amount=Decimal(5), currency="XAU")
    found = ask(portal, "average_deal")
    assert plain(write_numbers(found)) == "350,000 RUB / 16 = 21,875 RUB"
    assert (found.tallies["revenue"].count, found.tallies["deals_won"].count) == (15, 16)
    assert [(each.exclusion.key, each.count) for each in found.excluded] == [("rate", 1)]
    assert plain(write_numbers(ask(portal, "average_deal", employee=cast.bob))) == "250,000 RUB / 6 = 41,666.67 RUB"
