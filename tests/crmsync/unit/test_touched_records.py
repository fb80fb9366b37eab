"""Around which records a change is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync import touches
from crmsync.touches import find_records, list_around, list_columns
from tests.crmsync.unit.closings import CAROL
from tests.crmsync.unit.test_touches import ROWS, differ, make_row

LEAD, DEAL, CONTACT, COMPANY = ((kind, key) for kind, key in ((1, 5), (2, 6), (3, 3), (4, 2)))
# What each of the rows of test_touches is about: itself, and whoever is derived with it.
ABOUT = {"lead": {LEAD}, "deal": {DEAL, (1, 1), COMPANY, CONTACT}, "activity": {(2, 7)}}
LINKS = {"owner_type", "owner_external_id", "lead_external_id", "company_external_id", "contact_external_id"}
COLUMNS = [(table, name) for table in ABOUT for name in list_columns(table) if name not in LINKS]
IDS = st.one_of(st.none(), st.integers(1, 4))


def own(**columns: Any) -> dict[str, Any]:
    return {"external_id": 9, "is_own": True, **columns}


def change(value: Any) -> Any:
    return {} if isinstance(value, dict) else differ(value)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_that_counts_touches_the_record_and_whoever_is_derived_with_it(table: str, column: str) -> None:
    before = make_row(table)
    assert find_records(table, before, {**before, column: change(before[column])}) == ABOUT[table]


@pytest.mark.parametrize("table", ABOUT)
def test_columns_that_nobody_counts_touch_no_record(table: str) -> None:
    before = make_row(table, title="old", modified_at=1, stage_external_id="NEW")
    assert find_records(table, before, {**before, "title": "new", "modified_at": 2, "stage_external_id": "A"}) == set()


@pytest.mark.parametrize("table", ABOUT)
def test_records_that_come_and_go_touch_what_they_are_about(table: str) -> None:
    assert find_records(table, None, make_row(table)) == ABOUT[table]
    assert find_records(table, make_row(table), None) == ABOUT[table]


@pytest.mark.parametrize(
    ("column", "left", "found"),
    [
        ("lead_external_id", (1, 1), (1, 40)),
        ("company_external_id", COMPANY, (4, 40)),
        ("contact_external_id", CONTACT, (3, 40)),
    ],
)
def test_deal_that_changes_hands_touches_the_old_and_the_new(column: str, left: Any, found: Any) -> None:
    before = make_row("deal")
    assert find_records("deal", before, {**before, column: 40}) == {*ABOUT["deal"], found}
    assert find_records("deal", before, {**before, column: None}) == ABOUT["deal"]
    assert left in ABOUT["deal"]


def test_activity_that_moves_touches_both_owners() -> None:
    before = make_row("activity")
    assert find_records("activity", before, {**before, "owner_type": 1, "owner_external_id": 5}) == {(2, 7), LEAD}


@pytest.mark.parametrize("missing", ["owner_type", "owner_external_id"])
def test_activity_of_nobody_touches_nobody(missing: str) -> None:
    assert find_records("activity", None, make_row("activity", **{missing: None})) == set()


def test_deal_without_lead_and_customer_touches_itself_alone() -> None:
    alone = dict.fromkeys(("lead_external_id", "company_external_id", "contact_external_id"))
    assert find_records("deal", None, make_row("deal", **alone)) == {DEAL}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, own(), {(4, 9)}),
        (own(), None, {(4, 9)}),
        (own(is_own=False), own(), {(4, 9)}),
        (own(), own(is_own=False), {(4, 9)}),
        (own(title="old"), own(title="new"), set()),
        (None, own(is_own=False), set()),
        (own(is_own=False), None, set()),
        (own(is_own=False, title="old"), own(is_own=False, title="new"), set()),
    ],
)
def test_only_own_companies_decide_who_is_a_customer(before: Any, after: Any, found: Any) -> None:
    assert find_records("company", before, after) == found


@pytest.mark.parametrize("table", ["contact", "stage", "dealproduct", ""])
def test_other_tables_touch_no_record(table: str) -> None:
    assert find_records(table, None, {"external_id": 1}) == set()


def test_without_the_instant_a_lead_moved_within_its_day_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_row("lead")
    later = {**before, "created_at": differ(before["created_at"])}
    assert find_records("lead", before, later) == {LEAD}
    monkeypatch.setitem(touches.COLUMNS, "lead", touches.SOLD)
    assert find_records("lead", before, later) == set()


@given(
    table=st.sampled_from(sorted(ABOUT)),
    old=st.fixed_dictionaries(dict.fromkeys(sorted(LINKS), IDS)),
    new=st.fixed_dictionaries(dict.fromkeys(sorted(LINKS), IDS)),
)
def test_changed_record_is_about_what_it_was_and_what_it_is(table: str, old: Any, new: Any) -> None:
    before, after = ({**make_row(table), **links} for links in (old, {**new, "responsible_id": CAROL}))
    expected = {*list_around(table, before), *list_around(table, after)}
    assert find_records(table, before, after) == expected
    assert all(kind and key for kind, key in expected)


def test_every_table_of_records_has_rows_to_judge_by() -> None:
    assert set(touches.AROUND) == {*ROWS, "company"}
