"""Writing costs by hand: valued in base currency, days touched, values that follow rates and the base currency."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crmsync.models import Currency, CurrencyRate, Portal, TouchedDay
from crmsync.rates import adopt_base
from kpis.facts import refill
from kpis.models import DailyFact, MarketingSpend
from kpis.spend.writing import delete_spends, find_suspects, revalue_spends, save_spend

FIRST, SECOND = date(2026, 10, 5), date(2026, 10, 6)


def build(portal: Portal, amount: str = "100", **fields: Any) -> MarketingSpend:
    return MarketingSpend(portal=portal, amount=Decimal(amount), **({"day": FIRST} | fields))


def add(portal: Portal, amount: str = "100", **fields: Any) -> MarketingSpend:
    spend = build(portal, amount, **fields)
    save_spend(spend)
    TouchedDay.objects.all().delete()
    return spend


def rate(portal: Portal, value: str, *, currency: str = "USD", on: date = FIRST) -> None:
    known: Any = {"portal": portal, "currency": currency, "rated_on": on}
    CurrencyRate.objects.update_or_create(**known, defaults={"rate": Decimal(value)})


def list_touched() -> list[tuple[int | None, date | None]]:
    return list(TouchedDay.objects.order_by("day").values_list("employee_id", "day"))


def test_saved_cost_is_valued_by_the_rate_of_its_day(portal: Portal) -> None:
    rate(portal, "90", on=FIRST)
    rate(portal, "95", on=SECOND)
    for day, worth in ((date(2026, 1, 1), 180), (FIRST, 180), (SECOND, 190), (date(2027, 1, 1), 190)):
        save_spend(build(portal, "2", currency="USD", day=day))
        assert MarketingSpend.objects.get(day=day).amount_base == worth


def test_cost_without_a_currency_is_in_the_base_currency_of_its_day(portal: Portal) -> None:
    save_spend(build(portal, "0.0001"))
    spend = MarketingSpend.objects.get()
    assert (spend.currency, spend.amount_base) == ("RUB", Decimal("0.0001"))
    assert list_touched() == [(None, FIRST)]


def test_cost_that_moves_touches_both_days(portal: Portal) -> None:
    spend = add(portal)
    spend.day = SECOND
    save_spend(spend)
    assert list_touched() == [(None, FIRST), (None, SECOND)]


def test_deleted_costs_touch_their_days(portal: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    for owner, day in ((portal, FIRST), (portal, SECOND), (other, FIRST)):
        add(owner, day=day)
    assert delete_spends(MarketingSpend.objects.filter(day=FIRST)) == 2
    assert set(TouchedDay.objects.values_list("portal", "employee", "day")) == {
        (portal.pk, None, FIRST),
        (other.pk, None, FIRST),
    }
    assert MarketingSpend.objects.get().day == SECOND


@pytest.mark.parametrize("write", [save_spend, lambda spend: delete_spends(MarketingSpend.objects.filter(pk=spend.pk))])
def test_failed_write_leaves_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, write: Callable[[MarketingSpend], Any]
) -> None:
    spend = add(portal)
    spend.amount = Decimal(5)
    monkeypatch.setattr("kpis.spend.writing.touch", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(spend)
    assert MarketingSpend.objects.get().amount == 100


def test_control_without_a_transaction_a_failed_write_is_half_done(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    spend = add(portal)
    spend.amount = Decimal(5)
    monkeypatch.setattr("kpis.spend.writing.touch", lambda *_: 1 / 0)
    with transaction.atomic(), pytest.raises(ZeroDivisionError):
        save_spend.__wrapped__(spend)  # type: ignore[attr-defined]
    assert MarketingSpend.objects.get().amount == 5
    assert list_touched() == []


def test_new_rate_values_costs_again(portal: Portal) -> None:
    add(portal, "10", currency="USD")
    add(portal, "10", currency="USD", day=SECOND)
    add(portal, "7", currency="RUB", campaign="осень")
    rate(portal, "90", on=FIRST)
    assert (revalue_spends(portal), list_touched()) == (2, [(None, FIRST), (None, SECOND)])
    TouchedDay.objects.all().delete()
    rate(portal, "95", on=SECOND)
    assert (revalue_spends(portal), list_touched()) == (1, [(None, SECOND)])
    assert (revalue_spends(portal), list_touched()) == (0, [(None, SECOND)])
    assert list(MarketingSpend.objects.order_by("amount_base").values_list("amount_base", flat=True)) == [7, 900, 950]


def test_new_base_currency_values_all_costs_again(portal: Portal) -> None:
    add(portal, "180", currency="RUB")
    rate(portal, "90")
    add(portal, "2", currency="USD", day=SECOND)
    Currency.objects.create(portal=portal, external_id="USD", is_base=True)
    assert adopt_base(portal)
    assert (revalue_spends(portal), list_touched()) == (2, [(None, FIRST), (None, SECOND)])
    assert list(MarketingSpend.objects.values_list("amount_base", flat=True)) == [2, 2]


def test_another_portals_rates_change_nothing(portal: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    add(portal, "10", currency="USD")
    rate(other, "90")
    assert (revalue_spends(portal), revalue_spends(other)) == (0, 0)


def test_costs_in_base_currency_cost_one_query(portal: Portal) -> None:
    for number in range(20):
        add(portal, f"{number}.0{number}", campaign=str(number))
    with CaptureQueriesContext(connection) as queries:
        assert revalue_spends(portal) == 0
    told = [query["sql"] for query in queries if "kpis_" in query["sql"] or "crmsync_" in query["sql"]]
    assert len(told) == 1


class SuspectsTest(TestCase):
    """The query that finds outdated values agrees with exact arithmetic at every size."""

    @given(
        amount=st.decimals(0, "99999999999", places=4),
        off=st.sampled_from([0, 1, -1, 10_000]),
    )
    def test_only_wrong_values_are_suspected(self, amount: Decimal, off: int) -> None:
        portal = Portal.objects.create(name="Ромашка", origin="https://romashka.example", webhook_url="")
        worth = amount + off * Decimal("0.0001")
        spend = build(portal, str(amount), currency="RUB", amount_base=worth)
        spend.save()
        assert find_suspects(portal).exists() == bool(off)


def test_fill_brings_costs_up_to_the_rates(portal: Portal) -> None:
    CurrencyRate.objects.create(portal=portal, currency="USD", rated_on=FIRST, rate=80)
    spend = add(portal, "10", currency="USD")
    refill(portal)
    CurrencyRate.objects.update(rate=90)
    TouchedDay.objects.create(portal=portal, day=SECOND)
    refill(portal)
    spend.refresh_from_db()
    assert (spend.amount_base, DailyFact.objects.get(employee=None).spend) == (900, 900)
