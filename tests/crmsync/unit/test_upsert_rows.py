"""Any rows come back from the database as they were written; the second page wins over the first."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.models import Deal, Portal
from crmsync.storable import drop_unstorable
from crmsync.upserts import upsert
from tests.crmsync.unit.anything import TEXTS

CLEAN = TEXTS.map(drop_unstorable)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
# SQLite keeps fifteen digits of an ordinary decimal; money in base currency is whole millionths.
AMOUNTS = st.decimals(-10_000_000_000, 10_000_000_000, places=4)
MONEY = st.integers(-9 * 10**18, 9 * 10**18).map(lambda micros: Decimal(micros) / 1_000_000)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "title": CLEAN,
    "custom_fields": st.dictionaries(CLEAN, CLEAN | st.integers(-(2**53), 2**53) | st.none(), max_size=3),
    "created_at": st.none() | MOMENTS,
    "planned_close_on": st.none() | DAYS,
    "amount": st.none() | AMOUNTS,
    "amount_base": st.none() | MONEY,
    "is_recurring": st.booleans(),
    "lead_external_id": st.none() | st.integers(1, 2**63 - 1),
}
PAGES = st.dictionaries(st.integers(1, 9), st.fixed_dictionaries({}, optional=COLUMNS), max_size=5)
DEFAULTS = {"title": "", "custom_fields": {}, "is_recurring": False}


def write_page(portal: Portal, page: dict[int, dict[str, Any]]) -> None:
    rows = [{"portal_id": portal.pk, "external_id": number, **columns} for number, columns in page.items()]
    upsert(Deal, rows, unique=("portal", "external_id"))


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(first=PAGES, second=PAGES)
def test_pages_are_in_the_mirror_as_they_were(
    portal: Portal, first: dict[int, dict[str, Any]], second: dict[int, dict[str, Any]]
) -> None:
    with transaction.atomic():
        write_page(portal, first)
        write_page(portal, second)
        found = {row.pop("external_id"): row for row in Deal.objects.values("external_id", *COLUMNS)}
        transaction.set_rollback(True)
    empty = {**dict.fromkeys(COLUMNS), **DEFAULTS}
    assert found == {number: {**empty, **columns} for number, columns in {**first, **second}.items()}
