"""Which days a change touches."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.touches import COLUMNS, DATES, find_cells, list_cells
from tests.crmsync.unit.closings import BOB, CAROL, at

MARCH_1, MARCH_9 = date(2026, 3, 1), date(2026, 3, 9)
ROWS: dict[str, dict[str, Any]] = {
    "lead": {
        "external_id": 5,
        "created_on": MARCH_1,
        "created_at": at(1),
        "semantics": "P",
        "source_external_id": "WEB",
        "utm_campaign": "spring",
    },
    "deal": {
        "external_id": 6,
        "created_on": MARCH_1,
        "closed_on": MARCH_9,
        "closed_at": at(9),
        "closed_source": "history",
        "semantics": "S",
        "source_external_id": "WEB",
        "utm_campaign": "spring",
        "is_recurring": False,
        "amount_base": Decimal(100),
        "cycle_seconds": 700,
        "lead_external_id": 1,
        "company_external_id": 2,
        "contact_external_id": 3,
        "credited_to_id": BOB,
        "custom_fields": {"UF_CRM_COST": "300|RUB"},
    },
    "activity": {
        "external_id": 8,
        "started_on": MARCH_1,
        "started_at": at(1),
        "kind": "email",
        "direction": 2,
        "is_completed": False,
        "owner_type": 2,
        "owner_external_id": 7,
    },
}
FIGURES = [(table, name) for table, names in COLUMNS.items() for name in names]


def make_row(table: str, **columns: Any) -> dict[str, Any]:
    return {"responsible_id": BOB, **ROWS[table], **columns}


def differ(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return not value if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else value + 1


@pytest.mark.parametrize("table", COLUMNS)
def test_unchanged_figures_touch_nothing(table: str) -> None:
    assert find_cells(table, make_row(table, title="old"), make_row(table, title="new")) == set()


@pytest.mark.parametrize(("table", "figure"), FIGURES)
def test_every_figure_matters(table: str, figure: str) -> None:
    before = make_row(table)
    after = {**before, figure: differ(before[figure])}
    assert find_cells(table, before, after) == {*list_cells(table, before), *list_cells(table, after)}


@pytest.mark.parametrize(("table", "figure"), FIGURES)
def test_every_figure_matters_when_it_becomes_unknown(table: str, figure: str) -> None:
    before = make_row(table)
    assert find_cells(table, before, {**before, figure: None}) >= {*list_cells(table, before)}
    assert find_cells(table, {**before, figure: None}, before) >= {*list_cells(table, before)}


@pytest.mark.parametrize("table", COLUMNS)
def test_every_date_of_a_table_is_a_figure(table: str) -> None:
    assert {name for pair in DATES[table] for name in pair} <= set(COLUMNS[table])


def test_moved_day_touches_the_old_and_the_new() -> None:
    before, after = make_row("lead"), make_row("lead", created_on=MARCH_9)
    assert find_cells("lead", before, after) == {(BOB, MARCH_1), (BOB, MARCH_9)}


def test_reassigned_record_touches_both_employees() -> None:
    before, after = make_row("activity"), make_row("activity", responsible_id=CAROL)
    assert find_cells("activity", before, after) == {(BOB, MARCH_1), (CAROL, MARCH_1)}


def test_new_deal_touches_its_creation_and_its_outcome() -> None:
    assert find_cells("deal", None, make_row("deal")) == {(BOB, MARCH_1), (BOB, MARCH_9)}


def test_new_open_deal_touches_its_creation_alone() -> None:
    assert find_cells("deal", None, make_row("deal", closed_on=None)) == {(BOB, MARCH_1)}


def test_reopened_deal_touches_the_day_it_leaves() -> None:
    reopened = make_row("deal", semantics="P", closed_on=None, credited_to_id=None)
    assert find_cells("deal", make_row("deal"), reopened) == {(BOB, MARCH_1), (BOB, MARCH_9)}


def test_nobodys_day_is_touched_too() -> None:
    assert find_cells("lead", None, make_row("lead", responsible_id=None)) == {(None, MARCH_1)}


def test_removed_record_touches_its_days() -> None:
    assert find_cells("deal", make_row("deal"), None) == {(BOB, MARCH_1), (BOB, MARCH_9)}


@pytest.mark.parametrize("table", ["company", "stage", ""])
def test_other_tables_touch_nothing(table: str) -> None:
    assert find_cells(table, None, {"created_on": MARCH_1}) == set()
