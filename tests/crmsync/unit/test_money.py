"""Money in base currency adds up exactly on both databases."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Max, Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.fields import MoneyField, from_micros, to_micros
from crmsync.models import Deal, Portal

MICROS = st.integers(-9 * 10**18, 9 * 10**18)
AMOUNTS = st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=30)


def add_deals(portal: Portal, *amounts: str | Decimal | None) -> None:
    values: list[Any] = [None if amount is None else Decimal(amount) for amount in amounts]
    deals = (Deal(portal=portal, external_id=number, amount_base=value) for number, value in enumerate(values, start=1))
    Deal.objects.bulk_create(deals)


def total(condition: Q | None = None) -> Any:
    return Deal.objects.aggregate(total=Sum("amount_base", filter=condition))["total"]


@given(MICROS)
def test_millionths_come_back(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros


@pytest.mark.parametrize(
    ("amount", "micros"),
    [("1", 1_000_000), ("0.000001", 1), ("-0.01", -10_000), ("0.0000005", 0), ("0.0000015", 2), ("0.0000025", 2)],
)
def test_amount_is_rounded_half_to_even(amount: str, micros: int) -> None:
    assert to_micros(Decimal(amount)) == micros


def test_ten_tenths_are_one(portal: Portal) -> None:
    add_deals(portal, *["0.1"] * 10)
    assert total() == 1
    assert sum([0.1] * 10) != 1  # the control: floating point drifts


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(AMOUNTS)
def test_sum_is_exact(portal: Portal, amounts: list[Decimal]) -> None:
    with transaction.atomic():
        add_deals(portal, *amounts)
        found = total()
        transaction.set_rollback(True)
    assert found == sum(amounts)


def test_nothing_adds_up_to_nothing_and_not_to_zero(portal: Portal) -> None:
    assert total() is None
    add_deals(portal, None, None)
    assert total() is None


def test_unknown_amounts_are_left_out(portal: Portal) -> None:
    add_deals(portal, "5.50", None, "0")
    assert total() == Decimal("5.5")
    assert total(Q(external_id__gt=2)) == 0


def test_amounts_are_compared_and_ordered_as_numbers(portal: Portal) -> None:
    add_deals(portal, "9", "10", "-1")
    found = Deal.objects.filter(amount_base__gte=Decimal("9")).order_by("amount_base")
    assert list(found.values_list("amount_base", flat=True)) == [9, 10]
    assert Deal.objects.aggregate(most=Max("amount_base"))["most"] == 10


def test_amount_is_read_as_decimal_everywhere(portal: Portal) -> None:
    add_deals(portal, "12.34")
    same = Deal.objects.annotate(same=F("amount_base")).values_list("same", flat=True).get()
    for found in (Deal.objects.get().amount_base, same):
        assert (type(found), found) == (Decimal, Decimal("12.34"))


def test_largest_amount_fits(portal: Portal) -> None:
    add_deals(portal, "9223372036854.775807", "-9223372036854.775808")
    assert total() == Decimal("-0.000001")


def test_field_writes_itself_as_text() -> None:
    assert MoneyField(name="amount_base").to_python("12.30") == Decimal("12.30")
    deal = Deal()
    vars(deal)["amount_base"] = Decimal("12.30")
    assert Deal._meta.get_field("amount_base").value_to_string(deal) == "12.30"
