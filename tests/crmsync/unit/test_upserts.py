"""Pages are written whole, on both databases: new rows, changed rows, every type, and nobody else's rows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crmsync.models import Activity, Deal, Employee, Portal, StageChange
from crmsync.upserts import upsert
from tests.conftest import Cast

KEY = ("portal", "external_id")
TEXTS = ["Ромашка", "🌼", "O'Hara; --", '"quoted"', "back\\slash", "\\N", "\t\n", "%s %d %%", "", " ", "NULL", "€&;"]


def make_row(portal: Portal, external_id: int, **columns: Any) -> dict[str, Any]:
    return {"portal_id": portal.pk, "external_id": external_id, **columns}


def read_titles(portal: Portal) -> list[tuple[int, str]]:
    return list(Deal.objects.filter(portal=portal).order_by("external_id").values_list("external_id", "title"))


def test_new_rows_are_inserted_and_known_ones_updated(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, title="a"), make_row(portal, 2, title="b")], unique=KEY)
    first = Deal.objects.get(external_id=2).pk
    upsert(Deal, [make_row(portal, 2, title="B"), make_row(portal, 3, title="c")], unique=KEY)
    assert read_titles(portal) == [(1, "a"), (2, "B"), (3, "c")]
    assert Deal.objects.get(external_id=2).pk == first


def test_no_rows_need_no_query(portal: Portal) -> None:
    with CaptureQueriesContext(connection) as queries:
        upsert(Deal, [], unique=KEY)
    assert len(queries) == 0


def test_column_that_is_not_given_takes_its_default(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, title="a", amount=Decimal(5), products_due=False)], unique=KEY)
    upsert(Deal, [make_row(portal, 1)], unique=KEY)
    deal = Deal.objects.get()
    assert (deal.title, deal.amount, deal.products_due, deal.semantics, deal.custom_fields) == ("", None, True, "P", {})


def test_rows_may_differ_in_what_they_give(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, title="a"), make_row(portal, 2, currency="USD")], unique=KEY)
    assert list(Deal.objects.order_by("external_id").values_list("title", "currency")) == [("a", ""), ("", "USD")]


def test_rows_of_other_portals_are_untouched(portal: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    upsert(Deal, [make_row(other, 1, title="theirs")], unique=KEY)
    upsert(Deal, [make_row(portal, 1, title="ours")], unique=KEY)
    assert (read_titles(portal), read_titles(other)) == ([(1, "ours")], [(1, "theirs")])


def test_wider_key_tells_rows_apart(portal: Portal) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [make_row(portal, 1, entity=entity, owner_external_id=entity, changed_at=at) for entity in (1, 2)]
    for _ in range(2):
        upsert(StageChange, rows, unique=("portal", "entity", "external_id"))
    assert sorted(StageChange.objects.values_list("entity", "owner_external_id")) == [(1, 1), (2, 2)]


def test_two_pages_in_one_transaction_both_land(portal: Portal) -> None:
    with transaction.atomic():
        upsert(Deal, [make_row(portal, 1, title="a")], unique=KEY)
        upsert(Deal, [make_row(portal, 2, title="b")], unique=KEY)
        upsert(Deal, [make_row(portal, 1, title="A")], unique=KEY)
    assert read_titles(portal) == [(1, "A"), (2, "b")]


@pytest.mark.django_db(transaction=True)
def test_page_outside_a_transaction_lands_too(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, title="a")], unique=KEY)
    upsert(Deal, [make_row(portal, 2, title="b")], unique=KEY)
    assert read_titles(portal) == [(1, "a"), (2, "b")]


@pytest.mark.django_db(transaction=True)
def test_page_that_is_rolled_back_leaves_nothing(portal: Portal) -> None:
    with transaction.atomic():
        upsert(Deal, [make_row(portal, 1)], unique=KEY)
        transaction.set_rollback(True)
    upsert(Deal, [make_row(portal, 2, title="b")], unique=KEY)
    assert read_titles(portal) == [(2, "b")]


def test_page_with_a_bad_row_leaves_nothing(portal: Portal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        upsert(Deal, [make_row(portal, 1), make_row(portal, 2, title=None)], unique=KEY)
    assert read_titles(portal) == []


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_as_it_was(portal: Portal, text: str) -> None:
    upsert(Deal, [make_row(portal, 1, title=text, custom_fields={text: [text]})], unique=KEY)
    deal = Deal.objects.get()
    assert (deal.title, deal.custom_fields) == (text, {text: [text]})


@pytest.mark.parametrize(
    "value",
    [{}, [], {"a": None}, {"a": [1, 2.5, True, "x"]}, {"a": {"b": {"c": [[]]}}}, {"UF_CRM_1": "Да"}, {"a": r"\u0000"}],
)
def test_json_comes_back_as_it_was(portal: Portal, value: Any) -> None:
    upsert(Deal, [make_row(portal, 1, custom_fields=value)], unique=KEY)
    assert Deal.objects.get().custom_fields == value


def test_custom_field_is_found_by_its_value(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, custom_fields={"UF_CRM_1": "Да"}), make_row(portal, 2)], unique=KEY)
    assert list(Deal.objects.filter(custom_fields__UF_CRM_1="Да").values_list("external_id", flat=True)) == [1]


def test_nul_in_json_is_dropped(portal: Portal) -> None:
    upsert(Deal, [make_row(portal, 1, custom_fields={"a": "x\x00"})], unique=KEY)
    assert Deal.objects.get().custom_fields == {"a": "x"}


def test_every_type_comes_back_as_it_was(cast: Cast, portal: Portal) -> None:
    moment, day = datetime(2026, 3, 2, 21, 30, 15, 250_000, tzinfo=UTC), date(2026, 3, 3)
    row = make_row(
        portal,
        2**63 - 1,
        responsible_id=cast.bob.pk,
        created_at=moment,
        created_on=day,
        is_recurring=True,
        amount=Decimal("12345678901.2345"),
        amount_base=Decimal("-0.000001"),
        cycle_seconds=-1,
        closed_at=None,
        content_hash=-(2**63),
    )
    upsert(Deal, [row], unique=KEY)
    assert Deal.objects.values(*row).get() == row


def test_small_numbers_and_lists_come_back_as_they_were(portal: Portal) -> None:
    upsert(Activity, [make_row(portal, 1, kind="call", direction=2, type_id=32767, owner_type=2**31 - 1)], unique=KEY)
    upsert(Employee, [make_row(portal, 1, department_external_ids=[1, 15], is_active=True)], unique=KEY)
    assert Activity.objects.values_list("direction", "type_id", "owner_type").get() == (2, 32767, 2**31 - 1)
    assert Employee.objects.values_list("department_external_ids", "is_active", "is_stub").get() == (
        [1, 15],
        True,
        True,
    )
