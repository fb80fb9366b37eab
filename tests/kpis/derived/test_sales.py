"""Sales: whose purchase a won deal is, which one comes first, how long it took from the lead."""

from datetime import date
from typing import Any

import pytest

from crmsync.models import Deal, Portal, Semantics
from kpis.facts import rebuild, refill
from kpis.models import Sale
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT
from tests.kpis.rows import read_cell
from tests.kpis.talks import add_company, bring, change, days, minutes, read_derived, receive_lead, sell

COMPANY, CONTACT = 4, 3


def read_customers(portal: Portal) -> list[tuple[int | None, int | None]]:
    rebuild(portal)
    return list(Sale.objects.order_by("won_at").values_list("customer_type", "customer_external_id"))


def read_places(portal: Portal) -> list[str]:
    """Tell for each sale, in order of time, whether it is its customer's first one or a repeat."""
    told = {(True, False): "first", (False, True): "repeat", (False, False): "—"}
    rows = Sale.objects.filter(portal=portal).order_by("won_at", "deal__external_id")
    return [told[row] for row in rows.values_list("is_first", "is_repeat")]


def test_customer_is_the_company_else_the_contact(portal: Portal) -> None:
    sell(portal, days(0), company=7, contact=8)
    sell(portal, days(1), contact=8)
    sell(portal, days(2))
    assert read_customers(portal) == [(COMPANY, 7), (CONTACT, 8), (None, None)]


def test_legal_entity_of_our_own_is_no_customer(portal: Portal) -> None:
    own, other = add_company(portal, is_own=True), add_company(portal)
    sell(portal, days(0), company=own.external_id, contact=8)
    sell(portal, days(1), company=own.external_id)
    sell(portal, days(2), company=other.external_id)
    assert read_customers(portal) == [(CONTACT, 8), (None, None), (COMPANY, other.external_id)]


def test_own_entity_of_another_portal_is_a_customer_here(portal: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    own = add_company(other, is_own=True)
    sell(portal, days(0), company=own.external_id)
    assert read_customers(portal) == [(COMPANY, own.external_id)]


def test_first_purchase_is_new_and_later_ones_repeat(portal: Portal, cast: Cast, day_zero: date) -> None:
    sell(portal, minutes(5), cast.bob, contact=8)
    sell(portal, minutes(1), cast.carol, contact=8)
    sell(portal, minutes(0), cast.bob, contact=9)
    rebuild(portal)
    assert read_places(portal) == ["first", "first", "repeat"]
    bob, carol = (read_cell(portal, person, day_zero) for person in (cast.bob, cast.carol))
    assert (bob["repeat_sales"], bob["new_customers"], carol["new_customers"]) == (1, 1, 1)
    assert "repeat_sales" not in carol


def test_of_two_wins_at_one_moment_the_smaller_id_is_first(portal: Portal) -> None:
    for _ in range(2):
        sell(portal, days(0), company=7)
    rebuild(portal)
    assert read_places(portal) == ["first", "repeat"]


def test_company_and_contact_of_one_id_are_two_customers(portal: Portal) -> None:
    sell(portal, days(0), company=7)
    sell(portal, days(1), contact=7)
    rebuild(portal)
    assert read_places(portal) == ["first", "first"]


def test_without_customer_nothing_is_first_or_repeated(portal: Portal, cast: Cast, day_zero: date) -> None:
    sell(portal, days(0), cast.bob)
    sell(portal, days(0), cast.bob)
    rebuild(portal)
    assert read_places(portal) == ["—", "—"]
    assert not {"repeat_sales", "new_customers"} & read_cell(portal, cast.bob, day_zero).keys()


NO_SALE: list[dict[str, Any]] = [
    {"semantics": Semantics.FAILURE},
    {"semantics": Semantics.PROCESS},
    {"is_recurring": True},
    {"deleted_at": GONE_AT},
    {"closed_at": None},
]


@pytest.mark.parametrize("fields", NO_SALE)
def test_what_is_not_won_is_no_purchase(portal: Portal, fields: dict[str, Any]) -> None:
    sell(portal, days(0), contact=8, **fields)
    sell(portal, days(1), contact=8)
    rebuild(portal)
    assert read_places(portal) == ["first"]


@pytest.mark.parametrize("fields", NO_SALE)
def test_earlier_purchase_that_stops_counting_makes_the_next_one_first(portal: Portal, fields: dict[str, Any]) -> None:
    deal = sell(portal, days(0), contact=8)
    sell(portal, days(1), contact=8)
    rebuild(portal)
    change(deal, **fields)
    refill(portal)
    assert read_places(portal) == ["first"]


def test_earlier_purchase_that_arrives_late_touches_the_later_cell(portal: Portal, cast: Cast) -> None:
    sell(portal, days(5), cast.carol, contact=8)
    rebuild(portal)
    bring(sell(portal, days(0), cast.bob, contact=8))
    refill(portal)
    cell = read_cell(portal, cast.carol, date(2026, 3, 7))
    assert (cell.get("new_customers"), cell["repeat_sales"]) == (None, 1)


def test_deal_that_changes_customer_leaves_the_old_one(portal: Portal) -> None:
    deal = sell(portal, days(0), contact=8)
    sell(portal, days(1), contact=8)
    sell(portal, days(-1), company=7)
    rebuild(portal)
    change(deal, company_external_id=7)
    refill(portal)
    assert read_places(portal) == ["first", "repeat", "first"]


@pytest.mark.parametrize("is_own", [True, False])
def test_company_that_becomes_our_own_or_ceases_to_be(portal: Portal, is_own: bool) -> None:
    company = add_company(portal, is_own=not is_own)
    sell(portal, days(0), company=company.external_id, contact=8)
    sell(portal, days(1), contact=8)
    rebuild(portal)
    assert read_places(portal) == (["first", "first"] if is_own else ["first", "repeat"])
    change(company, is_own=is_own)
    refill(portal)
    assert read_places(portal) == (["first", "repeat"] if is_own else ["first", "first"])


LEADS: list[tuple[dict[str, Any], int | None]] = [
    ({"at": days(0)}, 2 * 86_400),
    ({"at": days(2)}, 0),
    ({"at": days(3)}, None),
    ({"at": None, "on": date(2026, 3, 2)}, None),
    ({"at": days(0), "deleted_at": GONE_AT}, None),
]


@pytest.mark.parametrize(("lead", "seconds"), LEADS)
def test_time_from_the_lead_is_known_unless_negative(
    portal: Portal, cast: Cast, lead: dict[str, Any], seconds: int | None
) -> None:
    sell(portal, days(2), cast.bob, lead=receive_lead(portal, **lead).external_id)
    rebuild(portal)
    assert Sale.objects.get().lead_seconds == seconds
    cell = read_cell(portal, cast.bob, date(2026, 3, 4))
    assert cell.get("lead_to_won_deals") == (None if seconds is None else 1)


def test_lead_that_arrives_after_its_deal_times_it(portal: Portal) -> None:
    deal = sell(portal, days(2), lead=10_000)
    rebuild(portal)
    bring(receive_named_lead(portal, deal))
    refill(portal)
    assert Sale.objects.get().lead_seconds == 86_400


def receive_named_lead(portal: Portal, deal: Deal) -> Any:
    """Receive the lead that a deal names already."""
    lead = receive_lead(portal, days(1))
    lead.external_id = deal.lead_external_id or 0
    lead.save()
    return lead


def test_rebuild_removes_sales_that_are_none(portal: Portal) -> None:
    deal = sell(portal, days(0), contact=8)
    rebuild(portal)
    Deal.objects.filter(pk=deal.pk).update(semantics=Semantics.FAILURE)
    rebuild(portal)
    assert read_derived(portal) == [[], [], []]
