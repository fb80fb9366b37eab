"""Bitrix24 as a source: the first look at every window, the pages behind it, and what each failure costs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from crmsync.bitrix24.errors import PortalError, ScopeError, StalledError, TransientError
from crmsync.bitrix24.source import Bitrix24Source, find_id
from crmsync.bitrix24.streams import BY_KEY
from crmsync.windows import Glance, Raw, Window
from tests.crmsync.unit.desk import Desk

ACCIDENT = TransientError("HTTP_500")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def open_at(desk: Desk, *keys: str, window: Window | None = None, **custom: Sequence[str]) -> tuple[Any, Any]:
    source = Bitrix24Source(desk, custom_fields=custom)  # type: ignore[arg-type]
    now, glances = source.open(dict.fromkeys(keys, window or Window()))
    assert now == NOW
    return source, glances


def number(*ids: int) -> list[Raw]:
    return [{"ID": str(one)} for one in ids]


def read_pages(source: Bitrix24Source, key: str, glance: Glance) -> list[list[Raw]]:
    return list(source.pages(BY_KEY[key], Window(), glance))


def test_all_windows_are_looked_at_in_two_requests() -> None:
    desk = Desk()
    _, glances = open_at(desk, *BY_KEY)
    assert len(desk.batches) == 2
    assert set(glances) == set(BY_KEY) - {"product_rows"}
    assert desk.batches[0]["clock"][0] == "server.time"


def test_window_of_a_page_is_complete_and_in_order() -> None:
    source, glances = open_at(Desk(activities=number(9, 7, 3)), "activities")
    assert glances["activities"] == Glance(number(3, 7, 9), complete=True, expected=3)
    assert read_pages(source, "activities", glances["activities"]) == [number(3, 7, 9)]


def test_full_page_tells_the_end_and_how_densely_ids_are_used() -> None:
    newest = number(*range(1000, 900, -2))
    _, glances = open_at(Desk(activities=newest), "activities", window=Window(after=400))
    glance = glances["activities"]
    assert (glance.complete, glance.last) == (False, 1000)
    assert glance.expected == round(600 * 50 / 99)


def test_full_page_without_a_readable_id_still_leads_to_a_walk() -> None:
    _, glances = open_at(Desk(activities=[{"ID": "x"}] * 50), "activities")
    assert (glances["activities"].complete, glances["activities"].last) == (False, None)


def test_walk_begins_behind_the_cursor_and_knows_its_end() -> None:
    desk = Desk(activities=number(*range(1000, 950, -1)), walked=[number(401, 402), number(1000)])
    source, glances = open_at(desk, "activities")
    pages = list(source.pages(BY_KEY["activities"], Window(after=400), glances["activities"]))
    assert pages == [number(401, 402), number(1000)]
    assert desk.walks == [("crm.activity.list", 400, 1000, None)]


def test_walk_that_ends_before_a_record_seen_is_no_end() -> None:
    source, glances = open_at(Desk(activities=number(*range(1000, 950, -1)), walked=[number(401)]), "activities")
    with pytest.raises(TransientError):
        list(source.pages(BY_KEY["activities"], Window(after=400), glances["activities"]))


def test_small_list_is_read_by_offsets_to_its_end() -> None:
    pages = {50: (number(2), 100), 100: (number(3), None)}
    desk = Desk(departments=number(1), pages=pages, next_starts={"departments": 50})
    source, glances = open_at(desk, "departments")
    assert read_pages(source, "departments", glances["departments"]) == [number(1), number(2), number(3)]
    assert [params["START"] for _, params in desk.calls] == [50, 100]


def test_offset_that_does_not_move_is_no_end_of_the_list() -> None:
    desk = Desk(departments=number(1), pages={50: (number(2), 50)}, next_starts={"departments": 50})
    source, glances = open_at(desk, "departments")
    with pytest.raises(StalledError):
        read_pages(source, "departments", glances["departments"])


def test_stages_and_sources_are_told_apart() -> None:
    rows = [{"ENTITY_ID": entity, "STATUS_ID": entity} for entity in ("STATUS", "SOURCE", "DEAL_STAGE_7", "INDUSTRY")]
    source, glances = open_at(Desk(stages=rows, sources=rows), "stages", "sources")
    assert (glances["stages"].expected, glances["sources"].expected) == (2, 1)
    read = {key: read_pages(source, key, glances[key])[0] for key in ("stages", "sources")}
    assert read == {"stages": [rows[0], rows[2]], "sources": [rows[1]]}


@pytest.mark.parametrize("trouble", [ScopeError("INSUFFICIENT_SCOPE"), False, "soon", {"departments": "x"}, None])
def test_trouble_with_one_stream_is_its_own(trouble: Any) -> None:
    _, glances = open_at(Desk(departments=trouble, activities=number(1)), "departments", "activities")
    assert isinstance(glances["departments"], PortalError)
    assert glances["activities"].complete


def test_command_that_failed_by_accident_is_asked_again_alone() -> None:
    desk = Desk(activities=ACCIDENT, again={"crm.activity.list": number(2, 1)})
    _, glances = open_at(desk, "activities")
    assert glances["activities"].rows == number(1, 2)


def test_command_that_fails_again_is_the_streams_own_trouble() -> None:
    desk = Desk(activities=ACCIDENT, people=number(1), again={"crm.activity.list": ACCIDENT})
    _, glances = open_at(desk, "activities", "people")
    assert (glances["activities"], glances["people"].complete) == (ACCIDENT, True)


@pytest.mark.parametrize("clock", [None, "", "soon", [], "2026-03-02T12:00:00", ACCIDENT])
def test_nothing_is_read_without_the_portals_clock(clock: Any) -> None:
    with pytest.raises(TransientError):
        open_at(Desk(clock=clock, again={"server.time": ACCIDENT}), "people")


def test_bound_is_written_in_the_offset_of_the_portals_answer() -> None:
    desk = Desk(server_time=datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=5))))
    open_at(desk, "deals", window=Window(since=NOW))
    assert desk.batches[1]["deals"][1]["filter"][">=updatedTime"] == "2026-03-02T14:00:00+05:00"


def test_custom_fields_come_under_their_names_and_absent_ones_are_told() -> None:
    desk = Desk(fields={2: {"ufCrmCost": {"upperName": "UF_CRM_COST"}}}, deals={"items": [{"id": 1, "ufCrmCost": "5"}]})
    source, glances = open_at(desk, "deals", deal=["UF_CRM_COST", "UF_CRM_GONE"])
    assert read_pages(source, "deals", glances["deals"])[0][0]["custom_fields"] == {"UF_CRM_COST": "5"}
    assert source.missing_fields == ["UF_CRM_GONE"]


@pytest.mark.parametrize("fields", [{}, {2: ScopeError("ACCESS_DENIED")}, {2: "x"}])
def test_without_the_list_of_fields_the_stream_is_read_still(fields: Mapping[int, Any]) -> None:
    source, glances = open_at(Desk(fields=fields, deals={"items": [{"id": 1}]}), "deals", deal=["UF_CRM_COST"])
    assert read_pages(source, "deals", glances["deals"]) == [[{"id": 1}]]


def test_unreadable_id_is_none() -> None:
    assert (find_id("7"), find_id("x"), find_id(None), find_id(0)) == (7, None, None, None)
