"""Rates are kept under their day, because the portal tells only the present one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crmsync.models import Currency, CurrencyRate, Portal
from crmsync.rates import adopt_base, load_rates, record_rates

TODAY = date(2026, 3, 9)


@pytest.fixture
def tell(portal: Portal) -> Callable[..., set[str]]:
    """Let the portal tell a currency's present rate, and record it."""

    def tell_rate(rate: str | None, code: str = "USD", *, on: date | None = None, **columns: Any) -> set[str]:
        told = {"rate": rate and Decimal(rate), "rated_on": on, **columns}
        Currency.objects.update_or_create(portal=portal, external_id=code, defaults=told)
        return record_rates(portal, today=TODAY)

    return tell_rate


def read_rates(portal: Portal) -> list[tuple[str, str, Decimal]]:
    rows = CurrencyRate.objects.filter(portal=portal).order_by("currency", "rated_on")
    return [(row.currency, str(row.rated_on), row.rate) for row in rows]


def test_rate_is_kept_under_its_day(portal: Portal, tell: Callable[..., set[str]]) -> None:
    assert tell("90.5", on=date(2026, 3, 1)) == {"USD"}
    assert read_rates(portal) == [("USD", "2026-03-01", Decimal("90.5"))]


@pytest.mark.parametrize("on", [None, date(2026, 3, 20)])
def test_rate_without_a_day_or_of_the_future_is_of_today(
    portal: Portal, tell: Callable[..., set[str]], on: date | None
) -> None:
    tell("90.5", on=on)
    assert read_rates(portal) == [("USD", "2026-03-09", Decimal("90.5"))]


def test_same_rate_is_kept_once(portal: Portal, tell: Callable[..., set[str]]) -> None:
    tell("90", on=date(2026, 3, 1))
    assert tell("90", on=date(2026, 3, 1)) == set()
    assert tell("90", on=date(2026, 3, 5)) == set()
    assert tell("90") == set()
    assert len(read_rates(portal)) == 1


def test_rate_of_the_same_day_is_replaced(portal: Portal, tell: Callable[..., set[str]]) -> None:
    tell("90")
    assert tell("91") == {"USD"}
    assert read_rates(portal) == [("USD", "2026-03-09", Decimal(91))]


def test_changed_rate_is_added_and_the_old_one_stays(portal: Portal, tell: Callable[..., set[str]]) -> None:
    for rate, day in (("90", 1), ("95", 5), ("90", 7)):
        assert tell(rate, on=date(2026, 3, day)) == {"USD"}
    assert [rate for _, _, rate in read_rates(portal)] == [90, 95, 90]


def test_rate_of_hundred_units_is_kept_for_one(portal: Portal, tell: Callable[..., set[str]]) -> None:
    tell("0.1234567891", "KZT")
    assert load_rates(portal).find("KZT", TODAY) == Decimal("0.1234567891")


def test_base_currency_and_unknown_rates_are_not_kept(portal: Portal, tell: Callable[..., set[str]]) -> None:
    assert tell("1", "RUB", is_base=True) == set()
    assert tell(None, "EUR") == set()
    assert read_rates(portal) == []


def test_rates_are_loaded_in_order_and_of_one_portal(portal: Portal, rate: Callable[..., CurrencyRate]) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    CurrencyRate.objects.create(portal=other, currency="USD", rated_on="2026-03-01", rate=1)
    rate("2026-03-09", "95")
    rate("2026-03-01", "90")
    rates = load_rates(portal)
    assert rates.base == "RUB"
    assert (rates.days, rates.values) == ({"USD": [date(2026, 3, 1), TODAY]}, {"USD": [Decimal(90), Decimal(95)]})


def test_base_currency_is_taken_from_the_portals_list(portal: Portal) -> None:
    Currency.objects.create(portal=portal, external_id="KZT", is_base=True)
    assert adopt_base(portal) is True
    assert Portal.objects.get().base_currency == "KZT"
    assert adopt_base(portal) is False


def test_kept_rates_are_expressed_in_the_new_base(portal: Portal, rate: Callable[..., CurrencyRate]) -> None:
    for day, usd, kzt in (("2026-03-01", "90", "0.2"), ("2026-03-09", "96", "0.16")):
        rate(day, usd, "USD")
        rate(day, kzt, "KZT")
    rate("2026-03-05", "100", "EUR")
    Currency.objects.create(portal=portal, external_id="KZT", is_base=True)
    adopt_base(portal)
    assert read_rates(portal) == [
        ("EUR", "2026-03-05", Decimal(500)),
        ("RUB", "2026-03-01", Decimal(5)),
        ("RUB", "2026-03-09", Decimal("6.25")),
        ("USD", "2026-03-01", Decimal(450)),
        ("USD", "2026-03-09", Decimal(600)),
    ]


def test_rates_that_cannot_be_expressed_are_dropped(portal: Portal, rate: Callable[..., CurrencyRate]) -> None:
    rate("2026-03-01", "90")
    Currency.objects.create(portal=portal, external_id="KZT", is_base=True)
    adopt_base(portal)
    assert read_rates(portal) == []


def test_list_without_a_base_changes_nothing(portal: Portal) -> None:
    Currency.objects.create(portal=portal, external_id="USD")
    assert adopt_base(portal) is False
    assert Portal.objects.get().base_currency == "RUB"
